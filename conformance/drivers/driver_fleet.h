// Which program stands behind each actor: client actors on the library under test, engine actors on
// the simulator's server interface. Finds the programs beside the running one, in a build tree as
// in an installation.
#ifndef CONFORMANCE_DRIVERS_DRIVER_FLEET_H_
#define CONFORMANCE_DRIVERS_DRIVER_FLEET_H_

#include <filesystem>
#include <memory>

#include "conformance/drivers/driver.h"

namespace conform {

// Starts drivers. Any thread.
class DriverFleet {
 public:
  virtual ~DriverFleet() = default;
  // Each throws std::system_error when the program cannot be started.
  virtual std::unique_ptr<Driver> StartClient() const = 0;
  virtual std::unique_ptr<Driver> StartEngine() const = 0;
};

struct FleetPaths {
  std::filesystem::path provider;       // the library under test
  std::filesystem::path provider_host;  // libexec/vdisim/vdi-provider-host
  std::filesystem::path engine_host;    // libexec/vdisim/vdi-engine-host
  std::filesystem::path engine;         // lib/libvdisim-com.so
};

// The programs and libraries that belong to the running program, the bundled library as provider.
// What is not there is still named: starting it fails with a message.
FleetPaths FindBeside(const std::filesystem::path& program);

class HostFleet final : public DriverFleet {
 public:
  explicit HostFleet(FleetPaths paths) : paths_(std::move(paths)) {}
  std::unique_ptr<Driver> StartClient() const override;
  std::unique_ptr<Driver> StartEngine() const override;

 private:
  FleetPaths paths_;
};

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_DRIVER_FLEET_H_
