#include "simulator/sql/variables.h"

#include <utility>

#include "simulator/base/check.h"
#include "simulator/sql/text.h"

namespace vdisim {
namespace {

enum class Family { kText, kInteger, kOther };

struct TypeRow {
  std::string_view name;
  Family family;
  unsigned long long most;             // integers: the largest value; texts: the default length
  unsigned long long most_below_zero;  // integers: the size of the smallest value
};

// A text type without a length holds one character in a DECLARE: the server's own trap.
constexpr TypeRow kTypes[] = {
    {"BIGINT", Family::kInteger, 9223372036854775807ULL, 9223372036854775808ULL},
    {"BIT", Family::kInteger, 1, 0},
    {"CHAR", Family::kText, 1, 0},
    {"DATE", Family::kOther, 0, 0},
    {"DATETIME", Family::kOther, 0, 0},
    {"DATETIME2", Family::kOther, 0, 0},
    {"DECIMAL", Family::kOther, 0, 0},
    {"FLOAT", Family::kOther, 0, 0},
    {"INT", Family::kInteger, 2147483647, 2147483648},
    {"INTEGER", Family::kInteger, 2147483647, 2147483648},
    {"NCHAR", Family::kText, 1, 0},
    {"NUMERIC", Family::kOther, 0, 0},
    {"NVARCHAR", Family::kText, 1, 0},
    {"REAL", Family::kOther, 0, 0},
    {"SMALLDATETIME", Family::kOther, 0, 0},
    {"SMALLINT", Family::kInteger, 32767, 32768},
    {"SQL_VARIANT", Family::kOther, 0, 0},
    {"SYSNAME", Family::kText, 128, 0},
    {"TIME", Family::kOther, 0, 0},
    {"TINYINT", Family::kInteger, 255, 0},
    {"UNIQUEIDENTIFIER", Family::kOther, 0, 0},
    {"VARCHAR", Family::kText, 1, 0},
};

const TypeRow* FindType(std::string_view name) {
  for (const TypeRow& row : kTypes) {
    if (EqualsIgnoringCase(row.name, name)) return &row;
  }
  return nullptr;
}

bool IsInteger(std::string_view text, const TypeRow& type) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  unsigned long long ignored = 0;
  return ParseUnsigned(text, negative ? type.most_below_zero : type.most, &ignored);
}

}  // namespace

bool IsKnownType(std::string_view name) { return FindType(name) != nullptr; }

std::optional<Message> ConvertValue(const SqlType& type, SqlValue* value) {
  const TypeRow* row = FindType(type.name);
  VDI_CHECK(row != nullptr, "a type that nobody looked up");
  if (value->null || !value->function.empty()) return std::nullopt;
  if (row->family == Family::kText && type.length != SqlType::kLengthMax) {
    const size_t most = type.length == 0 ? static_cast<size_t>(row->most) : type.length;
    value->text = std::string(FirstCharacters(value->text, most));
  }
  if (row->family == Family::kInteger && !IsInteger(value->text, *row)) {
    return MakeMessage(245, "nvarchar", value->text, type.name);
  }
  return std::nullopt;
}

std::optional<Message> Variables::Declare(std::string_view name, const SqlType& type) {
  if (Exists(name)) return MakeMessage(134, name);
  if (!IsKnownType(type.name)) return MakeMessage(2715, variables_.size() + 1, type.name);
  variables_[UpperCase(name)] = {.type = type, .value = {}};
  return std::nullopt;
}

bool Variables::Exists(std::string_view name) const { return variables_.contains(UpperCase(name)); }

std::optional<Message> Variables::Assign(std::string_view name, const SqlValue& value) {
  const auto found = variables_.find(UpperCase(name));
  VDI_CHECK(found != variables_.end(), "assigning to a variable that nobody declared");
  SqlValue converted = value;
  if (std::optional<Message> error = ConvertValue(found->second.type, &converted)) return error;
  found->second.value = std::move(converted);
  return std::nullopt;
}

const SqlValue& Variables::Get(std::string_view name) const {
  const auto found = variables_.find(UpperCase(name));
  VDI_CHECK(found != variables_.end(), "reading a variable that nobody declared");
  return found->second.value;
}

}  // namespace vdisim
