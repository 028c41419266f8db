// vdi-engine-host: the engine actor of a scenario, on the server interface that a library offers
// through VdiCreateInstance.
#include <chrono>
#include <iostream>
#include <memory>

#include "conformance/drivers/com_library.h"
#include "conformance/drivers/engine_host.h"
#include "conformance/drivers/provider_library.h"
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
  conform::ServeRequests(
      [&](const conform::Json& request) {
        const std::string op = request.value("op", "");
        conform::Json answer = conform::Json::object();
        if (op == "hello") {
          answer["protocol"] = conform::kProtocolVersion;
          answer["driver"] = "vdi-engine-host";
          answer["subject"] = argv[1];
          // Of the simulator's own calls, not of the documented interface.
          answer["capabilities"] = conform::Json::array();
          if (host != nullptr && host->has_control()) {
            answer["capabilities"].push_back("virtual-clock");
          }
          if (!trouble.empty()) answer["unusable"] = trouble;
          return answer;
        }
        if (op == "purge") {
          // Actors that were killed could not clean up; what they left needs nobody living.
          const vdisim::PurgeResult purged = vdisim::PurgeDeadSets();
          answer["out"] = conform::Json::object();
          answer["out"]["objects"] = purged.sets + purged.areas + purged.others;
          return answer;
        }
        if (host == nullptr) throw conform::RequestError(trouble);
        return host->Handle(request);
      },
      [&] {
        if (host != nullptr) host->LetGo();
      });
  return 0;
}
