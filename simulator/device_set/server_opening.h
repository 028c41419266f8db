// One opening of a set by a server: from Open to Close. It owns the mappings, the buffer pool and
// the devices; Close lets go of them when the last call and the agent have left. Any thread may
// call any method. Answers for sections 8.1 to 8.11, 8.14 and 8.15.
#ifndef SIMULATOR_DEVICE_SET_SERVER_OPENING_H_
#define SIMULATOR_DEVICE_SET_SERVER_OPENING_H_

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>

#include "simulator/base/result.h"
#include "simulator/device_set/buffer_pool.h"
#include "simulator/device_set/call_gate.h"
#include "simulator/device_set/control_segment.h"
#include "simulator/device_set/peer_watch.h"
#include "simulator/device_set/progress.h"
#include "simulator/device_set/server_device.h"
#include "simulator/device_set/server_set.h"

namespace vdisim {

class ServerOpening {
 public:
  static Result<std::shared_ptr<ServerOpening>> Open(std::string_view instance,
                                                     std::string_view name);
  ~ServerOpening();

  // As in ServerSet.
  HResult GetConfiguration(VDConfig* configuration);
  HResult BeginConfiguration(uint32_t features, uint32_t block_size, uint32_t alignment,
                             uint32_t max_transfer_size);
  HResult EndConfiguration();
  HResult RequestBuffers(uint32_t size, uint32_t alignment, uint32_t count);
  HResult QueryAvailableBuffers(uint32_t size, uint32_t alignment, uint32_t* count);
  HResult ExecuteCompletionAgent();  // completion_agent.cc
  HResult OpenDevice(std::string_view name, std::shared_ptr<ServerDevice>* device);
  HResult AllocateBuffer(uint8_t** buffer, uint32_t size, uint32_t alignment);
  HResult FreeBuffer(uint8_t* buffer, uint32_t size);
  bool IsSharedBuffer(const uint8_t* buffer);
  HResult SignalAbort();
  HResult WaitForActive(Timeout timeout);
  HResult WaitForAgent(Timeout timeout);
  HResult AdvanceClock(Nanoseconds step);
  HResult WaitForWaiters(uint32_t count, Timeout timeout);
  VdiSimAbortReason abort_reason() const { return control_->abort_reason(); }
  // To be called once. From a callback on the agent's thread it returns before the agent does, and
  // the mappings go when the agent leaves.
  HResult Close();

 private:
  explicit ServerOpening(std::unique_ptr<ControlSegment> control);

  HResult Answer(ServerCall call) const;
  // Waits on the event of the set's activity until `moved` holds, or the gate is shut.
  HResult WaitUntilMoved(Timeout timeout, const std::function<bool()>& moved);
  HResult CheckDeviceName(std::string_view name, uint32_t index) const;
  uint32_t CountOpenDevices() const;
  void Release();

  // The agent.
  bool TakeCompletions();
  bool HasWork() const;
  void LookAround();
  void RunAgent();

  std::unique_ptr<ControlSegment> control_;
  BufferPool pool_;
  PeerWatch watch_;
  Progress progress_;
  CallGate gate_;

  std::mutex configuring_;  // configuration and the opening of devices, one at a time
  VDConfig actual_{};
  std::array<std::shared_ptr<OpenedServerDevice>, kDevicesMax> devices_;
  std::atomic<uint32_t> device_count_{0};  // devices below it are opened

  std::atomic<std::thread::id> agent_{};
  std::atomic<bool> closed_by_agent_{false};
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_SERVER_OPENING_H_
