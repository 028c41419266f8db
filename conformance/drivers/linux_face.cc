#include "conformance/drivers/linux_face.h"

#include <new>

#include "conformance/drivers/host_loop.h"

namespace conform {
namespace {

// The interface takes texts that could be written to; each call gets a copy of its own.
class WritableName {
 public:
  explicit WritableName(const NameArgument& name) : name_(name) {}
  char* get() { return name_ ? name_->data() : nullptr; }

 private:
  NameArgument name_;
};

class LinuxDevice final : public ClientDeviceFace {
 public:
  LinuxDevice(const ProviderFunctions& functions, ProviderObject* device)
      : functions_(functions), device_(device) {}

  int GetCommand(int64_t timeout_ms, VDC_Command** command) override {
    return functions_.get_command(device_, static_cast<time_t>(timeout_ms), command);
  }
  int CompleteCommand(VDC_Command* command, int completion, uint64_t bytes,
                      int64_t position) override {
    return functions_.complete_command(device_, command, completion,
                                       static_cast<unsigned long>(bytes), position);
  }
  // The library made it with new, and says that to delete it is the client's choice.
  void LetGo() override {
    functions_.destroy_device(device_);
    ::operator delete(device_);
  }

 private:
  const ProviderFunctions functions_;
  ProviderObject* const device_;
};

class LinuxSet final : public ClientSetFace {
 public:
  explicit LinuxSet(const ProviderFunctions& functions) : functions_(functions) {
    functions_.construct_set(&object_);
  }

  int Create(const NameArgument& name, VDConfig* configuration) override {
    return functions_.create(&object_, WritableName(name).get(), configuration);
  }
  int CreateEx(const NameArgument& /*instance*/, const NameArgument& /*name*/,
               VDConfig* /*configuration*/) override {
    throw RequestError("the C++ classes have no CreateEx");
  }
  int OpenInSecondary(const NameArgument& name) override {
    return functions_.open_in_secondary(&object_, WritableName(name).get());
  }
  int OpenInSecondaryEx(const NameArgument& /*instance*/, const NameArgument& /*name*/) override {
    throw RequestError("the C++ classes have no OpenInSecondaryEx");
  }
  int GetConfiguration(int64_t timeout_ms, VDConfig* configuration) override {
    return functions_.get_configuration(&object_, static_cast<time_t>(timeout_ms), configuration);
  }
  int OpenDevice(const NameArgument& name, OpenedDevice* opened) override {
    ProviderObject untouched;
    ProviderObject* given = &untouched;
    const int code = functions_.open_device(&object_, WritableName(name).get(),
                                            opened == nullptr ? nullptr : &given);
    if (opened == nullptr) return code;
    if (code == 0 && given == &untouched) given = nullptr;
    opened->given = given != nullptr;
    if (code == 0 && opened->given) {
      opened->device = std::make_shared<LinuxDevice>(functions_, given);
    }
    return code;
  }
  int Close() override { return functions_.close(&object_); }
  int SignalAbort() override { return functions_.signal_abort(&object_); }
  int GetBufferHandle(uint8_t* buffer, unsigned int* handle) override {
    return functions_.get_buffer_handle(&object_, buffer, handle);
  }
  int MapBufferHandle(int64_t handle, uint8_t** buffer) override {
    return functions_.map_buffer_handle(&object_, static_cast<int>(handle), buffer);
  }
  void RegisterDeviceClosed() override { functions_.register_device_closed(&object_); }
  void LetGo() override { functions_.destroy_set(&object_); }
  bool OutlivedByItsDevices() const override { return false; }

 private:
  const ProviderFunctions functions_;
  ProviderObject object_;
};

}  // namespace

std::shared_ptr<ClientSetFace> LinuxFace::NewSet() {
  return std::make_shared<LinuxSet>(functions_);
}

}  // namespace conform
