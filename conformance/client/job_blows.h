// What a job does to its client while it runs: it is cancelled as a user would, killed, or stopped
// for a while, at the points that the job names. One thread.
#ifndef CONFORMANCE_CLIENT_JOB_BLOWS_H_
#define CONFORMANCE_CLIENT_JOB_BLOWS_H_

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "conformance/client/client_job.h"
#include "conformance/client/kept_process.h"
#include "conformance/client/live_signs.h"

namespace conform {

class JobBlows {
 public:
  using Clock = KeptProcess::Clock;
  // Told of each blow, in words.
  using Note = std::function<void(const std::string&)>;

  // The plan, the client and the evidence must outlive it. The evidence gets what was done.
  JobBlows(const JobPlan& plan, KeptProcess* client, Evidence* evidence, Note note);

  // A client that was stopped goes on if its time has come; whether it did.
  bool GoOnIfDue();
  // Deals the blows whose points are reached, each once.
  void DealDue(const LiveSigns& signs);
  // Cancels it by the way of its description, once. It must have one.
  void Cancel();
  // It must not be stopped any more, for it is to be waited for.
  void Resume();

  bool is_stopped() const { return go_on_at_.has_value(); }
  // It was cancelled and has not ended within its own limit; a little more is granted.
  bool IsCancelOverdue() const;
  const std::optional<Clock::time_point>& cancelled_at() const { return cancelled_at_; }

 private:
  void Kill(const LiveSigns& signs);

  const JobPlan& plan_;
  KeptProcess& client_;
  Evidence& evidence_;
  const Note note_;
  bool struck_ = false;
  std::optional<Clock::time_point> cancelled_at_;
  std::optional<Clock::time_point> go_on_at_;  // of a client that was stopped for a while
};

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_JOB_BLOWS_H_
