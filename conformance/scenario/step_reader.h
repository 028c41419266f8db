// Turns one element of a scenario's steps into a Step. Used by the loader alone.
#ifndef CONFORMANCE_SCENARIO_STEP_READER_H_
#define CONFORMANCE_SCENARIO_STEP_READER_H_

#include "conformance/rules/rules.h"
#include "conformance/scenario/element.h"
#include "conformance/scenario/scenario.h"

namespace conform {

// Reads <call>, <await>, <fill>, <bytes>, <address>, <value>, <completed>, <kill>, <end>,
// <advance>, <release>, <sql>, <serve>.
// one: the case so far, for its face and its actors. Throws ScenarioError.
Step ReadStep(const Element& element, const Case& one, const Rules& rules);

}  // namespace conform

#endif  // CONFORMANCE_SCENARIO_STEP_READER_H_
