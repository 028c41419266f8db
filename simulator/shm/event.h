// An Event lies in shared memory and wakes waiters in any process. It owns nothing and needs no
// clean-up; a waiter or a signaller may die at any instruction and the others go on. Zeroed memory
// is an Event without signals.
//
// The waiter's pattern: read `Observe()`, look at the condition, and if it does not hold, wait for
// a signal later than what was observed. `WaitUntil` does that, spins briefly first, and looks for
// the peer's death every kLivenessInterval.
#ifndef SIMULATOR_SHM_EVENT_H_
#define SIMULATOR_SHM_EVENT_H_

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "simulator/base/clock.h"

namespace vdisim::shm {

// How long a blocked wait sleeps at most before it looks around (design: at least every 100 ms).
inline constexpr std::chrono::milliseconds kLivenessInterval{100};

class alignas(8) Event {
 public:
  // The number of signals so far (it wraps).
  uint32_t Observe() const { return sequence_.load(std::memory_order_acquire); }

  // Counts a signal and wakes every waiter. Costs one atomic step when nobody sleeps.
  void Signal() {
    // Both this pair and the one in Wait are sequentially consistent, so one of the two sees the
    // other: either we see the sleeper and wake it, or it sees the signal and does not sleep.
    sequence_.fetch_add(1, std::memory_order_seq_cst);
    if (sleepers_.load(std::memory_order_seq_cst) != 0) WakeAll();
  }

  // Sleeps until a signal after `observed`, or until `at_most` of real time has passed. May come
  // back early, as a condition variable may: look at the condition again.
  void Wait(uint32_t observed, std::chrono::nanoseconds at_most);

  // How many threads sleep in Wait; a hint (a killed sleeper stays counted).
  uint32_t Sleepers() const { return sleepers_.load(std::memory_order_relaxed); }

 private:
  void WakeAll();

  std::atomic<uint32_t> sequence_;
  std::atomic<uint32_t> sleepers_;
};
static_assert(sizeof(Event) == 8);
static_assert(std::atomic<uint32_t>::is_always_lock_free);

// Tells the processor that this thread spins.
inline void SpinPause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield" ::: "memory");
#else
  std::atomic_signal_fence(std::memory_order_seq_cst);
#endif
}

// How long a wait spins before it sleeps; learns from what happened before. One for each waiting
// object and process. Several threads may use one: they spoil each other's guess and nothing else.
//
// To sleep and be woken costs some 25 us on each side, an answer that comes while we spin 0.1 us;
// so a wait may spin for up to 20 us and lose no more than it would have lost by sleeping. A wait
// that spun in vain halves the budget, down to a floor below 1 us: where the peer needs long, or
// where there are more spinning threads than processors, spinning only keeps the peer from running.
// One in kWastedPerProbe wasted waits tries 80 us instead. Two peers that both sleep answer each
// other after a wake-up, later than any budget within 20 us would see; the probe outlasts the
// wake-up, finds the answer and brings both back to spinning.
class SpinBudget {
 public:
  SpinBudget();

  // Pauses that the next wait may spend. 0 where only one processor is there to run on.
  uint32_t rounds() const {
    return std::min(rounds_.load(std::memory_order_relaxed),
                    limit_.load(std::memory_order_relaxed));
  }
  void SpinPaidOff();
  void SpinWasted();

  // Caps every budget of this process; 0 = always sleep, UINT32_MAX = no cap. For measuring and
  // testing the path that sleeps.
  static void LimitRounds(uint32_t most) { limit_.store(most, std::memory_order_relaxed); }

  static constexpr uint32_t kWastedPerProbe = 32;

 private:
  static inline std::atomic<uint32_t> limit_{UINT32_MAX};

  std::atomic<uint32_t> rounds_;
  std::atomic<uint32_t> wasted_{0};  // in a row
};

// Waits until `ready()` holds; true then, false if the deadline passed first. `look_around` runs at
// least every kLivenessInterval while the wait sleeps, never while `ready` holds; what it changes
// should make `ready` hold. A deadline that has passed already means one look and no spinning.
template <typename Ready, typename LookAround>
bool WaitUntil(Event& event, const Clock& clock, Deadline deadline, SpinBudget& spin,
               const Ready& ready, const LookAround& look_around) {
  if (ready()) return true;
  // Whoever moved a clock by hand goes on once we have read it: what comes then comes too late.
  if (deadline.Expired(clock)) return clock.IsReal() && ready();
  for (uint32_t round = spin.rounds(); round > 0; --round) {
    SpinPause();
    if (ready()) {
      spin.SpinPaidOff();
      return true;
    }
  }
  spin.SpinWasted();
  while (true) {
    const uint32_t observed = event.Observe();
    if (ready()) return true;
    if (deadline.Expired(clock)) return false;
    // Time that is moved by hand does not end a sleep; whoever moves it signals, or is seen late.
    const std::chrono::nanoseconds left =
        clock.IsReal() ? deadline.Left(clock) : std::chrono::nanoseconds(kLivenessInterval);
    event.Wait(observed, std::min<std::chrono::nanoseconds>(left, kLivenessInterval));
    if (ready()) return true;
    look_around();
  }
}

}  // namespace vdisim::shm

#endif  // SIMULATOR_SHM_EVENT_H_
