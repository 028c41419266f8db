// Carries out the steps of an engine actor: SQL Server's half of a device set, through the server
// interface alone. The completion agent runs on the thread of the request that started it and
// notes each completed command, which a step can wait for. Any thread may call Handle.
#ifndef CONFORMANCE_DRIVERS_ENGINE_HOST_H_
#define CONFORMANCE_DRIVERS_ENGINE_HOST_H_

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "conformance/drivers/host_buffers.h"
#include "conformance/drivers/host_loop.h"
#include "simulator/include/vdi_com.h"
#include "simulator/include/vdi_sim.h"

namespace conform {

class EngineHost {
 public:
  // Moves the virtual clock of a set that this host has not opened, once `waiting` calls wait on
  // it. Returns NOERROR, VD_E_TIMEOUT if they do not within the time, or why it cannot.
  using AdvanceByName =
      std::function<HRESULT(const std::string& name, DWORD waiting, DWORD timeout_ms, DWORD ms)>;

  // Takes over both references. `control` may be null; WaitForActive is unknown then, and the clock
  // cannot be moved.
  EngineHost(IServerVirtualDeviceSet2* set, IVdiSimServerControl* control,
             AdvanceByName advance_by_name = {});
  // Closes the set.
  ~EngineHost();
  EngineHost(const EngineHost&) = delete;
  EngineHost& operator=(const EngineHost&) = delete;

  // Whether the library can wait for devices and move a virtual clock.
  bool has_control() const { return control_ != nullptr; }
  // One request of the protocol. Throws RequestError.
  Json Handle(const Json& request);
  // Makes waiting calls return: closes the set.
  void LetGo();

 private:
  struct Sent;
  Json Call(const Json& request);
  Json SendCommand(const Json& request);
  Json AwaitCompletion(const Json& request);
  Json Advance(const Json& request);
  IServerVirtualDevice* Device(const Json& request);
  static void OnCompleted(VDS_Command* command);

  IServerVirtualDeviceSet2* const set_;
  IVdiSimServerControl* const control_;
  const AdvanceByName advance_by_name_;
  HostBuffers buffers_;
  std::mutex mutex_;  // of the tables below, never held during a call of the interface
  std::condition_variable completed_;
  std::map<std::string, IServerVirtualDevice*> devices_;
  std::vector<IServerVirtualDevice*> replaced_;  // opened again under the same name
  std::map<std::string, std::unique_ptr<Sent>> commands_;
  std::map<std::string, std::function<Json(const Json&)>> methods_;
};

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_ENGINE_HOST_H_
