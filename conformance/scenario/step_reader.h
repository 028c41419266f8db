// Turns one element of a scenario's steps into a Step, and checks a case's steps against each
// other. Used by the loader alone.
#ifndef CONFORMANCE_SCENARIO_STEP_READER_H_
#define CONFORMANCE_SCENARIO_STEP_READER_H_

#include "conformance/rules/rules.h"
#include "conformance/scenario/element.h"
#include "conformance/scenario/scenario.h"

namespace conform {

// Reads <call>, <await>, <fill>, <bytes>, <address>, <value>, <completed>, <kill>, <end>.
// Throws ScenarioError.
Step ReadStep(const Element& element, const std::vector<Actor>& actors, const Rules& rules);

// Every value, buffer, command and call that a step names was made by an earlier one; names of
// checks are unique; awaited codes are codes of the awaited method. Throws ScenarioError.
void CheckSteps(Case* one, const Rules& rules);

}  // namespace conform

#endif  // CONFORMANCE_SCENARIO_STEP_READER_H_
