// The VDC_Commands that one device lends to its client, under guard: each on a page of its own,
// with a copy to compare with. A command keeps its content after its completion, as the real
// library's do until they are used again, so that a client that only looks at one goes on as it
// always did; under GuardMode::kFault it cannot. The caller excludes other threads.
#ifndef SIMULATOR_DEVICE_SET_COMMAND_GUARD_H_
#define SIMULATOR_DEVICE_SET_COMMAND_GUARD_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "simulator/device_set/buffer_handle.h"
#include "simulator/device_set/guard_report.h"
#include "simulator/device_set/limits.h"
#include "simulator/include/vdi.h"
#include "simulator/shm/fault_watch.h"
#include "simulator/shm/fenced_pages.h"

namespace vdisim {

class CommandGuard {
 public:
  // NULL without memory.
  static std::unique_ptr<CommandGuard> Make(const GuardOptions& options, std::string set,
                                            std::string device);
  CommandGuard(const CommandGuard&) = delete;
  CommandGuard& operator=(const CommandGuard&) = delete;

  const std::string& device() const { return device_; }

  // Where the client will find the command of this slot.
  VDC_Command* AddressOf(uint32_t slot) const;
  // The slot at exactly that address.
  std::optional<uint32_t> SlotOf(const VDC_Command* command) const;

  // slot: not lent. place: of the command's buffer, for TakeBack.
  void Lend(uint32_t slot, const VDC_Command& command, std::optional<BufferPlace> place);
  // Looks whether the client has left it as it was; the place that Lend was given.
  std::optional<BufferPlace> TakeBack(uint32_t slot);
  // Looks at all of them a last time.
  void Finish();

 private:
  struct Slot {
    bool used = false;
    bool lent = false;
    VDC_Command expected{};
    std::optional<BufferPlace> place;
  };

  CommandGuard(const GuardOptions& options, std::string set, std::string device,
               std::unique_ptr<shm::FencedPages> pages);
  void Compare(uint32_t slot);
  GuardViolation ViolationOf(uint32_t slot, int64_t offset) const;
  void Allow(uint32_t slot, shm::FencedPages::Access access);
  static void TellFault(void* self, const std::byte* address);

  const GuardOptions options_;
  const std::string set_;
  const std::string device_;
  const std::unique_ptr<shm::FencedPages> pages_;
  std::array<Slot, kOutstandingMax> slots_{};
  const shm::FaultWatch watch_;
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_COMMAND_GUARD_H_
