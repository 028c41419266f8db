#include "simulator/engine/server_values.h"

#include <array>

#include "simulator/engine/names.h"

namespace vdisim {
namespace {

constexpr std::string_view kVersionNumber = "15.0.0.0";

struct FixedValue {
  std::string_view function;
  std::string_view value;
};

// The session is always that of a sysadmin (SEC-02).
constexpr std::array kFixedValues = {
    FixedValue{"@@VERSION",
               "vdisim 15.0.0.0 - a simulated backup and restore engine, not SQL Server"},
    FixedValue{"@@MICROSOFTVERSION", "251658240"},
    FixedValue{"@@LANGUAGE", "us_english"},
    FixedValue{"@@ERROR", "0"},
    FixedValue{"@@ROWCOUNT", "0"},
    FixedValue{"@@SPID", "51"},
    FixedValue{"@@TRANCOUNT", "0"},
    FixedValue{"IS_SRVROLEMEMBER", "1"},
    FixedValue{"ORIGINAL_LOGIN", "sa"},
    FixedValue{"SUSER_NAME", "sa"},
    FixedValue{"SUSER_SNAME", "sa"},
    FixedValue{"SYSTEM_USER", "sa"},
    FixedValue{"USER_NAME", "dbo"},
};

constexpr std::array kFixedProperties = {
    FixedValue{"productversion", kVersionNumber},
    FixedValue{"productlevel", "RTM"},
    FixedValue{"edition", "Simulated Edition (64-bit)"},
    FixedValue{"engineedition", "3"},
    FixedValue{"productmajorversion", "15"},
    FixedValue{"productminorversion", "0"},
    FixedValue{"collation", "SQL_Latin1_General_CP1_CI_AS"},
    FixedValue{"isclustered", "0"},
    FixedValue{"ishadrenabled", "0"},
    FixedValue{"issingleuser", "0"},
};

template <size_t n>
const FixedValue* Find(const std::array<FixedValue, n>& values, std::string_view name) {
  for (const FixedValue& row : values) {
    if (row.function == name) return &row;
  }
  return nullptr;
}

std::string Property(std::string_view name, const ServerFacts& facts) {
  const std::string folded = FoldCase(name);
  if (folded == "servername") return facts.server_name;
  if (folded == "instancename") return facts.instance.empty() ? "NULL" : facts.instance;
  if (folded == "machinename") return facts.server_name.substr(0, facts.server_name.find('\\'));
  const FixedValue* row = Find(kFixedProperties, folded);
  return row == nullptr ? "NULL" : std::string(row->value);
}

}  // namespace

std::string ServerValue(std::string_view function, std::string_view argument,
                        const ServerFacts& facts) {
  if (function == "SERVERPROPERTY") return Property(argument, facts);
  if (function == "@@SERVERNAME") return facts.server_name;
  if (function == "@@SERVICENAME") {
    return facts.instance.empty() ? "MSSQLSERVER" : facts.instance;
  }
  if (function == "DB_NAME" && argument.empty()) return facts.database;
  const FixedValue* row = Find(kFixedValues, function);
  return row == nullptr ? "NULL" : std::string(row->value);
}

ResultSet SelectTable(const SelectStatement& statement, const ServerFacts& facts) {
  ResultSet table;
  table.rows.emplace_back();
  for (const SelectValue& value : statement.values) {
    table.columns.push_back(value.column);
    std::string cell = value.text;
    if (value.null) {
      cell = "NULL";
    } else if (!value.function.empty()) {
      cell = ServerValue(value.function, value.text, facts);
    }
    table.rows.front().push_back(std::move(cell));
  }
  return table;
}

}  // namespace vdisim
