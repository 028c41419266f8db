// How long nothing was heard of a client, and whether that is too long; and what it was doing then.
// One thread.
#ifndef CONFORMANCE_CLIENT_JOB_SILENCE_H_
#define CONFORMANCE_CLIENT_JOB_SILENCE_H_

#include <chrono>
#include <string>

#include "conformance/client/client_job.h"
#include "conformance/client/kept_process.h"
#include "conformance/client/live_signs.h"

namespace conform {

class JobSilence {
 public:
  using Clock = std::chrono::steady_clock;

  // limit: seconds of silence that are too many. job_limit: of the whole job.
  JobSilence(double limit_seconds, double job_limit_seconds);

  void Begin(Clock::time_point now);
  // A call, an event of the server, a system call that moved something.
  void HearLife(Clock::time_point now) { alive_at_ = now; }
  // bytes: all that the client has printed so far. Printing alone delays the end, and not for ever.
  void HearPrinted(size_t bytes, Clock::time_point now);

  Clock::time_point alive_at() const { return alive_at_; }
  double Seconds(Clock::time_point now) const;
  bool IsTooLong(Clock::time_point now) const;

 private:
  const double limit_seconds_;
  const double job_limit_seconds_;
  Clock::time_point began_;
  Clock::time_point alive_at_;
  Clock::time_point printed_at_;
  size_t printed_bytes_ = 0;
};

// What a client that hangs is doing: its calls, and the stacks of its processes. keeper: the
// program. Takes up to 15 s for each of four processes.
ClientHang HangOf(const KeptProcess& client, const LiveSigns& signs, double silent_seconds,
                  const std::filesystem::path& keeper);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_JOB_SILENCE_H_
