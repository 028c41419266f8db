// The variables of a batch and their values. A batch has no branches, so the parser knows every
// value where it is used. Owned by the parser; one thread.
#ifndef SIMULATOR_SQL_VARIABLES_H_
#define SIMULATOR_SQL_VARIABLES_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/sql/messages.h"

namespace vdisim {

// What an expression yields: NULL, a text (numbers as written), or what only the server can say.
struct SqlValue {
  bool null = true;
  std::string text;
  std::string function;  // in upper case; then `text` is its argument

  static SqlValue Of(std::string value) {
    return {.null = false, .text = std::move(value), .function = {}};
  }
};

// A type as DECLARE names it. length: of nvarchar(50); 0 where none was given; kLengthMax for max.
struct SqlType {
  static constexpr unsigned kLengthMax = ~0U;
  std::string name;  // in lower or upper case, as written
  unsigned length = 0;
};

class Variables {
 public:
  // Returns 134 (there is one of that name) or 2715 (no such type) as the case may be.
  std::optional<Message> Declare(std::string_view name, const SqlType& type);
  bool Exists(std::string_view name) const;
  // Converts to the variable's type as assignment does: texts are cut to its length. Returns 245
  // where that cannot be. The variable exists.
  std::optional<Message> Assign(std::string_view name, const SqlValue& value);
  // The variable exists.
  const SqlValue& Get(std::string_view name) const;

 private:
  struct Variable {
    SqlType type;
    SqlValue value;
  };
  std::map<std::string, Variable> variables_;  // by name in upper case
};

// Converts a value to a type; 245 where that cannot be.
std::optional<Message> ConvertValue(const SqlType& type, SqlValue* value);
bool IsKnownType(std::string_view name);

}  // namespace vdisim

#endif  // SIMULATOR_SQL_VARIABLES_H_
