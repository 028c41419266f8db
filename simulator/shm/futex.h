// The futex of the kernel: sleeping until a word in shared memory changes. It keeps no state of its
// own in the word, so a sleeper or a waker may die at any instruction. Any thread, any process.
#ifndef SIMULATOR_SHM_FUTEX_H_
#define SIMULATOR_SHM_FUTEX_H_

#include <atomic>
#include <chrono>
#include <cstdint>

namespace vdisim::shm {

// Sleeps until FutexWake of the same word, or until `at_most` of real time has passed (a signal
// handler does not end it). Does not sleep at all if the word is not `expected`, or `at_most` is
// not positive. May wake without cause, as all such waits may.
void FutexWait(std::atomic<uint32_t>& word, uint32_t expected, std::chrono::nanoseconds at_most);

// Wakes up to `count` sleepers of every process.
void FutexWake(std::atomic<uint32_t>& word, int count);

}  // namespace vdisim::shm

#endif  // SIMULATOR_SHM_FUTEX_H_
