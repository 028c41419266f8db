#include <fmt/format.h>

#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>

#include "simulator/front/control_server.h"
#include "simulator/front/protocol.h"
#include "simulator/front/remote_executor.h"
#include "simulator/tools/commands.h"
#include "simulator/tools/session.h"
#include "simulator/tools/stop_signals.h"
#include "simulator/tools/watch_options.h"

namespace vdisim {
namespace {

struct ServeArguments {
  SessionOptions session;
  std::string profile;
  uint64_t seed = 0;
  double set_wait_s = 0;
};

void WaitFor(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait(lock, stop, [] { return false; });
}

int RunServe(const CLI::App& command, ServeArguments& arguments) {
  if (command.count("--profile") > 0) arguments.session.profile = arguments.profile;
  if (command.count("--seed") > 0) arguments.session.seed = arguments.seed;
  if (command.count("--set-wait") > 0) {
    arguments.session.set_wait =
        std::chrono::milliseconds(static_cast<int64_t>(arguments.set_wait_s * 1000.0));
  }
  const StopSignals signals;
  std::string error;
  const std::optional<InstanceHome> home =
      OpenInstanceHome(arguments.session.home, arguments.session.instance, &error);
  if (!home.has_value()) return UsageError(error);
  const EngineOptions defaults;
  const std::unique_ptr<Engine> engine =
      OpenEngine(*home, arguments.session, defaults.wait, defaults.stall, &error);
  if (engine == nullptr) return UsageError(error);
  std::unique_ptr<ControlServer> server = ControlServer::Start(
      home->folder, *engine,
      [&engine](const std::string& database, std::string* why) {
        return engine->AddDatabaseArgument(database, why);
      },
      &error);
  if (server == nullptr) return UsageError(error);
  std::puts(fmt::format("vdisim: serving {} on {}", ServerName(home->instance),
                        (home->folder / kSocketName).string())
                .c_str());
  std::fflush(stdout);
  WaitFor(signals.token());
  server.reset();
  return kExitOk;
}

int RunAdd(const SessionOptions& options) {
  std::string error;
  std::optional<InstanceHome> home = OpenInstanceHome(options.home, options.instance, &error);
  if (!home.has_value()) return UsageError(error);
  // The registry in the home is every engine's, also that of a server that runs.
  const EngineOptions defaults;
  if (OpenEngine(*home, options, defaults.wait, defaults.stall, &error) == nullptr) {
    return UsageError(error);
  }
  for (const std::string& database : options.databases) {
    std::puts(fmt::format("Added {}", AbsoluteDatabase(database)).c_str());
  }
  return kExitOk;
}

void AddPlace(CLI::App* command, SessionOptions* session) {
  command
      ->add_option("--home", session->home,
                   "Where instances live (default: $VDISIM_HOME, else "
                   "${XDG_STATE_HOME:-~/.local/state}/vdisim)")
      ->type_name("DIR");
  command
      ->add_option("--instance", session->instance,
                   "The instance (default: the default one, MSSQLSERVER)")
      ->type_name("NAME");
}

}  // namespace

void AddServeCommand(CLI::App& app, int* status) {
  CLI::App* command = app.add_subcommand(
      "serve", "Keep an instance running, for vdisim sql and the sqlcmd stand-in");
  auto arguments = std::make_shared<ServeArguments>();
  AddPlace(command, &arguments->session);
  command
      ->add_option("--database", arguments->session.databases,
                   "A database: the bytes of a file, or seed:N,size:BYTES; may be given again")
      ->type_name("NAME=SOURCE")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--profile", arguments->profile, "What kind of server to play")
      ->type_name("NAME");
  command->add_option("--seed", arguments->seed, "Decides everything that is left to chance")
      ->type_name("N");
  command
      ->add_option("--set-wait", arguments->set_wait_s,
                   "How long a statement waits for a device set that is not there yet (default "
                   "30); 0: not at all, as a real server")
      ->check(CLI::Range(0.0, 86400.0))
      ->type_name("SECONDS");
  AddWatchOptions(command, &arguments->session);
  command->footer(
      "Prints one line when it is ready. SIGTERM or Ctrl-C ends it: statements that run are\n"
      "aborted, the control socket is removed, and the exit status is 0.\n"
      "\n"
      "A fault plan says what shall go wrong in every statement, and when:\n"
      "  <faults>\n"
      "    <stall at=\"Write\" nth=\"3\" device=\"2\" ms=\"500\"/>\n"
      "    <fail when=\"after-transfer\" statement=\"backup\"/>\n"
      "  </faults>\n"
      "Its elements: stall abort close-early kill flush command fail no-flush complete\n"
      "clear-error depth first starve sizes read-past-end chatter delay-configure delay-open\n"
      "delay-close;\n"
      "simulator/DESIGN.md says what each does. What no real server does is refused, unless the\n"
      "element has illegal=\"yes\".\n"
      "\n"
      "Examples:\n"
      "  vdisim serve --instance SALES --database pubs=/srv/pubs.mdf &\n"
      "  vdisim serve --faults plan.xml --journal journal.jsonl --streams sent/ &");
  command->callback([command, arguments, status] { *status = RunServe(*command, *arguments); });
}

void AddAddCommand(CLI::App& app, int* status) {
  CLI::App* command = app.add_subcommand("add", "Make databases known to an instance");
  auto session = std::make_shared<SessionOptions>();
  AddPlace(command, session.get());
  command
      ->add_option("databases", session->databases,
                   "The bytes of a file, or seed:N,size:BYTES (K, M, G accepted)")
      ->type_name("NAME=SOURCE")
      ->required();
  command->footer(
      "Examples:\n"
      "  vdisim add pubs=/srv/pubs.mdf\n"
      "  vdisim add --instance SALES big=seed:7,size:2G");
  command->callback([session, status] { *status = RunAdd(*session); });
}

}  // namespace vdisim
