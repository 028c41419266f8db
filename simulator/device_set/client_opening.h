// One opening of a set by a client: from Create or OpenInSecondary to Close. It owns the mappings;
// Close lets go of them when the last call has left. Any thread may call any method, and calls in
// flight end when Close begins. Answers for sections 7.1 to 7.3 and 7.6 to 7.10.
#ifndef SIMULATOR_DEVICE_SET_CLIENT_OPENING_H_
#define SIMULATOR_DEVICE_SET_CLIENT_OPENING_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "simulator/base/result.h"
#include "simulator/device_set/buffer_guard.h"
#include "simulator/device_set/call_gate.h"
#include "simulator/device_set/client_areas.h"
#include "simulator/device_set/client_device.h"
#include "simulator/device_set/client_set.h"
#include "simulator/device_set/control_segment.h"
#include "simulator/device_set/peer_watch.h"

namespace vdisim {

class ClientOpening {
 public:
  static Result<std::shared_ptr<ClientOpening>> Create(std::string_view instance,
                                                       std::string_view name,
                                                       const VDConfig& request,
                                                       const ClientOptions& options);
  static Result<std::shared_ptr<ClientOpening>> OpenInSecondary(std::string_view instance,
                                                                std::string_view name,
                                                                const ClientOptions& options);

  // As in ClientSet.
  HResult GetConfiguration(Timeout timeout, VDConfig* configuration);
  HResult OpenDevice(std::string_view name, std::shared_ptr<ClientDevice>* device);
  HResult SignalAbort();
  HResult GetBufferHandle(const uint8_t* buffer, uint32_t* handle);
  HResult MapBufferHandle(int32_t handle, uint8_t** buffer);
  // To be called once.
  HResult Close();

 private:
  enum class Part { kPrimary, kSecondary };
  ClientOpening(std::unique_ptr<ControlSegment> control, Part part, const GuardOptions& guard);

  std::optional<HResult> TryOpenDevice(std::string_view name,
                                       std::shared_ptr<ClientDevice>* device);
  HResult Claim(uint32_t index, std::shared_ptr<ClientDevice>* device);
  uint32_t CountNamed() const;
  bool LeavesDevicesOpen();
  HResult EndUse();
  void Release();

  const Part part_;
  const shm::ProcessIdentity process_;
  std::unique_ptr<ControlSegment> control_;
  std::unique_ptr<ClientAreas> areas_;
  const GuardOptions guard_options_;
  std::unique_ptr<BufferGuard> guard_;  // NULL: clients are not guarded
  PeerWatch watch_;
  CallGate gate_;
  std::mutex devices_mutex_;
  std::vector<std::shared_ptr<OpenedClientDevice>> devices_;
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_CLIENT_OPENING_H_
