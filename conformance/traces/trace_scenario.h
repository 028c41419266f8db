// A trace as a scenario: the same calls by the same actors in the same order, every return code of
// the trace as the expectation. Sets, objects, devices, buffers and commands go by their names, and
// handles by the values that the calls before gave, so that the scenario runs anywhere. Pure.
#ifndef CONFORMANCE_TRACES_TRACE_SCENARIO_H_
#define CONFORMANCE_TRACES_TRACE_SCENARIO_H_

#include <string>

#include "conformance/rules/rules.h"
#include "conformance/traces/trace_file.h"

namespace conform {

// The text of a scenario file with one scenario, "trace." and the name of the trace made an id.
// A code that no document lists for its method cannot be expected: the scenario expects the
// documented ones there, and a comment names what was returned.
std::string ScenarioOfTrace(const Trace& trace, const Rules& rules);

// The id of that scenario.
std::string ScenarioIdOfTrace(const Trace& trace);

}  // namespace conform

#endif  // CONFORMANCE_TRACES_TRACE_SCENARIO_H_
