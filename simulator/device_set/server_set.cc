#include "simulator/device_set/server_set.h"

#include <mutex>
#include <utility>

#include "simulator/device_set/server_opening.h"
#include "simulator/device_set/set_transitions.h"

namespace vdisim {

class ServerSet::Impl {
 public:
  HResult Open(std::string_view instance, std::string_view name) {
    const std::lock_guard lock(mutex_);
    if (opening_ != nullptr) return kProtocol;  // L-40
    auto opening = ServerOpening::Open(instance, name);
    if (!opening.ok()) return opening.code();
    opening_ = std::move(opening.value());
    was_open_ = true;
    last_reason_ = VdiSimNotAborted;
    return kOk;
  }

  std::shared_ptr<ServerOpening> opening() {
    const std::lock_guard lock(mutex_);
    return opening_;
  }

  // Runs a call on the opening, or gives the table's answer where there is none.
  template <typename Call>
  HResult Run(ServerCall name, const Call& call) {
    const std::shared_ptr<ServerOpening> open = opening();
    if (open == nullptr) return ServerAnswer(name, ServerView::kDoesNotExist);
    return call(*open);
  }

  HResult Close() {
    std::shared_ptr<ServerOpening> closing;
    {
      const std::lock_guard lock(mutex_);
      closing = std::exchange(opening_, nullptr);
    }
    if (closing == nullptr) return ServerAnswer(ServerCall::kCloseSet, ServerView::kDoesNotExist);
    const HResult answer = closing->Close();
    const std::lock_guard lock(mutex_);
    last_reason_ = closing->abort_reason();
    return answer;
  }

  HResult GetAbortReason(VdiSimAbortReason* reason) {
    if (reason == nullptr) return kInvalid;
    const std::lock_guard lock(mutex_);
    if (!was_open_) return kProtocol;
    *reason = opening_ != nullptr ? opening_->abort_reason() : last_reason_;
    return kOk;
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<ServerOpening> opening_;
  bool was_open_ = false;
  VdiSimAbortReason last_reason_ = VdiSimNotAborted;
};

ServerSet::ServerSet() : impl_(std::make_shared<Impl>()) {}

ServerSet::~ServerSet() { static_cast<void>(impl_->Close()); }

HResult ServerSet::Open(std::string_view instance, std::string_view name) {
  return impl_->Open(instance, name);
}

HResult ServerSet::GetConfiguration(VDConfig* configuration) {
  return impl_->Run(ServerCall::kGetConfiguration,
                    [&](ServerOpening& open) { return open.GetConfiguration(configuration); });
}

HResult ServerSet::BeginConfiguration(uint32_t features, uint32_t block_size, uint32_t alignment,
                                      uint32_t max_transfer_size) {
  return impl_->Run(ServerCall::kBeginConfiguration, [&](ServerOpening& open) {
    return open.BeginConfiguration(features, block_size, alignment, max_transfer_size);
  });
}

HResult ServerSet::EndConfiguration() {
  return impl_->Run(ServerCall::kEndConfiguration,
                    [](ServerOpening& open) { return open.EndConfiguration(); });
}

HResult ServerSet::RequestBuffers(uint32_t size, uint32_t alignment, uint32_t count) {
  return impl_->Run(ServerCall::kRequestBuffers, [&](ServerOpening& open) {
    return open.RequestBuffers(size, alignment, count);
  });
}

HResult ServerSet::QueryAvailableBuffers(uint32_t size, uint32_t alignment, uint32_t* count) {
  return impl_->Run(ServerCall::kQueryAvailableBuffers, [&](ServerOpening& open) {
    return open.QueryAvailableBuffers(size, alignment, count);
  });
}

HResult ServerSet::ExecuteCompletionAgent() {
  return impl_->Run(ServerCall::kExecuteCompletionAgent,
                    [](ServerOpening& open) { return open.ExecuteCompletionAgent(); });
}

HResult ServerSet::OpenDevice(std::string_view name, std::shared_ptr<ServerDevice>* device) {
  if (device != nullptr) device->reset();
  return impl_->Run(ServerCall::kOpenDevice,
                    [&](ServerOpening& open) { return open.OpenDevice(name, device); });
}

HResult ServerSet::AllocateBuffer(uint8_t** buffer, uint32_t size, uint32_t alignment) {
  return impl_->Run(ServerCall::kAllocateBuffer, [&](ServerOpening& open) {
    return open.AllocateBuffer(buffer, size, alignment);
  });
}

HResult ServerSet::FreeBuffer(uint8_t* buffer, uint32_t size) {
  return impl_->Run(ServerCall::kFreeBuffer,
                    [&](ServerOpening& open) { return open.FreeBuffer(buffer, size); });
}

bool ServerSet::IsSharedBuffer(const uint8_t* buffer) {
  const std::shared_ptr<ServerOpening> open = impl_->opening();
  return open != nullptr && open->IsSharedBuffer(buffer);
}

HResult ServerSet::SignalAbort() {
  return impl_->Run(ServerCall::kSignalAbort,
                    [](ServerOpening& open) { return open.SignalAbort(); });
}

HResult ServerSet::Close() { return impl_->Close(); }

HResult ServerSet::WaitForActive(Timeout timeout) {
  const std::shared_ptr<ServerOpening> open = impl_->opening();
  return open == nullptr ? kProtocol : open->WaitForActive(timeout);
}

HResult ServerSet::WaitForAgent(Timeout timeout) {
  const std::shared_ptr<ServerOpening> open = impl_->opening();
  return open == nullptr ? kProtocol : open->WaitForAgent(timeout);
}

HResult ServerSet::GetAbortReason(VdiSimAbortReason* reason) {
  return impl_->GetAbortReason(reason);
}

HResult ServerSet::WaitForWaiters(uint32_t count, Timeout timeout) {
  const std::shared_ptr<ServerOpening> open = impl_->opening();
  return open == nullptr ? kProtocol : open->WaitForWaiters(count, timeout);
}

HResult ServerSet::AdvanceClock(Nanoseconds step) {
  const std::shared_ptr<ServerOpening> open = impl_->opening();
  return open == nullptr ? kProtocol : open->AdvanceClock(step);
}

}  // namespace vdisim
