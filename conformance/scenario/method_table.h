// The calls that a step can make, with the arguments each takes in a scenario. What the methods
// mean and which codes they have stands in the rules; this is only their spelling.
#ifndef CONFORMANCE_SCENARIO_METHOD_TABLE_H_
#define CONFORMANCE_SCENARIO_METHOD_TABLE_H_

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "conformance/scenario/face.h"

namespace conform {

enum class ArgumentKind {
  kInteger,  // an expression
  kSet,      // a device set of the scenario; the runner gives it a name of its own
  kDevice,   // a device by number, 0 is the first
  kBuffer,   // a buffer by the name that its command or mapping gave it
  kCommand,  // a command by the name it was fetched under; null, foreign, copy:NAME
  kText,     // a text, or null for a NULL pointer
  kNull,     // only null: the pointer that the call takes is NULL
};

struct ArgumentSpec {
  std::string_view name;
  ArgumentKind kind;
  bool required;
};

// What a call gives besides its code.
enum class OutputKind {
  kNothing,
  kValues,  // numbers, for save="..."
  kNamed,   // something that further steps name: it needs into="..."
};

struct MethodSpec {
  Side side;
  std::string_view name;
  std::vector<ArgumentSpec> arguments;
  OutputKind output = OutputKind::kNothing;
  std::string_view value;         // which output save="x" stands for as ${x}; others are ${x.name}
  std::optional<Face> face = {};  // the only face that has it; none: both, or the server's
};

// Null if that side has no such method.
const MethodSpec* FindMethodSpec(Side side, std::string_view name);
std::span<const MethodSpec> AllMethodSpecs();

}  // namespace conform

#endif  // CONFORMANCE_SCENARIO_METHOD_TABLE_H_
