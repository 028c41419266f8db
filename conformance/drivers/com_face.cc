#include "conformance/drivers/com_face.h"

#include <fmt/format.h>

#include <cstddef>

#include "conformance/drivers/host_loop.h"

namespace conform {
namespace {

constexpr DWORD kForEver = 0xFFFFFFFF;

DWORD TimeoutOf(int64_t timeout_ms) {
  return timeout_ms < 0 || timeout_ms > kForEver ? kForEver : static_cast<DWORD>(timeout_ms);
}

class ComDevice final : public ClientDeviceFace {
 public:
  explicit ComDevice(IClientVirtualDevice* device) : device_(device) {}

  int GetCommand(int64_t timeout_ms, VDC_Command** command) override {
    return device_->GetCommand(TimeoutOf(timeout_ms), command);
  }
  int CompleteCommand(VDC_Command* command, int completion, uint64_t bytes,
                      int64_t position) override {
    return device_->CompleteCommand(command, static_cast<DWORD>(completion),
                                    static_cast<DWORD>(bytes), static_cast<DWORDLONG>(position));
  }
  void LetGo() override { device_->Release(); }

 private:
  IClientVirtualDevice* const device_;
};

class ComSet final : public ClientSetFace {
 public:
  explicit ComSet(IClientVirtualDeviceSet2* set) : set_(set) {}

  // The deprecated calls go through the interface that declares them (G-51).
  int Create(const NameArgument& name, VDConfig* configuration) override {
    return WithTheOldInterface([&](IClientVirtualDeviceSet& old) {
      return old.Create(WideName(name).get(), configuration);
    });
  }
  int CreateEx(const NameArgument& instance, const NameArgument& name,
               VDConfig* configuration) override {
    return set_->CreateEx(WideName(instance).get(), WideName(name).get(), configuration);
  }
  int OpenInSecondary(const NameArgument& name) override {
    return WithTheOldInterface(
        [&](IClientVirtualDeviceSet& old) { return old.OpenInSecondary(WideName(name).get()); });
  }
  int OpenInSecondaryEx(const NameArgument& instance, const NameArgument& name) override {
    return set_->OpenInSecondaryEx(WideName(instance).get(), WideName(name).get());
  }
  int GetConfiguration(int64_t timeout_ms, VDConfig* configuration) override {
    return set_->GetConfiguration(TimeoutOf(timeout_ms), configuration);
  }
  int OpenDevice(const NameArgument& name, OpenedDevice* opened) override {
    std::max_align_t bytes = {};  // no object, but an address that the library cannot give
    auto* const untouched = reinterpret_cast<IClientVirtualDevice*>(&bytes);
    IClientVirtualDevice* given = untouched;
    const HRESULT code =
        set_->OpenDevice(WideName(name).get(), opened == nullptr ? nullptr : &given);
    if (opened == nullptr) return code;
    if (code == 0 && given == untouched) given = nullptr;
    opened->given = given != nullptr;
    if (code == 0 && opened->given) opened->device = std::make_shared<ComDevice>(given);
    return code;
  }
  int Close() override { return set_->Close(); }
  int SignalAbort() override { return set_->SignalAbort(); }
  int GetBufferHandle(uint8_t* buffer, unsigned int* handle) override {
    return set_->GetBufferHandle(buffer, handle);
  }
  int MapBufferHandle(int64_t handle, uint8_t** buffer) override {
    return set_->MapBufferHandle(static_cast<DWORD>(handle), buffer);
  }
  void RegisterDeviceClosed() override {
    throw RequestError("the COM interfaces have no RegisterDeviceClosed");
  }
  void LetGo() override { set_->Release(); }
  bool OutlivedByItsDevices() const override { return true; }

 private:
  template <typename Call>
  int WithTheOldInterface(const Call& call) {
    void* object = nullptr;
    if (const HRESULT code = set_->QueryInterface(IID_IClientVirtualDeviceSet, &object);
        code != S_OK) {
      return code;
    }
    auto* old = static_cast<IClientVirtualDeviceSet*>(object);
    const int code = call(*old);
    old->Release();
    return code;
  }

  IClientVirtualDeviceSet2* const set_;
};

}  // namespace

std::shared_ptr<ClientSetFace> ComFace::NewSet() {
  void* object = nullptr;
  const HRESULT code =
      factory_(CLSID_MSSQL_ClientVirtualDeviceSet, IID_IClientVirtualDeviceSet2, &object);
  if (code != S_OK || object == nullptr) {
    throw RequestError(fmt::format("VdiCreateInstance makes no client set: {:#010x}",
                                   static_cast<uint32_t>(code)));
  }
  return std::make_shared<ComSet>(static_cast<IClientVirtualDeviceSet2*>(object));
}

}  // namespace conform
