#include "reports/report_model.h"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace reports {

std::string_view Name(Outcome outcome) {
  switch (outcome) {
    case Outcome::kNotFinished:
      return "NotFinished";
    case Outcome::kPass:
      return "Pass";
    case Outcome::kFail:
      return "Fail";
    case Outcome::kError:
      return "Error";
    case Outcome::kSkip:
      return "Skip";
    case Outcome::kWaived:
      return "Waived";
    case Outcome::kUnexpectedPass:
      return "UnexpectedPass";
    case Outcome::kNotModelled:
      return "NotModelled";
  }
  throw std::invalid_argument("not an outcome");
}

std::string_view Name(Problem problem) {
  switch (problem) {
    case Problem::kNone:
      return "None";
    case Problem::kReturnCodeMismatch:
      return "ReturnCodeMismatch";
    case Problem::kProtocolViolation:
      return "ProtocolViolation";
    case Problem::kDataCorruption:
      return "DataCorruption";
    case Problem::kBufferOwnership:
      return "BufferOwnership";
    case Problem::kLeakedHandle:
      return "LeakedHandle";
    case Problem::kUnexpectedPass:
      return "UnexpectedPass";
    case Problem::kClientCrash:
      return "ClientCrash";
    case Problem::kClientTimeout:
      return "ClientTimeout";
    case Problem::kHarnessError:
      return "HarnessError";
    case Problem::kNotModelled:
      return "NotModelled";
    case Problem::kNotFinished:
      return "NotFinished";
  }
  throw std::invalid_argument("not a problem");
}

Outcome ParseOutcome(std::string_view name) {
  for (const Outcome one : kOutcomes) {
    if (Name(one) == name) return one;
  }
  throw std::invalid_argument("unknown outcome '" + std::string(name) + "'");
}

Problem ParseProblem(std::string_view name) {
  for (const Problem one : kProblems) {
    if (Name(one) == name) return one;
  }
  throw std::invalid_argument("unknown problem '" + std::string(name) + "'");
}

int Counts::cases() const {
  return not_finished + pass + fail + error + skip + waived + unexpected_pass + not_modelled;
}

int Counts::Of(Outcome outcome) const {
  switch (outcome) {
    case Outcome::kNotFinished:
      return not_finished;
    case Outcome::kPass:
      return pass;
    case Outcome::kFail:
      return fail;
    case Outcome::kError:
      return error;
    case Outcome::kSkip:
      return skip;
    case Outcome::kWaived:
      return waived;
    case Outcome::kUnexpectedPass:
      return unexpected_pass;
    case Outcome::kNotModelled:
      return not_modelled;
  }
  throw std::invalid_argument("not an outcome");
}

int Case::warnings() const {
  return unlisted_warnings +
         static_cast<int>(std::count_if(findings.begin(), findings.end(),
                                        [](const Finding& finding) { return finding.warning; }));
}

void Counts::Add(const Case& one) {
  checks += one.checks_made();
  warnings += one.warnings();
  switch (one.outcome) {
    case Outcome::kNotFinished:
      ++not_finished;
      return;
    case Outcome::kPass:
      ++pass;
      return;
    case Outcome::kFail:
      ++fail;
      return;
    case Outcome::kError:
      ++error;
      return;
    case Outcome::kSkip:
      ++skip;
      return;
    case Outcome::kWaived:
      ++waived;
      return;
    case Outcome::kUnexpectedPass:
      ++unexpected_pass;
      return;
    case Outcome::kNotModelled:
      ++not_modelled;
      return;
  }
}

Counts CountCases(const Run& run) {
  Counts counts;
  for (const Case& one : run.cases) counts.Add(one);
  return counts;
}

std::vector<Group> GroupCases(const Run& run) {
  std::vector<Group> groups;
  std::map<std::string_view, std::size_t> index;
  for (const Case& one : run.cases) {
    const auto [at, added] = index.try_emplace(one.group, groups.size());
    if (added) {
      groups.emplace_back();
      groups.back().name = one.group;
    }
    Group& group = groups[at->second];
    group.cases.push_back(&one);
    group.counts.Add(one);
    group.seconds += one.seconds;
  }
  return groups;
}

int ExitCode(const Run& run) {
  if (run.interrupted) return 130;
  const Counts counts = CountCases(run);
  const auto is_ours = [](const Case& one) {
    return one.outcome == Outcome::kError && one.problem != Problem::kClientCrash &&
           one.problem != Problem::kClientTimeout;
  };
  if (counts.not_finished > 0 || counts.not_modelled > 0 ||
      std::any_of(run.cases.begin(), run.cases.end(), is_ours)) {
    return 3;
  }
  if (counts.fail + counts.unexpected_pass + counts.error > 0) return 1;
  if (counts.cases() > 0 && counts.skip == counts.cases()) return 77;
  const bool empty_shard = run.cases.empty() && run.shard.count > 1 && run.shard.selected > 0;
  return counts.checks == 0 && !empty_shard ? 4 : 0;
}

}  // namespace reports
