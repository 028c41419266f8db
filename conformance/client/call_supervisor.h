// Who answers the calls that were stopped on their way (failing_calls.h).
#ifndef CONFORMANCE_CLIENT_CALL_SUPERVISOR_H_
#define CONFORMANCE_CLIENT_CALL_SUPERVISOR_H_

#include <thread>

#include "conformance/client/failing_calls.h"

namespace conform {

// Answers the calls that a listener tells of, from a thread of its own, until all processes with
// the filter have ended, or this object does; then those that are still stopped fail with ENOSYS.
class CallSupervisor {
 public:
  // listener: becomes this object's.
  CallSupervisor(int listener, FailingCalls calls);
  ~CallSupervisor();
  CallSupervisor(const CallSupervisor&) = delete;
  CallSupervisor& operator=(const CallSupervisor&) = delete;

 private:
  void Run();

  int listener_;
  int stop_ = -1;  // an eventfd
  FailingCalls calls_;
  std::thread thread_;
};

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_CALL_SUPERVISOR_H_
