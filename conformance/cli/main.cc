// vdi-conform: judges implementations of the Virtual Device Interface by the documents.
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>

#include "conformance/cli/commands.h"
#include "conformance/client_suite/client_loader.h"
#include "conformance/client_suite/sweep.h"
#include "conformance/scenario/loader.h"

namespace conform {
namespace {

std::atomic<bool> interrupted{false};

// The first signal lets what runs end; the second one does not wait. The JUnit file is valid and
// red all the while.
void Interrupt(int /*signal*/) {
  if (interrupted.exchange(true)) _exit(130);
}

}  // namespace

const std::atomic<bool>& WatchSignals() {
  struct sigaction action = {};
  action.sa_handler = Interrupt;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  return interrupted;
}

Suite LoadSuiteFrom(const std::string& folder, const Rules& rules) {
  const std::vector<SourceText> files = folder.empty() ? EmbeddedScenarios() : ReadFolder(folder);
  return LoadSuite(files, rules);
}

Suite LoadChosenFrom(const std::string& folder, const std::vector<std::string>& selectors,
                     const Rules& rules) {
  // Who writes scenarios of his own is told of every mistake in them.
  if (!folder.empty() || !ChooseByHeads(selectors)) return LoadSuiteFrom(folder, rules);
  return LoadSuite(EmbeddedScenarios(), rules,
                   [&](const Case& head) { return Chosen(head, selectors); });
}

std::vector<ClientScenario> LoadClientSuiteFrom(const std::string& folder, bool sweep,
                                                const Rules& rules) {
  const std::vector<SourceText> files =
      folder.empty() ? EmbeddedClientScenarios() : ReadFolder(folder);
  std::vector<ClientScenario> scenarios = LoadClientScenarios(files, rules);
  if (!sweep) return scenarios;
  for (ClientScenario& scenario : SweepScenarios(rules)) scenarios.push_back(std::move(scenario));
  return scenarios;
}

std::vector<std::string> WithExcludes(std::vector<std::string> selectors,
                                      const std::vector<std::string>& excludes) {
  for (const std::string& exclude : excludes) selectors.push_back("not:" + exclude);
  return selectors;
}

bool AllMatch(const Suite& suite, const Selection& selection, const char* list) {
  for (const std::string& selector : selection.unmatched) {
    const std::string below = Below(suite, selector);
    const std::string hint = below.empty() ? "" : fmt::format("; '{}' takes what is below", below);
    std::cerr << fmt::format("vdi-conform: nothing matches {}{}; see `{}`\n", selector, hint, list);
  }
  return selection.unmatched.empty();
}

std::string ShellQuote(const std::string& word) {
  const std::string plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

namespace {

int Main(int argc, const char* const* argv) {
  std::string command;
  for (int i = 0; i < argc; ++i) {
    if (i > 0) command += " ";
    command += ShellQuote(argv[i]);
  }
  return RunCommandLine(
      argc, argv, {.program = std::filesystem::read_symlink("/proc/self/exe"), .command = command});
}

}  // namespace
}  // namespace conform

int main(int argc, char** argv) {
  try {
    return conform::Main(argc, argv);
  } catch (const conform::ScenarioError& error) {
    std::cerr << "vdi-conform: " << error.what() << "\n";
    return conform::kExitUsage;
  } catch (const std::exception& error) {
    std::cerr << "vdi-conform: trouble of our own: " << error.what() << "\n";
    return conform::kExitHarness;
  }
}
