// Tables of a scenario: one text, a case for each combination of rows.
#ifndef CONFORMANCE_SCENARIO_TABLES_H_
#define CONFORMANCE_SCENARIO_TABLES_H_

#include <functional>
#include <string>

#include "conformance/scenario/element.h"

namespace conform {

// Calls `found` with the scenario for each combination of rows, one of each <table> below it: its
// texts have the columns for parameters, besides those of `scenario`. `rows` is what stands behind
// the scenario's id, ".row.row", and empty without a table. Throws ScenarioError.
void ForEachRow(const Element& scenario,
                const std::function<void(const Element& unfolded, const std::string& rows)>& found);

}  // namespace conform

#endif  // CONFORMANCE_SCENARIO_TABLES_H_
