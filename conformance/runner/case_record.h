// What one case found out: its checks, its findings, the calls it made. The judge and the executor
// fill it; it decides the outcome. One thread.
#ifndef CONFORMANCE_RUNNER_CASE_RECORD_H_
#define CONFORMANCE_RUNNER_CASE_RECORD_H_

#include <map>
#include <string>
#include <vector>

#include "conformance/runner/requirement.h"
#include "conformance/scenario/scenario.h"
#include "reports/report_model.h"

namespace conform {

struct CaseResult {
  reports::Outcome outcome = reports::Outcome::kNotFinished;
  reports::Problem problem = reports::Problem::kNone;
  std::string reason;  // one line, unless it passed
  std::vector<reports::Check> checks;
  std::vector<reports::Finding> findings;
  std::string error_output;  // of all actors
  std::string repetitions;   // "5: 3 Pass, 2 Fail"; empty if it ran once
  double seconds = 0;
};

// What did not hold, before it is written up.
struct Observation {
  std::string expected;
  std::string actual;
  reports::Problem problem = reports::Problem::kProtocolViolation;
  std::string note;  // added to the detail; may be empty
};

class CaseRecord {
 public:
  CaseRecord(const Case& one, const Rules& rules) : case_(one), rules_(rules) {}

  // A line of the trail: what an actor did and what came back, with the milliseconds since the
  // case began.
  void AddCall(double milliseconds, const std::string& text);

  // "handles.map.foreign-set/refused"; for a step of the setting, "…/setting.primary.Create".
  std::string CheckId(const Step& step) const;

  void Held(const std::string& check, const std::string& clause);
  // Fails the case if the clause is documented; otherwise warns, unless `strict`.
  // Returns whether it failed.
  bool Broken(const std::string& check, const std::string& clause, const Observation& observation,
              const Place& place, bool strict);
  // The subject crashed, hung or answered nonsense, or we had trouble of our own: no verdict.
  void Stuck(const std::string& check, const std::string& clause, const Observation& observation,
             const Place& place);

  // False for a reading that no subject is held to, such as G-62: there even a crash only warns.
  bool IsAsserted(const std::string& clause) const;

  bool failed() const { return failed_; }
  // The result; `seconds` and the output are the caller's.
  CaseResult Finish() const;

 private:
  void Note(const std::string& check, const std::string& clause, reports::CheckResult result);
  void Write(const std::string& check, const std::string& clause, const Observation& observation,
             const Place& place, bool warning);

  const Case& case_;
  const Rules& rules_;
  std::vector<std::string> trail_;
  std::vector<reports::Check> checks_;
  std::vector<reports::Finding> findings_;
  bool failed_ = false;
  bool stuck_ = false;
};

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_CASE_RECORD_H_
