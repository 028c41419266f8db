// Reads one <job> of a scenario for client programs. Used by the loader alone.
#ifndef CONFORMANCE_CLIENT_SUITE_JOB_READER_H_
#define CONFORMANCE_CLIENT_SUITE_JOB_READER_H_

#include "conformance/client_suite/client_scenario.h"
#include "conformance/rules/rules.h"
#include "conformance/scenario/element.h"

namespace conform {

// `source` is the text of the file in which the job stands. Throws ScenarioError.
ClientJob ReadJob(const Element& job, const SourceText& source, const Rules& rules);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_SUITE_JOB_READER_H_
