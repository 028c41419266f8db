#include "conformance/drivers/driver_fleet.h"

#include <string>
#include <vector>

#include "conformance/drivers/host_process.h"

namespace conform {
namespace {

// Libraries lie in lib/, or where the distribution puts them (lib/x86_64-linux-gnu, lib64).
std::filesystem::path FindLibrary(const std::filesystem::path& root, const std::string& name) {
  for (const char* folder : {"lib", "lib64"}) {
    std::error_code error;
    if (std::filesystem::exists(root / folder / name, error)) return root / folder / name;
    for (const auto& entry : std::filesystem::directory_iterator(root / folder, error)) {
      if (std::filesystem::exists(entry.path() / name, error)) return entry.path() / name;
    }
  }
  return root / "lib" / name;
}

}  // namespace

FleetPaths FindBeside(const std::filesystem::path& program) {
  // bin/vdi-conform, or a test in tests/: one level below the root.
  const std::filesystem::path root = program.parent_path().parent_path();
  return {.provider = FindLibrary(root, "libsqlvdi.so"),
          .provider_host = root / "libexec/vdisim/vdi-provider-host",
          .engine_host = root / "libexec/vdisim/vdi-engine-host",
          .engine = FindLibrary(root, "libvdisim-com.so")};
}

std::unique_ptr<Driver> HostFleet::StartClient() const {
  return std::make_unique<HostProcess>(
      std::vector<std::string>{paths_.provider_host.string(), paths_.provider.string()});
}

std::unique_ptr<Driver> HostFleet::StartEngine() const {
  return std::make_unique<HostProcess>(
      std::vector<std::string>{paths_.engine_host.string(), paths_.engine.string()});
}

}  // namespace conform
