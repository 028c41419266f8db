// One virtual device in the client's process: it takes commands out of the command ring, keeps the
// VDC_Commands that it handed to the client, and writes completions. The object outlives the
// opening it came from; after Detach it answers VD_E_PROTOCOL and touches no shared memory. Several
// threads may call it; GetCommand and CompleteCommand cost one locked step each beside the event's.
// Answers for C-GET, C-CMP and the client's part of CMD-10 to CMD-16.
#ifndef SIMULATOR_DEVICE_SET_CLIENT_DEVICE_H_
#define SIMULATOR_DEVICE_SET_CLIENT_DEVICE_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "simulator/device_set/buffer_guard.h"
#include "simulator/device_set/client_areas.h"
#include "simulator/device_set/client_set.h"
#include "simulator/device_set/command_guard.h"
#include "simulator/device_set/control_segment.h"
#include "simulator/device_set/peer_watch.h"
#include "simulator/device_set/rings.h"
#include "simulator/device_set/tiny_lock.h"

namespace vdisim {

class OpenedClientDevice final : public ClientDevice {
 public:
  // The references must hold until Detach. index: of the slot that this process has claimed.
  OpenedClientDevice(ControlSegment& control, ClientAreas& areas, PeerWatch& watch, uint32_t index);

  HResult GetCommand(Timeout timeout, VDC_Command** command) override;
  HResult CompleteCommand(VDC_Command* command, int32_t completion_code, uint32_t bytes_transferred,
                          int64_t position) override;

  // Guards what it lends from now on. To be called before its first GetCommand; `buffers`
  // must hold until Detach.
  void Guard(const GuardOptions& options, BufferGuard& buffers);

  // Whether VD_E_CLOSE was reported.
  bool IsClosed() const;
  // Cuts the device off from its set; returns when no thread uses the mapping any more.
  void Detach();

 private:
  struct Held {
    bool in_use = false;
    uint64_t command = 0;  // position in the ring
    uint32_t epoch = 0;
  };

  // What GetCommand answers right now; empty if it has to wait. Under the lock.
  std::optional<HResult> TryGet(VDC_Command** command);
  HResult Deliver(const RingCommand& entry, VDC_Command** command);
  VDC_Command* LendGuarded(uint32_t slot, const VDC_Command& command, uint32_t buffer);
  void TakeBackGuarded(uint32_t slot);
  HResult Damaged();
  // Whether TryGet may have something new to say. Without the lock.
  bool MayHaveAnswer() const;
  std::optional<uint32_t> HeldSlotOf(const VDC_Command* command) const;

  ControlSegment& control_;
  ClientAreas& areas_;
  PeerWatch& watch_;
  DeviceSlot& slot_;
  shm::SpinBudget spin_;

  TinyLock lock_;
  std::atomic<bool> detached_{false};
  uint32_t waiting_ = 0;
  std::atomic<uint64_t> fetched_{0};  // position of the next command to look at
  uint64_t completed_ = 0;            // position of the next completion to write
  uint32_t held_count_ = 0;
  std::atomic<bool> held_back_{false};  // CMD-13: the next command waits for those held
  bool errored_ = false;                // commands of error_epoch_ are skipped from now on
  uint32_t error_epoch_ = 0;
  uint32_t last_epoch_ = 0;  // of the command delivered last
  std::array<Held, kOutstandingMax> held_{};
  std::array<VDC_Command, kOutstandingMax> commands_{};
  std::unique_ptr<CommandGuard> guard_;  // NULL: commands_ are lent, and buffers as they are
  BufferGuard* guarded_buffers_ = nullptr;
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_CLIENT_DEVICE_H_
