#include "simulator/device_set/client_set.h"

#include <mutex>
#include <utility>

#include "simulator/device_set/client_opening.h"
#include "simulator/device_set/set_transitions.h"

namespace vdisim {

class ClientSet::Impl {
 public:
  explicit Impl(const ClientOptions& options) : options_(options) {}

  // Enters a set by `open` if this object has none (L-30, L-38).
  template <typename Open>
  HResult Enter(const Open& open) {
    const std::lock_guard lock(mutex_);
    if (opening_ != nullptr) return kProtocol;
    auto opening = open(options_);
    if (!opening.ok()) return opening.code();
    opening_ = std::move(opening.value());
    return kOk;
  }

  // Runs a call on the opening, or gives the table's answer where there is none.
  template <typename Call>
  HResult Run(ClientCall name, const Call& call) {
    std::shared_ptr<ClientOpening> opening;
    {
      const std::lock_guard lock(mutex_);
      opening = opening_;
    }
    if (opening == nullptr) return ClientAnswer(name, ClientView::kDoesNotExist);
    return call(*opening);
  }

  HResult Close() {
    std::shared_ptr<ClientOpening> opening;
    {
      const std::lock_guard lock(mutex_);
      opening = std::exchange(opening_, nullptr);
    }
    if (opening == nullptr) return ClientAnswer(ClientCall::kCloseSet, ClientView::kDoesNotExist);
    return opening->Close();
  }

 private:
  const ClientOptions options_;
  std::mutex mutex_;
  std::shared_ptr<ClientOpening> opening_;
};

ClientSet::ClientSet(const ClientOptions& options) : impl_(std::make_shared<Impl>(options)) {}

ClientSet::~ClientSet() { static_cast<void>(impl_->Close()); }

HResult ClientSet::Create(std::string_view instance, std::string_view name,
                          const VDConfig& request) {
  return impl_->Enter([&](const ClientOptions& options) {
    return ClientOpening::Create(instance, name, request, options);
  });
}

HResult ClientSet::OpenInSecondary(std::string_view instance, std::string_view name) {
  return impl_->Enter([&](const ClientOptions& options) {
    return ClientOpening::OpenInSecondary(instance, name, options);
  });
}

HResult ClientSet::GetConfiguration(Timeout timeout, VDConfig* configuration) {
  return impl_->Run(ClientCall::kGetConfiguration, [&](ClientOpening& opening) {
    return opening.GetConfiguration(timeout, configuration);
  });
}

HResult ClientSet::OpenDevice(std::string_view name, std::shared_ptr<ClientDevice>* device) {
  if (device != nullptr) device->reset();
  return impl_->Run(ClientCall::kOpenDevice,
                    [&](ClientOpening& opening) { return opening.OpenDevice(name, device); });
}

HResult ClientSet::Close() { return impl_->Close(); }

HResult ClientSet::SignalAbort() {
  return impl_->Run(ClientCall::kSignalAbort,
                    [](ClientOpening& opening) { return opening.SignalAbort(); });
}

std::function<void()> ClientSet::Aborter() const {
  return [weak = std::weak_ptr<Impl>(impl_)] {
    const std::shared_ptr<Impl> impl = weak.lock();
    if (impl == nullptr) return;
    static_cast<void>(impl->Run(ClientCall::kSignalAbort,
                                [](ClientOpening& opening) { return opening.SignalAbort(); }));
  };
}

HResult ClientSet::GetBufferHandle(const uint8_t* buffer, uint32_t* handle) {
  return impl_->Run(ClientCall::kGetBufferHandle, [&](ClientOpening& opening) {
    return opening.GetBufferHandle(buffer, handle);
  });
}

HResult ClientSet::MapBufferHandle(int32_t handle, uint8_t** buffer) {
  return impl_->Run(ClientCall::kMapBufferHandle, [&](ClientOpening& opening) {
    return opening.MapBufferHandle(handle, buffer);
  });
}

}  // namespace vdisim
