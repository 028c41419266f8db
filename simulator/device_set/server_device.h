// One virtual device in the server's process: it numbers the commands, puts them into the command
// ring, and keeps what is outstanding until the completion agent has taken its completion. The
// object outlives the opening it came from; after Detach it answers VD_E_PROTOCOL and touches no
// shared memory. Callbacks run without any lock held, so they may call everything.
// Answers for S-SND, S-CDV, CMD-10 to CMD-16 and the device states L-60 to L-63.
#ifndef SIMULATOR_DEVICE_SET_SERVER_DEVICE_H_
#define SIMULATOR_DEVICE_SET_SERVER_DEVICE_H_

#include <array>
#include <atomic>
#include <cstdint>

#include "simulator/device_set/buffer_pool.h"
#include "simulator/device_set/control_segment.h"
#include "simulator/device_set/peer_watch.h"
#include "simulator/device_set/progress.h"
#include "simulator/device_set/rings.h"
#include "simulator/device_set/server_set.h"
#include "simulator/device_set/tiny_lock.h"

namespace vdisim {

// Sets the outputs of a command and runs its routine.
void RunCallback(VDS_Command* command, int32_t completion_code);

class OpenedServerDevice final : public ServerDevice {
 public:
  // The references must hold until Detach.
  OpenedServerDevice(ControlSegment& control, BufferPool& pool, PeerWatch& watch,
                     Progress& progress, uint32_t index);

  HResult SendCommand(VDS_Command* command) override;
  HResult CloseDevice() override;

  // For the agent's thread. Whether a completion waits to be taken.
  bool HasCompletion() const {
    return outstanding_.load(std::memory_order_acquire) > 0 && IsWritten(slot_.completions, taken_);
  }
  // Takes one completion and runs what it ends: its own callback, and after an error those of the
  // commands that the client will not see (CMD-12). false if none was there, or it was nonsense and
  // the set is aborted now (VdiSimDamaged).
  bool TakeCompletion();
  // Aborts the set if the client's ring position is one that no client can have written.
  void LookForDamage();
  // Refuses everything from now on and ends what is outstanding with 995 (AB-09).
  void EndOutstanding();

  bool Holds(BufferPlace place);
  void Detach();

 private:
  struct Outstanding {
    VDS_Command* command = nullptr;
    uint64_t position = 0;
    uint32_t epoch = 0;
    uint32_t buffer = kNoBuffer;
  };
  // Commands that ended together, in the order in which they were sent.
  struct Ended {
    std::array<VDS_Command*, kOutstandingMax> commands;
    uint32_t count = 0;
    void Run(int32_t completion_code) const;
  };

  HResult CheckState() const;
  HResult CheckCommand(const VDS_Command& command, uint32_t* buffer) const;
  void Push(VDS_Command* command, uint32_t buffer);
  bool IsSane(const RingCompletion& completion) const;
  VDS_Command* Release(uint32_t slot);
  // Releases all outstanding commands of positions from `first` on.
  Ended ReleaseFrom(uint64_t first);
  uint32_t DepthMax() const;

  ControlSegment& control_;
  BufferPool& pool_;
  PeerWatch& watch_;
  Progress& progress_;
  DeviceSlot& slot_;

  TinyLock lock_;
  bool detached_ = false;
  bool refusing_ = false;  // an abort has ended what was outstanding
  bool closed_ = false;
  bool errored_ = false;
  uint32_t epoch_ = 0;
  uint64_t sent_ = 0;    // position of the next command
  uint64_t in_use_ = 0;  // bits for the places in commands_
  uint32_t next_slot_ = 0;
  std::atomic<uint32_t> outstanding_{0};
  uint64_t taken_ = 0;  // position of the next completion; the agent's thread only
  std::array<Outstanding, kOutstandingMax> commands_{};
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_SERVER_DEVICE_H_
