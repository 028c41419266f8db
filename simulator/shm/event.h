// An Event lies in shared memory and wakes waiters in any process. It owns nothing and needs no
// clean-up; a waiter or a signaller may die at any instruction and the others go on.
//
// The waiter's pattern: read `Observe()`, look at the condition, and if it does not hold, wait for
// a signal later than what was observed. `WaitUntil` does that, spins briefly first, and looks for
// the peer's death every kLivenessInterval.
#ifndef SIMULATOR_SHM_EVENT_H_
#define SIMULATOR_SHM_EVENT_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>

#include "simulator/base/clock.h"

namespace vdisim::shm {

// How long a blocked wait sleeps at most before it looks around (design: at least every 100 ms).
inline constexpr std::chrono::milliseconds kLivenessInterval{100};

class alignas(8) Event {
 public:
  // The number of signals so far (it wraps).
  uint32_t Observe() const { return sequence_.load(std::memory_order_acquire); }
  // Counts a signal and wakes every waiter. Costs one atomic step when nobody sleeps.
  void Signal();
  // Sleeps until a signal after `observed`, or until `at_most` of real time has passed.
  void Wait(uint32_t observed, std::chrono::nanoseconds at_most);
  // How many threads sleep in Wait; a hint (a killed sleeper stays counted).
  uint32_t Sleepers() const { return sleepers_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint32_t> sequence_;
  std::atomic<uint32_t> sleepers_;
};
static_assert(sizeof(Event) == 8);
static_assert(std::atomic<uint32_t>::is_always_lock_free);

// How long a wait spins before it sleeps; learns from what happened before. One for each waiting
// object and process, not shared.
class SpinBudget {
 public:
  SpinBudget();
  uint32_t rounds() const { return rounds_; }
  void SpinPaidOff();
  void SpinWasted();

 private:
  uint32_t rounds_;
};

// Tells the processor that this thread spins.
void SpinPause();

// Waits until `ready()` holds; true then, false if the deadline passed first. `look_around` runs at
// least every kLivenessInterval while the wait sleeps; what it changes should make `ready` hold.
template <typename Ready, typename LookAround>
bool WaitUntil(Event& event, const Clock& clock, Deadline deadline, SpinBudget& spin,
               const Ready& ready, const LookAround& look_around) {
  if (ready()) return true;
  for (uint32_t round = spin.rounds(); round > 0; --round) {
    SpinPause();
    if (ready()) {
      spin.SpinPaidOff();
      return true;
    }
  }
  if (deadline.Expired(clock)) return ready();
  spin.SpinWasted();
  while (true) {
    const uint32_t observed = event.Observe();
    if (ready()) return true;
    if (deadline.Expired(clock)) return false;
    const std::chrono::nanoseconds left =
        clock.IsReal() ? deadline.Left(clock) : std::chrono::nanoseconds(kLivenessInterval);
    event.Wait(observed, left < kLivenessInterval ? left : kLivenessInterval);
    look_around();
  }
}

}  // namespace vdisim::shm

#endif  // SIMULATOR_SHM_EVENT_H_
