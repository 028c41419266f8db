// The classes of vdi.h, as libsqlvdi.so exports them. Objects are one pointer wide and may lie on
// the stack, leak, or end in any order: a device does not need its set, nor the set its devices.

// Everything else in this project is hidden; what vdi.h declares is for the world.
#pragma GCC visibility push(default)
#include "simulator/include/vdi.h"
#pragma GCC visibility pop

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "simulator/abi/abi_environment.h"
#include "simulator/abi/abi_guard.h"
#include "simulator/abi/call_values.h"
#include "simulator/abi/client_object.h"

namespace {

using vdisim::AbiGuard;
using vdisim::CallRecord;
using vdisim::CallSubject;
using vdisim::HResult;
using vdisim::TraceAddress;
using vdisim::TraceNumber;
using vdisim::TraceText;

std::optional<std::string_view> NameOf(const char* name) {
  return name == nullptr ? std::nullopt : std::optional<std::string_view>(name);
}

// The answer of an object that has nothing behind it, recorded like any other.
template <typename Inputs>
int AnswerOfNothing(const char* method, HResult code, const Inputs& inputs) noexcept {
  const CallSubject nothing(vdisim::kClientFace);
  return AbiGuard(
      method, nothing, [code] { return code; }, inputs);
}

}  // namespace

class CVDS {
 public:
  vdisim::ClientObject object{vdisim::kClientFace, "~ClientVirtualDeviceSet"};
};

// What stands behind a device. Clients hardly ever delete their devices; those that live are linked
// to each other from a root of the library, so that nobody's leak checker takes them for lost.
class CVD {
 public:
  CVD(const CallSubject& set, std::string_view name) : subject(set, std::string(name)) {}

  void Link(ClientVirtualDevice* object) {
    const std::lock_guard lock(Mutex());
    shell = object;
    next = First();
    if (next != nullptr) next->previous = this;
    First() = this;
  }
  void Unlink() {
    const std::lock_guard lock(Mutex());
    (previous != nullptr ? previous->next : First()) = next;
    if (next != nullptr) next->previous = previous;
  }

  const CallSubject subject;
  const int64_t unit_ms = vdisim::TheAbiEnvironment().get_command_unit_ms;
  std::shared_ptr<vdisim::ClientDevice> device;
  ClientVirtualDevice* shell = nullptr;  // the client's object

 private:
  // Never destroyed: clients may delete devices after main.
  static std::mutex& Mutex() {
    static std::mutex* const mutex = new std::mutex;
    return *mutex;
  }
  static CVD*& First() {
    static CVD* first = nullptr;
    return first;
  }

  CVD* next = nullptr;
  CVD* previous = nullptr;
};

ClientVirtualDevice::ClientVirtualDevice() : cvd(nullptr) {}

ClientVirtualDevice::~ClientVirtualDevice() {
  if (CVD* const behind = std::exchange(cvd, nullptr)) {
    behind->Unlink();
    delete behind;
  }
}

int ClientVirtualDevice::GetCommand(time_t timeOut, VDC_Command** ppCmd) {
  const auto inputs = [&](CallRecord& record) {
    record.inputs = {{"timeOut", TraceNumber(int64_t{timeOut})}};
  };
  if (cvd == nullptr) return AnswerOfNothing("GetCommand", vdisim::kProtocol, inputs);
  return AbiGuard(
      "GetCommand", cvd->subject,
      [&] { return cvd->device->GetCommand(vdisim::TimeoutOfLinux(timeOut, cvd->unit_ms), ppCmd); },
      inputs, [&](CallRecord& record) { vdisim::AddCommand(*ppCmd, &record.outputs); });
}

int ClientVirtualDevice::CompleteCommand(VDC_Command* pCmd, int completionCode,
                                         unsigned long bytesTransferred, int64_t position) {
  const auto inputs = [&](CallRecord& record) {
    record.inputs = {{"pCmd", TraceAddress(pCmd)},
                     {"completionCode", TraceNumber(int64_t{completionCode})},
                     {"bytesTransferred", TraceNumber(uint64_t{bytesTransferred})},
                     {"position", TraceNumber(position)}};
  };
  if (cvd == nullptr) return AnswerOfNothing("CompleteCommand", vdisim::kProtocol, inputs);
  return AbiGuard(
      "CompleteCommand", cvd->subject,
      [&] {
        // More than 32 bits is a client's fault (G-58); cutting them off would hide it.
        const auto bytes =
            static_cast<uint32_t>(bytesTransferred > UINT32_MAX ? UINT32_MAX : bytesTransferred);
        return cvd->device->CompleteCommand(pCmd, completionCode, bytes, position);
      },
      inputs);
}

ClientVirtualDeviceSet::ClientVirtualDeviceSet() : cvds(nullptr) {
  // Without memory the object exists all the same, and its calls say so.
  (void)vdisim::Contain([this] {
    cvds = new CVDS;
    return vdisim::kOk;
  });
}

ClientVirtualDeviceSet::~ClientVirtualDeviceSet() { delete std::exchange(cvds, nullptr); }

int ClientVirtualDeviceSet::Create(char* name, VDConfig* cfg) {
  const auto inputs = [&](CallRecord& record) {
    record.inputs = {{"name", TraceText(name)}};
    vdisim::AddConfiguration(cfg, &record.inputs);
  };
  if (cvds == nullptr) return AnswerOfNothing("Create", vdisim::kMemory, inputs);
  return AbiGuard(
      "Create", cvds->object.subject(),
      [&] { return cvds->object.Create(vdisim::InstanceOfEnvironment(), NameOf(name), cfg); },
      inputs);
}

int ClientVirtualDeviceSet::GetConfiguration(time_t timeout, VDConfig* cfg) {
  const auto inputs = [&](CallRecord& record) {
    record.inputs = {{"timeout", TraceNumber(int64_t{timeout})}};
  };
  if (cvds == nullptr) return AnswerOfNothing("GetConfiguration", vdisim::kMemory, inputs);
  return AbiGuard(
      "GetConfiguration", cvds->object.subject(),
      [&] { return cvds->object.set().GetConfiguration(vdisim::TimeoutOfLinux(timeout, 1), cfg); },
      inputs, [&](CallRecord& record) { vdisim::AddConfiguration(cfg, &record.outputs); });
}

int ClientVirtualDeviceSet::OpenDevice(char* name, ClientVirtualDevice** ppVirtualDevice) {
  const auto inputs = [&](CallRecord& record) { record.inputs = {{"name", TraceText(name)}}; };
  if (ppVirtualDevice != nullptr) *ppVirtualDevice = nullptr;  // C-ODV-11
  if (cvds == nullptr) return AnswerOfNothing("OpenDevice", vdisim::kMemory, inputs);
  return AbiGuard(
      "OpenDevice", cvds->object.subject(),
      [&] {
        if (ppVirtualDevice == nullptr) return cvds->object.OpenDevice(NameOf(name), nullptr);
        // All that may fail for want of memory comes before the device is open.
        auto behind = std::make_unique<CVD>(cvds->object.subject(), name == nullptr ? "" : name);
        auto shell = std::make_unique<ClientVirtualDevice>();
        const HResult hr = cvds->object.OpenDevice(NameOf(name), &behind->device);
        if (!hr.ok()) return hr;
        behind->Link(shell.get());
        shell->cvd = behind.release();
        *ppVirtualDevice = shell.release();
        return hr;
      },
      inputs,
      [&](CallRecord& record) {
        const uint64_t device = (*ppVirtualDevice)->cvd->subject.number();
        record.outputs = {{"device", TraceNumber(device)}};
      });
}

int ClientVirtualDeviceSet::Close() {
  if (cvds == nullptr) return AnswerOfNothing("Close", vdisim::kMemory, vdisim::NoValues);
  return AbiGuard("Close", cvds->object.subject(), [&] { return cvds->object.set().Close(); });
}

int ClientVirtualDeviceSet::SignalAbort() {
  if (cvds == nullptr) return AnswerOfNothing("SignalAbort", vdisim::kMemory, vdisim::NoValues);
  return AbiGuard("SignalAbort", cvds->object.subject(),
                  [&] { return cvds->object.set().SignalAbort(); });
}

int ClientVirtualDeviceSet::OpenInSecondary(char* setName) {
  const auto inputs = [&](CallRecord& record) {
    record.inputs = {{"setName", TraceText(setName)}};
  };
  if (cvds == nullptr) return AnswerOfNothing("OpenInSecondary", vdisim::kMemory, inputs);
  return AbiGuard(
      "OpenInSecondary", cvds->object.subject(),
      [&] {
        return cvds->object.OpenInSecondary(vdisim::InstanceOfEnvironment(), NameOf(setName));
      },
      inputs);
}

int ClientVirtualDeviceSet::GetBufferHandle(uint8_t* pBuffer, unsigned int* pBufferHandle) {
  const auto inputs = [&](CallRecord& record) {
    record.inputs = {{"pBuffer", TraceAddress(pBuffer)}};
  };
  if (cvds == nullptr) return AnswerOfNothing("GetBufferHandle", vdisim::kMemory, inputs);
  return AbiGuard(
      "GetBufferHandle", cvds->object.subject(),
      [&] { return cvds->object.set().GetBufferHandle(pBuffer, pBufferHandle); }, inputs,
      [&](CallRecord& record) {
        record.outputs = {{"pBufferHandle", TraceNumber(uint64_t{*pBufferHandle})}};
      });
}

int ClientVirtualDeviceSet::MapBufferHandle(int dwBuffer, uint8_t** ppBuffer) {
  const auto inputs = [&](CallRecord& record) {
    record.inputs = {{"dwBuffer", TraceNumber(int64_t{dwBuffer})}};
  };
  if (cvds == nullptr) return AnswerOfNothing("MapBufferHandle", vdisim::kMemory, inputs);
  return AbiGuard(
      "MapBufferHandle", cvds->object.subject(),
      [&] { return cvds->object.set().MapBufferHandle(dwBuffer, ppBuffer); }, inputs,
      [&](CallRecord& record) {
        record.outputs = {{"ppBuffer", TraceAddress(*ppBuffer)}};
      });
}

void ClientVirtualDeviceSet::RegisterDeviceClosed() {
  if (cvds == nullptr) return;
  (void)AbiGuard("RegisterDeviceClosed", cvds->object.subject(), [] { return vdisim::kOk; });
}
