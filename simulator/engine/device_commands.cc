#include "simulator/engine/device_commands.h"

#include <algorithm>
#include <utility>

#include "simulator/include/vdi_codes.h"

namespace vdisim {
namespace {

bool MovesData(int32_t code) { return code == VDC_Read || code == VDC_Write; }

// S-SND-20: what the callback says when SendCommand refuses; used where it was not called.
int32_t CodeOfRefusal(HResult hr) {
  if (hr == kQueueFull) return ERROR_NO_SYSTEM_RESOURCES;
  if (hr == kProtocol) return ERROR_INVALID_HANDLE;
  if (hr == kAbort) return ERROR_OPERATION_ABORTED;
  return ERROR_IO_DEVICE;
}

}  // namespace

CompletionVerdict JudgeCompletion(const VDS_Command& command) {
  if (command.completionCode != ERROR_SUCCESS) return CompletionVerdict::kError;
  if (MovesData(command.commandCode) && command.bytesTransferred != command.size) {
    return CompletionVerdict::kMismatch;
  }
  return CompletionVerdict::kGood;
}

DeviceCommands::DeviceCommands(RunState* run, TransferBufferPool* pool,
                               ComPtr<IServerVirtualDevice> device, std::string name,
                               uint32_t number, uint32_t share)
    : run_(run),
      pool_(pool),
      device_(std::move(device)),
      name_(std::move(name)),
      number_(number),
      share_(share) {}

void DeviceCommands::OnCompletion(VDS_Command* vds) {
  auto* command = reinterpret_cast<SentCommand*>(vds->completionContext);
  command->device->Complete(command);
}

void DeviceCommands::Complete(SentCommand* command) {
  const std::scoped_lock lock(mutex_);
  if (command->done) return;
  command->done = true;
  ++done_count_;
  const bool moved = MovesData(command->vds.commandCode) &&
                     JudgeCompletion(command->vds) == CompletionVerdict::kGood;
  run_->CommandDone(moved ? command->size() : 0);
  changed_.notify_all();
}

bool DeviceCommands::Send(int32_t code, TransferBuffer buffer, uint32_t size,
                          uint64_t stream_offset) {
  outstanding_.push_back(std::make_unique<SentCommand>());
  SentCommand& command = *outstanding_.back();
  command.device = this;
  command.number = ++sent_;
  command.stream_offset = stream_offset;
  command.buffer = buffer;
  while (true) {
    command.vds = VDS_Command{};
    command.vds.commandCode = code;
    command.vds.size = static_cast<int32_t>(size);
    // CMD-Read-1, CMD-Write-1: the position means something with VDF_RandomAccess only.
    if (random_access_ && MovesData(code)) {
      command.vds.inPosition = static_cast<int64_t>(stream_offset);
    }
    command.vds.buffer = buffer.data;
    command.vds.completionRoutine = reinterpret_cast<uint8_t*>(&DeviceCommands::OnCompletion);
    command.vds.completionContext = reinterpret_cast<uint8_t*>(&command);
    {
      const std::scoped_lock lock(mutex_);
      command.done = false;
    }
    run_->CommandSent();
    const HResult hr(device_->SendCommand(&command.vds));
    if (hr.ok()) return true;
    {
      const std::scoped_lock lock(mutex_);
      if (!command.done) {
        // The callback did not run (VD_E_INVALID): nothing else will end this command.
        command.vds.completionCode = CodeOfRefusal(hr);
        command.done = true;
        ++done_count_;
        run_->CommandDone(0);
      }
    }
    if (hr == kQueueFull && outstanding_.size() > 1 && WaitForRoom()) continue;
    break;
  }
  std::unique_ptr<SentCommand> refused = Remove(outstanding_.end() - 1);
  run_->Fail(FailureOf(*refused));
  Retire(std::move(refused));
  return false;
}

// Waits until a command that was outstanding when the queue turned out to be full has ended.
bool DeviceCommands::WaitForRoom() {
  std::unique_lock lock(mutex_);
  const auto pending = [&] {
    return std::count_if(outstanding_.begin(), outstanding_.end(),
                         [](const auto& command) { return !command->done; });
  };
  const auto before = pending();
  if (before == 0) return !abandoned_;
  changed_.wait(lock, [&] { return abandoned_ || pending() < before; });
  return !abandoned_ && !run_->failed();
}

std::unique_ptr<SentCommand> DeviceCommands::Remove(
    const std::deque<std::unique_ptr<SentCommand>>::iterator& at) {
  std::unique_ptr<SentCommand> command = std::move(*at);
  outstanding_.erase(at);
  if (command->os_code() != ERROR_SUCCESS) errored_ = true;
  return command;
}

std::unique_ptr<SentCommand> DeviceCommands::TakeOldest() {
  if (outstanding_.empty()) return nullptr;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return abandoned_ || outstanding_.front()->done; });
  if (!outstanding_.front()->done) return nullptr;
  return Remove(outstanding_.begin());
}

std::unique_ptr<SentCommand> DeviceCommands::TakeAny() {
  if (outstanding_.empty()) return nullptr;
  std::unique_lock lock(mutex_);
  auto found = outstanding_.end();
  changed_.wait(lock, [&] {
    found = std::find_if(outstanding_.begin(), outstanding_.end(),
                         [](const auto& command) { return command->done; });
    return abandoned_ || found != outstanding_.end();
  });
  if (found == outstanding_.end()) return nullptr;
  return Remove(found);
}

void DeviceCommands::Retire(std::unique_ptr<SentCommand> command) {
  if (command->buffer.number != 0) pool_->Give(command->buffer);
}

Failure DeviceCommands::FailureOf(const SentCommand& command) const {
  return Failure{.kind = JudgeCompletion(command.vds) == CompletionVerdict::kMismatch
                             ? FailureKind::kTransferMismatch
                             : FailureKind::kCommandFailed,
                 .device = name_,
                 .device_number = number_,
                 .command_number = command.number,
                 .command_code = command.vds.commandCode,
                 .os_code = command.os_code(),
                 .abort_reason = 0,
                 .hr = kOk,
                 .size = command.size(),
                 .transferred = command.transferred(),
                 .media_error = MediaError::kNone,
                 .stream_offset = command.stream_offset,
                 .detail = {},
                 .messages = {}};
}

bool DeviceCommands::Accept(const SentCommand& command) {
  if (JudgeCompletion(command.vds) == CompletionVerdict::kGood) return true;
  run_->Fail(FailureOf(command));
  return false;
}

bool DeviceCommands::Execute(int32_t code) {
  if (run_->failed() || !Send(code, {}, 0, 0)) return false;
  const std::unique_ptr<SentCommand> command = TakeOldest();
  return command != nullptr && Accept(*command);
}

void DeviceCommands::ExecuteAndIgnore(int32_t code) {
  if (Send(code, {}, 0, 0)) TakeOldest();
}

void DeviceCommands::Drain() {
  while (std::unique_ptr<SentCommand> command = TakeAny()) {
    Accept(*command);
    Retire(std::move(command));
  }
}

void DeviceCommands::Abandon() {
  const std::scoped_lock lock(mutex_);
  abandoned_ = true;
  changed_.notify_all();
}

}  // namespace vdisim
