#include "simulator/base/clock.h"

#include <algorithm>

namespace vdisim {

const MonotonicClock& MonotonicClock::Get() {
  static const MonotonicClock clock;
  return clock;
}

Nanoseconds MonotonicClock::Now() const {
  return std::chrono::duration_cast<Nanoseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

Deadline Deadline::After(const Clock& clock, Timeout timeout) {
  if (timeout.infinite()) return Never();
  const Nanoseconds now = clock.Now();
  // A sum that does not fit is as good as never.
  return timeout.length() > Nanoseconds::max() - now ? Never() : Deadline(now + timeout.length());
}

Nanoseconds Deadline::Left(const Clock& clock) const {
  if (never()) return Nanoseconds::max();
  return std::max(Nanoseconds(0), at_ - clock.Now());
}

}  // namespace vdisim
