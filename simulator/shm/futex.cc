#include "simulator/shm/futex.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>  // NOLINT(modernize-deprecated-headers): clock_gettime is POSIX, not C++
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace vdisim::shm {
namespace {

static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t), "the kernel reads the bare word");

uint32_t* Bare(std::atomic<uint32_t>& word) { return reinterpret_cast<uint32_t*>(&word); }

// The end of the wait on CLOCK_MONOTONIC: a wait that a signal handler interrupts goes on to the
// same end.
timespec EndOf(std::chrono::nanoseconds at_most) {
  constexpr int64_t kNanosecondsPerSecond = 1'000'000'000;
  // A hundred years are as good as for ever and cannot overflow.
  constexpr std::chrono::nanoseconds kLongest = std::chrono::hours(24 * 36500);
  timespec end{};
  ::clock_gettime(CLOCK_MONOTONIC, &end);
  const int64_t fraction = end.tv_nsec + std::min(at_most, kLongest).count();
  end.tv_sec += fraction / kNanosecondsPerSecond;
  end.tv_nsec = fraction % kNanosecondsPerSecond;
  return end;
}

}  // namespace

void FutexWait(std::atomic<uint32_t>& word, uint32_t expected, std::chrono::nanoseconds at_most) {
  if (at_most.count() <= 0) return;
  const timespec end = EndOf(at_most);
  // FUTEX_WAIT_BITSET is FUTEX_WAIT with an absolute end. Not FUTEX_PRIVATE: the waker may be
  // another process.
  while (::syscall(SYS_futex, Bare(word), FUTEX_WAIT_BITSET, expected, &end, nullptr,
                   FUTEX_BITSET_MATCH_ANY) == -1 &&
         errno == EINTR) {
  }
}

void FutexWake(std::atomic<uint32_t>& word, int count) {
  ::syscall(SYS_futex, Bare(word), FUTEX_WAKE, count, nullptr, nullptr, 0);
}

}  // namespace vdisim::shm
