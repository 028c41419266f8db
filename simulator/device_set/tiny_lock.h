// A TinyLock guards a few instructions of one process: one locked step to take it, none to give it
// back. Never held across a wait or a callback. Lives in process memory only.
#ifndef SIMULATOR_DEVICE_SET_TINY_LOCK_H_
#define SIMULATOR_DEVICE_SET_TINY_LOCK_H_

#include <atomic>
#include <thread>

#include "simulator/shm/event.h"

namespace vdisim {

class TinyLock {
 public:
  void lock() {  // NOLINT(readability-identifier-naming): std::lock_guard's name
    for (int round = 0; taken_.exchange(true, std::memory_order_acquire); ++round) {
      // The holder may have lost its processor; give it ours after a moment.
      if (round < kRoundsBeforeYield) {
        shm::SpinPause();
      } else {
        std::this_thread::yield();
      }
    }
  }
  void unlock() { taken_.store(false, std::memory_order_release); }

 private:
  static constexpr int kRoundsBeforeYield = 64;
  std::atomic<bool> taken_{false};
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_TINY_LOCK_H_
