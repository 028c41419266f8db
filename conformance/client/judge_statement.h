// The statement of a job where the judge gives it, in the place of somebody else: which text, when
// the client is ready for it, and how it went. One thread.
#ifndef CONFORMANCE_CLIENT_JUDGE_STATEMENT_H_
#define CONFORMANCE_CLIENT_JUDGE_STATEMENT_H_

#include <poll.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/client/client_job.h"
#include "conformance/client/kept_process.h"
#include "conformance/client/live_signs.h"

namespace conform {

class JudgeStatement {
 public:
  // The plan must outlive it.
  explicit JudgeStatement(const JobPlan& plan);

  // The text, when the client is ready for it, by what it printed and which sets it created, and it
  // has not been given. Nobody gives anything where the client does, or where the job says so.
  std::optional<std::string> Due(const KeptProcess& client, const LiveSigns& signs) const;
  // What is waited for before it can be given; empty: nothing, or nobody gives one.
  std::string Awaits(const LiveSigns& signs) const;
  // Once. Throws what KeptProcess throws.
  void Give(const std::string& text);

  bool Running() const { return process_ != nullptr && !process_->ended(); }
  // Whether it failed, and the client, of which the last was heard at that moment, has not noticed
  // it for so long. Who gave the statement knows, and would cancel the client then.
  bool FailedUnheard(KeptProcess::Clock::time_point heard,
                     std::chrono::milliseconds patience) const;

  // Adds the descriptors that become readable when something has happened; Serve takes it.
  void Watch(std::vector<pollfd>* descriptors) const;
  void Serve();
  // Interrupts it if it runs still, and waits so long for its end.
  void End(std::chrono::milliseconds patience);

 private:
  const JobPlan& plan_;
  bool settled_;  // it was given, or nobody will give one
  std::unique_ptr<KeptProcess> process_;
};

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_JUDGE_STATEMENT_H_
