// The server's half of a device set: what stands behind IServerVirtualDeviceSet2. It owns the
// buffer areas and the outstanding commands' book-keeping, never the commands themselves. Any
// thread may call any method; a ServerDevice takes commands from one thread at a time.
// Answers for section 8 and table 3.4.
#ifndef SIMULATOR_DEVICE_SET_SERVER_SET_H_
#define SIMULATOR_DEVICE_SET_SERVER_SET_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "simulator/base/clock.h"
#include "simulator/base/hresult.h"
#include "simulator/include/vdi.h"
#include "simulator/include/vdi_sim.h"

namespace vdisim {

class ServerDevice {
 public:
  virtual ~ServerDevice() = default;
  virtual HResult SendCommand(VDS_Command* command) = 0;  // S-SND-01 to S-SND-05
  virtual HResult CloseDevice() = 0;                      // S-CDV-01 to S-CDV-04
};

class ServerSet {
 public:
  ServerSet();
  ~ServerSet();  // closes what is still open
  ServerSet(const ServerSet&) = delete;
  ServerSet& operator=(const ServerSet&) = delete;

  HResult Open(std::string_view instance, std::string_view name);  // S-OPN-01 to S-OPN-03
  HResult GetConfiguration(VDConfig* configuration);               // S-GCF-01 to S-GCF-03
  HResult BeginConfiguration(uint32_t features, uint32_t block_size, uint32_t alignment,
                             uint32_t max_transfer_size);  // S-BEG-01 to S-BEG-03
  HResult EndConfiguration();                              // S-END-01 to S-END-04
  HResult RequestBuffers(uint32_t size, uint32_t alignment, uint32_t count);  // S-REQ-01 to 04
  HResult QueryAvailableBuffers(uint32_t size, uint32_t alignment, uint32_t* count);
  HResult ExecuteCompletionAgent();  // S-EXE-01 to S-EXE-03
  HResult OpenDevice(std::string_view name, std::shared_ptr<ServerDevice>* device);
  HResult AllocateBuffer(uint8_t** buffer, uint32_t size, uint32_t alignment);  // S-ALC-01 to 05
  HResult FreeBuffer(uint8_t* buffer, uint32_t size);                           // S-FRE-01 to 04
  bool IsSharedBuffer(const uint8_t* buffer);                                   // S-ISB-01, 02
  HResult SignalAbort();                                                        // S-ABT-01, 02
  HResult Close();                                                              // S-CLO-01, 02

  // IVdiSimServerControl.
  HResult WaitForActive(Timeout timeout);
  HResult WaitForAgent(Timeout timeout);
  HResult GetAbortReason(VdiSimAbortReason* reason);
  HResult AdvanceClock(Nanoseconds step);
  HResult WaitForWaiters(uint32_t count, Timeout timeout);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_SERVER_SET_H_
