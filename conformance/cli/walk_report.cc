#include "conformance/cli/walk_report.h"

#include <fmt/format.h>

#include "conformance/runner/requirement.h"
#include "conformance/scenario/method_table.h"

namespace conform {
namespace {

std::string IdOf(Side side, std::string_view method) {
  return fmt::format("walk.{}.{}", Name(side), method);
}

std::string Expected(const Disagreement& what) {
  switch (what.kind) {
    case DisagreementKind::kDied:
    case DisagreementKind::kHung:
      return what.method.empty() ? "the process ends in order" : "the call returns";
    case DisagreementKind::kUnreported:
      return "the completion agent reports the command";
    case DisagreementKind::kCode:
    case DisagreementKind::kUndocumented:
      break;
  }
  return fmt::format("{} by {}{} returns {}", what.method, what.actor,
                     what.state.empty() ? "" : " in the state " + what.state,
                     fmt::join(what.accepted, " or "));
}

reports::Problem ProblemOf(const Disagreement& what) {
  if (what.ours) return reports::Problem::kHarnessError;
  switch (what.kind) {
    case DisagreementKind::kDied:
      return reports::Problem::kClientCrash;
    case DisagreementKind::kHung:
      return reports::Problem::kClientTimeout;
    case DisagreementKind::kUnreported:
      return reports::Problem::kProtocolViolation;
    case DisagreementKind::kCode:
    case DisagreementKind::kUndocumented:
      break;
  }
  return reports::Problem::kReturnCodeMismatch;
}

std::string CallsOf(const WalkFinding& finding, const Rules& rules) {
  std::string text;
  int number = 0;
  for (const MadeMove& move : finding.moves) {
    text += fmt::format("  {:2}. {}", ++number, Describe(move.step));
    if (move.code) text += " -> " + rules.CodeName(*move.code);
    text += "\n";
  }
  return text;
}

// The method in whose case a finding stands; that of an end is Close.
std::string MethodOf(const Disagreement& what) {
  return what.method.empty() ? "Close" : what.method;
}

reports::Finding FindingOf(const WalkFinding& finding, const Rules& rules) {
  const Requirement requirement = FindRequirement(rules, finding.what.clause);
  return {.check_id = fmt::format("oracle/{}.{}", Name(finding.what.side), MethodOf(finding.what)),
          .clause = finding.what.clause,
          .requirement = requirement.text,
          .source = requirement.source,
          .expected = Expected(finding.what),
          .actual = finding.what.actual,
          .detail = "Calls up to here:\n" + CallsOf(finding, rules),
          .problem = ProblemOf(finding.what),
          .warning = false};
}

}  // namespace

std::string TextOfFinding(const WalkFinding& finding, const Rules& rules) {
  const Disagreement& what = finding.what;
  const Requirement requirement = FindRequirement(rules, what.clause);
  std::string text = fmt::format("Disagreement: {} {}\n", Name(what.side), MethodOf(what));
  text += fmt::format("  Requirement: {} {}\n", what.clause, requirement.text);
  if (!requirement.source.empty()) text += fmt::format("  Source:      {}\n", requirement.source);
  text += fmt::format("  Expected:    {}\n  Actual:      {}\n", Expected(what), what.actual);
  if (what.ours) text += "  The bundled server interface did it: there is no verdict.\n";
  if (finding.again) {
    text += fmt::format(
        "The shortest sequence on the {} face, {} of {} moves, found in {} tries:\n",
        Name(finding.cast.face), finding.moves.size(), finding.moves_before, finding.tries);
  } else {
    text +=
        fmt::format("It did not show again in {} tries, so nothing is left out of the {} moves:\n",
                    finding.tries, finding.moves.size());
  }
  return text + CallsOf(finding, rules);
}

std::string UnseenCells(const WalkResult& result, const Rules& rules) {
  std::string text;
  for (const Transition& row : rules.transitions()) {
    for (const std::string& method : row.methods) {
      for (const Cell& cell : row.cells) {
        if (!cell.unreachable.empty() || result.visited.count({row.side, method, cell.state}) > 0) {
          continue;
        }
        text +=
            fmt::format("{} {} in {} ({})\n", Name(row.side), method, Name(cell.state), row.clause);
      }
    }
  }
  return text;
}

void SelectMethods(const Rules& rules, reports::LiveReport* report) {
  (void)rules;
  for (const MethodSpec& method : AllMethodSpecs()) {
    report->Append(reports::CaseSelected{
        .id = IdOf(method.side, method.name),
        .title = fmt::format("Every {} of the walk does what the rules allow", method.name),
        .group = fmt::format("walk.{}", Name(method.side)),
        .file = {},
        .line = 0});
  }
  report->Start();
}

void TellMethods(const WalkResult& result, const Rules& rules, const std::string& reproduce,
                 reports::LiveReport* report) {
  for (const MethodSpec& method : AllMethodSpecs()) {
    const std::string id = IdOf(method.side, method.name);
    const auto judged = result.judged.find({method.side, std::string(method.name)});
    reports::CaseEnded ended{.case_id = id,
                             .outcome = reports::Outcome::kPass,
                             .problem = reports::Problem::kNone,
                             .reason = {},
                             .seconds = 0,
                             .properties = {},
                             .reproduce = {}};
    const bool found = result.finding && result.finding->what.side == method.side &&
                       MethodOf(result.finding->what) == method.name;
    if (found) {
      const reports::Finding finding = FindingOf(*result.finding, rules);
      const bool failed = finding.problem == reports::Problem::kReturnCodeMismatch ||
                          finding.problem == reports::Problem::kProtocolViolation;
      report->Append(reports::CheckMade{.case_id = id,
                                        .check = {.id = finding.check_id,
                                                  .clause = finding.clause,
                                                  .result = reports::CheckResult::kFailed}});
      report->Append(reports::FindingMade{.case_id = id, .finding = finding});
      ended.outcome = failed ? reports::Outcome::kFail : reports::Outcome::kError;
      ended.problem = finding.problem;
      ended.reason = fmt::format("expected {}; actual {}", finding.expected, finding.actual);
      ended.reproduce = reproduce;
    } else if (judged == result.judged.end()) {
      ended.outcome = reports::Outcome::kSkip;
      ended.reason = "the walk made no such call";
    } else {
      report->Append(reports::CheckMade{
          .case_id = id,
          .check = {.id = fmt::format("oracle/{}.{}", Name(method.side), method.name),
                    .clause = {},
                    .result = reports::CheckResult::kHeld}});
      ended.properties = {{"calls", std::to_string(judged->second)}};
    }
    report->Append(ended);
  }
}

}  // namespace conform
