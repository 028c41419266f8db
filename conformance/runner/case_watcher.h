// Takes down what happens in a case as observations (monitor/observation.h): who is there, every
// call with concrete values, every return, every other step. They are all that judging the case
// again, printing it or repeating it needs. One thread.
#ifndef CONFORMANCE_RUNNER_CASE_WATCHER_H_
#define CONFORMANCE_RUNNER_CASE_WATCHER_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/drivers/driver.h"
#include "conformance/monitor/observation.h"
#include "conformance/runner/case_values.h"
#include "conformance/scenario/scenario.h"

namespace conform {

class CaseWatcher {
 public:
  // Both must live longer.
  CaseWatcher(const Case& one, const CaseValues& values) : case_(one), values_(values) {}

  // Since the case began.
  double Milliseconds() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin_)
        .count();
  }

  // An actor's process answers; only the first time counts.
  void Started(const std::string& actor);
  // A request of a step is about to be sent. Gives the number for Answered: positive, and the id of
  // the call's observation, for a call; negative for another step.
  std::int64_t Asked(const Step& step, const Json& request);
  // The answer was received. Trouble of the host is no return; whoever ends its process says Gone.
  void Answered(std::int64_t number, const HostAnswer& answer);
  // A step without a request.
  void Took(const Step& step);
  // An actor's process is gone, "killed", "ended", or in words; only the first time counts, and
  // only if it was there.
  void Gone(const std::string& actor, const std::string& how);
  void AllGone(const std::string& how);

  // The step that made a call; null for a number that is none of a call.
  const Step* StepOf(std::int64_t call) const;
  // What was seen, in order.
  const std::vector<Seen>& observations() const { return seen_; }

 private:
  Json CallArguments(const Step& step, const Json& request) const;
  void AnsweredStep(std::int64_t number, const Json& body);

  const Case& case_;
  const CaseValues& values_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::vector<Seen> seen_;
  std::set<std::string> there_;                // actors
  std::map<std::int64_t, const Step*> calls_;  // of this case
  // Steps under way: what is written down when they are answered, and where the others stand.
  std::map<std::int64_t, Seen> when_answered_;
  std::map<std::int64_t, std::size_t> begun_;
  std::set<std::string> known_;  // actors that were ever there
  std::int64_t last_call_ = 0;
  std::int64_t last_step_ = 0;
};

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_CASE_WATCHER_H_
