// A face of a client library: the same calls through the C++ classes of libsqlvdi.so or through the
// COM interfaces. Each call passes on what it is given, NULL pointers too, and returns the code as
// the library did. Any thread, as the library allows.
#ifndef CONFORMANCE_DRIVERS_CLIENT_FACE_H_
#define CONFORMANCE_DRIVERS_CLIENT_FACE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "simulator/include/vdi.h"

namespace conform {

// A name as a call takes it, in UTF-8; none is a NULL pointer.
using NameArgument = std::optional<std::string>;

class ClientDeviceFace {
 public:
  virtual ~ClientDeviceFace() = default;
  // timeout_ms: milliseconds; negative waits for ever (C-GET-10).
  virtual int GetCommand(int64_t timeout_ms, VDC_Command** command) = 0;
  virtual int CompleteCommand(VDC_Command* command, int completion, uint64_t bytes,
                              int64_t position) = 0;
  // Gives the library's object back, by Release or delete. No call may follow.
  virtual void LetGo() = 0;
};

// What OpenDevice left behind, whatever code it returned.
struct OpenedDevice {
  std::shared_ptr<ClientDeviceFace> device;  // on success, if the library gave one
  bool given = false;  // a pointer other than NULL stands where the device is received
};

class ClientSetFace {
 public:
  virtual ~ClientSetFace() = default;
  virtual int Create(const NameArgument& name, VDConfig* configuration) = 0;
  // The calls with an instance throw RequestError on a face that has none.
  virtual int CreateEx(const NameArgument& instance, const NameArgument& name,
                       VDConfig* configuration) = 0;
  virtual int OpenInSecondary(const NameArgument& name) = 0;
  virtual int OpenInSecondaryEx(const NameArgument& instance, const NameArgument& name) = 0;
  virtual int GetConfiguration(int64_t timeout_ms, VDConfig* configuration) = 0;
  // opened: null hands a NULL pointer on. Before the call something other than NULL stands where
  // the library writes, so that its NULL is seen (C-ODV-11).
  virtual int OpenDevice(const NameArgument& name, OpenedDevice* opened) = 0;
  virtual int Close() = 0;
  virtual int SignalAbort() = 0;
  virtual int GetBufferHandle(uint8_t* buffer, unsigned int* handle) = 0;
  // handle: its lower 32 bits arrive, as in C (G-44).
  virtual int MapBufferHandle(int64_t handle, uint8_t** buffer) = 0;
  virtual void RegisterDeviceClosed() = 0;
  // Gives the library's object back, by Release or delete. No call may follow.
  virtual void LetGo() = 0;
  // Whether its devices may still be used once it is let go of: COM objects are counted.
  virtual bool OutlivedByItsDevices() const = 0;
};

class ClientFace {
 public:
  virtual ~ClientFace() = default;
  // Throws RequestError when the library makes none.
  virtual std::shared_ptr<ClientSetFace> NewSet() = 0;
};

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_CLIENT_FACE_H_
