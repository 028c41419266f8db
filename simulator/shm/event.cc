#include "simulator/shm/event.h"

#include <sched.h>

#include <climits>

#include "simulator/shm/futex.h"

namespace vdisim::shm {
namespace {

// What spinning may cost, in pauses of this machine.
struct SpinLimits {
  uint32_t least = 0;
  uint32_t most = 0;
  uint32_t probe = 0;
};

bool OnOneProcessor() {
  cpu_set_t usable;
  CPU_ZERO(&usable);
  // A machine with more processors than fit fails here, and has more than one.
  return ::sched_getaffinity(0, sizeof(usable), &usable) == 0 && CPU_COUNT(&usable) == 1;
}

// A pause takes from 5 to 50 ns, depending on the processor. The fastest of a few samples is the
// one that nothing interrupted.
double NanosecondsPerPause() {
  constexpr int kSamples = 5;
  constexpr int kPauses = 64;
  std::chrono::nanoseconds fastest = std::chrono::nanoseconds::max();
  for (int sample = 0; sample < kSamples; ++sample) {
    const auto start = std::chrono::steady_clock::now();
    for (int pause = 0; pause < kPauses; ++pause) SpinPause();
    fastest = std::min<std::chrono::nanoseconds>(fastest, std::chrono::steady_clock::now() - start);
  }
  return static_cast<double>(fastest.count()) / kPauses;
}

SpinLimits Measure() {
  if (OnOneProcessor()) return {};
  constexpr double kMostNanoseconds = 20'000;
  // The bounds keep a sample gone wrong from doing harm.
  const double rounds = std::clamp(kMostNanoseconds / NanosecondsPerPause(), 400.0, 4000.0);
  const auto most = static_cast<uint32_t>(rounds);
  return {.least = most / 64, .most = most, .probe = most * 4};
}

const SpinLimits& Limits() {
  static const SpinLimits limits = Measure();
  return limits;
}

}  // namespace

void Event::Wait(uint32_t observed, std::chrono::nanoseconds at_most) {
  sleepers_.fetch_add(1, std::memory_order_seq_cst);
  if (sequence_.load(std::memory_order_seq_cst) == observed) {
    FutexWait(sequence_, observed, at_most);
  }
  sleepers_.fetch_sub(1, std::memory_order_relaxed);
}

void Event::WakeAll() { FutexWake(sequence_, INT_MAX); }

SpinBudget::SpinBudget() : rounds_(Limits().most) {}

void SpinBudget::SpinPaidOff() {
  wasted_.store(0, std::memory_order_relaxed);
  const uint32_t rounds = rounds_.load(std::memory_order_relaxed);
  rounds_.store(std::min(rounds * 2, Limits().most), std::memory_order_relaxed);
}

void SpinBudget::SpinWasted() {
  const SpinLimits& limits = Limits();
  const uint32_t wasted = wasted_.load(std::memory_order_relaxed) + 1;
  wasted_.store(wasted, std::memory_order_relaxed);
  const uint32_t rounds = std::min(rounds_.load(std::memory_order_relaxed), limits.most);
  const bool probe_next = wasted % kWastedPerProbe == 0;
  // A probe that failed leads back to the floor, not to half of itself.
  const bool was_probe = wasted > 1 && (wasted - 1) % kWastedPerProbe == 0;
  rounds_.store(probe_next  ? limits.probe
                : was_probe ? limits.least
                            : std::max(rounds / 2, limits.least),
                std::memory_order_relaxed);
}

}  // namespace vdisim::shm
