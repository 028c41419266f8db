// The sqlcmd and osql stand-in: what backup programs send their statements with, connected to the
// simulator. There are no logins, so user and password are taken and forgotten.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "simulator/tools/session.h"
#include "simulator/tools/sqlcmd_options.h"
#include "simulator/tools/sqlcmd_session.h"
#include "simulator/tools/stop_signals.h"

namespace vdisim {
namespace {

constexpr const char* kHelp =
    R"(Stand-in for sqlcmd and osql, connected to vdisim instead of SQL Server.

usage: {0} [-S server] [-U user] [-P password] [-E] [-d database]
       [-Q query | -q query | -i file[,file]...] [-o file] [-b] [-V level] [-m level]
       [-t seconds] [-l seconds] [-h headers] [-W] [-s separator] [-r[0|1]] [-w width]
       [-v name=value...] [-x] [-e] [-c word] [-C] [-N] [-I] [-G] [-y n] [-Y n]

  -S server   . (local) localhost HOST HOST\INSTANCE tcp:HOST,1433: the instance is what counts
  -Q, -q      run the query (-q: and read on); without them and -i, batches come from standard
              input and run at GO
  -b          exit with 1 when a statement fails (otherwise 0, as sqlcmd does)
  -t seconds  cancel a statement that takes longer
  -h -1       no column headers
  --version   print the version

-U, -P, -E, SQLCMDPASSWORD and the options not named here are accepted: there are no logins.
The instance's server (vdisim serve) is used where one runs, else an engine in this process; both
live in $VDISIM_HOME, else ${{XDG_STATE_HOME:-~/.local/state}}/vdisim.

Examples:
  {0} -S . -E -b -Q "BACKUP DATABASE pubs TO VIRTUAL_DEVICE = 'set1'"
  {0} -S localhost\SALES -U sa -i restore.sql -o restore.log
)";

int Main(int argc, char** argv) {
  const std::string name = argc > 0 ? std::filesystem::path(argv[0]).filename().string() : "sqlcmd";
  const std::string program = name == "osql" ? "osql" : "Sqlcmd";
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  WipePassword(argc, argv);
  unsetenv("SQLCMDPASSWORD");  // taken, and out of the reach of $(SQLCMDPASSWORD) and of children

  std::string error;
  const std::optional<SqlcmdOptions> options = ParseSqlcmdOptions(arguments, &error);
  if (!options.has_value()) {
    std::fputs(fmt::format("{}: {}\n", program, error).c_str(), stderr);
    return 1;
  }
  if (options->help) {
    std::fputs(fmt::format(kHelp, name).c_str(), stdout);
    return 0;
  }
  if (options->version) {
    std::puts(fmt::format("{} stand-in of vdisim " VDISIM_VERSION, name).c_str());
    return 0;
  }

  const StopSignals signals;
  PrinterOptions printing;
  if (!options->output.empty()) {
    printing.out = std::fopen(options->output.c_str(), "we");
    if (printing.out == nullptr) {
      std::fputs(fmt::format("{}: '{}': Invalid filename.\n", program, options->output).c_str(),
                 stderr);
      return 1;
    }
  }
  std::optional<Session> session = OpenSession({.home = {},
                                                .instance = options->instance,
                                                .databases = {},
                                                .profile = std::nullopt,
                                                .seed = std::nullopt},
                                               &error);
  if (!session.has_value()) {
    std::fputs(fmt::format("{}: Error: Login timeout expired: {}\n", program, error).c_str(),
               stderr);
    return 1;
  }
  printing.server = ServerName(session->home.instance);
  if (options->redirect >= 0) printing.errors = stderr;
  printing.all_to_errors = options->redirect == 1;
  printing.headers = options->headers;
  printing.trim = options->trim;
  printing.separator = options->separator;
  printing.least_severity = options->least_severity;

  SqlcmdSession sqlcmd(*options, printing, *session->executor, signals.token(), program);
  if (!sqlcmd.UseDatabase()) return sqlcmd.ExitStatus();
  if (options->query.has_value()) {
    std::istringstream query(*options->query);
    sqlcmd.Run(query, false);
  }
  for (const std::string& file : options->inputs) {
    if (!sqlcmd.ended()) sqlcmd.RunFile(file);
  }
  const bool reads_on = options->stay || (!options->query.has_value() && options->inputs.empty());
  if (reads_on && !sqlcmd.ended()) sqlcmd.Run(std::cin, isatty(STDIN_FILENO) != 0);
  if (printing.out != stdout) std::fclose(printing.out);
  return signals.signal_number() != 0 ? 128 + signals.signal_number() : sqlcmd.ExitStatus();
}

}  // namespace
}  // namespace vdisim

int main(int argc, char** argv) {
  try {
    return vdisim::Main(argc, argv);
  } catch (const std::exception& problem) {
    std::fputs(fmt::format("Sqlcmd: failed within: {}\n", problem.what()).c_str(), stderr);
    return 1;
  }
}
