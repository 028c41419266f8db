// The results of a run as one JSON document, for programs: all that the model holds, and the
// counts.
#ifndef REPORTS_JSON_REPORT_H_
#define REPORTS_JSON_REPORT_H_

#include <string>

#include "reports/report_model.h"

namespace reports {

// Indented by two blanks, ends with a line end. Its "format" is raised when a field changes its
// meaning. Outputs are shortened as in every report (text.h).
std::string JsonReport(const Run& run);

}  // namespace reports

#endif  // REPORTS_JSON_REPORT_H_
