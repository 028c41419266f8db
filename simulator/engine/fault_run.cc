#include "simulator/engine/fault_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "simulator/engine/device_commands.h"
#include "simulator/engine/fault_message.h"
#include "simulator/include/vdi_codes.h"
#include "simulator/include/vdi_sim.h"

namespace vdisim {
namespace {

std::string LineText(int line) { return fmt::format("line {} of the fault plan", line); }

// As if the server's own file could not be read: it ends a transfer without a word to the client.
Failure OwnTrouble(int line) {
  Failure failure;
  failure.kind = FailureKind::kOwnFile;
  failure.device = "database";
  failure.os_code = ERROR_READ_FAULT;
  failure.detail = "the devices are closed early, says " + LineText(line);
  return failure;
}

}  // namespace

FaultRun::FaultRun(StatementFaults plan, std::string database, StatementJournal* journal,
                   std::function<void()> end_process)
    : plan_(std::move(plan)),
      database_(std::move(database)),
      journal_(journal),
      end_process_(std::move(end_process)) {}

void FaultRun::Attach(RunState* run, const std::vector<std::string>& devices, std::stop_token stop,
                      std::function<void(Failure)> abort) {
  run_ = run;
  set_name_ = devices.front();
  stop_ = std::move(stop);
  abort_ = std::move(abort);
  devices_.resize(devices.size());
}

void FaultRun::FireWhole(const char* what, int line) {
  journal_->Fire({.what = what, .device = 0, .number = 0, .line = line});
}

ConfigurationRequest FaultRun::Change(ConfigurationRequest request) {
  if (plan_.complete) request.grants_complete = plan_.complete->value.grant;
  if (plan_.depth) {
    FireWhole("depth", plan_.depth->line);
    request.commands_in_flight = plan_.depth->value;
  }
  const auto& sizes = request.backup ? plan_.write_sizes : plan_.read_sizes;
  if (sizes) {
    FireWhole("sizes", sizes->line);
    request.transfer_bytes = sizes->value.bytes;
    request.any_transfer_bytes = sizes->value.illegal;
  }
  return request;
}

std::optional<Failure> FaultRun::FailsAt(FailMoment moment) {
  if (!plan_.fail || plan_.fail->value.moment != moment || run_->failed()) return std::nullopt;
  FireWhole("fail", plan_.fail->line);
  Failure failure;
  if (auto message = FaultMessage(plan_.fail->value, database_, set_name_)) {
    failure.messages.push_back(*std::move(message));
  }
  failure.detail = "the statement fails, says " + LineText(plan_.fail->line);
  return failure;
}

uint64_t FaultRun::ChatterBytes() {
  if (!plan_.chatter_bytes) return 0;
  FireWhole("chatter", plan_.chatter_bytes->line);
  return plan_.chatter_bytes->value;
}

bool FaultRun::SkipsFlush() {
  if (!plan_.no_flush) return false;
  FireWhole("no-flush", plan_.no_flush->line);
  return true;
}

bool FaultRun::SendsComplete(bool granted) {
  if (!plan_.complete) return granted;
  const bool sends = plan_.complete->value.send && (granted || !plan_.complete->value.grant);
  if (sends != granted || !plan_.complete->value.grant) FireWhole("complete", plan_.complete->line);
  return sends;
}

void FaultRun::DelayConfigure() {
  if (!plan_.delay_configure) return;
  FireWhole("delay-configure", plan_.delay_configure->line);
  Wait(plan_.delay_configure->value);
}

void FaultRun::DelayOpen() {
  if (!plan_.delay_open) return;
  FireWhole("delay-open", plan_.delay_open->line);
  Wait(plan_.delay_open->value);
}

void FaultRun::DelayClose() {
  if (!plan_.delay_close || run_->failed()) return;
  FireWhole("delay-close", plan_.delay_close->line);
  Wait(plan_.delay_close->value);
}

void FaultRun::Wait(std::optional<std::chrono::milliseconds> time) {
  std::unique_lock lock(mutex_);
  const auto over = [&] { return released_; };
  if (time) {
    changed_.wait_for(lock, stop_, *time, over);
  } else {
    changed_.wait(lock, stop_, over);
  }
  lock.unlock();
  CancelIfAsked();
}

// A wait that a stop request has ended must not let the statement go on.
void FaultRun::CancelIfAsked() {
  if (!stop_.stop_requested() || run_->failed()) return;
  Failure failure;
  failure.kind = FailureKind::kCancelled;
  failure.device = set_name_;
  abort_(std::move(failure));
}

void FaultRun::Release() {
  const std::scoped_lock lock(mutex_);
  released_ = true;
  changed_.notify_all();
}

void FaultRun::BeginPart() {
  const std::scoped_lock lock(mutex_);
  for (Device& device : devices_) device.ended = false;
}

void FaultRun::EndPart(uint32_t device_number) {
  const std::scoped_lock lock(mutex_);
  devices_[device_number - 1].ended = true;
  changed_.notify_all();
}

void FaultRun::Completed(uint32_t device_number) {
  if (!plan_.first) return;
  const std::scoped_lock lock(mutex_);
  ++devices_[device_number - 1].completed;
  changed_.notify_all();
}

// A device that does not exist, or has nothing more to do, keeps nobody waiting.
bool FaultRun::IsTurnOf(uint32_t device_number) const {
  if (plan_.first && plan_.first->value.device != device_number &&
      plan_.first->value.device <= devices_.size()) {
    const Device& first = devices_[plan_.first->value.device - 1];
    if (!first.ended && first.completed < plan_.first->value.commands) return false;
  }
  if (!plan_.starve || plan_.starve->value != device_number) return true;
  const auto running =
      std::count_if(devices_.begin(), devices_.end(), [](const Device& d) { return !d.ended; });
  return running <= 1;
}

void FaultRun::WaitForTurn(DeviceCommands& device, int32_t code) {
  if ((!plan_.first && !plan_.starve) || code == VDC_ClearError) return;
  std::unique_lock lock(mutex_);
  if (IsTurnOf(device.number())) return;
  const bool starved = plan_.starve && plan_.starve->value == device.number();
  bool& told = starved ? told_starve_ : told_first_;
  if (!std::exchange(told, true)) {
    journal_->Fire({.what = starved ? "starve" : "first",
                    .device = starved ? device.number() : plan_.first->value.device,
                    .number = 0,
                    .line = starved ? plan_.starve->line : plan_.first->line});
  }
  changed_.wait(lock, stop_, [&] { return released_ || IsTurnOf(device.number()); });
  lock.unlock();
  CancelIfAsked();
}

bool FaultRun::Matches(const FaultPoint& point, uint32_t device_number, int32_t code) const {
  if (point.device != device_number) return false;
  const Device& device = devices_[device_number - 1];
  if (point.code == 0) return point.nth == device.sent;
  return point.code == code && point.nth == device.sent_of.at(code);
}

bool FaultRun::BeforeSend(DeviceCommands& device, int32_t code) {
  if (run_->failed()) return true;
  WaitForTurn(device, code);
  if (!plan_.points.empty()) {
    Device& counts = devices_[device.index()];
    ++counts.sent;
    ++counts.sent_of[code];
    for (const PointFault& fault : plan_.points) {
      if (run_->failed()) break;
      if (!fault.point.after && Matches(fault.point, device.number(), code)) {
        Act(fault, device, code, device.sent() + 1);
      }
    }
  }
  return !run_->failed();
}

void FaultRun::AfterSend(DeviceCommands& device, int32_t code) {
  if (plan_.points.empty() || run_->failed()) return;
  const uint64_t number = device.sent();
  for (const PointFault& fault : plan_.points) {
    if (!fault.point.after || !Matches(fault.point, device.number(), code)) continue;
    device.AwaitOutstanding();
    if (run_->failed() || device.HasError()) return;
    Act(fault, device, code, number);
  }
}

void FaultRun::Act(const PointFault& fault, DeviceCommands& device, int32_t code, uint64_t number) {
  journal_->Fire({.what = Name(fault.action),
                  .device = device.number(),
                  .number = number,
                  .line = fault.line});
  switch (fault.action) {
    case PointAction::kStall:
      Wait(fault.stall);
      break;
    case PointAction::kSignalAbort: {
      Failure failure;
      failure.kind = FailureKind::kAborted;
      failure.device = device.name();
      failure.device_number = device.number();
      failure.command_number = number;
      failure.command_code = code;
      failure.abort_reason = VdiSimServerAborted;
      failure.detail = "SignalAbort was called, says " + LineText(fault.line);
      abort_(std::move(failure));
      break;
    }
    case PointAction::kCloseEarly:
      run_->Fail(OwnTrouble(fault.line));
      break;
    case PointAction::kKill:
      if (end_process_) end_process_();
      break;
    case PointAction::kFlush:
    case PointAction::kCommand:
      Interject(fault, device);
      break;
  }
}

// A Flush that fails fails the statement, as at the end. What comes back for another command says
// what the client can do, and changes nothing; but an error puts the device into IO-ERROR (CMD-10).
void FaultRun::Interject(const PointFault& fault, DeviceCommands& device) {
  const bool flush = fault.action == PointAction::kFlush;
  const auto command = device.Interject(flush ? VDC_Flush : fault.code);
  if (command == nullptr) return;
  if (flush) {
    device.Accept(*command);
  } else if (command->os_code() != ERROR_SUCCESS) {
    device.Interject(VDC_ClearError);
  }
}

std::optional<AfterError> FaultRun::AfterAnError(const DeviceCommands& device, uint64_t number) {
  if (!plan_.clear_error) return std::nullopt;
  journal_->Fire({.what = "clear-error",
                  .device = device.number(),
                  .number = number,
                  .line = plan_.clear_error->line});
  return plan_.clear_error->value;
}

const Planned<PastEndFault>* FaultRun::FindPastEnd(const DeviceCommands& device,
                                                   bool across) const {
  for (const Planned<PastEndFault>& one : plan_.read_past_end) {
    if (one.value.device == device.number() && one.value.across == across) return &one;
  }
  return nullptr;
}

bool FaultRun::ReadsPastEnd(const DeviceCommands& device, bool across) {
  const Planned<PastEndFault>* const planned = FindPastEnd(device, across);
  if (planned == nullptr) return false;
  journal_->Fire({.what = "read-past-end",
                  .device = device.number(),
                  .number = device.sent() + 1,
                  .line = planned->line});
  return true;
}

}  // namespace vdisim
