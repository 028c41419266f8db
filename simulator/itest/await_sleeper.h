// AwaitSleeper waits until a call has been entered: until somebody sleeps on the event of the set
// that the call waits for. Fails the test after ten seconds. Any thread.
#ifndef SIMULATOR_ITEST_AWAIT_SLEEPER_H_
#define SIMULATOR_ITEST_AWAIT_SLEEPER_H_

#include <gtest/gtest.h>
#include <sched.h>

#include <chrono>

#include "simulator/shm/event.h"

namespace vdisim::itest {

inline void AwaitSleeper(const shm::Event& event) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (event.Sleepers() == 0) {
    ASSERT_LT(std::chrono::steady_clock::now(), end) << "the call was never entered";
    sched_yield();
  }
}

}  // namespace vdisim::itest

#endif  // SIMULATOR_ITEST_AWAIT_SLEEPER_H_
