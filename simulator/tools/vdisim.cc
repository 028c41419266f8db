// vdisim: SQL Server's side of VDI without SQL Server.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "simulator/tools/commands.h"

namespace vdisim {

int UsageError(const std::string& sentence) {
  std::fputs(fmt::format("vdisim: {}\n", sentence).c_str(), stderr);
  return kExitUsage;
}

namespace {

int Main(int argc, char** argv) {
  CLI::App app("Plays SQL Server's side of BACKUP and RESTORE to virtual devices (VDI).");
  app.set_version_flag("--version", "vdisim " VDISIM_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Example: back up a made-up database through a client that has created the set 'set1':\n"
      "  vdisim sql --database pubs=seed:1,size:64M \\\n"
      "      \"BACKUP DATABASE pubs TO VIRTUAL_DEVICE = 'set1'\"\n"
      "\n"
      "Help for a command: vdisim COMMAND --help");
  int status = kExitUsage;
  AddSqlCommand(app, &status);
  AddServeCommand(app, &status);
  AddAddCommand(app, &status);
  AddPsCommand(app, &status);
  AddPurgeCommand(app, &status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version end here as well, with 0.
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  return status;
}

}  // namespace
}  // namespace vdisim

int main(int argc, char** argv) {
  try {
    return vdisim::Main(argc, argv);
  } catch (const std::exception& problem) {
    std::fputs(fmt::format("vdisim: failed within: {}\n", problem.what()).c_str(), stderr);
    return vdisim::kExitUsage;
  }
}
