// The command line of vdi-conform as values.
#ifndef CONFORMANCE_CLI_OPTIONS_H_
#define CONFORMANCE_CLI_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace conform {

// Exit codes besides those of a run, which reports::ExitCode gives.
inline constexpr int kExitUsage = 2;
inline constexpr int kExitHarness = 3;
inline constexpr int kExitNothing = 4;

struct RunArguments {
  std::vector<std::string> selectors;
  std::string provider;  // empty: the bundled library
  std::string scenarios;
  std::string junit = "reports/out/junit.xml";
  std::string events;
  std::string json;
  int jobs = 1;
  uint64_t seed = 0;
  bool strict = false;
  bool fail_fast = false;
  double timeout_scale = 1.0;
};

struct ListArguments {
  std::vector<std::string> selectors;
  std::string scenarios;
  std::string format = "text";
  std::string junit_folder;  // of --format=ctest
};

struct ExplainArguments {
  std::string query;
  std::string scenarios;
};

enum class Command { kRun, kList, kExplain, kNone };

struct Options {
  Command command = Command::kNone;  // kNone: help or a mistake was printed, exit with `status`
  int status = 0;
  RunArguments run;
  ListArguments list;
  ExplainArguments explain;
};

// Parses the command line; prints help and mistakes itself.
Options ParseCommandLine(int argc, const char* const* argv);

}  // namespace conform

#endif  // CONFORMANCE_CLI_OPTIONS_H_
