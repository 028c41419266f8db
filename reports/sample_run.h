// A run with a case of every outcome, for the tests of the writers.
#ifndef REPORTS_SAMPLE_RUN_H_
#define REPORTS_SAMPLE_RUN_H_

#include <vector>

#include "reports/event.h"

namespace reports {

// The same events every time.
std::vector<Event> SampleEvents();

// The sample run with the cases of one outcome only.
Run SampleRunOf(Outcome outcome);

}  // namespace reports

#endif  // REPORTS_SAMPLE_RUN_H_
