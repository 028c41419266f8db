// What the runs of a library and of a client program have in common: which cases they take, where
// they report, how they begin and end.
#ifndef CONFORMANCE_CLI_RUN_SUPPORT_H_
#define CONFORMANCE_CLI_RUN_SUPPORT_H_

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "conformance/cli/run_options.h"
#include "conformance/runner/run.h"
#include "reports/live_report.h"

namespace conform {

// The files of the reports, by the options.
reports::ReportPaths ReportFiles(const RunArguments& arguments);

// The directory that a report's attachments are relative to.
std::filesystem::path ReportFolder(const reports::ReportPaths& files);

// What is selected, and of it the part that this run takes; nothing when a selector or the shard is
// a mistake, which is said.
std::optional<std::vector<const Case*>> ChooseCases(const RunArguments& arguments,
                                                    const Suite& suite, RunOptions* options);

// Everything that does not depend on what is judged.
void SetCommonOptions(const RunArguments& arguments, const std::string& command,
                      RunOptions* options);

// "vdi-conform run SUBJECT --scenarios X --strict", for the command that repeats a case. subject:
// options, with a blank before them.
std::string ReproduceCommand(const RunArguments& arguments, const std::filesystem::path& program,
                             const std::string& subject);

// What stands at the end of the console of every run: a shard without cases, where the files are.
void PrintFiles(const std::vector<const Case*>& cases, const RunOptions& options,
                const reports::ReportPaths& files);

}  // namespace conform

#endif  // CONFORMANCE_CLI_RUN_SUPPORT_H_
