// The client's half of a device set: what stands behind ClientVirtualDeviceSet and
// IClientVirtualDeviceSet2. A ClientSet is one opening of a set by one process, as primary (Create)
// or as secondary (OpenInSecondary). It owns its mapping of the set and lets go of it at Close; the
// primary also owns the set's name. Any thread may call any method; ClientDevice is meant for one
// thread at a time but takes calls from several. Answers for sections 7.1 to 7.11 and table 3.3.
#ifndef SIMULATOR_DEVICE_SET_CLIENT_SET_H_
#define SIMULATOR_DEVICE_SET_CLIENT_SET_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "simulator/base/clock.h"
#include "simulator/base/hresult.h"
#include "simulator/device_set/guard_report.h"
#include "simulator/include/vdi.h"

namespace vdisim {

// What a set is created with beyond the configuration of the document.
struct ClientOptions {
  uint32_t mode = 0600;        // permission bits of the shared objects (SEC-04)
  bool virtual_clock = false;  // the set's waits run on a clock that only AdvanceClock moves
  uint32_t keeper = 0;  // process that looks at what this one leaves, and removes it; 0: none
  GuardOptions guard;   // of the memory that clients are lent; the primary's makes it possible
};

class ClientDevice {
 public:
  virtual ~ClientDevice() = default;
  // C-GET-01 to C-GET-05. *command is set on success only.
  virtual HResult GetCommand(Timeout timeout, VDC_Command** command) = 0;
  // C-CMP-01 to C-CMP-04.
  virtual HResult CompleteCommand(VDC_Command* command, int32_t completion_code,
                                  uint32_t bytes_transferred, int64_t position) = 0;
};

class ClientSet {
 public:
  explicit ClientSet(const ClientOptions& options = {});
  ~ClientSet();  // closes what is still open
  ClientSet(const ClientSet&) = delete;
  ClientSet& operator=(const ClientSet&) = delete;

  // instance: empty = the default one; already checked by the caller. Names are UTF-8.
  // C-CRL-01 to C-CRL-03, C-CRE-01 to C-CRE-03; VD_E_INVALID for an empty name, one with a
  // backslash, or one longer than kNameBytesMax.
  HResult Create(std::string_view instance, std::string_view name, const VDConfig& request);
  // C-OIL-01 to C-OIL-03.
  HResult OpenInSecondary(std::string_view instance, std::string_view name);
  // C-GCF-01 to C-GCF-04. *configuration is set on success only.
  HResult GetConfiguration(Timeout timeout, VDConfig* configuration);
  // C-ODV-01 to C-ODV-05. *device is set on success and reset on failure. The device outlives the
  // set; after Close its calls answer VD_E_PROTOCOL.
  HResult OpenDevice(std::string_view name, std::shared_ptr<ClientDevice>* device);
  HResult Close();        // C-CLO-01 to C-CLO-03
  HResult SignalAbort();  // C-ABT-01, C-ABT-02
  // SignalAbort as a function that may be kept longer than this object, and then does nothing.
  std::function<void()> Aborter() const;
  // C-GBH-01 to C-GBH-03. *handle is set on success only.
  HResult GetBufferHandle(const uint8_t* buffer, uint32_t* handle);
  // C-MAP-01 to C-MAP-03. *buffer is set on success only.
  HResult MapBufferHandle(int32_t handle, uint8_t** buffer);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_CLIENT_SET_H_
