#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <iostream>

#include "conformance/cli/commands.h"
#include "conformance/runner/run.h"
#include "conformance/runner/selector.h"
#include "conformance/scenario/loader.h"
#include "reports/console.h"

namespace conform {
namespace {

std::atomic<bool> interrupted{false};

// The first signal lets running cases end; the second one does not wait. The JUnit file is valid
// and red all the while.
void Interrupt(int /*signal*/) {
  if (interrupted.exchange(true)) _exit(130);
}

void WatchSignals() {
  struct sigaction action = {};
  action.sa_handler = Interrupt;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

// On a terminal one line that rewrites itself, and a lasting line for each case that is not green;
// otherwise a line for each case.
class ConsoleProgress {
 public:
  explicit ConsoleProgress(bool terminal) : terminal_(terminal) {
    options_.colour = reports::WantsColour(STDOUT_FILENO);
  }

  void operator()(const reports::Case& one, size_t ended, size_t all) const {
    const std::string line = reports::ConsoleLine(one, options_);
    if (!terminal_) {
      std::cout << line << std::flush;
      return;
    }
    std::cout << "\r\033[K";
    if (one.outcome != reports::Outcome::kPass) std::cout << line;
    if (ended < all) {
      std::cout << fmt::format("[{}/{}] {}", ended, all, one.id).substr(0, 100);
    }
    std::cout << std::flush;
  }

  const reports::ConsoleOptions& options() const { return options_; }

 private:
  bool terminal_;
  reports::ConsoleOptions options_;
};

std::string ReproduceCommand(const RunArguments& arguments, const std::filesystem::path& program) {
  std::string command = ShellQuote(program.string()) + " run";
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) {
      command +=
          fmt::format(" {} {}", option, ShellQuote(std::filesystem::absolute(value).string()));
    }
  };
  command += SubjectOptionsText(arguments.subject);
  add("--scenarios", arguments.scenarios);
  if (arguments.strict) command += " --strict";
  if (arguments.timeout_scale != 1.0) {
    command += fmt::format(" --timeout-scale {}", arguments.timeout_scale);
  }
  return command;
}

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

int RunSelected(const RunArguments& arguments, const std::filesystem::path& program,
                const std::string& command, const Rules& rules, const Suite& suite,
                const OpenedSubject& subject) {
  const Selection selection = Select(suite, arguments.selectors);
  for (const std::string& selector : selection.unmatched) {
    std::cerr << fmt::format("vdi-conform: nothing matches {}; see `vdi-conform list`\n", selector);
  }
  if (!selection.unmatched.empty()) return kExitUsage;

  RunOptions options;
  options.each.strict = arguments.strict;
  options.each.timeout_scale = arguments.timeout_scale;
  options.jobs = arguments.jobs;
  options.fail_fast = arguments.fail_fast;
  options.seed = arguments.seed;
  options.command = command;
  options.reproduce = ReproduceCommand(arguments, program);
  options.properties = {{"harness.version", VDISIM_VERSION},
                        {"subject", subject.name},
                        {"strict", arguments.strict ? "yes" : "no"}};
  options.doors = subject.doors;
  if (subject.doors.declared && !subject.doors.declared->profile.empty()) {
    options.properties.emplace_back("profile", subject.doors.declared->profile);
  }
  if (!subject.doors.bundled_engine) {
    options.properties.emplace_back("engine", subject.paths.engine.string());
  }
  reports::LiveReport report(
      {.events = arguments.events, .junit = arguments.junit, .json = arguments.json});
  const ConsoleProgress progress(isatty(STDOUT_FILENO) != 0);
  WatchSignals();
  const Subject found = RunCases(selection.cases, rules, HostFleet(subject.paths), options,
                                 interrupted, &report, progress);

  const reports::Run run = report.Snapshot();
  std::cout << reports::ConsoleSummary(run, progress.options());
  PrintLacks(selection.cases, found);
  if (!arguments.junit.empty()) std::cout << "JUnit: " << arguments.junit << "\n";
  std::cout << std::flush;
  return reports::ExitCode(run);
}

}  // namespace

int RunCommand(const RunArguments& arguments, const std::filesystem::path& program,
               const std::string& command) {
  const std::optional<OpenedSubject> subject = OpenSubject(arguments.subject, program);
  if (!subject) return kExitUsage;
  const Rules rules = Rules::Embedded();
  return RunSelected(arguments, program, command, rules, LoadSuiteFrom(arguments.scenarios, rules),
                     *subject);
}

}  // namespace conform
