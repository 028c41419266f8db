#include "simulator/engine/conversation.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "simulator/base/utf16.h"
#include "simulator/engine/failure_messages.h"
#include "simulator/include/vdi_codes.h"

namespace vdisim {
namespace {

using std::chrono::milliseconds;

// How often the driving thread looks at limits and at the stop token.
constexpr milliseconds kTurn{50};

std::u16string Wide(const std::string& text) { return Utf16FromUtf8(text).value_or(u""); }

std::string KnownSetsText(SetLocator& locator) {
  const std::vector<std::string> names = locator.KnownSets();
  if (names.empty()) return "no client has created a device set on this machine";
  std::string text = "sets that exist: ";
  for (const std::string& name : names) {
    text += fmt::format("{}'{}'", &name == names.data() ? "" : ", ", name);
  }
  return text;
}

}  // namespace

Conversation::Conversation(ConversationOptions options)
    : options_(std::move(options)),
      watch_(options_.watch != nullptr ? options_.watch : &no_watch_) {
  watch_->faults.Attach(&run_, options_.devices, options_.stop, [this](Failure failure) {
    Fail(std::move(failure));
    Abort();
  });
  run_.OnFailure([this] { watch_->faults.Release(); });
}

Conversation::~Conversation() { Finish(); }

bool Conversation::Start() {
  return !FailsAt(FailMoment::kBeforeOpen) && OpenSet() && !FailsAt(FailMoment::kAfterOpen) &&
         Configure() && OpenDevices() && AllocateBuffers() && WaitUntilActive();
}

bool Conversation::FailsAt(FailMoment moment) {
  std::optional<Failure> failure = watch_->faults.FailsAt(moment);
  if (!failure) return false;
  Fail(*std::move(failure));
  return true;
}

// A call that failed for the abort of the set is told as that abort; see ExplainAbort.
bool Conversation::CallFailed(HResult hr) {
  Failure failure;
  failure.kind = hr == kAbort ? FailureKind::kAborted : FailureKind::kCallFailed;
  failure.device = set_name();
  failure.hr = hr;
  run_.Fail(std::move(failure));
  ExplainAbort();
  return false;
}

bool Conversation::OpenSet() {
  const auto end = std::chrono::steady_clock::now() + options_.set_wait;
  while (true) {
    const auto left =
        std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
    const auto instance = LocateSet(*options_.locator, options_.instance, set_name(),
                                    std::max(left, milliseconds(0)), options_.stop);
    if (!instance) break;
    set_ = ComPtr<IServerVirtualDeviceSet2>(options_.factory());
    if (!set_) return CallFailed(kUnexpected);
    const HResult hr(set_->Open(Wide(*instance).c_str(), Wide(set_name()).c_str()));
    if (hr.ok()) {
      open_ = true;
      control_ = set_.As<IVdiSimServerControl>(IID_IVdiSimServerControl);
      return true;
    }
    // The set may have ended between the look and the call, or serve another statement still.
    if (hr != kInvalid) return CallFailed(hr);
    std::this_thread::sleep_for(milliseconds(20));
    if (std::chrono::steady_clock::now() >= end) break;
  }
  Failure failure;
  failure.kind =
      options_.stop.stop_requested() ? FailureKind::kCancelled : FailureKind::kSetMissing;
  failure.device = set_name();
  if (failure.kind == FailureKind::kSetMissing) {
    failure.detail =
        fmt::format("waited {} ms for a client to create the device set '{}'; {}",
                    options_.set_wait.count(), set_name(), KnownSetsText(*options_.locator));
  }
  Fail(std::move(failure));
  return false;
}

bool Conversation::Configure() {
  watch_->faults.DelayConfigure();
  VDConfig client{};
  if (const HResult hr(set_->GetConfiguration(&client)); !hr.ok()) return CallFailed(hr);
  Failure rejected;
  rejected.kind = FailureKind::kConfigurationRejected;
  rejected.device = set_name();
  const auto chosen = NegotiateTransfer(client, watch_->faults.Change(options_.request),
                                        *options_.profile, &rejected.detail);
  if (!chosen) {
    Fail(std::move(rejected));
    return false;
  }
  configuration_ = *chosen;
  const HResult hr(set_->BeginConfiguration(configuration_.features, configuration_.block_bytes,
                                            configuration_.alignment,
                                            configuration_.max_transfer_bytes, 0));
  if (!hr.ok()) return CallFailed(hr);
  if (!ObtainBuffers()) return false;
  watch_->journal.Configure(set_name(), options_.devices, configuration_, client.serverTimeOut);
  return true;
}

// S-END-04: when the memory cannot be had, less is asked for, down to one buffer a device.
bool Conversation::ObtainBuffers() {
  while (true) {
    HResult hr(set_->RequestBuffers(configuration_.max_transfer_bytes, configuration_.alignment,
                                    configuration_.buffers));
    if (hr.ok()) {
      hr = HResult(set_->RequestBuffers(configuration_.metadata_bytes, configuration_.alignment,
                                        device_count()));
    }
    if (hr.ok()) hr = HResult(set_->EndConfiguration());
    if (hr.ok()) return true;
    if (hr != kMemory) return CallFailed(hr);
    if (configuration_.buffers == device_count()) break;
    configuration_.buffers = std::max(device_count(), configuration_.buffers / 2);
  }
  Failure failure;
  failure.kind = FailureKind::kNoBuffers;
  failure.device = set_name();
  failure.detail = fmt::format("not even {} buffers of {} bytes could be had", device_count(),
                               configuration_.max_transfer_bytes);
  Fail(std::move(failure));
  return false;
}

bool Conversation::OpenDevices() {
  watch_->faults.DelayOpen();
  for (uint32_t i = 0; i < device_count(); ++i) {
    ComPtr<IServerVirtualDevice> device;
    const HResult hr(set_->OpenDevice(Wide(options_.devices[i]).c_str(), device.Receive()));
    if (!hr.ok()) return CallFailed(hr);
    devices_.push_back(std::make_unique<DeviceCommands>(
        &run_, watch_, &pool_, std::move(device), options_.devices[i], i + 1,
        BufferShare(configuration_.buffers, device_count(), i)));
    devices_.back()->SetRandomAccess(configuration_.random_access);
  }
  agent_ = std::thread([this] {
    const HResult hr(set_->ExecuteCompletionAgent());
    // Whatever it says, no completion comes after it.
    (void)hr.ok();
    agent_ended_.store(true);
    watch_->faults.Release();
    const std::scoped_lock lock(mutex_);
    changed_.notify_all();
  });
  return true;
}

bool Conversation::AllocateBuffers() {
  for (uint32_t i = 0; i < configuration_.buffers; ++i) {
    BYTE* buffer = nullptr;
    const HResult hr(
        set_->AllocateBuffer(&buffer, configuration_.max_transfer_bytes, configuration_.alignment));
    if (!hr.ok()) return CallFailed(hr);
    pool_.Add(buffer);
  }
  for (const auto& device : devices_) {
    BYTE* buffer = nullptr;
    const HResult hr(
        set_->AllocateBuffer(&buffer, configuration_.metadata_bytes, configuration_.alignment));
    if (!hr.ok()) return CallFailed(hr);
    device->SetMetadataBuffer(buffer);
  }
  return true;
}

// G-33: the limit is ours; the documents know none.
bool Conversation::WaitUntilActive() {
  const auto end = std::chrono::steady_clock::now() + options_.wait;
  while (true) {
    const HResult hr(control_ ? control_->WaitForActive(static_cast<DWORD>(kTurn.count()))
                              : kOk.value());
    if (hr.ok()) return true;
    if (hr != kTimeout) return CallFailed(hr);
    Failure failure;
    failure.device = set_name();
    if (options_.stop.stop_requested()) {
      failure.kind = FailureKind::kCancelled;
    } else if (std::chrono::steady_clock::now() >= end) {
      failure.kind = FailureKind::kDevicesNotOpened;
      failure.detail = fmt::format("waited {} ms for the client to open its {} device(s)",
                                   options_.wait.count(), device_count());
    } else {
      continue;
    }
    Fail(std::move(failure));
    Abort();
    return false;
  }
}

bool Conversation::RunOnDevices(const std::function<void(DeviceCommands&)>& work) {
  if (run_.failed()) return false;
  RunThreads(work);
  if (options_.on_progress) options_.on_progress(run_.bytes_done());
  ExplainAbort();
  return !run_.failed();
}

void Conversation::RunThreads(const std::function<void(DeviceCommands&)>& work) {
  watch_->faults.BeginPart();
  std::atomic<uint32_t> running{device_count()};
  std::vector<std::thread> threads;
  threads.reserve(devices_.size());
  for (const auto& device : devices_) {
    threads.emplace_back([&, commands = device.get()] {
      work(*commands);
      commands->Drain();
      if (!commands->idle()) CallFailed(kAbort);
      watch_->faults.EndPart(commands->number());
      const std::scoped_lock lock(mutex_);
      running.fetch_sub(1);
      changed_.notify_all();
    });
  }
  Supervise(running);
  for (std::thread& thread : threads) thread.join();
}

// Looks after the device threads until all have ended.
void Conversation::Supervise(const std::atomic<uint32_t>& running) {
  bool abandoned = false;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, kTurn,
                        [&] { return running.load() == 0 || (agent_ended_.load() && !abandoned); });
    }
    if (running.load() == 0) return;
    EnforceLimits();
    if (agent_ended_.load() && !abandoned) {
      // The agent has called back for every command that was outstanding at an abort. Should it
      // have left one out, nobody is going to wait for it.
      abandoned = true;
      for (const auto& device : devices_) device->Abandon();
    }
    if (options_.on_progress) options_.on_progress(run_.bytes_done());
  }
}

void Conversation::EnforceLimits() {
  if (aborted_) return;
  Failure failure;
  failure.device = set_name();
  if (options_.stop.stop_requested()) {
    failure.kind = FailureKind::kCancelled;
  } else if (run_.Stalled(options_.stall)) {
    failure.kind = FailureKind::kStalled;
    failure.detail = fmt::format("{} command(s) outstanding, none completed for {} ms",
                                 run_.outstanding(), options_.stall.count());
  } else {
    return;
  }
  Fail(std::move(failure));
  Abort();
}

void Conversation::Abort() {
  if (aborted_.exchange(true)) return;
  watch_->journal.Abort(AbortReasonText(VdiSimServerAborted));
  const HResult hr(set_->SignalAbort());
  // It can only refuse when there is no set, and then there is nothing to abort either.
  (void)hr.ok();
}

// An abort reaches the engine as 995 in a callback or as VD_E_ABORT of a call; who caused it, and
// how, is what the user wants to know.
void Conversation::ExplainAbort() {
  const std::optional<Failure> failure = run_.failure();
  if (!failure || aborted_ || !control_) return;
  const bool looks_aborted =
      failure->kind == FailureKind::kAborted ||
      (failure->kind == FailureKind::kCommandFailed && failure->os_code == ERROR_OPERATION_ABORTED);
  DWORD reason = VdiSimNotAborted;
  if (!looks_aborted || !HResult(control_->GetAbortReason(&reason)).ok()) return;
  if (reason == VdiSimNotAborted) return;
  Failure explained = *failure;
  explained.kind = FailureKind::kAborted;
  explained.abort_reason = reason;
  watch_->journal.Abort(AbortReasonText(reason));
  run_.Explain(std::move(explained));
}

void Conversation::Discard() {
  RunThreads([](DeviceCommands& device) {
    // CMD-11: a device in IO-ERROR takes nothing else before this.
    if (device.errored()) device.ExecuteAndIgnore(VDC_ClearError);
    device.ExecuteAndIgnore(VDC_Discard);
  });
}

void Conversation::CloseDevices() {
  watch_->faults.DelayClose();
  if (aborted_) return;
  watch_->journal.CloseDevices();
  for (const auto& device : devices_) {
    const HResult hr(device->device()->CloseDevice());
    if (hr.ok() || run_.failed()) continue;
    // S-CDV-02: the client gave up before the end was agreed on.
    CallFailed(hr);
  }
}

void Conversation::StopAgent() {
  if (agent_.joinable()) agent_.join();
}

bool Conversation::Finish() {
  if (finished_) return !run_.failed();
  finished_ = true;
  if (open_) {
    const std::optional<Failure> failure = run_.failure();
    const bool active = devices_.size() == device_count() && agent_.joinable() && !agent_ended_;
    if (failure && failure->kind != FailureKind::kAborted && !aborted_) {
      // Before all devices are open there is nothing to close normally.
      if (!active || failure->kind == FailureKind::kCallFailed ||
          failure->kind == FailureKind::kConfigurationRejected) {
        Abort();
      } else if (configuration_.discard && options_.request.backup) {
        Discard();
      }
    }
    if (!aborted_ && active) CloseDevices();
    const HResult hr(set_->Close());
    // It releases everything also when it complains (S-CLO-20).
    (void)hr.ok();
  }
  StopAgent();
  devices_.clear();
  control_.Reset();
  set_.Reset();
  FailsAt(FailMoment::kAfterTransfer);
  return !run_.failed();
}

}  // namespace vdisim
