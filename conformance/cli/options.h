// The command line of vdi-conform. Each command is a file NAME_options.cc, which declares its
// options and its help; options.cc joins them.
#ifndef CONFORMANCE_CLI_OPTIONS_H_
#define CONFORMANCE_CLI_OPTIONS_H_

#include <filesystem>
#include <functional>
#include <string>

// CLI11 takes seconds to compile; only who adds options includes it.
namespace CLI {
class App;
}

namespace conform {

// Exit codes besides those of a run, which reports::ExitCode gives.
inline constexpr int kExitUsage = 2;
inline constexpr int kExitHarness = 3;
inline constexpr int kExitNothing = 4;

// How the program was called.
struct Invocation {
  std::filesystem::path program;  // the path of this program
  std::string command;            // the whole command line, for the report
};

// A command of the program: its part of the command line, and what carries it out. `run` owns the
// values of its options, and returns the exit code of the program.
struct Subcommand {
  CLI::App* app = nullptr;
  std::function<int(const Invocation&)> run;
};

// Parses the command line and carries out the command that it names. Prints help and mistakes
// itself. Returns the exit code of the program.
int RunCommandLine(int argc, const char* const* argv, const Invocation& invocation);

// --junit-flavor, also as --junit-flavour.
void AddJUnitFlavour(CLI::App* app, std::string* flavour);

// Help that several commands share.
inline constexpr const char* kSelectorsHelp =
    "Cases to take: the id of a case or of a scenario, a glob of ids (* and ?), case:ID (that "
    "case alone), tag:TAG, clause:ID, method:NAME, face:linux|com. Several take what any of them "
    "matches; none takes all. "
    "not: before one leaves out what it matches";
inline constexpr const char* kExcludeHelp =
    "Leave out what this selector matches; like not:SELECTOR";
inline constexpr const char* kScenariosHelp =
    "Take the scenario files (*.xml) of this folder, or this one file, instead of the built-in "
    "ones";

}  // namespace conform

#endif  // CONFORMANCE_CLI_OPTIONS_H_
