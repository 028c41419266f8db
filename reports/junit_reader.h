// Reads the JUnit files that junit.h writes, of any flavour, back into a run. What such a file does
// not hold, a run that was read does not have: each check by itself, the findings as fields. Their
// text is kept as it stands, and so is every outcome and number.
#ifndef REPORTS_JUNIT_READER_H_
#define REPORTS_JUNIT_READER_H_

#include <string_view>

#include "reports/report_model.h"

namespace reports {

// Throws std::invalid_argument that says what is wrong, and where as far as that is known.
Run ReadJUnit(std::string_view text);

}  // namespace reports

#endif  // REPORTS_JUNIT_READER_H_
