#include "simulator/abi/com_server.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "simulator/abi/abi_environment.h"
#include "simulator/abi/abi_guard.h"
#include "simulator/abi/call_values.h"
#include "simulator/abi/com_object.h"
#include "simulator/base/com_ptr.h"
#include "simulator/device_set/server_set.h"
#include "simulator/include/vdi_sim.h"

namespace vdisim {
namespace {

// What stands behind a server's set object and its devices.
class ServerObject {
 public:
  ServerObject() = default;
  ~ServerObject() {
    AbiGuard("~IServerVirtualDeviceSet2", subject_, [this] {
      (void)set_.Close();  // VD_E_PROTOCOL where nothing is open
      return kOk;
    });
  }
  ServerObject(const ServerObject&) = delete;
  ServerObject& operator=(const ServerObject&) = delete;

  ServerSet& set() { return set_; }
  const CallSubject& subject() const { return subject_; }

  HResult Open(const Result<std::string>& instance, const std::optional<std::string>& name) {
    // S-OPN-02: a name that cannot be one identifies no set, and the state comes first (G-63).
    if (!instance.ok() || !name) {
      VDConfig ignored;
      const bool is_open = set_.GetConfiguration(&ignored) != kProtocol;  // S-GCF-02
      return is_open ? kProtocol : kInvalid;
    }
    std::string copy(*name);
    const HResult hr = set_.Open(instance.value(), *name);
    if (hr.ok()) subject_.SetName(std::move(copy));
    return hr;
  }

 private:
  ServerSet set_;
  CallSubject subject_{kServerFace};
};

// NOLINTNEXTLINE(cppcoreguidelines-virtual-class-destructor): Release ends it, nobody else may.
class ComServerDevice final : public IServerVirtualDevice {
 public:
  ComServerDevice(std::shared_ptr<ServerObject> set, std::string name)
      : subject_(set->subject(), std::move(name)), set_(std::move(set)) {}

  HRESULT QueryInterface(REFIID iid, void** object) override {
    if (object == nullptr) return E_POINTER;
    *object = nullptr;
    if (!(iid == IID_IUnknown || iid == IID_IServerVirtualDevice)) return E_NOINTERFACE;
    AddRef();
    *object = static_cast<IServerVirtualDevice*>(this);
    return S_OK;
  }
  ULONG AddRef() override { return references_.Add(); }
  ULONG Release() override {
    const ULONG left = references_.Drop();
    if (left == 0) delete this;
    return left;
  }

  HRESULT SendCommand(VDS_Command* pCmd) override {
    return AbiGuard(
        "SendCommand", subject_, [&] { return device_->SendCommand(pCmd); },
        [&](CallRecord& record) { AddCommand(pCmd, &record.inputs); });
  }
  HRESULT CloseDevice() override {
    return AbiGuard("CloseDevice", subject_, [&] { return device_->CloseDevice(); });
  }

  std::shared_ptr<ServerDevice>& device() { return device_; }
  uint64_t number() const { return subject_.number(); }

 private:
  ~ComServerDevice() = default;

  ReferenceCount references_;
  const CallSubject subject_;
  const std::shared_ptr<ServerObject> set_;
  std::shared_ptr<ServerDevice> device_;
};

TraceField Number(const char* name, uint64_t value) { return {name, TraceNumber(value)}; }

// NOLINTNEXTLINE(cppcoreguidelines-virtual-class-destructor): Release ends it, nobody else may.
class ComServerSet final : public IServerVirtualDeviceSet2, public IVdiSimServerControl {
 public:
  HRESULT QueryInterface(REFIID iid, void** object) override {
    if (object == nullptr) return E_POINTER;
    *object = nullptr;
    if (iid == IID_IUnknown || iid == IID_IServerVirtualDeviceSet2) {
      *object = static_cast<IServerVirtualDeviceSet2*>(this);
    } else if (iid == IID_IVdiSimServerControl) {
      *object = static_cast<IVdiSimServerControl*>(this);
    } else {
      return E_NOINTERFACE;
    }
    AddRef();
    return S_OK;
  }
  ULONG AddRef() override { return references_.Add(); }
  ULONG Release() override {
    const ULONG left = references_.Drop();
    if (left == 0) delete this;
    return left;
  }

  HRESULT Open(LPCWSTR lpInstanceName, LPCWSTR lpSetName) override {
    return AbiGuard(
        "Open", subject(),
        [&] { return object_->Open(InstanceOfCom(lpInstanceName), NameOfCom(lpSetName)); },
        [&](CallRecord& record) {
          record.inputs = {{"lpInstanceName", TraceName(lpInstanceName)},
                           {"lpSetName", TraceName(lpSetName)}};
        });
  }
  HRESULT GetConfiguration(VDConfig* pCfg) override {
    return AbiGuard(
        "GetConfiguration", subject(), [&] { return set().GetConfiguration(pCfg); }, NoValues,
        [&](CallRecord& record) { AddConfiguration(pCfg, &record.outputs); });
  }
  // dwTimeout bounds a wait for something that no client can declare (G-15).
  HRESULT BeginConfiguration(DWORD dwFeatures, DWORD dwBlockSize, DWORD dwAlignment,
                             DWORD dwMaxTransferSize, DWORD dwTimeout) override {
    return AbiGuard(
        "BeginConfiguration", subject(),
        [&] {
          return set().BeginConfiguration(dwFeatures, dwBlockSize, dwAlignment, dwMaxTransferSize);
        },
        [&](CallRecord& record) {
          record.inputs = {Number("dwFeatures", dwFeatures), Number("dwBlockSize", dwBlockSize),
                           Number("dwAlignment", dwAlignment),
                           Number("dwMaxTransferSize", dwMaxTransferSize),
                           Number("dwTimeout", dwTimeout)};
        });
  }
  HRESULT EndConfiguration() override {
    return AbiGuard("EndConfiguration", subject(), [&] { return set().EndConfiguration(); });
  }
  HRESULT RequestBuffers(DWORD dwSize, DWORD dwAlignment, DWORD dwCount) override {
    return AbiGuard(
        "RequestBuffers", subject(),
        [&] { return set().RequestBuffers(dwSize, dwAlignment, dwCount); },
        [&](CallRecord& record) {
          record.inputs = {Number("dwSize", dwSize), Number("dwAlignment", dwAlignment),
                           Number("dwCount", dwCount)};
        });
  }
  HRESULT QueryAvailableBuffers(DWORD dwSize, DWORD dwAlignment, DWORD* pCount) override {
    return AbiGuard(
        "QueryAvailableBuffers", subject(),
        [&] { return set().QueryAvailableBuffers(dwSize, dwAlignment, pCount); },
        [&](CallRecord& record) {
          record.inputs = {Number("dwSize", dwSize), Number("dwAlignment", dwAlignment)};
        },
        [&](CallRecord& record) { record.outputs = {Number("pCount", *pCount)}; });
  }
  HRESULT ExecuteCompletionAgent() override {
    return AbiGuard("ExecuteCompletionAgent", subject(),
                    [&] { return set().ExecuteCompletionAgent(); });
  }
  HRESULT OpenDevice(LPCWSTR lpName, IServerVirtualDevice** ppVirtualDevice) override {
    if (ppVirtualDevice != nullptr) *ppVirtualDevice = nullptr;
    uint64_t number = 0;
    return AbiGuard(
        "OpenDevice", subject(),
        [&] {
          const std::optional<std::string> name = NameOfCom(lpName);
          if (ppVirtualDevice == nullptr) return set().OpenDevice(name.value_or(""), nullptr);
          // All that may fail for want of memory comes before the device is open.
          ComPtr<ComServerDevice> face(new ComServerDevice(object_, name.value_or("")));
          const HResult hr = set().OpenDevice(name.value_or(""), &face->device());
          if (!hr.ok()) return hr;
          number = face->number();
          *ppVirtualDevice = face.Detach();
          return hr;
        },
        [&](CallRecord& record) {
          record.inputs = {{"lpName", TraceName(lpName)}};
        },
        [&](CallRecord& record) { record.outputs = {Number("device", number)}; });
  }
  HRESULT AllocateBuffer(BYTE** ppBuffer, DWORD dwSize, DWORD dwAlignment) override {
    return AbiGuard(
        "AllocateBuffer", subject(),
        [&] { return set().AllocateBuffer(ppBuffer, dwSize, dwAlignment); },
        [&](CallRecord& record) {
          record.inputs = {Number("dwSize", dwSize), Number("dwAlignment", dwAlignment)};
        },
        [&](CallRecord& record) {
          record.outputs = {{"ppBuffer", TraceAddress(*ppBuffer)}};
        });
  }
  HRESULT FreeBuffer(BYTE* pBuffer, DWORD dwSize) override {
    return AbiGuard(
        "FreeBuffer", subject(), [&] { return set().FreeBuffer(pBuffer, dwSize); },
        [&](CallRecord& record) {
          record.inputs = {{"pBuffer", TraceAddress(pBuffer)}, Number("dwSize", dwSize)};
        });
  }
  // A truth value that travels as a status (S-ISB-20).
  HRESULT IsSharedBuffer(BYTE* pBuffer) override {
    return AbiGuard(
        "IsSharedBuffer", subject(), [&] { return HResult(set().IsSharedBuffer(pBuffer) ? 1 : 0); },
        [&](CallRecord& record) {
          record.inputs = {{"pBuffer", TraceAddress(pBuffer)}};
        });
  }
  HRESULT SignalAbort() override {
    return AbiGuard("SignalAbort", subject(), [&] { return set().SignalAbort(); });
  }
  HRESULT Close() override {
    return AbiGuard("Close", subject(), [&] { return set().Close(); });
  }

  HRESULT WaitForActive(DWORD timeout_ms) override {
    return AbiGuard(
        "WaitForActive", subject(), [&] { return set().WaitForActive(TimeoutOfCom(timeout_ms)); },
        [&](CallRecord& record) { record.inputs = {Number("timeout_ms", timeout_ms)}; });
  }
  HRESULT WaitForAgent(DWORD timeout_ms) override {
    return AbiGuard(
        "WaitForAgent", subject(), [&] { return set().WaitForAgent(TimeoutOfCom(timeout_ms)); },
        [&](CallRecord& record) { record.inputs = {Number("timeout_ms", timeout_ms)}; });
  }
  HRESULT GetAbortReason(DWORD* reason) override {
    return AbiGuard(
        "GetAbortReason", subject(),
        [&] {
          if (reason == nullptr) return set().GetAbortReason(nullptr);
          VdiSimAbortReason why = VdiSimNotAborted;
          const HResult hr = set().GetAbortReason(&why);
          if (hr.ok()) *reason = why;
          return hr;
        },
        NoValues, [&](CallRecord& record) { record.outputs = {Number("reason", *reason)}; });
  }
  HRESULT AdvanceClock(DWORD milliseconds) override {
    return AbiGuard(
        "AdvanceClock", subject(),
        [&] { return set().AdvanceClock(std::chrono::milliseconds(milliseconds)); },
        [&](CallRecord& record) { record.inputs = {Number("milliseconds", milliseconds)}; });
  }
  HRESULT WaitForWaiters(DWORD count, DWORD timeout_ms) override {
    return AbiGuard(
        "WaitForWaiters", subject(),
        [&] { return set().WaitForWaiters(count, TimeoutOfCom(timeout_ms)); },
        [&](CallRecord& record) {
          record.inputs = {Number("count", count), Number("timeout_ms", timeout_ms)};
        });
  }

 private:
  ~ComServerSet() = default;
  ServerSet& set() { return object_->set(); }
  const CallSubject& subject() const { return object_->subject(); }

  ReferenceCount references_;
  const std::shared_ptr<ServerObject> object_ = std::make_shared<ServerObject>();
};

}  // namespace

IServerVirtualDeviceSet2* NewComServerSet() { return new ComServerSet; }

}  // namespace vdisim
