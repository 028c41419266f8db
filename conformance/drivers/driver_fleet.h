// Which program stands behind each actor: client actors on the library or the adapter under test,
// engine actors on a server interface, the simulator's unless another one is to be judged. Finds
// the programs beside the running one, in a build tree as in an installation.
#ifndef CONFORMANCE_DRIVERS_DRIVER_FLEET_H_
#define CONFORMANCE_DRIVERS_DRIVER_FLEET_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "conformance/drivers/driver.h"

namespace conform {

// What the process of an actor must know from its beginning.
struct ActorSettings {
  bool com = false;            // a client on the COM face of its library
  bool virtual_clock = false;  // sets that it makes run on a clock that only <advance> moves
  std::string instance =
      {};  // in _VIRTUAL_SERVER_NAME_, which the deprecated Create reads (C-CRE-22)
};

// The greeting that every driver gets first; it repeats the settings for whoever reads them there.
Json Hello(const ActorSettings& settings);

// Starts drivers. Any thread. Each throws std::system_error when the program cannot be started.
class DriverFleet {
 public:
  virtual ~DriverFleet() = default;
  // The library or the adapter under test.
  virtual std::unique_ptr<Driver> StartClient(const ActorSettings& settings) const = 0;
  // The server interface.
  virtual std::unique_ptr<Driver> StartEngine(const ActorSettings& settings) const = 0;
  // A whole SQL Server, as far as it is simulated.
  virtual std::unique_ptr<Driver> StartSql(const ActorSettings& settings) const = 0;
};

struct FleetPaths {
  std::filesystem::path provider;         // the library under test; empty: it has no Linux face
  std::filesystem::path provider_com;     // the library of its COM face; empty: it has none
  std::filesystem::path provider_host;    // libexec/vdisim/vdi-provider-host
  std::filesystem::path engine_host;      // libexec/vdisim/vdi-engine-host
  std::filesystem::path sql_host;         // libexec/vdisim/vdi-sql-host
  std::filesystem::path engine;           // lib/libvdisim-com.so, or another server interface
  std::vector<std::string> adapter = {};  // the words of a command that plays the client actors;
                                          // empty: provider_host does
};

// The programs and libraries that belong to the running program, the bundled library with both of
// its faces as provider. What is not there is still named: starting it fails with a message.
FleetPaths FindBeside(const std::filesystem::path& program);

class HostFleet final : public DriverFleet {
 public:
  explicit HostFleet(FleetPaths paths) : paths_(std::move(paths)) {}
  std::unique_ptr<Driver> StartClient(const ActorSettings& settings) const override;
  std::unique_ptr<Driver> StartEngine(const ActorSettings& settings) const override;
  std::unique_ptr<Driver> StartSql(const ActorSettings& settings) const override;

 private:
  FleetPaths paths_;
};

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_DRIVER_FLEET_H_
