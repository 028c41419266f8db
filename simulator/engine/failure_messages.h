// Turns a failure into what the session and the error log get to read (sections 16.3, 16.4 and
// M-72). 3013 and 3041, which end every failure, are the engine's to add. Pure; any thread.
#ifndef SIMULATOR_ENGINE_FAILURE_MESSAGES_H_
#define SIMULATOR_ENGINE_FAILURE_MESSAGES_H_

#include <string>
#include <vector>

#include "simulator/engine/failure.h"
#include "simulator/engine/profile.h"
#include "simulator/sql/messages.h"

namespace vdisim {

struct FailureReport {
  std::vector<Message> session;
  std::vector<Message> log;
};
FailureReport ReportFailure(const Failure& failure, bool backup, const Profile& profile);

// What the simulator says beyond SQL Server's messages: number 0, severity 0, "vdisim: ...".
Message Hint(const std::string& text);

// A sentence for who ended a set (VdiSimAbortReason).
std::string AbortReasonText(uint32_t reason);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_FAILURE_MESSAGES_H_
