// What the environment may change about the library. Every variable is optional; a value that
// makes no sense is reported once on standard error and has no effect. Read once a process, at the
// first call that needs it; any thread.
//
//   VDISIM_CLOCK=virtual          sets made here run on a clock that only AdvanceClock moves
//   VDISIM_MODE=0660              permission bits of shared objects, octal; 0600 by default
//   (SEC-04) VDISIM_TIMEOUT_UNIT=seconds   the time-out of the Linux GetCommand counts seconds
//   VDISIM_GUARD=detect|fault     memory that clients are lent is watched (guard_report.h)
//   VDISIM_KEEPER=PID             while that process lives, dead sets made here are left to it
//   (G-22) VDISIM_LOG=1                  failures are written to standard error (LOG-04)
//
// Microsoft's Linux sample passes GetConfiguration(10000) and GetCommand(90) beside a comment that
// says seconds. If anything of that is in seconds it is GetCommand, so the unit applies to
// GetCommand alone: GetConfiguration keeps milliseconds, as documented for both.
#ifndef SIMULATOR_ABI_ABI_ENVIRONMENT_H_
#define SIMULATOR_ABI_ABI_ENVIRONMENT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "simulator/base/clock.h"
#include "simulator/base/result.h"
#include "simulator/device_set/client_set.h"

namespace vdisim {

struct AbiEnvironment {
  ClientOptions client_options;
  int64_t get_command_unit_ms = 1;
  bool log_failures = false;
};

// get: what a variable holds, or NULL. complaints: a line for each value that makes no sense.
AbiEnvironment ParseAbiEnvironment(const std::function<const char*(const char*)>& get,
                                   std::vector<std::string>* complaints);

// Of this process.
const AbiEnvironment& TheAbiEnvironment();

// The instance that calls without an instance name mean: the one that the environment variable
// _VIRTUAL_SERVER_NAME_ names now, or the default one (C-CRE-22).
Result<std::string> InstanceOfEnvironment();

// Negative values and 0xFFFFFFFF, which is INFINITE to whoever counts in 32 bits, wait for ever
// (C-GET-10, G-23). unit_ms: milliseconds that 1 stands for.
Timeout TimeoutOfLinux(int64_t timeout, int64_t unit_ms);
Timeout TimeoutOfCom(uint32_t timeout_ms);

}  // namespace vdisim

#endif  // SIMULATOR_ABI_ABI_ENVIRONMENT_H_
