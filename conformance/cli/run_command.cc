#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include "conformance/cli/commands.h"
#include "conformance/cli/progress.h"
#include "conformance/cli/run_support.h"
#include "conformance/cli/run_waivers.h"
#include "conformance/runner/run.h"
#include "conformance/scenario/loader.h"
#include "reports/console.h"

namespace conform {
namespace {

// Which capabilities were missing, and how many cases each of them cost.
void PrintLacks(const std::vector<const Case*>& cases, const Subject& subject) {
  if (!subject.unusable.empty()) return;
  for (const Capability capability : kAllCapabilities) {
    if (subject.capabilities.Has(capability)) continue;
    const auto skipped = std::count_if(cases.begin(), cases.end(), [&](const Case* one) {
      return one->required.contains(capability);
    });
    if (skipped == 0) continue;
    std::cout << fmt::format("not declared: {}: {} cases skipped\n", Name(capability), skipped);
  }
}

reports::Properties RunProperties(const RunArguments& arguments, const OpenedSubject& subject) {
  reports::Properties properties = {{"harness.version", VDISIM_VERSION},
                                    {"subject", subject.name},
                                    {"strict", arguments.strict ? "yes" : "no"}};
  if (subject.doors.declared && !subject.doors.declared->profile.empty()) {
    properties.emplace_back("profile", subject.doors.declared->profile);
  }
  if (!subject.doors.bundled_engine) {
    properties.emplace_back("engine", subject.paths.engine.string());
  }
  return properties;
}

// Whether the tables could be written where they were asked for.
bool WriteCoverage(const Coverage& coverage, const std::string& file) {
  if (file.empty()) return true;
  if (file == "-") {
    std::cout << coverage.Tables();
    return true;
  }
  std::ofstream out(file);
  out << coverage.Tables();
  out.close();
  if (out) return true;
  std::cerr << fmt::format("vdi-conform: --coverage: {} cannot be written\n", file);
  return false;
}

// Names what the run did not cover; whether that is nothing.
bool TellMissed(const Coverage& coverage, bool whole) {
  constexpr std::size_t kMostLines = 20;
  const std::vector<std::string> missed = coverage.Missed();
  if (missed.empty()) return true;
  std::cerr << fmt::format("vdi-conform: --require-coverage: {} not covered{}:\n", missed.size(),
                           whole ? "" : "; this run was only a part of the suite");
  for (std::size_t i = 0; i < std::min(missed.size(), kMostLines); ++i) {
    std::cerr << "  " << missed[i] << "\n";
  }
  if (missed.size() > kMostLines) std::cerr << "  and more: --coverage FILE has them all\n";
  return false;
}

// Makes the folder of --trace, if it was given; says why it cannot be made.
bool OpenTraces(const std::string& folder, const reports::ReportPaths& files,
                std::optional<CaseTraces>* traces) {
  if (folder.empty()) return true;
  try {
    traces->emplace(folder, ReportFolder(files));
    return true;
  } catch (const std::filesystem::filesystem_error& error) {
    std::cerr << fmt::format("vdi-conform: --trace: the folder {} cannot be made: {}\n", folder,
                             error.code().message());
    return false;
  }
}

int RunSelected(const RunArguments& arguments, const std::filesystem::path& program,
                const std::string& command, const Rules& rules, const Suite& suite,
                const OpenedSubject& subject) {
  RunOptions options;
  const auto cases = ChooseCases(arguments, suite, &options);
  if (!cases) return kExitUsage;
  RunWaivers waivers(arguments.waivers, arguments.fix_waivers, suite, "vdi-conform list");
  SetCommonOptions(arguments, command, &options);
  options.each.bundled_engine = subject.doors.bundled_engine;
  options.reproduce = ReproduceCommand(arguments, program, SubjectOptionsText(arguments.subject));
  options.properties = RunProperties(arguments, subject);
  options.doors = subject.doors;
  options.waivers = waivers.book();
  Coverage coverage(rules);
  options.coverage = &coverage;
  const reports::ReportPaths files = ReportFiles(arguments);
  std::optional<CaseTraces> traces;
  if (!OpenTraces(arguments.trace, files, &traces)) return kExitUsage;
  if (traces) options.traces = &*traces;
  reports::LiveReport report(files);
  ConsoleProgress progress = ConsoleProgress::ForStandardOutput();
  const std::atomic<bool>& interrupted = WatchSignals();
  const Subject found = RunCases(*cases, rules, HostFleet(subject.paths), options, interrupted,
                                 &report, [&](const reports::Case& one, size_t ended, size_t all) {
                                   std::cout << progress.Text(one, ended, all) << std::flush;
                                 });

  const reports::Run run = report.Snapshot();
  std::cout << reports::ConsoleSummary(run, progress.options());
  PrintLacks(*cases, found);
  std::cout << waivers.Finish(run, options.whole);
  PrintFiles(*cases, options, files);
  if (options.whole) std::cout << "\n" << coverage.CodesText() << "\n";
  if (options.whole || arguments.require_coverage) std::cout << coverage.Summary();
  std::cout << std::flush;
  const bool written = WriteCoverage(coverage, arguments.coverage);
  const int code = reports::ExitCode(run);
  if (code != 0) return code;
  if (!written) return kExitUsage;
  return arguments.require_coverage && !TellMissed(coverage, options.whole) ? 1 : 0;
}

}  // namespace

int RunCommand(const RunArguments& arguments, const std::filesystem::path& program,
               const std::string& command) {
  if (arguments.client.Given()) return RunClientCommand(arguments, program, command);
  if (arguments.sweep || !arguments.budget.empty() || !arguments.guard.empty()) {
    std::cerr
        << "vdi-conform: --sweep, --budget and --guard are of runs of a client program, which "
           "--client or --client-file names\n";
    return kExitUsage;
  }
  const std::optional<OpenedSubject> subject = OpenSubject(arguments.subject, program);
  if (!subject) return kExitUsage;
  const Rules rules = Rules::Embedded();
  const Suite suite = LoadChosenFrom(arguments.scenarios,
                                     WithExcludes(arguments.selectors, arguments.excludes), rules);
  return RunSelected(arguments, program, command, rules, suite, *subject);
}

}  // namespace conform
