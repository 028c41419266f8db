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

// An actor learns of its settings before its first line of code runs: a library reads the clock
// from the environment when it is loaded. What the runner's own environment says to a library is
// not said to actors: a verdict is the same wherever it is found.
std::vector<std::string> EnvironmentOf(const ActorSettings& settings) {
  return {std::string("VDISIM_CLOCK=") + (settings.virtual_clock ? "virtual" : "real"),
          std::string("VDI_CONFORM_FACE=") + (settings.com ? "com" : "linux"),
          "VDISIM_TIMEOUT_UNIT=milliseconds", "_VIRTUAL_SERVER_NAME_=" + settings.instance};
}

}  // namespace

Json Hello(const ActorSettings& settings) {
  Json hello = Json::object();
  hello["op"] = "hello";
  hello["protocol"] = kProtocolVersion;
  hello["face"] = settings.com ? "com" : "linux";
  hello["clock"] = settings.virtual_clock ? "virtual" : "real";
  return hello;
}

FleetPaths FindBeside(const std::filesystem::path& program) {
  // bin/vdi-conform, or a test in tests/: one level below the root.
  const std::filesystem::path root = program.parent_path().parent_path();
  return {.provider = FindLibrary(root, "libsqlvdi.so"),
          .provider_com = FindLibrary(root, "libvdisim-com.so"),
          .provider_host = root / "libexec/vdisim/vdi-provider-host",
          .engine_host = root / "libexec/vdisim/vdi-engine-host",
          .sql_host = root / "libexec/vdisim/vdi-sql-host",
          .engine = FindLibrary(root, "libvdisim-com.so")};
}

std::unique_ptr<Driver> HostFleet::StartClient(const ActorSettings& settings) const {
  if (!paths_.adapter.empty()) {
    return std::make_unique<HostProcess>(paths_.adapter, EnvironmentOf(settings));
  }
  std::vector<std::string> command = {paths_.provider_host.string()};
  if (settings.com) command.emplace_back("--com");
  command.push_back((settings.com ? paths_.provider_com : paths_.provider).string());
  return std::make_unique<HostProcess>(command, EnvironmentOf(settings));
}

std::unique_ptr<Driver> HostFleet::StartEngine(const ActorSettings& settings) const {
  return std::make_unique<HostProcess>(
      std::vector<std::string>{paths_.engine_host.string(), paths_.engine.string()},
      EnvironmentOf(settings));
}

std::unique_ptr<Driver> HostFleet::StartSql(const ActorSettings& settings) const {
  return std::make_unique<HostProcess>(
      std::vector<std::string>{paths_.sql_host.string(), paths_.engine.string()},
      EnvironmentOf(settings));
}

}  // namespace conform
