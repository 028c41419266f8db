// Opens the way to an instance: its server where one runs, else an engine in this process. Owned by
// the program; one thread.
#ifndef SIMULATOR_TOOLS_SESSION_H_
#define SIMULATOR_TOOLS_SESSION_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/engine/engine.h"
#include "simulator/front/home.h"

namespace vdisim {

struct SessionOptions {
  std::string home;                    // as given; empty: from the environment
  std::string instance;                // as given; empty: the default one
  std::vector<std::string> databases;  // NAME=SOURCE
  // Of the engine; a server that runs has its own, and asking for another is refused.
  std::optional<std::string> profile;
  std::optional<uint64_t> seed;
  std::string faults{};                                 // file of a fault plan; empty: none
  std::string journal{};                                // file; empty: none
  std::string streams{};                                // folder; empty: none
  std::optional<std::chrono::milliseconds> set_wait{};  // EngineOptions::set_wait
};

struct Session {
  InstanceHome home;
  std::unique_ptr<StatementExecutor> executor;
  bool remote = false;
};

// Nothing, and a sentence for the user in *error, where there is no way.
std::optional<Session> OpenSession(const SessionOptions& options, std::string* error);

// An engine for the instance, with the databases added.
// NULL, and a sentence for the user in *error, where it cannot be.
std::unique_ptr<Engine> OpenEngine(const InstanceHome& home, const SessionOptions& options,
                                   std::chrono::milliseconds wait, std::chrono::milliseconds stall,
                                   std::string* error);

// NAME=SOURCE with an absolute path in the place of a relative one, so that it means the same to a
// server that runs in another folder.
std::string AbsoluteDatabase(std::string_view argument);

}  // namespace vdisim

#endif  // SIMULATOR_TOOLS_SESSION_H_
