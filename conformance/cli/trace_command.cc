#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>

#include "conformance/cli/commands.h"
#include "conformance/runner/case_runner.h"
#include "conformance/scenario/loader.h"
#include "conformance/traces/trace_scenario.h"
#include "conformance/traces/trace_text.h"

namespace conform {
namespace {

// Says on standard error why there is no trace.
std::optional<Trace> OpenTrace(const std::string& file) {
  try {
    Trace trace = ReadTraceFile(file);
    for (const std::string& damage : trace.damages) std::cerr << "vdi-conform: " << damage << "\n";
    return trace;
  } catch (const TraceError& error) {
    std::cerr << "vdi-conform: " << error.what() << "\n";
    return std::nullopt;
  }
}

// What the subject lacks or does not have although it says so; 0 if it can be used.
int Refuse(const Subject& subject, const Case& one) {
  std::string why = subject.unusable.empty() ? subject.engine_unusable : subject.unusable;
  if (const auto broken = subject.Broken(one.required); why.empty() && broken) {
    why = subject.broken.at(*broken);
  }
  if (!why.empty()) {
    std::cerr << fmt::format("vdi-conform: the subject cannot be used: {}\n", why);
    return 1;
  }
  const std::string lacking = subject.Lacks(one.required);
  if (lacking.empty()) return 0;
  std::cerr << fmt::format("vdi-conform: the trace needs {}, which the subject does not declare\n",
                           lacking);
  return 77;
}

// Whether a finding is about a call that went on while other calls were made.
bool WentOn(const Case& one, const reports::Finding& finding) {
  return std::any_of(one.steps.begin(), one.steps.end(), [&](const Step& step) {
    return step.kind == StepKind::kAwait && !step.check.empty() &&
           finding.check_id == one.scenario + "/" + step.check;
  });
}

int Report(const Case& one, const CaseResult& result) {
  for (const reports::Finding& finding : result.findings) {
    std::cout << fmt::format("{}: expected {}, actual {}\n{}\n", finding.check_id, finding.expected,
                             finding.actual, finding.detail);
    if (WentOn(one, finding)) {
      std::cout
          << "This call went on while others were made. If its code depends on which of them\n"
             "came first, two runs may differ without a fault.\n";
    }
    std::cout << "\n";
  }
  if (result.outcome == reports::Outcome::kPass) {
    std::cout << fmt::format("{} calls compared, every code as in the trace\n",
                             result.checks.size());
    return 0;
  }
  const bool subject = result.outcome == reports::Outcome::kFail ||
                       result.problem == reports::Problem::kClientCrash ||
                       result.problem == reports::Problem::kClientTimeout;
  return subject ? 1 : kExitHarness;
}

}  // namespace

int TraceCommand(const TraceArguments& arguments) {
  const std::optional<Trace> trace = OpenTrace(arguments.file);
  if (!trace) return kExitUsage;
  if (arguments.to_scenario.empty()) {
    std::cout << TextOfTrace(*trace);
    return 0;
  }
  const std::string text = ScenarioOfTrace(*trace, Rules::Embedded());
  if (arguments.to_scenario == "-") {
    std::cout << text;
    return 0;
  }
  std::ofstream file(arguments.to_scenario, std::ios::binary);
  file << text << std::flush;
  if (!file) {
    std::cerr << fmt::format("vdi-conform: {} cannot be written\n", arguments.to_scenario);
    return kExitUsage;
  }
  std::cout << fmt::format("the scenario {} is in {}\n", ScenarioIdOfTrace(*trace),
                           arguments.to_scenario);
  return 0;
}

int ReplayCommand(const ReplayArguments& arguments, const std::filesystem::path& program) {
  const std::optional<Trace> trace = OpenTrace(arguments.file);
  if (!trace) return kExitUsage;
  const std::optional<OpenedSubject> opened = OpenSubject(arguments.subject, program);
  if (!opened) return kExitUsage;
  const Rules rules = Rules::Embedded();
  const std::vector<SourceText> files = {
      {.name = arguments.file + " as a scenario", .text = ScenarioOfTrace(*trace, rules)}};
  const Suite suite = LoadSuite(files, rules);
  const Case& one = suite.cases.front();
  const HostFleet fleet(opened->paths);
  CaseOptions options;
  // The codes of the trace are the expectation, right or wrong.
  options.oracle = false;
  options.strict = true;
  options.timeout_scale = arguments.timeout_scale;
  options.bundled_engine = opened->doors.bundled_engine;
  const Subject subject = FindSubject(fleet, opened->doors, StepTimeout(options));
  if (const int refused = Refuse(subject, one); refused != 0) return refused;
  return Report(one, RunCase(one, rules, fleet, options));
}

}  // namespace conform
