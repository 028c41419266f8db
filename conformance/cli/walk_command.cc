#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>

#include "conformance/cli/commands.h"
#include "conformance/cli/progress.h"
#include "conformance/cli/walk_report.h"
#include "conformance/runner/case_runner.h"
#include "conformance/walk/walk.h"
#include "conformance/walk/walk_scenario.h"
#include "reports/live_report.h"

namespace conform {
namespace {

// A line that rewrites itself on a terminal; elsewhere one for every tenth of the way.
class WalkLine {
 public:
  WalkLine(bool rewrites, std::size_t calls) : rewrites_(rewrites), calls_(calls) {}

  void Episode(const WalkResult& so_far, const Coverage::Count& cells) {
    const std::string text =
        fmt::format("{} of {} calls, {} episodes, {} of {} cells", so_far.calls, calls_,
                    so_far.episodes, cells.covered, cells.possible);
    if (rewrites_) return Rewrite(text);
    const std::size_t tenth = std::min<std::size_t>(10, so_far.calls * 10 / calls_);
    if (tenth <= tenths_) return;
    tenths_ = tenth;
    std::cout << text << std::endl;
  }
  void Shrinking(std::size_t moves, std::size_t tries) const {
    if (rewrites_)
      Rewrite(fmt::format("a disagreement: {} moves left after {} tries", moves, tries));
  }
  void Clear() const {
    if (rewrites_) std::cout << "\r\033[K" << std::flush;
  }

 private:
  static void Rewrite(const std::string& text) { std::cout << "\r\033[K" << text << std::flush; }

  const bool rewrites_;
  const std::size_t calls_;
  std::size_t tenths_ = 0;
};

// Where the scenario was written; empty, and the reason on standard error, if it could not be.
std::string WriteScenario(const WalkScenario& scenario, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::filesystem::path path = folder / scenario.file;
  std::ofstream file(path, std::ios::binary);
  file << scenario.text << std::flush;
  if (file) return path.string();
  std::cerr << fmt::format("vdi-conform: --out: {} cannot be written\n", path.string());
  return {};
}

std::string ReproduceCommand(const WalkArguments& arguments, const std::filesystem::path& program,
                             const std::string& scenario) {
  std::string command = fmt::format("{} run{} --scenarios {}", ShellQuote(program.string()),
                                    SubjectOptionsText(arguments.subject),
                                    ShellQuote(std::filesystem::absolute(scenario).string()));
  if (arguments.strict) command += " --strict";
  if (arguments.timeout_scale != 1.0) {
    command += fmt::format(" --timeout-scale {}", arguments.timeout_scale);
  }
  return command;
}

void PrintEnd(const WalkArguments& arguments, const WalkResult& result, const Rules& rules) {
  for (const Disagreement& warning : result.warnings) {
    std::cout << fmt::format("warning: {} {} in {}: {} instead of {} ({})\n", Name(warning.side),
                             warning.method, warning.state, warning.actual,
                             fmt::join(warning.accepted, " or "), warning.clause);
  }
  Coverage coverage(rules);
  CaseResult visits;
  for (const auto& [side, method, state] : result.visited) {
    visits.visits.push_back({.side = side, .method = method, .state = state});
  }
  coverage.Add({}, visits);
  const Coverage::Count cells = coverage.Cells();
  std::cout << fmt::format(
      "seed {}: {} calls in {} episodes by {} processes, cells {} of {} reachable\n",
      arguments.seed, result.calls, result.episodes, result.processes, cells.covered,
      cells.possible);
  if (arguments.verbose && cells.covered < cells.possible) {
    std::cout << "not reached:\n" << UnseenCells(result, rules);
  }
}

// Why the subject cannot be walked on; the exit code with it, 0 if it can.
int Refuse(const Subject& subject, bool bundled_engine) {
  if (!subject.unusable.empty()) {
    std::cerr << fmt::format("vdi-conform: the subject cannot be used: {}\n", subject.unusable);
    return 1;
  }
  if (!subject.engine_unusable.empty()) {
    std::cerr << fmt::format("vdi-conform: the server interface cannot be used: {}\n",
                             subject.engine_unusable);
    return bundled_engine ? kExitHarness : 1;
  }
  if (subject.capabilities.Has(Capability::kLinuxFace) ||
      subject.capabilities.Has(Capability::kComFace)) {
    return 0;
  }
  std::cerr << "vdi-conform: the subject declares neither linux-face nor com-face\n";
  return 77;
}

}  // namespace

int WalkCommand(const WalkArguments& arguments, const std::filesystem::path& program,
                const std::string& command) {
  const std::optional<OpenedSubject> opened = OpenSubject(arguments.subject, program);
  if (!opened) return kExitUsage;
  std::ofstream log;
  if (!arguments.log.empty()) {
    log.open(arguments.log, std::ios::binary);
    if (!log) {
      std::cerr << fmt::format("vdi-conform: --log: {} cannot be written\n", arguments.log);
      return kExitUsage;
    }
  }
  const Rules rules = Rules::Embedded();
  const HostFleet fleet(opened->paths);
  const Subject subject =
      FindSubject(fleet, opened->doors, StepTimeout({.timeout_scale = arguments.timeout_scale}));
  if (const int refused = Refuse(subject, opened->doors.bundled_engine); refused != 0) {
    return refused;
  }
  reports::ReportPaths paths;
  paths.junit = arguments.junit;
  reports::LiveReport report(paths);
  report.Append(reports::RunStarted{
      .name = "vdi-conform walk",
      .properties = {{"harness.version", VDISIM_VERSION}, {"subject", opened->name}},
      .seed = std::to_string(arguments.seed),
      .command = command,
      .started = reports::UtcNow(),
      .hostname = "localhost",
      .shard = {}});
  SelectMethods(rules, &report);

  const std::atomic<bool>& interrupted = WatchSignals();
  const auto begin = std::chrono::steady_clock::now();
  WalkLine line(MayRewrite(), arguments.calls);
  WalkOptions options;
  options.seed = arguments.seed;
  options.calls = arguments.calls;
  options.timeout_scale = arguments.timeout_scale;
  options.capabilities = subject.capabilities;
  options.log = arguments.log.empty() ? nullptr : &log;
  const Stage::Subject walked{.rules = rules,
                              .fleet = fleet,
                              .bundled_engine = opened->doors.bundled_engine,
                              .strict = arguments.strict};
  WalkResult result;
  try {
    result = RunWalk(
        walked, options, interrupted,
        {.episode = [&](const WalkResult& so_far,
                        const Coverage::Count& cells) { line.Episode(so_far, cells); },
         .shrinking = [&](std::size_t moves, std::size_t tries) { line.Shrinking(moves, tries); }});
  } catch (const HarnessTrouble& trouble) {
    line.Clear();
    std::cerr << fmt::format("vdi-conform: trouble of our own: {}\n", trouble.what);
    return kExitHarness;
  }
  line.Clear();

  std::string reproduce;
  if (result.finding) {
    const WalkFinding& finding = *result.finding;
    std::cout << TextOfFinding(finding, rules);
    const std::string file = WriteScenario(
        ScenarioOfMoves(finding.cast, finding.moves, finding.what, arguments.seed, rules),
        arguments.out);
    if (!file.empty()) {
      reproduce = ReproduceCommand(arguments, program, file);
      std::cout << fmt::format("Scenario:  {}\nReproduce: {}\n", file, reproduce);
    }
  }
  PrintEnd(arguments, result, rules);
  TellMethods(result, rules, reproduce, &report);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  report.Append(reports::RunEnded{.interrupted = interrupted.load(), .seconds = seconds.count()});
  return reports::ExitCode(report.Snapshot());
}

}  // namespace conform
