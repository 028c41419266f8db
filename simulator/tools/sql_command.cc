#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "simulator/sql/parser.h"
#include "simulator/tools/commands.h"
#include "simulator/tools/printer.h"
#include "simulator/tools/session.h"
#include "simulator/tools/stop_signals.h"
#include "simulator/tools/watch_options.h"

namespace vdisim {
namespace {

using std::chrono::milliseconds;

// More than this is a slip of the keyboard.
constexpr double kSecondsMax = 7 * 24 * 3600;

struct SqlArguments {
  SessionOptions session;
  std::string profile;
  uint64_t seed = 0;
  double wait_s = 0;
  double stall_s = 0;
  std::string statement;
  std::string input;
  bool no_progress = false;
};

milliseconds FromSeconds(double seconds) {
  return milliseconds(static_cast<milliseconds::rep>(seconds * 1000.0));
}

std::string ReadAll(std::istream& in) {
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The script to run; nothing after saying what is wrong.
std::optional<std::string> Script(const SqlArguments& arguments) {
  if (arguments.statement.empty() == arguments.input.empty()) {
    UsageError(
        "Give either a statement or -i FILE, for example: vdisim sql \"BACKUP DATABASE pubs TO "
        "VIRTUAL_DEVICE = 'set'\".");
    return std::nullopt;
  }
  if (arguments.statement == "-") return ReadAll(std::cin);
  if (arguments.input.empty()) return arguments.statement;
  std::ifstream file(arguments.input, std::ios::binary);
  if (!file) {
    UsageError(fmt::format("The file '{}' (-i) cannot be read.", arguments.input));
    return std::nullopt;
  }
  return ReadAll(file);
}

int RunSql(const CLI::App& command, SqlArguments& arguments) {
  const std::optional<std::string> script = Script(arguments);
  if (!script.has_value()) return kExitUsage;
  const std::vector<BatchText> batches = SplitBatches(*script);
  if (batches.empty()) return UsageError("There is no statement to run: the text is empty.");
  StatementOptions options;
  if (command.count("--wait") > 0) options.wait = FromSeconds(arguments.wait_s);
  if (command.count("--stall") > 0) options.stall = FromSeconds(arguments.stall_s);
  if (command.count("--profile") > 0) arguments.session.profile = arguments.profile;
  if (command.count("--seed") > 0) arguments.session.seed = arguments.seed;

  const StopSignals signals;
  std::string error;
  std::optional<Session> session = OpenSession(arguments.session, &error);
  if (!session.has_value()) return UsageError(error);
  PrinterOptions printing;
  printing.server = ServerName(session->home.instance);
  const bool show_bar = !arguments.no_progress && isatty(STDERR_FILENO) != 0;
  if (show_bar) printing.bar = stderr;
  Printer printer(printing);
  for (const BatchText& batch : batches) {
    for (int i = 0; i < batch.repeat; ++i) {
      const StatementOutcome outcome =
          session->executor->Execute(batch.text, options, printer, signals.token());
      if (signals.signal_number() != 0) return kExitInterrupted;
      const bool differs = outcome.comparison == StatementOutcome::Comparison::kDifferent;
      if (!outcome.succeeded || differs) return kExitFailed;
      options.database = outcome.database;
    }
  }
  return kExitOk;
}

}  // namespace

void AddSqlCommand(CLI::App& app, int* status) {
  CLI::App* command = app.add_subcommand(
      "sql", "Run a statement, as a DBA would, and print its messages as sqlcmd does");
  auto arguments = std::make_shared<SqlArguments>();
  command->add_option("statement", arguments->statement,
                      "The statement; - reads a script (with GO) from standard input");
  command->add_option("-i,--input", arguments->input, "Read a script (with GO) from FILE")
      ->type_name("FILE");
  command
      ->add_option("--home", arguments->session.home,
                   "Where instances live (default: $VDISIM_HOME, else "
                   "${XDG_STATE_HOME:-~/.local/state}/vdisim)")
      ->type_name("DIR");
  command
      ->add_option("--instance", arguments->session.instance,
                   "The instance (default: the default one, MSSQLSERVER)")
      ->type_name("NAME");
  command
      ->add_option("--database", arguments->session.databases,
                   "A database: the bytes of a file, or seed:N,size:BYTES; remembered in the "
                   "instance's home; may be given again")
      ->type_name("NAME=SOURCE")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      ->add_option("--wait", arguments->wait_s,
                   "How long to wait for the client and its devices (default 30)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, kSecondsMax));
  command
      ->add_option("--stall", arguments->stall_s,
                   "How long a client may complete nothing (default 120; 0 = for ever)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, kSecondsMax));
  command->add_option("--profile", arguments->profile, "What kind of server to play")
      ->type_name("NAME");
  command->add_option("--seed", arguments->seed, "Decides everything that is left to chance")
      ->type_name("N");
  AddWatchOptions(command, &arguments->session);
  command->add_flag("--no-progress", arguments->no_progress, "No bar on the terminal");
  command->footer(
      "Uses the instance's server (vdisim serve) where one runs, else an engine of its own.\n"
      "Exit status: 0 done, 1 the statement failed, 2 usage, 130 interrupted.\n"
      "\n"
      "Examples:\n"
      "  vdisim sql --database pubs=seed:1,size:64M \\\n"
      "      \"BACKUP DATABASE pubs TO VIRTUAL_DEVICE = 'set1', VIRTUAL_DEVICE = 'set1-2'\"\n"
      "  vdisim sql --wait 5 \"RESTORE DATABASE pubs FROM VIRTUAL_DEVICE = 'set1' WITH REPLACE\"");
  command->callback([command, arguments, status] { *status = RunSql(*command, *arguments); });
}

}  // namespace vdisim
