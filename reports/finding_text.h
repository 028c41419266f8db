// How the trouble of a case is told in words, the same in every report.
#ifndef REPORTS_FINDING_TEXT_H_
#define REPORTS_FINDING_TEXT_H_

#include <string>

#include "reports/report_model.h"

namespace reports {

// Several lines, each with its end: check and clause, Requirement, Expected, Actual, the detail.
// What is empty is left out.
std::string FindingText(const Finding& finding);

// One line that says why the case is not green; empty for a pass.
std::string Message(const Case& one);

// The whole story: id and title first, the reason, every finding, the command that repeats it.
std::string Explanation(const Case& one);

}  // namespace reports

#endif  // REPORTS_FINDING_TEXT_H_
