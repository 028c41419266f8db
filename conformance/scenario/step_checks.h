// Checks a case's steps against the documents and against each other. Used by the loader alone.
#ifndef CONFORMANCE_SCENARIO_STEP_CHECKS_H_
#define CONFORMANCE_SCENARIO_STEP_CHECKS_H_

#include <string>

#include "conformance/rules/rules.h"
#include "conformance/scenario/scenario.h"

namespace conform {

// A step may only take what a document, or a reading of one, lets the method return on that face.
// Throws ScenarioError.
void CheckAccepted(const Step& step, const MethodSpec& method, Face face, const Rules& rules);

// The clause that a call of the setting rests on: the row of its first code. Empty if there is
// none.
std::string DefaultClause(const MethodSpec& method, vdisim::HResult code, Face face,
                          const Rules& rules);

// Every value, set, buffer, command, device and call that a step names was made by an earlier one;
// names of checks are unique; awaited codes are codes of the awaited method. Throws ScenarioError.
void CheckSteps(Case* one, const Rules& rules);

}  // namespace conform

#endif  // CONFORMANCE_SCENARIO_STEP_CHECKS_H_
