#include "simulator/device_set/client_device.h"

#include <mutex>
#include <thread>

#include "simulator/device_set/set_transitions.h"
#include "simulator/shm/liveness.h"

namespace vdisim {

OpenedClientDevice::OpenedClientDevice(ControlSegment& control, ClientAreas& areas,
                                       PeerWatch& watch, uint32_t index)
    : control_(control), areas_(areas), watch_(watch), slot_(control.device(index)) {}

// Returns  VD_E_PROTOCOL  the set is not open here, or has terminated normally   C-GET-05
//          VD_E_ABORT     aborted, also while waiting                            C-GET-04
//          VD_E_CLOSE     the server closed the device; again later, G-49        C-GET-02
//          VD_E_TIMEOUT   nothing came in time                                   C-GET-03
HResult OpenedClientDevice::GetCommand(Timeout timeout, VDC_Command** command) {
  std::optional<Deadline> deadline;
  std::unique_lock lock(lock_);
  while (true) {
    if (const std::optional<HResult> answer = TryGet(command)) return *answer;

    ++waiting_;  // keeps the mapping while the lock is free
    lock.unlock();
    bool came = false;
    if (timeout.length().count() == 0) {
      watch_.Look();  // a client that polls has to notice a death, too
      came = MayHaveAnswer();
    } else {
      if (!deadline.has_value()) deadline = Deadline::After(control_.clock(), timeout);
      const ControlSegment::ClockWait counted(control_, *deadline);
      came = shm::WaitUntil(
          slot_.command_event, counted, *deadline, spin_, [this] { return MayHaveAnswer(); },
          [this] { watch_.Look(); });
    }
    lock.lock();
    --waiting_;
    if (!came) return kTimeout;
  }
}

bool OpenedClientDevice::MayHaveAnswer() const {
  const uint64_t next = fetched_.load(std::memory_order_relaxed);
  if (IsWritten(slot_.commands, next) && !held_back_.load(std::memory_order_acquire)) return true;
  if (detached_.load(std::memory_order_acquire)) return true;
  if (control_.state() == SetState::kAborted) return true;
  return slot_.server.state.load(std::memory_order_acquire) ==
         static_cast<uint32_t>(DeviceState::kClosed);
}

std::optional<HResult> OpenedClientDevice::TryGet(VDC_Command** command) {
  if (detached_.load(std::memory_order_relaxed)) {
    return ClientAnswer(ClientCall::kGetCommand, ClientView::kDoesNotExist);
  }
  // C-GET-23: after an abort nothing is delivered, not even what is queued already.
  const SetState state = control_.state();
  if (state == SetState::kAborted) return kAbort;
  if (IsClosed()) {  // G-49
    const HResult answer = ClientAnswer(ClientCall::kGetCommand, control_.client_view());
    return answer.ok() ? kClose : answer;
  }

  if (command == nullptr) return kInvalid;  // G-62, after the state (G-63)
  // Looked at before the ring: the server closes after it has sent its last command.
  const bool closed = slot_.server.state.load(std::memory_order_acquire) ==
                      static_cast<uint32_t>(DeviceState::kClosed);
  held_back_.store(false, std::memory_order_relaxed);
  uint64_t next = fetched_.load(std::memory_order_relaxed);
  while (IsWritten(slot_.commands, next)) {
    const RingCommand entry = Read(slot_.commands, next);
    if (errored_ && entry.epoch == error_epoch_) {
      fetched_.store(++next, std::memory_order_relaxed);  // CMD-12: the client never sees it
      continue;
    }
    if (held_count_ > 0 && entry.epoch != last_epoch_) {
      held_back_.store(true, std::memory_order_release);  // CMD-13
      break;
    }
    return Deliver(entry, command);
  }
  if (!closed) return std::nullopt;

  // L-15: for the client the set ends when its last device says so.
  slot_.client.state.store(static_cast<uint32_t>(DeviceState::kClosed), std::memory_order_seq_cst);
  return kClose;
}

HResult OpenedClientDevice::Deliver(const RingCommand& entry, VDC_Command** command) {
  if (entry.slot >= kOutstandingMax || held_[entry.slot].in_use) return Damaged();
  uint8_t* buffer = nullptr;
  if (entry.buffer != kNoBuffer) {
    const BufferPlace place = BufferPlace::Unpack(entry.buffer);
    BufferArea* area = nullptr;
    if (HResult hr = areas_.Find(place, &area); !hr.ok()) {
      // The command stays queued when this process merely lacks the memory to map the area.
      return hr == kInvalid ? Damaged() : hr;
    }
    const bool moves_data = entry.code == VDC_Read || entry.code == VDC_Write;
    if (moves_data &&
        (entry.size < 0 || static_cast<uint32_t>(entry.size) > area->geometry().data_bytes)) {
      return Damaged();
    }
    buffer = area->DataZone(place.index);
  }

  const uint64_t position = fetched_.load(std::memory_order_relaxed);
  held_[entry.slot] = {.in_use = true, .command = position, .epoch = entry.epoch};
  ++held_count_;
  last_epoch_ = entry.epoch;
  errored_ = false;  // a new epoch has begun
  fetched_.store(position + 1, std::memory_order_relaxed);
  slot_.client.fetched.store(position + 1, std::memory_order_relaxed);
  VDC_Command& copy = commands_[entry.slot];
  copy.commandCode = entry.code;
  copy.size = entry.size;
  copy.position = entry.position;
  copy.buffer = buffer;
  *command = &copy;
  if (guard_ != nullptr) [[unlikely]] {
    *command = LendGuarded(entry.slot, copy, entry.buffer);
  }
  return kOk;
}

void OpenedClientDevice::Guard(const GuardOptions& options, BufferGuard& buffers) {
  const std::lock_guard lock(lock_);
  const auto index = static_cast<uint32_t>(&slot_ - &control_.device(0));
  guard_ =
      CommandGuard::Make(options, control_.facts().name, std::string(control_.DeviceName(index)));
  guarded_buffers_ = &buffers;
}

VDC_Command* OpenedClientDevice::LendGuarded(uint32_t slot, const VDC_Command& command,
                                             uint32_t buffer) {
  VDC_Command* const address = guard_->AddressOf(slot);
  VDC_Command lent = command;
  std::optional<BufferPlace> place;
  BufferArea* area = nullptr;
  if (buffer != kNoBuffer) place = BufferPlace::Unpack(buffer);
  if (place.has_value() && areas_.Find(*place, &area).ok()) {
    lent.buffer = guarded_buffers_->Lend(*place, *area, command, address, guard_->device());
  }
  guard_->Lend(slot, lent, place);
  return address;
}

void OpenedClientDevice::TakeBackGuarded(uint32_t slot) {
  const std::optional<BufferPlace> place = guard_->TakeBack(slot);
  if (place.has_value()) guarded_buffers_->TakeBack(*place);
}

HResult OpenedClientDevice::Damaged() {
  control_.Abort(VdiSimDamaged);
  return kAbort;
}

// G-61: the address counts, and what the client wrote into the copy does not.
std::optional<uint32_t> OpenedClientDevice::HeldSlotOf(const VDC_Command* command) const {
  if (guard_ != nullptr) [[unlikely]] {
    const std::optional<uint32_t> guarded = guard_->SlotOf(command);
    return guarded.has_value() && held_[*guarded].in_use ? guarded : std::nullopt;
  }
  const auto offset =
      reinterpret_cast<uintptr_t>(command) - reinterpret_cast<uintptr_t>(commands_.data());
  const auto slot = offset / sizeof(VDC_Command);
  if (slot >= commands_.size() || &commands_[slot] != command || !held_[slot].in_use) {
    return std::nullopt;
  }
  return static_cast<uint32_t>(slot);
}

// Returns  VD_E_ABORT     the set is aborted; ignored                   C-CMP-03
//          VD_E_PROTOCOL  the device is not open                        C-CMP-04
//          VD_E_INVALID   not a delivered, uncompleted command          C-CMP-02
HResult OpenedClientDevice::CompleteCommand(VDC_Command* command, int32_t completion_code,
                                            uint32_t bytes_transferred, int64_t position) {
  const std::lock_guard lock(lock_);
  if (detached_.load(std::memory_order_relaxed)) {
    return ClientAnswer(ClientCall::kCompleteCommand, ClientView::kDoesNotExist);
  }
  // A device that has not reported its close cannot see Normally Terminated.
  const ClientView view = ViewOfClient(control_.state(), /*every_close_reported=*/false);
  if (HResult answer = ClientAnswer(ClientCall::kCompleteCommand, view); !answer.ok()) {
    return answer;
  }
  if (IsClosed()) return kProtocol;
  const std::optional<uint32_t> slot = HeldSlotOf(command);
  if (!slot.has_value()) return kInvalid;

  if (guard_ != nullptr) [[unlikely]] {
    TakeBackGuarded(*slot);  // before anybody learns of the completion
  }
  Held& held = held_[*slot];
  RingCompletion completion{.command = held.command,
                            .fetched = 0,
                            .position = position,
                            .slot = *slot,
                            .code = completion_code,
                            .bytes = bytes_transferred};
  const bool in_error = errored_ && held.epoch == error_epoch_;
  if (completion_code != 0 && !in_error) {
    // CMD-10: from here on no more commands of this epoch are delivered; the agent learns how far
    // the client had come.
    errored_ = true;
    error_epoch_ = held.epoch;
    completion.fetched = fetched_.load(std::memory_order_relaxed);
  }
  held.in_use = false;
  --held_count_;
  Write(slot_.completions, completed_++, completion);
  slot_.client.completed.store(completed_, std::memory_order_relaxed);
  if (held_count_ == 0 && held_back_.load(std::memory_order_relaxed)) {
    held_back_.store(false, std::memory_order_release);
    slot_.command_event.Signal();
  }
  control_.events().agent.Signal();
  return kOk;
}

bool OpenedClientDevice::IsClosed() const {
  return slot_.client.state.load(std::memory_order_relaxed) ==
         static_cast<uint32_t>(DeviceState::kClosed);
}

void OpenedClientDevice::Detach() {
  std::unique_lock lock(lock_);
  detached_.store(true, std::memory_order_release);
  slot_.command_event.Signal();
  while (waiting_ > 0) {
    // The waits end at once; those threads only need to come by.
    lock.unlock();
    std::this_thread::yield();
    lock.lock();
  }
  if (guard_ != nullptr) guard_->Finish();
}

}  // namespace vdisim
