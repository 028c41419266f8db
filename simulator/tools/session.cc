#include "simulator/tools/session.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "simulator/abi/com_factory.h"
#include "simulator/front/remote_executor.h"
#include "simulator/tools/stop_signals.h"

namespace vdisim {

std::string AbsoluteDatabase(std::string_view argument) {
  const size_t equals = argument.find('=');
  if (equals == std::string_view::npos) return std::string(argument);
  const std::string_view source = argument.substr(equals + 1);
  if (source.empty() || source.starts_with("seed:")) return std::string(argument);
  std::error_code failure;
  const std::filesystem::path absolute = std::filesystem::absolute(source, failure);
  if (failure) return std::string(argument);
  return fmt::format("{}={}", argument.substr(0, equals), absolute.lexically_normal().string());
}

std::unique_ptr<Engine> OpenEngine(const InstanceHome& home, const SessionOptions& options,
                                   std::chrono::milliseconds wait, std::chrono::milliseconds stall,
                                   std::string* error) {
  EngineOptions engine_options;
  engine_options.instance = home.instance;
  engine_options.home = home.folder;
  engine_options.wait = wait;
  engine_options.stall = stall;
  engine_options.set_wait = options.set_wait;
  if (options.profile.has_value()) engine_options.profile = *options.profile;
  if (options.seed.has_value()) engine_options.seed = *options.seed;
  engine_options.faults = options.faults;
  engine_options.journal = options.journal;
  engine_options.streams = options.streams;
  engine_options.end_process = &KillThisProcess;
  engine_options.server_set_factory = [] { return MakeServerSet().Detach(); };
  std::unique_ptr<Engine> engine = Engine::Open(engine_options, error);
  if (engine == nullptr) return nullptr;
  for (const std::string& database : options.databases) {
    if (!engine->AddDatabaseArgument(AbsoluteDatabase(database), error)) return nullptr;
  }
  return engine;
}

std::optional<Session> OpenSession(const SessionOptions& options, std::string* error) {
  std::optional<InstanceHome> home = OpenInstanceHome(options.home, options.instance, error);
  if (!home.has_value()) return std::nullopt;
  Session session{.home = *std::move(home), .executor = nullptr, .remote = false};
  auto remote = RemoteExecutor::Connect(session.home.folder, error);
  if (remote == nullptr && !error->empty()) return std::nullopt;
  if (remote != nullptr) {
    if (options.profile.has_value() || options.seed.has_value() || !options.faults.empty() ||
        !options.journal.empty() || !options.streams.empty()) {
      *error =
          "--profile, --seed, --faults, --journal and --streams belong to the engine, and a server "
          "with its own runs this instance. Leave them out, or stop the server, or name another "
          "instance.";
      return std::nullopt;
    }
    std::vector<std::string> databases;
    for (const std::string& database : options.databases) {
      databases.push_back(AbsoluteDatabase(database));
    }
    remote->AddDatabases(std::move(databases));
    session.executor = std::move(remote);
    session.remote = true;
    return session;
  }
  const EngineOptions defaults;
  session.executor = OpenEngine(session.home, options, defaults.wait, defaults.stall, error);
  if (session.executor == nullptr) return std::nullopt;
  return session;
}

}  // namespace vdisim
