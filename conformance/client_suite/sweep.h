// Cases that nobody wrote: every code that the rules let a method give, given at its calls.
#ifndef CONFORMANCE_CLIENT_SUITE_SWEEP_H_
#define CONFORMANCE_CLIENT_SUITE_SWEEP_H_

#include <string>
#include <vector>

#include "conformance/client_suite/client_scenario.h"
#include "conformance/rules/rules.h"

namespace conform {

// One code at one call of a client that does everything right so far.
struct SweptCode {
  std::string method;  // "OpenDevice"
  std::string code;    // "VD_E_ABORT"
  std::string clause;  // why it is legal there: a row of the method's page, or the reading G-04
};

// What the rules of the Linux client allow besides NOERROR, in the order of the rules: codes that
// the state table gives for the state in which the call is made or for a set that was aborted
// meanwhile, codes of the method's page that the table does not bind to a state, and failures of
// the machine. VD_E_CLOSE is left out, for only a server that closes can bring it about.
std::vector<SweptCode> SweptCodes(const Rules& rules);

// A backup for each code and each of the calls at which it is tried: the first one, and one in
// mid-stream of those that are made many times. They have the ids program.sweep.METHOD.NTH.CODE,
// and expect that the program agrees with the statement; a hang and a set that is never closed are
// found as in every other case.
std::vector<ClientScenario> SweepScenarios(const Rules& rules);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_SUITE_SWEEP_H_
