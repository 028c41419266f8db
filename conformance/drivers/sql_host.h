// Carries out the statements of an sql-server actor: the simulator's engine, with databases of its
// own in a folder that ends with the host. It knows the database "d", of 1,100,001 bytes that are
// always the same. Any thread may call Handle.
#ifndef CONFORMANCE_DRIVERS_SQL_HOST_H_
#define CONFORMANCE_DRIVERS_SQL_HOST_H_

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "conformance/drivers/host_loop.h"
#include "simulator/engine/engine.h"

namespace conform {

// A folder below the system's temporary one, removed with this object. Those that killed hosts left
// behind are removed when the next one is made.
class HostFolder {
 public:
  // Throws std::filesystem::filesystem_error.
  HostFolder();
  ~HostFolder();
  HostFolder(const HostFolder&) = delete;
  HostFolder& operator=(const HostFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lock_ = -1;  // held on the folder: its owner lives, wherever its number is known
};

class SqlHost {
 public:
  // server_sets: makes the engine's half of a device set. Throws RequestError when the engine
  // cannot be opened.
  explicit SqlHost(vdisim::ServerSetFactory server_sets);

  // {"op":"sql","arguments":{"statement":"...","database":"e=seed:1,size:4M","timeout":5000}}. The
  // answer's "out": "success", "messages" (the numbers), "texts". Throws RequestError.
  Json Handle(const Json& request);
  // Ends the statements that run, with messages 3204 and 3013.
  void LetGo() { stop_.request_stop(); }

 private:
  HostFolder home_;
  std::stop_source stop_;
  std::unique_ptr<vdisim::Engine> engine_;
};

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_SQL_HOST_H_
