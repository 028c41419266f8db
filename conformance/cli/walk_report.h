// What a walk found, for people and for CI.
#ifndef CONFORMANCE_CLI_WALK_REPORT_H_
#define CONFORMANCE_CLI_WALK_REPORT_H_

#include <string>

#include "conformance/rules/rules.h"
#include "conformance/walk/walk.h"
#include "reports/live_report.h"

namespace conform {

// The disagreement, the calls that lead to it, the statement with its source. Several lines.
std::string TextOfFinding(const WalkFinding& finding, const Rules& rules);

// "client GetCommand in Connected" and so on, a line each: the cells that can be reached and were
// not.
std::string UnseenCells(const WalkResult& result, const Rules& rules);

// Every method of both interfaces is a case of the report. Select tells which there are, red from
// the beginning; Tell how they ended.
void SelectMethods(const Rules& rules, reports::LiveReport* report);
// reproduce: the command that repeats the finding; may be empty.
void TellMethods(const WalkResult& result, const Rules& rules, const std::string& reproduce,
                 reports::LiveReport* report);

}  // namespace conform

#endif  // CONFORMANCE_CLI_WALK_REPORT_H_
