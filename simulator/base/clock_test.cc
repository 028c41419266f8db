#include "simulator/base/clock.h"

#include <gtest/gtest.h>

namespace vdisim {
namespace {

using std::chrono::milliseconds;

TEST(Deadline, ExpiresWhenItsTimeHasCome) {
  ManualClock clock;
  const Deadline deadline = Deadline::After(clock, Timeout::Milliseconds(10));
  clock.Advance(milliseconds(9));
  EXPECT_FALSE(deadline.Expired(clock));
  EXPECT_EQ(deadline.Left(clock), milliseconds(1));
  clock.Advance(milliseconds(1));
  EXPECT_TRUE(deadline.Expired(clock));
  EXPECT_EQ(deadline.Left(clock), milliseconds(0));
}

TEST(Deadline, OfAPollHasExpiredAtOnce) {
  const ManualClock clock;
  EXPECT_TRUE(Deadline::After(clock, Timeout::Poll()).Expired(clock));
}

TEST(Deadline, NeverExpiresWhenTheTimeoutIsInfinite) {
  ManualClock clock;
  const Deadline deadline = Deadline::After(clock, Timeout::Infinite());
  clock.Advance(std::chrono::hours(24 * 365 * 100));
  EXPECT_FALSE(deadline.Expired(clock));
}

TEST(Timeout, TreatsNegativeAndAbsurdValuesAsInfinite) {
  EXPECT_TRUE(Timeout::Milliseconds(-1).infinite());
  EXPECT_TRUE(Timeout::Milliseconds(INT64_MIN).infinite());
  EXPECT_TRUE(Timeout::Milliseconds(INT64_MAX).infinite());
  EXPECT_FALSE(Timeout::Milliseconds(0).infinite());
}

TEST(MonotonicClock, DoesNotGoBack) {
  const Clock& clock = MonotonicClock::Get();
  const Nanoseconds first = clock.Now();
  EXPECT_LE(first, clock.Now());
  EXPECT_TRUE(clock.IsReal());
}

}  // namespace
}  // namespace vdisim
