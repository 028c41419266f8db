// The sub-commands of vdisim. Each adds itself to the command line; what it is to do runs when the
// line has been read, and its exit status goes to *status: 0, 1 (the statement failed), 2 (usage),
// 130 (interrupted). The strings it fills belong to it. Main thread only.
#ifndef SIMULATOR_TOOLS_COMMANDS_H_
#define SIMULATOR_TOOLS_COMMANDS_H_

#include <CLI/CLI.hpp>

namespace vdisim {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitInterrupted = 130;

void AddSqlCommand(CLI::App& app, int* status);
void AddServeCommand(CLI::App& app, int* status);
void AddAddCommand(CLI::App& app, int* status);
void AddPsCommand(CLI::App& app, int* status);
void AddPurgeCommand(CLI::App& app, int* status);

// Prints "vdisim: ..." on standard error and returns kExitUsage.
int UsageError(const std::string& sentence);

}  // namespace vdisim

#endif  // SIMULATOR_TOOLS_COMMANDS_H_
