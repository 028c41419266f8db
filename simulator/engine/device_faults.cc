// What a device does for a fault plan: commands besides, and errors that are cleared (CMD-10 to
// CMD-16).
#include <algorithm>
#include <utility>

#include "simulator/engine/device_commands.h"
#include "simulator/include/vdi_codes.h"

namespace vdisim {
namespace {

// What the plan's own Reads and Writes carry, which are illegal anyway.
constexpr uint32_t kInterjectedBytes = 512;

bool EndsData(const SentCommand& command) {
  return command.vds.commandCode == VDC_Read &&
         (command.os_code() == ERROR_HANDLE_EOF || command.os_code() == ERROR_NO_DATA_DETECTED);
}

}  // namespace

// Where the plan has something else in mind for an error than to close: CMD-11 to CMD-16. True if
// the commands that failed are on their way again.
bool DeviceCommands::SentAgain(const SentCommand& failed) {
  if (failed.os_code() == ERROR_SUCCESS || failed.again || failed.cleared || EndsData(failed) ||
      run_->failed()) {
    return false;
  }
  const std::optional<AfterError> then = watch_->faults.AfterAnError(*this, failed.number);
  if (!then) return false;
  AwaitOutstanding();
  const auto is_cause = [](const auto& command) {
    return command->os_code() != ERROR_SUCCESS && command->os_code() != ERROR_IO_DEVICE;
  };
  const auto cause = std::find_if(outstanding_.begin(), outstanding_.end(), is_cause);
  const Failure failure = FailureOf(cause == outstanding_.end() ? failed : **cause);
  const std::unique_ptr<SentCommand> cleared = Interject(VDC_ClearError);
  if (cleared == nullptr) return false;
  const bool recovered = cleared->os_code() == ERROR_SUCCESS;
  // CMD-17: a device that cannot recover ends the operation.
  if (*then == AfterError::kSignalAbort || !recovered) watch_->faults.Abort(failure);
  if (!recovered) return false;
  for (const auto& command : outstanding_) {
    if (command->os_code() == ERROR_SUCCESS) continue;
    command->cleared = true;
    if (*then != AfterError::kSendAgain) continue;
    command->again = true;
    command->cleared = false;
    command->number = ++sent_;
    if (!Post(command.get()).ok()) break;
  }
  return *then == AfterError::kSendAgain;
}

// A command that was refused because one before it has put the device into IO-ERROR goes the way
// of that one.
bool DeviceCommands::SentAgainWithOthers() {
  AwaitOutstanding();
  const auto failed =
      std::find_if(outstanding_.begin(), outstanding_.end() - 1,
                   [](const auto& command) { return command->os_code() != ERROR_SUCCESS; });
  return failed != outstanding_.end() - 1 && SentAgain(**failed);
}

void DeviceCommands::AwaitOutstanding() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    return abandoned_ || std::all_of(outstanding_.begin(), outstanding_.end(),
                                     [](const auto& command) { return command->done; });
  });
}

bool DeviceCommands::HasError() {
  const std::scoped_lock lock(mutex_);
  return abandoned_ || std::any_of(outstanding_.begin(), outstanding_.end(), [](const auto& one) {
           return one->os_code() != ERROR_SUCCESS && !one->cleared;
         });
}

std::unique_ptr<SentCommand> DeviceCommands::Interject(int32_t code) {
  AwaitOutstanding();
  if (code != VDC_ClearError && HasError()) return nullptr;
  auto command = std::make_unique<SentCommand>();
  command->device = this;
  command->number = ++sent_;
  command->vds.commandCode = code;
  if (MovesData(code)) {
    command->vds.buffer = metadata_buffer_;
    command->vds.size = kInterjectedBytes;
  }
  if (!Post(command.get()).ok()) {
    run_->Fail(FailureOf(*command));
    return nullptr;
  }
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return abandoned_ || command->done; });
  if (!command->done) command.reset();
  return command;
}

}  // namespace vdisim
