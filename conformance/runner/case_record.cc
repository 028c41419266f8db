#include "conformance/runner/case_record.h"

#include <fmt/format.h>

#include <algorithm>

namespace conform {
namespace {

// A finding shows this many of the calls before it.
constexpr size_t kTrailShownMax = 24;

}  // namespace

void CaseRecord::AddCall(double milliseconds, const std::string& text, std::int64_t call) {
  trail_.push_back(fmt::format("{:9.3f} ms  {}", milliseconds, text));
  latest_call_ = call;
  if (call > 0) trail_ends_[call] = trail_.size();
}

std::string CaseRecord::CheckId(const Step& step) const {
  if (!step.setting) return case_.scenario + "/" + step.check;
  const std::string what =
      step.method != nullptr ? std::string(step.method->name) : std::string(Name(step.kind));
  return fmt::format("{}/setting.{}.{}", case_.scenario, step.actor, what);
}

// A check that is made several times in a case is one check: its worst result stays.
void CaseRecord::Note(const std::string& check, const std::string& clause,
                      reports::CheckResult result) {
  const auto found = std::find_if(checks_.begin(), checks_.end(),
                                  [&](const reports::Check& one) { return one.id == check; });
  if (found == checks_.end()) {
    checks_.push_back({.id = check, .clause = clause, .result = result});
  } else {
    found->result = std::max(found->result, result);
  }
}

void CaseRecord::Held(const std::string& check, const std::string& clause) {
  Note(check, clause, reports::CheckResult::kHeld);
}

bool CaseRecord::Broken(const std::string& check, const std::string& clause,
                        const Observation& observation, const Place& place, bool strict) {
  const bool fails = Fails(clause, strict);
  Note(check, clause, fails ? reports::CheckResult::kFailed : reports::CheckResult::kWarned);
  Write(check, clause, observation, place, !fails);
  failed_ |= fails;
  return fails;
}

void CaseRecord::Warn(const std::string& check, const std::string& clause,
                      const Observation& observation, const Place& place) {
  Note(check, clause, reports::CheckResult::kWarned);
  Write(check, clause, observation, place, true);
}

bool CaseRecord::Fails(const std::string& clause, bool strict) const {
  return strict || CanFail(FindRequirement(rules_, clause).provenance);
}

bool CaseRecord::Confirm(std::int64_t call, bool fails, const std::string& sentence) {
  for (size_t i = 0; i < findings_.size(); ++i) {
    reports::Finding& finding = findings_[i];
    if (finding_calls_[i] != call || (fails && finding.warning) ||
        finding.problem != reports::Problem::kReturnCodeMismatch) {
      continue;
    }
    // Behind the line that names the step.
    finding.detail.insert(finding.detail.find('\n') + 1, sentence + "\n");
    return true;
  }
  return false;
}

bool CaseRecord::Has(const std::string& check) const {
  return std::any_of(findings_.begin(), findings_.end(),
                     [&](const reports::Finding& one) { return one.check_id == check; });
}

bool CaseRecord::IsAsserted(const std::string& clause) const {
  const Reading* reading = rules_.FindReading(clause);
  if (reading == nullptr || reading->rulings.empty()) return true;
  return std::any_of(reading->rulings.begin(), reading->rulings.end(),
                     [](const Ruling& ruling) { return ruling.asserted; });
}

void CaseRecord::Stuck(const std::string& check, const std::string& clause,
                       const Observation& observation, const Place& place) {
  Note(check, clause, reports::CheckResult::kFailed);
  Write(check, clause, observation, place, false);
  stuck_ = true;
}

void CaseRecord::Write(const std::string& check, const std::string& clause,
                       const Observation& observation, const Place& place, bool warning) {
  const Requirement requirement = FindRequirement(rules_, clause);
  std::string detail = fmt::format("Step: {}:{}\n", place.file, place.line);
  if (!observation.note.empty()) detail += observation.note + "\n";
  const auto first = std::find_if(findings_.begin(), findings_.end(),
                                  [](const reports::Finding& one) { return !one.warning; });
  if (first != findings_.end()) detail += "First cause: " + first->check_id + "\n";
  const auto earlier = trail_ends_.find(observation.call);
  const size_t end = earlier == trail_ends_.end() ? trail_.size() : earlier->second;
  const size_t shown = std::min(end, kTrailShownMax);
  detail += fmt::format("Calls up to here ({} of {}):", shown, end);
  for (size_t i = end - shown; i < end; ++i) detail += "\n  " + trail_[i];
  const std::int64_t call = observation.call > 0 ? observation.call : latest_call_;
  if (call > 0) found_at_.push_back({.call = call, .check = check});
  finding_calls_.push_back(std::max<std::int64_t>(call, 0));
  findings_.push_back({.check_id = check,
                       .clause = clause,
                       .requirement = requirement.text,
                       .source = requirement.source,
                       .expected = observation.expected,
                       .actual = observation.actual,
                       .detail = detail,
                       .problem = observation.problem,
                       .warning = warning});
}

CaseResult CaseRecord::Finish() const {
  CaseResult result;
  result.checks = checks_;
  result.findings = findings_;
  result.found_at = found_at_;
  const auto first = std::find_if(findings_.begin(), findings_.end(),
                                  [](const reports::Finding& one) { return !one.warning; });
  if (failed_ || stuck_) {
    result.outcome = failed_ ? reports::Outcome::kFail : reports::Outcome::kError;
    result.problem = first->problem;
    result.reason =
        fmt::format("{}: expected {}; actual {}", first->check_id, first->expected, first->actual);
  } else {
    result.outcome = reports::Outcome::kPass;
  }
  return result;
}

}  // namespace conform
