// The server interfaces over device_set, for tests that run engine and client in one process. Each
// method forwards and does nothing else.
#ifndef SIMULATOR_ENGINE_TESTING_DEVICE_SET_SERVER_H_
#define SIMULATOR_ENGINE_TESTING_DEVICE_SET_SERVER_H_

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "simulator/base/utf16.h"
#include "simulator/device_set/server_set.h"
#include "simulator/include/vdi_com.h"
#include "simulator/include/vdi_sim.h"

namespace vdisim::testing_support {

inline std::string Narrow(LPCWSTR text) { return Utf8FromUtf16(text).value_or(""); }

// NOLINTBEGIN(cppcoreguidelines-virtual-class-destructor): COM tables have no destructors.
class TestServerDevice final : public IServerVirtualDevice {
 public:
  explicit TestServerDevice(std::shared_ptr<ServerDevice> device) : device_(std::move(device)) {}
  HRESULT QueryInterface(REFIID, void**) override { return E_NOINTERFACE; }
  ULONG AddRef() override { return ++references_; }
  ULONG Release() override {
    const ULONG left = --references_;
    if (left == 0) delete this;
    return left;
  }
  HRESULT SendCommand(VDS_Command* command) override {
    return device_->SendCommand(command).value();
  }
  HRESULT CloseDevice() override { return device_->CloseDevice().value(); }

 private:
  std::atomic<ULONG> references_{1};
  const std::shared_ptr<ServerDevice> device_;
};

class TestServerSet final : public IServerVirtualDeviceSet2, public IVdiSimServerControl {
 public:
  HRESULT QueryInterface(REFIID iid, void** object) override {
    if (!(iid == IID_IVdiSimServerControl)) return E_NOINTERFACE;
    AddRef();
    *object = static_cast<IVdiSimServerControl*>(this);
    return S_OK;
  }
  ULONG AddRef() override { return ++references_; }
  ULONG Release() override {
    const ULONG left = --references_;
    if (left == 0) delete this;
    return left;
  }
  HRESULT Open(LPCWSTR instance, LPCWSTR name) override {
    return set_.Open(Narrow(instance), Narrow(name)).value();
  }
  HRESULT GetConfiguration(VDConfig* configuration) override {
    return set_.GetConfiguration(configuration).value();
  }
  HRESULT BeginConfiguration(DWORD features, DWORD block, DWORD alignment, DWORD transfer,
                             DWORD) override {
    return set_.BeginConfiguration(features, block, alignment, transfer).value();
  }
  HRESULT EndConfiguration() override { return set_.EndConfiguration().value(); }
  HRESULT RequestBuffers(DWORD size, DWORD alignment, DWORD count) override {
    return set_.RequestBuffers(size, alignment, count).value();
  }
  HRESULT QueryAvailableBuffers(DWORD size, DWORD alignment, DWORD* count) override {
    return set_.QueryAvailableBuffers(size, alignment, count).value();
  }
  HRESULT ExecuteCompletionAgent() override { return set_.ExecuteCompletionAgent().value(); }
  HRESULT OpenDevice(LPCWSTR name, IServerVirtualDevice** device) override {
    std::shared_ptr<ServerDevice> opened;
    const HResult hr = set_.OpenDevice(Narrow(name), &opened);
    *device = hr.ok() ? new TestServerDevice(std::move(opened)) : nullptr;
    return hr.value();
  }
  HRESULT AllocateBuffer(BYTE** buffer, DWORD size, DWORD alignment) override {
    return set_.AllocateBuffer(buffer, size, alignment).value();
  }
  HRESULT FreeBuffer(BYTE* buffer, DWORD size) override {
    return set_.FreeBuffer(buffer, size).value();
  }
  HRESULT IsSharedBuffer(BYTE* buffer) override { return set_.IsSharedBuffer(buffer) ? 1 : 0; }
  HRESULT SignalAbort() override { return set_.SignalAbort().value(); }
  HRESULT Close() override { return set_.Close().value(); }

  HRESULT WaitForActive(DWORD timeout_ms) override {
    return set_.WaitForActive(Timeout::Milliseconds(timeout_ms)).value();
  }
  HRESULT GetAbortReason(DWORD* reason) override {
    VdiSimAbortReason why = VdiSimNotAborted;
    const HResult hr = set_.GetAbortReason(&why);
    *reason = why;
    return hr.value();
  }
  HRESULT AdvanceClock(DWORD) override { return VD_E_NOTSUPPORTED; }
  HRESULT WaitForWaiters(DWORD, DWORD) override { return VD_E_NOTSUPPORTED; }
  HRESULT WaitForAgent(DWORD) override { return VD_E_NOTSUPPORTED; }

 private:
  std::atomic<ULONG> references_{1};
  ServerSet set_;
};
// NOLINTEND(cppcoreguidelines-virtual-class-destructor)

}  // namespace vdisim::testing_support

#endif  // SIMULATOR_ENGINE_TESTING_DEVICE_SET_SERVER_H_
