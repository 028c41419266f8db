// What one case found out: its checks, its findings, the calls it made. The judge and the executor
// fill it; it decides the outcome. One thread.
#ifndef CONFORMANCE_RUNNER_CASE_RECORD_H_
#define CONFORMANCE_RUNNER_CASE_RECORD_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "conformance/monitor/observation.h"
#include "conformance/monitor/visit.h"
#include "conformance/runner/requirement.h"
#include "conformance/scenario/scenario.h"
#include "reports/report_model.h"

namespace conform {

// Which call a finding is about.
struct FoundAtCall {
  std::int64_t call = 0;  // the id of its observation
  std::string check;
};

struct CaseResult {
  reports::Outcome outcome = reports::Outcome::kNotFinished;
  reports::Problem problem = reports::Problem::kNone;
  std::string reason;  // one line, unless it passed
  std::vector<reports::Check> checks;
  std::vector<reports::Finding> findings;
  std::string output;                    // on standard output, where it is the subject's own
  std::string error_output;              // of all actors
  std::vector<std::string> attachments;  // files, relative to the report's directory
  std::vector<Seen> observations;        // what happened, in order; of the repetition that counts
  std::vector<FoundAtCall> found_at;     // of the same repetition
  std::vector<Visit> visits;             // calls whose state the oracle knew; of all repetitions
  std::string repetitions;               // "5: 3 Pass, 2 Fail"; empty if it ran once
  double seconds = 0;
};

// What did not hold, before it is written up.
struct Observation {
  std::string expected;
  std::string actual;
  reports::Problem problem = reports::Problem::kProtocolViolation;
  std::string note;       // added to the detail; may be empty
  std::int64_t call = 0;  // the earlier call that it is about; 0: the latest one
};

class CaseRecord {
 public:
  CaseRecord(const Case& one, const Rules& rules) : case_(one), rules_(rules) {}

  // A line of the trail: what an actor did and what came back, with the milliseconds since the
  // case began. call: the id of its observation; 0 or less for a step that is no call.
  void AddCall(double milliseconds, const std::string& text, std::int64_t call = 0);

  // "handles.map.foreign-set/refused"; for a step of the setting, "…/setting.primary.Create".
  std::string CheckId(const Step& step) const;

  void Held(const std::string& check, const std::string& clause);
  // Fails the case if the clause is documented; otherwise warns, unless `strict`.
  // Returns whether it failed.
  bool Broken(const std::string& check, const std::string& clause, const Observation& observation,
              const Place& place, bool strict);
  // Warns, whatever the clause.
  void Warn(const std::string& check, const std::string& clause, const Observation& observation,
            const Place& place);
  // Whether Broken fails the case, or warns only.
  bool Fails(const std::string& clause, bool strict) const;
  // Whether the code of that call was found to be wrong already, and that weighs as much: a
  // failure, or a warning where no more than a warning is asked for. The finding gets the sentence.
  bool Confirm(std::int64_t call, bool fails, const std::string& sentence);
  // The subject crashed, hung or answered nonsense, or we had trouble of our own: no verdict.
  void Stuck(const std::string& check, const std::string& clause, const Observation& observation,
             const Place& place);

  // False for a reading that no subject is held to, such as G-62: there even a crash only warns.
  bool IsAsserted(const std::string& clause) const;

  // Whether there is a finding of this check.
  bool Has(const std::string& check) const;
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
  std::map<std::int64_t, size_t> trail_ends_;  // behind the line of each call
  std::int64_t latest_call_ = 0;
  std::vector<reports::Check> checks_;
  std::vector<reports::Finding> findings_;
  std::vector<FoundAtCall> found_at_;
  std::vector<std::int64_t> finding_calls_;  // of each finding the call that it is about, or 0
  bool failed_ = false;
  bool stuck_ = false;
};

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_CASE_RECORD_H_
