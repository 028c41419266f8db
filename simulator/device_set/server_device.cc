#include "simulator/device_set/server_device.h"

#include <algorithm>
#include <bit>
#include <mutex>

#include "simulator/device_set/set_transitions.h"
#include "simulator/include/vdi_codes.h"

namespace vdisim {
namespace {

// S-SND-20: what the callback says when SendCommand refuses.
int32_t CallbackCodeOf(HResult answer) {
  if (answer == kQueueFull) return ERROR_NO_SYSTEM_RESOURCES;
  if (answer == kUnexpected) return ERROR_IO_DEVICE;
  if (answer == kAbort) return ERROR_OPERATION_ABORTED;
  return ERROR_INVALID_HANDLE;
}

constexpr uint64_t BitOf(uint32_t slot) { return uint64_t{1} << slot; }

bool MovesData(int32_t code) { return code == VDC_Read || code == VDC_Write; }

}  // namespace

void RunCallback(VDS_Command* command, int32_t completion_code) {
  command->completionCode = completion_code;
  reinterpret_cast<void (*)(VDS_Command*)>(command->completionRoutine)(command);
}

OpenedServerDevice::OpenedServerDevice(ControlSegment& control, BufferPool& pool, PeerWatch& watch,
                                       Progress& progress, uint32_t index)
    : control_(control),
      pool_(pool),
      watch_(watch),
      progress_(progress),
      slot_(control.device(index)) {}

// Returns  VD_E_ABORT       aborted; callback 995                          S-SND-05
//          VD_E_PROTOCOL    the device is not active; callback 6           S-SND-04
//          VD_E_UNEXPECTED  the device is in IO-ERROR; callback 1117       S-SND-03, G-02
//          VD_E_QUEUE_FULL  too many outstanding; callback 1450            S-SND-02
//          VD_E_INVALID     no routine, or the buffer does not do; no callback
HResult OpenedServerDevice::SendCommand(VDS_Command* command) {
  const bool can_call_back = command != nullptr && command->completionRoutine != nullptr;
  HResult answer;
  {
    const std::lock_guard lock(lock_);
    uint32_t buffer = kNoBuffer;
    answer = CheckState();
    if (answer.ok()) answer = can_call_back ? CheckCommand(*command, &buffer) : kInvalid;
    if (answer.ok()) {
      Push(command, buffer);
      return kOk;
    }
  }
  if (can_call_back && answer != kInvalid) {
    command->bytesTransferred = 0;
    RunCallback(command, CallbackCodeOf(answer));  // CMD-S04: at once, on this thread
  }
  return answer;
}

HResult OpenedServerDevice::CheckState() const {
  if (detached_) return ServerAnswer(ServerCall::kSendCommand, ServerView::kDoesNotExist);
  if (refusing_) return kAbort;
  if (HResult answer = ServerAnswer(ServerCall::kSendCommand, control_.server_view());
      !answer.ok()) {
    return answer;
  }
  return closed_ ? kProtocol : kOk;
}

HResult OpenedServerDevice::CheckCommand(const VDS_Command& command, uint32_t* buffer) const {
  if (errored_ && command.commandCode != VDC_ClearError) return kUnexpected;  // CMD-11
  if (outstanding_.load(std::memory_order_relaxed) >= DepthMax()) return kQueueFull;

  if (command.buffer == nullptr) return MovesData(command.commandCode) ? kInvalid : kOk;
  const std::optional<BufferPool::Allocation> allocation = pool_.Find(command.buffer);
  if (!allocation.has_value()) return kInvalid;
  if (MovesData(command.commandCode) &&
      (command.size < 0 || static_cast<uint32_t>(command.size) > allocation->size)) {
    return kInvalid;
  }
  *buffer = allocation->place.Packed();
  return kOk;
}

// G-59: four, or as many as there are buffers.
uint32_t OpenedServerDevice::DepthMax() const {
  return std::clamp(pool_.total_buffers(), kOutstandingLeast, kOutstandingMax);
}

void OpenedServerDevice::Push(VDS_Command* command, uint32_t buffer) {
  // Going round, so that a command's address in the client is not used again at once: completing
  // one twice is seen (C-CMP-24).
  const uint64_t from_next = std::rotr(~in_use_, static_cast<int>(next_slot_));
  const uint32_t slot =
      (next_slot_ + static_cast<uint32_t>(std::countr_zero(from_next))) % kOutstandingMax;
  next_slot_ = (slot + 1) % kOutstandingMax;
  in_use_ |= BitOf(slot);
  commands_[slot] = {.command = command, .position = sent_, .epoch = epoch_, .buffer = buffer};
  progress_.CommandSent();
  outstanding_.store(outstanding_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  Write(slot_.commands, sent_++,
        {.code = command->commandCode,
         .size = command->size,
         .position = command->inPosition,
         .buffer = buffer,
         .slot = slot,
         .epoch = epoch_});
  slot_.command_event.Signal();
}

VDS_Command* OpenedServerDevice::Release(uint32_t slot) {
  in_use_ &= ~BitOf(slot);
  outstanding_.store(outstanding_.load(std::memory_order_relaxed) - 1, std::memory_order_release);
  return commands_[slot].command;
}

bool OpenedServerDevice::IsSane(const RingCompletion& completion) const {
  if (completion.slot >= kOutstandingMax || (in_use_ & BitOf(completion.slot)) == 0) return false;
  const Outstanding& outstanding = commands_[completion.slot];
  if (outstanding.position != completion.command) return false;
  // The first error of an epoch says how far the client had fetched.
  const bool first_error = completion.code != 0 && outstanding.epoch == epoch_;
  return !first_error || (completion.fetched > completion.command && completion.fetched <= sent_);
}

OpenedServerDevice::Ended OpenedServerDevice::ReleaseFrom(uint64_t first) {
  std::array<uint32_t, kOutstandingMax> slots;
  Ended ended;
  for (uint64_t left = in_use_; left != 0; left &= left - 1) {
    const auto slot = static_cast<uint32_t>(std::countr_zero(left));
    if (commands_[slot].position >= first) slots[ended.count++] = slot;
  }
  std::sort(slots.begin(), slots.begin() + ended.count, [this](uint32_t a, uint32_t b) {
    return commands_[a].position < commands_[b].position;
  });
  for (uint32_t i = 0; i < ended.count; ++i) ended.commands[i] = Release(slots[i]);
  return ended;
}

void OpenedServerDevice::Ended::Run(int32_t completion_code) const {
  for (uint32_t i = 0; i < count; ++i) {
    commands[i]->bytesTransferred = 0;
    RunCallback(commands[i], completion_code);
  }
}

bool OpenedServerDevice::TakeCompletion() {
  if (!HasCompletion()) return false;
  const RingCompletion completion = Read(slot_.completions, taken_);
  VDS_Command* command = nullptr;
  Ended unseen;
  {
    const std::lock_guard lock(lock_);
    if (!IsSane(completion)) {
      control_.Abort(VdiSimDamaged);
      return false;
    }
    ++taken_;
    const bool current = commands_[completion.slot].epoch == epoch_;
    command = Release(completion.slot);
    if (completion.code != 0 && current) {
      errored_ = true;  // CMD-10
      ++epoch_;
      unseen = ReleaseFrom(completion.fetched);
    } else if (errored_ && current && command->commandCode == VDC_ClearError) {
      errored_ = false;  // CMD-15
    }
    progress_.CommandsEnded(1 + unseen.count);
  }
  command->bytesTransferred = static_cast<int32_t>(completion.bytes);
  command->outPosition = completion.position;
  RunCallback(command, completion.code);
  unseen.Run(ERROR_IO_DEVICE);  // CMD-12
  return true;
}

void OpenedServerDevice::LookForDamage() {
  if (!IsPlausible(slot_.completions, taken_)) control_.Abort(VdiSimDamaged);
}

void OpenedServerDevice::EndOutstanding() {
  Ended ended;
  {
    const std::lock_guard lock(lock_);
    refusing_ = true;
    ended = ReleaseFrom(0);
    if (ended.count > 0) progress_.CommandsEnded(ended.count);
  }
  ended.Run(ERROR_OPERATION_ABORTED);
}

// Returns  VD_E_ABORT     aborted; nothing else is done   S-CDV-02
//          VD_E_PROTOCOL  not Active yet                  S-CDV-04
//          VD_E_CLOSE     closed already                  S-CDV-01, G-50
HResult OpenedServerDevice::CloseDevice() {
  const std::lock_guard lock(lock_);
  if (detached_) return ServerAnswer(ServerCall::kCloseDevice, ServerView::kDoesNotExist);
  control_.CountCall();
  watch_.LookNow();
  if (HResult answer = ServerAnswer(ServerCall::kCloseDevice, control_.server_view());
      !answer.ok()) {
    return answer;
  }
  if (closed_) return kClose;

  closed_ = true;
  slot_.server.state.store(static_cast<uint32_t>(DeviceState::kClosed), std::memory_order_seq_cst);
  slot_.command_event.Signal();
  if (control_.CountServerDevices(DeviceState::kClosed) == control_.device_count()) {
    control_.Advance(SetEvent::kLastDeviceCloses);
  }
  return kOk;
}

bool OpenedServerDevice::Holds(BufferPlace place) {
  const std::lock_guard lock(lock_);
  for (uint64_t left = in_use_; left != 0; left &= left - 1) {
    if (commands_[static_cast<uint32_t>(std::countr_zero(left))].buffer == place.Packed()) {
      return true;
    }
  }
  return false;
}

void OpenedServerDevice::Detach() {
  const std::lock_guard lock(lock_);
  detached_ = true;
}

}  // namespace vdisim
