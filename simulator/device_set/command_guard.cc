#include "simulator/device_set/command_guard.h"

#include <span>
#include <utility>

#include "simulator/device_set/guard_pattern.h"

namespace vdisim {
namespace {

using Access = shm::FencedPages::Access;

std::span<const uint8_t> BytesOf(const VDC_Command& command) {
  return {reinterpret_cast<const uint8_t*>(&command), sizeof command};
}

}  // namespace

std::unique_ptr<CommandGuard> CommandGuard::Make(const GuardOptions& options, std::string set,
                                                 std::string device) {
  auto pages = shm::FencedPages::Reserve(0, kOutstandingMax * shm::kPageBytes);
  if (pages == nullptr || !pages->ShowZeros().ok()) return nullptr;
  return std::unique_ptr<CommandGuard>(
      new CommandGuard(options, std::move(set), std::move(device), std::move(pages)));
}

CommandGuard::CommandGuard(const GuardOptions& options, std::string set, std::string device,
                           std::unique_ptr<shm::FencedPages> pages)
    : options_(options),
      set_(std::move(set)),
      device_(std::move(device)),
      pages_(std::move(pages)),
      watch_(pages_->begin(), pages_->size(), TellFault, this) {}

VDC_Command* CommandGuard::AddressOf(uint32_t slot) const {
  return reinterpret_cast<VDC_Command*>(pages_->middle() + slot * shm::kPageBytes);
}

std::optional<uint32_t> CommandGuard::SlotOf(const VDC_Command* command) const {
  const auto offset =
      reinterpret_cast<uintptr_t>(command) - reinterpret_cast<uintptr_t>(pages_->middle());
  if (offset >= pages_->middle_bytes() || offset % shm::kPageBytes != 0) return std::nullopt;
  return static_cast<uint32_t>(offset / shm::kPageBytes);
}

void CommandGuard::Allow(uint32_t slot, Access access) {
  if (options_.mode != GuardMode::kFault) return;
  // Where the system refuses, the client is watched less; that is no reason to fail its call.
  (void)pages_->Allow(pages_->middle() + slot * shm::kPageBytes, shm::kPageBytes, access).ok();
}

GuardViolation CommandGuard::ViolationOf(uint32_t slot, int64_t offset) const {
  const Slot& one = slots_[slot];
  return {.breach = one.lent ? GuardBreach::kCommandChanged : GuardBreach::kAfterCompletion,
          .of_command = true,
          .command = AddressOf(slot),
          .command_code = one.expected.commandCode,
          .size = one.expected.size,
          .offset = offset,
          .stops = false,
          .set = set_,
          .device = device_};
}

void CommandGuard::Compare(uint32_t slot) {
  const auto at = FirstDifference(BytesOf(*AddressOf(slot)), BytesOf(slots_[slot].expected));
  if (!at) return;
  options_.report(ViolationOf(slot, static_cast<int64_t>(*at)));
  *AddressOf(slot) = slots_[slot].expected;  // one change is told once
}

void CommandGuard::Lend(uint32_t slot, const VDC_Command& command,
                        std::optional<BufferPlace> place) {
  Slot& one = slots_[slot];
  Allow(slot, Access::kAll);
  if (one.used) Compare(slot);
  one = {.used = true, .lent = true, .expected = command, .place = place};
  *AddressOf(slot) = command;
  Allow(slot, Access::kRead);
}

std::optional<BufferPlace> CommandGuard::TakeBack(uint32_t slot) {
  Slot& one = slots_[slot];
  Allow(slot, Access::kAll);
  Compare(slot);
  one.lent = false;
  Allow(slot, Access::kNone);
  return one.place;
}

void CommandGuard::Finish() {
  for (uint32_t slot = 0; slot < slots_.size(); ++slot) {
    if (!slots_[slot].used) continue;
    Allow(slot, Access::kAll);
    Compare(slot);
    slots_[slot].lent = false;
    Allow(slot, Access::kNone);
  }
}

void CommandGuard::TellFault(void* self, const std::byte* address) {
  const auto& guard = *static_cast<const CommandGuard*>(self);
  const std::byte* const first = guard.pages_->middle();
  const ptrdiff_t distance = address < first ? 0 : address - first;
  const auto page = static_cast<uint32_t>(static_cast<size_t>(distance) / shm::kPageBytes);
  const uint32_t slot = page < kOutstandingMax ? page : kOutstandingMax - 1;
  GuardViolation violation =
      guard.ViolationOf(slot, address - reinterpret_cast<std::byte*>(guard.AddressOf(slot)));
  violation.stops = true;
  guard.options_.report(violation);
}

}  // namespace vdisim
