// vdi-engine-host: the engine actor of a scenario, on the server interface that a library offers
// through VdiCreateInstance.
#include <chrono>
#include <iostream>
#include <memory>

#include "conformance/drivers/com_library.h"
#include "conformance/drivers/engine_host.h"
#include "conformance/drivers/provider_library.h"
#include "conformance/drivers/subject_host.h"
#include "simulator/device_set/set_directory.h"

namespace {

// For clients that wait before any server has opened their set.
HRESULT AdvanceByName(const std::string& name, DWORD waiting, DWORD timeout_ms, DWORD ms) {
  const vdisim::HResult waited =
      vdisim::WaitForClockWaits("", name, waiting, vdisim::Timeout::Milliseconds(timeout_ms));
  if (!waited.ok()) return waited.value();
  return vdisim::AdvanceSetClock("", name, std::chrono::milliseconds(ms)).value();
}

// Makes the engine's half, or says why it cannot.
std::unique_ptr<conform::EngineHost> MakeHost(const char* path, std::string* trouble) {
  void* set = nullptr;
  try {
    const conform::ComFactory create = conform::LoadComFactory(
        path, CLSID_MSSQL_ServerVirtualDeviceSet, IID_IServerVirtualDeviceSet2);
    (void)create(CLSID_MSSQL_ServerVirtualDeviceSet, IID_IServerVirtualDeviceSet2, &set);
  } catch (const conform::ProviderError& error) {
    *trouble = error.what();
  }
  if (set == nullptr) return nullptr;
  auto* server = static_cast<IServerVirtualDeviceSet2*>(set);
  void* control = nullptr;
  (void)server->QueryInterface(IID_IVdiSimServerControl, &control);
  return std::make_unique<conform::EngineHost>(server, static_cast<IVdiSimServerControl*>(control),
                                               AdvanceByName);
}

// The engine's half, and the cleaning up behind actors that were killed, which needs no library.
class Engine {
 public:
  Engine(std::unique_ptr<conform::EngineHost> host, std::string trouble)
      : host_(std::move(host)), trouble_(std::move(trouble)) {}

  conform::Json Handle(const conform::Json& request) {
    if (request.value("op", "") == "purge") {
      const vdisim::PurgeResult purged = vdisim::PurgeDeadSets();
      return {{"out", {{"objects", purged.sets + purged.areas + purged.others}}}};
    }
    if (host_ == nullptr) throw conform::RequestError(trouble_);
    return host_->Handle(request);
  }
  void LetGo() {
    if (host_ != nullptr) host_->LetGo();
  }

 private:
  const std::unique_ptr<conform::EngineHost> host_;
  const std::string trouble_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: vdi-engine-host LIBRARY\n"
                 "Carries out the steps of a scenario's engine with the server interface of\n"
                 "LIBRARY. It speaks the driver protocol on standard input and output;\n"
                 "vdi-conform starts it.\n";
    return 2;
  }
  std::string trouble;
  std::unique_ptr<conform::EngineHost> host = MakeHost(argv[1], &trouble);
  conform::Greeting greeting = {"vdi-engine-host", argv[1], {}, trouble};
  // It rests on calls of the simulator's own, not on the documented interface.
  if (host != nullptr && host->has_control()) greeting.capabilities = {"virtual-clock"};
  Engine engine(std::move(host), trouble);
  conform::ServeSubject(greeting, &engine);
  return 0;
}
