// The Engine plays SQL Server's side of BACKUP and RESTORE: it knows the databases of an instance,
// turns a statement into a conversation over the server interface, and says in SQL Server's own
// messages how it went. Statements may run on several threads at once, as connections do. An Engine
// owns its registry of databases and nothing of the device sets.
#ifndef SIMULATOR_ENGINE_ENGINE_H_
#define SIMULATOR_ENGINE_ENGINE_H_

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "simulator/engine/statement_executor.h"
#include "simulator/include/vdi_com.h"

namespace vdisim {

class SetLocator;

// Makes a server object; the caller owns the reference. NULL: it could not be made.
using ServerSetFactory = std::function<IServerVirtualDeviceSet2*()>;

struct EngineOptions {
  std::string instance;        // empty = the default instance
  std::filesystem::path home;  // the instance's own folder: databases.json, data/, log/errorlog
  std::string profile = "default";         // a name of profile.h
  std::chrono::milliseconds wait{30'000};  // for the client's set, and for its devices
  // For a set that is not there yet, if it differs: a real server does not wait for one (S-OPN-02).
  std::optional<std::chrono::milliseconds> set_wait{};
  std::chrono::milliseconds stall{120'000};  // without any completion; 0 = for ever
  uint64_t seed = 1;                    // of everything chosen by chance: read sizes, media set ids
  ServerSetFactory server_set_factory;  // tools pass VdiCreateInstance
  std::filesystem::path faults;   // a fault plan (fault_plan_reader.h) for every statement; empty =
                                  // none
  std::filesystem::path journal;  // gets a line for each event (statement_journal.h); empty = none
  std::filesystem::path streams;  // a folder, made if it is missing, for what BACKUP sends: files
                                  // <statement>.<device>.stream; empty = none
  std::function<void()> end_process;  // ends this process at once, for the fault <kill>
  // How the engine waits for a client's set; NULL = set_directory.h. Not owned.
  SetLocator* set_locator = nullptr;
};

class Engine final : public StatementExecutor {
 public:
  // Opens the instance's home and reads what it knows of databases.
  // Returns NULL, with a sentence for the user in *error, if the home cannot be used, its
  // databases.json is damaged, the profile is not known (the sentence lists those that are), the
  // fault plan is none ("FILE:LINE: what is wrong, what is expected"), or journal or streams cannot
  // be written.
  static std::unique_ptr<Engine> Open(const EngineOptions& options, std::string* error);
  ~Engine() override;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Adds or replaces a database and remembers it in the home. source: a file's path or
  // "seed:N,size:BYTES" (K, M, G accepted). False, with a sentence in *error, for a bad one.
  bool AddDatabase(std::string_view name, std::string_view source, std::string* error);

  // The same for one argument of the form NAME=SOURCE, as --database takes it.
  bool AddDatabaseArgument(std::string_view argument, std::string* error);

  StatementOutcome Execute(std::string_view batch, const StatementOptions& options,
                           MessageSink& sink, std::stop_token stop) override;

 private:
  class Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_ENGINE_H_
