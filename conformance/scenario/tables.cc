#include "conformance/scenario/tables.h"

#include <fmt/format.h>

#include <set>
#include <vector>

namespace conform {
namespace {

using Found = std::function<void(const Element&, const std::string&)>;

void Combine(const Element& scenario, const std::vector<pugi::xml_node>& tables, size_t next,
             const std::string& suffix, const Found& found) {
  if (next == tables.size()) return found(scenario, suffix);
  std::set<std::string> columns;
  for (const pugi::xml_node node : tables[next].children("row")) {
    const Element row(scenario.document(), node, scenario.environment());
    const std::string id = row.Required("id");
    if (!IsId(id)) row.Fail(fmt::format("id=\"{}\", expected small letters, digits, hyphens", id));
    Environment environment = scenario.environment();
    std::set<std::string> here;
    for (const std::string& attribute : row.Attributes()) {
      if (attribute == "id") continue;
      here.insert(attribute);
      environment[attribute] = row.Optional(attribute.c_str());
    }
    if (columns.empty()) columns = here;
    if (columns != here) {
      row.Fail(fmt::format("other columns than the rows before, expected: {}",
                           fmt::join(columns, ", ")));
    }
    Combine(Element(scenario.document(), scenario.node(), environment), tables, next + 1,
            fmt::format("{}.{}", suffix, id), found);
  }
  if (columns.empty()) scenario.Fail("a <table> needs rows with an id and a column at least");
}

}  // namespace

void ForEachRow(const Element& scenario, const Found& found) {
  std::vector<pugi::xml_node> tables;
  for (const pugi::xml_node node : scenario.node().children("table")) tables.push_back(node);
  Combine(scenario, tables, 0, "", found);
}

}  // namespace conform
