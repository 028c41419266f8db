#include "conformance/client/server_process.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <system_error>

namespace conform {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kToolPatience{30'000};

std::string Doubled(const std::string& text, char quote) {
  std::string result;
  for (const char c : text) result.append(c == quote ? 2 : 1, c);
  return result;
}

KeptSettings OwnProgram(const std::filesystem::path& directory, std::vector<std::string> words) {
  return {.words = std::move(words),
          .environment = Texts(CleanEnvironment()),
          .directory = directory,
          .file_bytes_max = {},
          .read_only = {},
          .tmpfs = {},
          .failing = {}};
}

// The number in "pid 4711 (client)".
pid_t PidIn(const std::string& owner) {
  const size_t at = owner.find_first_of("0123456789");
  pid_t pid = 0;
  if (at != std::string::npos) {
    std::from_chars(owner.data() + at, owner.data() + owner.size(), pid);
  }
  return pid;
}

}  // namespace

std::unique_ptr<KeptProcess> StartServer(const ClientTools& tools, const CopyPlaces& places,
                                         const JobFiles& files, const ServerSettings& settings,
                                         milliseconds patience) {
  std::vector<std::string> words = {tools.vdisim.string(), "serve", "--home",
                                    places.server.string(),
                                    // As a real server does, which knows no set that is not there:
                                    // a client that gave up meanwhile is told so at once.
                                    "--set-wait", "0"};
  for (const std::string& database : settings.databases) {
    words.insert(words.end(), {"--database", database});
  }
  if (!settings.faults.empty()) {
    std::ofstream(files.faults()) << settings.faults;
    words.insert(words.end(), {"--faults", files.faults().string()});
  }
  std::filesystem::create_directories(files.streams());
  words.insert(words.end(),
               {"--journal", files.journal().string(), "--streams", files.streams().string()});
  std::unique_ptr<KeptProcess> server;
  try {
    server =
        std::make_unique<KeptProcess>(tools.keeper, OwnProgram(places.server, std::move(words)));
  } catch (const NotStarted& error) {
    throw ServerTrouble(fmt::format("the server could not be started: {}", error.what()));
  }
  const auto until = KeptProcess::Clock::now() + patience;
  for (server->Serve(); server->Output().find("serving") == std::string::npos; server->Serve()) {
    const auto left = std::chrono::ceil<milliseconds>(until - KeptProcess::Clock::now()).count();
    if (server->ended() || left <= 0) {
      throw ServerTrouble(
          fmt::format("the server did not come up: {}{}", server->Output(), server->ErrorOutput()));
    }
    std::vector<pollfd> ready;
    server->Watch(&ready);
    poll(ready.data(), ready.size(), static_cast<int>(left));
  }
  return server;
}

std::string EndOfServer(const KeptProcess& server) {
  const bool signalled = server.signal() != 0;
  return fmt::format("the server ended by itself ({} {}): {}", signalled ? "signal" : "status",
                     signalled ? server.signal() : server.status(), server.ErrorOutput());
}

std::unique_ptr<KeptProcess> StartStatement(const ClientTools& tools, const CopyPlaces& places,
                                            const std::string& statement) {
  return std::make_unique<KeptProcess>(
      tools.keeper,
      OwnProgram(places.server, {tools.vdisim.string(), "sql", "--home", places.server.string(),
                                 // Who says that he is ready may still be about to create it.
                                 "--wait", "30", "--no-progress", statement}));
}

std::string StatementText(const std::string& operation, const std::string& database,
                          const std::vector<std::string>& devices, const std::string& options) {
  const bool backup = operation == "backup";
  std::string text = fmt::format("{} DATABASE [{}] {}", backup ? "BACKUP" : "RESTORE",
                                 Doubled(database, ']'), backup ? "TO" : "FROM");
  for (size_t i = 0; i < devices.size(); ++i) {
    text += fmt::format("{} VIRTUAL_DEVICE = N'{}'", i == 0 ? "" : ",", Doubled(devices[i], '\''));
  }
  const std::string with = backup ? options : options.empty() ? "REPLACE" : "REPLACE, " + options;
  return with.empty() ? text : text + " WITH " + with;
}

std::vector<LeftSet> SetsOf(const ClientTools& tools, const std::set<pid_t>& owners) {
  if (owners.empty()) return {};
  KeptProcess list(tools.keeper, OwnProgram("/", {tools.vdisim.string(), "ps", "--json"}));
  if (!list.AwaitEnd(kToolPatience)) return {};
  list.Serve();
  const Json all = Json::parse(list.Output(), nullptr, false);
  std::vector<LeftSet> sets;
  if (!all.is_array()) return sets;
  for (const Json& set : all) {
    LeftSet one = {.name = set.value("name", ""),
                   .objects = {set.value("object", "")},
                   .owner = set.value("owner", ""),
                   .pid = 0,
                   .owner_alive = set.value("owner_alive", true)};
    if (set.contains("areas")) {
      for (const Json& area : set["areas"]) one.objects.push_back(area.get<std::string>());
    }
    one.pid = PidIn(one.owner);
    if (owners.contains(one.pid)) sets.push_back(std::move(one));
  }
  return sets;
}

std::vector<LeftSet> DeadSetsOf(const ClientTools& tools, const std::set<pid_t>& owners) {
  std::vector<LeftSet> dead = SetsOf(tools, owners);
  std::erase_if(dead, [](const LeftSet& set) { return set.owner_alive; });
  return dead;
}

void RemoveSet(const LeftSet& set) {
  for (const std::string& object : set.objects) {
    std::error_code ignored;
    if (!object.empty()) std::filesystem::remove("/dev/shm/" + object, ignored);
  }
}

}  // namespace conform
