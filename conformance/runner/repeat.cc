#include "conformance/runner/repeat.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace conform {
namespace {

using reports::Outcome;

int Badness(const CaseResult& result) {
  switch (result.outcome) {
    case Outcome::kPass:
      return 0;
    case Outcome::kFail:
      return 2;
    case Outcome::kError:
      return 3;
    default:
      return 1;
  }
}

// What a repetition found out, without what changes each time.
std::pair<Outcome, std::set<std::string>> Verdict(const CaseResult& result) {
  std::set<std::string> failed;
  for (const reports::Finding& finding : result.findings) {
    if (!finding.warning) failed.insert(finding.check_id);
  }
  return {result.outcome, failed};
}

// "3 Pass, 2 Fail"
std::string Tally(const std::vector<CaseResult>& results) {
  std::string text;
  for (const Outcome outcome : reports::kOutcomes) {
    const auto count = std::count_if(results.begin(), results.end(),
                                     [&](const CaseResult& one) { return one.outcome == outcome; });
    if (count == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, reports::Name(outcome));
  }
  return text;
}

void AddChecks(const std::vector<reports::Check>& more, std::vector<reports::Check>* checks) {
  for (const reports::Check& check : more) {
    const auto same =
        std::find_if(checks->begin(), checks->end(),
                     [&](const reports::Check& other) { return other.id == check.id; });
    if (same == checks->end()) {
      checks->push_back(check);
    } else {
      same->result = std::max(same->result, check.result);
    }
  }
}

}  // namespace

CaseResult Repeat(int times, const std::function<CaseResult()>& run,
                  const std::function<bool(const CaseResult&)>& enough) {
  std::vector<CaseResult> results;
  do {
    results.push_back(run());
  } while (static_cast<int>(results.size()) < times && !enough(results.back()));
  return JoinRepetitions(std::move(results));
}

CaseResult JoinRepetitions(std::vector<CaseResult> results) {
  if (results.size() == 1) return std::move(results.front());
  const auto worst = std::max_element(
      results.begin(), results.end(),
      [](const CaseResult& a, const CaseResult& b) { return Badness(a) < Badness(b); });
  const bool stable = std::all_of(results.begin(), results.end(), [&](const CaseResult& one) {
    return Verdict(one) == Verdict(results.front());
  });
  const size_t all = results.size();
  const std::string tally = Tally(results);
  CaseResult joined = *worst;
  joined.repetitions = fmt::format("{}: {}", all, tally);
  joined.seconds = 0;
  joined.visits.clear();
  for (const CaseResult& one : results) {
    joined.visits.insert(joined.visits.end(), one.visits.begin(), one.visits.end());
    AddChecks(one.checks, &joined.checks);
    joined.seconds += one.seconds;
  }
  const std::string which = fmt::format("Repetition: {} of {}\n", worst - results.begin() + 1, all);
  for (reports::Finding& finding : joined.findings) finding.detail.insert(0, which);
  if (stable) return joined;
  std::string each;
  for (size_t i = 0; i < all; ++i) {
    each += fmt::format("Repetition {}: {}{}{}\n", i + 1, reports::Name(results[i].outcome),
                        results[i].reason.empty() ? "" : ": ", results[i].reason);
  }
  joined.findings.insert(joined.findings.begin(),
                         reports::Finding{.check_id = "runner/stable",
                                          .clause = {},
                                          .requirement = {},
                                          .source = {},
                                          .expected = fmt::format("the same result {} times", all),
                                          .actual = tally,
                                          .detail = each,
                                          .problem = joined.problem,
                                          .warning = false});
  joined.checks.push_back(
      {.id = "runner/stable", .clause = {}, .result = reports::CheckResult::kFailed});
  joined.reason = fmt::format("not stable ({}): {}", tally, joined.reason);
  return joined;
}

}  // namespace conform
