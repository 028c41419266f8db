// The commands of vdi-conform. Each prints to standard output, reports mistakes on standard
// error, and returns the exit code of the program.
#ifndef CONFORMANCE_CLI_COMMANDS_H_
#define CONFORMANCE_CLI_COMMANDS_H_

#include <atomic>
#include <filesystem>
#include <string>

#include "conformance/cli/explain_options.h"
#include "conformance/cli/list_options.h"
#include "conformance/cli/merge_options.h"
#include "conformance/cli/run_options.h"
#include "conformance/cli/trace_options.h"
#include "conformance/cli/walk_options.h"
#include "conformance/client_suite/client_scenario.h"
#include "conformance/runner/selector.h"
#include "conformance/scenario/scenario.h"

namespace conform {

// command: the whole command line, for the report. program: the path of this program.
int RunCommand(const RunArguments& arguments, const std::filesystem::path& program,
               const std::string& command);
// The run of a client program.
int RunClientCommand(const RunArguments& arguments, const std::filesystem::path& program,
                     const std::string& command);
int ListCommand(const ListArguments& arguments, const std::filesystem::path& program);
int TraceCommand(const TraceArguments& arguments);
int ReplayCommand(const ReplayArguments& arguments, const std::filesystem::path& program);
int WalkCommand(const WalkArguments& arguments, const std::filesystem::path& program,
                const std::string& command);
int ExplainCommand(const ExplainArguments& arguments);
int MergeCommand(const MergeArguments& arguments, const std::string& command);

// Lets the first SIGINT or SIGTERM set the flag, and the second one end the program. The flag: the
// program's own, for its whole life.
const std::atomic<bool>& WatchSignals();

// The suite of a folder or of one file, or the one built in. Throws ScenarioError.
Suite LoadSuiteFrom(const std::string& folder, const Rules& rules);

// The same for somebody who will use what `selectors` choose and no more: of the other cases of the
// suite that is built in, heads alone (scenario/loader.h). Throws ScenarioError.
Suite LoadChosenFrom(const std::string& folder, const std::vector<std::string>& selectors,
                     const Rules& rules);

// The scenarios for client programs, likewise; sweep: and those that nobody wrote.
std::vector<ClientScenario> LoadClientSuiteFrom(const std::string& folder, bool sweep,
                                                const Rules& rules);

// The selectors, and those of --exclude with not: before them.
std::vector<std::string> WithExcludes(std::vector<std::string> selectors,
                                      const std::vector<std::string>& excludes);

// Whether each selector matches something; if not, says on standard error which does not, and what
// would. list: the command that shows what there is.
bool AllMatch(const Suite& suite, const Selection& selection, const char* list);

// A word as a shell takes it literally.
std::string ShellQuote(const std::string& word);

}  // namespace conform

#endif  // CONFORMANCE_CLI_COMMANDS_H_
