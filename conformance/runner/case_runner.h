// Runs one case: starts a process for each actor, carries out the steps in order, judges what comes
// back, and cleans up. A case shares nothing with another one: its device sets have names that
// occur once on the machine. One thread per case; any number of cases at once.
#ifndef CONFORMANCE_RUNNER_CASE_RUNNER_H_
#define CONFORMANCE_RUNNER_CASE_RUNNER_H_

#include <chrono>

#include "conformance/drivers/driver_fleet.h"
#include "conformance/rules/rules.h"
#include "conformance/runner/case_record.h"
#include "conformance/scenario/scenario.h"

namespace conform {

// How long an actor may take for one step before it counts as hanging.
inline constexpr std::chrono::milliseconds kStepTimeout{10'000};

struct CaseOptions {
  bool oracle = true;          // every return is judged by the rules alone as well
  bool strict = false;         // undocumented requirements fail too
  double timeout_scale = 1.0;  // of kStepTimeout; more on slow machines
  // The server interface is the simulator's: its crash or hang is trouble of ours. Of any other one
  // it is a verdict, as it is of a client.
  bool bundled_engine = true;
};

// How long an actor may take for one step with these options.
vdisim::Timeout StepTimeout(const CaseOptions& options);

CaseResult RunCase(const Case& one, const Rules& rules, const DriverFleet& fleet,
                   const CaseOptions& options);

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_CASE_RUNNER_H_
