#include "simulator/abi/com_client.h"

#include <cstdint>
#include <memory>
#include <utility>

#include "simulator/abi/abi_environment.h"
#include "simulator/abi/abi_guard.h"
#include "simulator/abi/call_values.h"
#include "simulator/abi/client_object.h"
#include "simulator/abi/com_object.h"
#include "simulator/base/com_ptr.h"

namespace vdisim {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-virtual-class-destructor): Release ends it, nobody else may.
class ComClientDevice final : public IClientVirtualDevice {
 public:
  ComClientDevice(std::shared_ptr<ClientObject> set, std::string name)
      : subject_(set->subject(), std::move(name)), set_(std::move(set)) {}

  HRESULT QueryInterface(REFIID iid, void** object) override {
    if (object == nullptr) return E_POINTER;
    *object = nullptr;
    if (!(iid == IID_IUnknown || iid == IID_IClientVirtualDevice)) return E_NOINTERFACE;
    AddRef();
    *object = static_cast<IClientVirtualDevice*>(this);
    return S_OK;
  }
  ULONG AddRef() override { return references_.Add(); }
  ULONG Release() override {
    const ULONG left = references_.Drop();
    if (left == 0) delete this;
    return left;
  }

  HRESULT GetCommand(DWORD dwTimeOut, VDC_Command** ppCmd) override {
    return AbiGuard(
        "GetCommand", subject_, [&] { return device_->GetCommand(TimeoutOfCom(dwTimeOut), ppCmd); },
        [&](CallRecord& record) {
          record.inputs = {{"dwTimeOut", TraceNumber(uint64_t{dwTimeOut})}};
        },
        [&](CallRecord& record) { AddCommand(*ppCmd, &record.outputs); });
  }
  HRESULT CompleteCommand(VDC_Command* pCmd, DWORD dwCompletionCode, DWORD dwBytesTransferred,
                          DWORDLONG dwlPosition) override {
    return AbiGuard(
        "CompleteCommand", subject_,
        [&] {
          return device_->CompleteCommand(pCmd, static_cast<int32_t>(dwCompletionCode),
                                          dwBytesTransferred, static_cast<int64_t>(dwlPosition));
        },
        [&](CallRecord& record) {
          record.inputs = {{"pCmd", TraceAddress(pCmd)},
                           {"dwCompletionCode", TraceNumber(uint64_t{dwCompletionCode})},
                           {"dwBytesTransferred", TraceNumber(uint64_t{dwBytesTransferred})},
                           {"dwlPosition", TraceNumber(uint64_t{dwlPosition})}};
        });
  }

  std::shared_ptr<ClientDevice>& device() { return device_; }
  uint64_t number() const { return subject_.number(); }

 private:
  ~ComClientDevice() = default;

  ReferenceCount references_;
  const CallSubject subject_;
  const std::shared_ptr<ClientObject> set_;
  std::shared_ptr<ClientDevice> device_;
};

// NOLINTNEXTLINE(cppcoreguidelines-virtual-class-destructor): Release ends it, nobody else may.
class ComClientSet final : public IClientVirtualDeviceSet2 {
 public:
  HRESULT QueryInterface(REFIID iid, void** object) override {
    if (object == nullptr) return E_POINTER;
    *object = nullptr;
    if (!(iid == IID_IUnknown || iid == IID_IClientVirtualDeviceSet ||
          iid == IID_IClientVirtualDeviceSet2)) {
      return E_NOINTERFACE;
    }
    AddRef();
    *object = static_cast<IClientVirtualDeviceSet2*>(this);
    return S_OK;
  }
  ULONG AddRef() override { return references_.Add(); }
  ULONG Release() override {
    const ULONG left = references_.Drop();
    if (left == 0) delete this;
    return left;
  }

  HRESULT Create(LPCWSTR lpName, VDConfig* pCfg) override {
    return AbiGuard(
        "Create", object_->subject(),
        [&] { return object_->Create(InstanceOfEnvironment(), NameOfCom(lpName), pCfg); },
        [&](CallRecord& record) {
          record.inputs = {{"lpName", TraceName(lpName)}};
          AddConfiguration(pCfg, &record.inputs);
        });
  }
  HRESULT CreateEx(LPCWSTR lpInstanceName, LPCWSTR lpName, VDConfig* pCfg) override {
    return AbiGuard(
        "CreateEx", object_->subject(),
        [&] { return object_->Create(InstanceOfCom(lpInstanceName), NameOfCom(lpName), pCfg); },
        [&](CallRecord& record) {
          record.inputs = {{"lpInstanceName", TraceName(lpInstanceName)},
                           {"lpName", TraceName(lpName)}};
          AddConfiguration(pCfg, &record.inputs);
        });
  }
  HRESULT OpenInSecondary(LPCWSTR lpSetName) override {
    return AbiGuard(
        "OpenInSecondary", object_->subject(),
        [&] { return object_->OpenInSecondary(InstanceOfEnvironment(), NameOfCom(lpSetName)); },
        [&](CallRecord& record) {
          record.inputs = {{"lpSetName", TraceName(lpSetName)}};
        });
  }
  HRESULT OpenInSecondaryEx(LPCWSTR lpInstanceName, LPCWSTR lpSetName) override {
    return AbiGuard(
        "OpenInSecondaryEx", object_->subject(),
        [&] {
          return object_->OpenInSecondary(InstanceOfCom(lpInstanceName), NameOfCom(lpSetName));
        },
        [&](CallRecord& record) {
          record.inputs = {{"lpInstanceName", TraceName(lpInstanceName)},
                           {"lpSetName", TraceName(lpSetName)}};
        });
  }
  HRESULT GetConfiguration(DWORD dwTimeOut, VDConfig* pCfg) override {
    return AbiGuard(
        "GetConfiguration", object_->subject(),
        [&] { return object_->set().GetConfiguration(TimeoutOfCom(dwTimeOut), pCfg); },
        [&](CallRecord& record) {
          record.inputs = {{"dwTimeOut", TraceNumber(uint64_t{dwTimeOut})}};
        },
        [&](CallRecord& record) { AddConfiguration(pCfg, &record.outputs); });
  }
  HRESULT OpenDevice(LPCWSTR lpName, IClientVirtualDevice** ppVirtualDevice) override {
    if (ppVirtualDevice != nullptr) *ppVirtualDevice = nullptr;  // C-ODV-11
    uint64_t number = 0;
    return AbiGuard(
        "OpenDevice", object_->subject(),
        [&] {
          const std::optional<std::string> name = NameOfCom(lpName);
          if (ppVirtualDevice == nullptr) return object_->OpenDevice(name, nullptr);
          // All that may fail for want of memory comes before the device is open.
          ComPtr<ComClientDevice> face(new ComClientDevice(object_, name.value_or("")));
          const HResult hr = object_->OpenDevice(name, &face->device());
          if (!hr.ok()) return hr;
          number = face->number();
          *ppVirtualDevice = face.Detach();
          return hr;
        },
        [&](CallRecord& record) {
          record.inputs = {{"lpName", TraceName(lpName)}};
        },
        [&](CallRecord& record) {
          record.outputs = {{"device", TraceNumber(number)}};
        });
  }
  HRESULT Close() override {
    return AbiGuard("Close", object_->subject(), [&] { return object_->set().Close(); });
  }
  HRESULT SignalAbort() override {
    return AbiGuard("SignalAbort", object_->subject(),
                    [&] { return object_->set().SignalAbort(); });
  }
  HRESULT GetBufferHandle(BYTE* pBuffer, DWORD* pBufferHandle) override {
    return AbiGuard(
        "GetBufferHandle", object_->subject(),
        [&] { return object_->set().GetBufferHandle(pBuffer, pBufferHandle); },
        [&](CallRecord& record) {
          record.inputs = {{"pBuffer", TraceAddress(pBuffer)}};
        },
        [&](CallRecord& record) {
          record.outputs = {{"pBufferHandle", TraceNumber(uint64_t{*pBufferHandle})}};
        });
  }
  HRESULT MapBufferHandle(DWORD dwBuffer, BYTE** ppBuffer) override {
    return AbiGuard(
        "MapBufferHandle", object_->subject(),
        [&] { return object_->set().MapBufferHandle(static_cast<int32_t>(dwBuffer), ppBuffer); },
        [&](CallRecord& record) {
          record.inputs = {{"dwBuffer", TraceNumber(uint64_t{dwBuffer})}};
        },
        [&](CallRecord& record) {
          record.outputs = {{"ppBuffer", TraceAddress(*ppBuffer)}};
        });
  }

 private:
  ~ComClientSet() = default;

  ReferenceCount references_;
  const std::shared_ptr<ClientObject> object_ =
      std::make_shared<ClientObject>(kComClientFace, "~IClientVirtualDeviceSet2");
};

}  // namespace

IClientVirtualDeviceSet2* NewComClientSet() { return new ComClientSet; }

}  // namespace vdisim
