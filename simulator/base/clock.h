// A Clock tells the time that waits run on; a Deadline is a point on it. Waits take both, so that a
// run on the virtual clock sees the same code as one on real time. Any thread may read a Clock.
#ifndef SIMULATOR_BASE_CLOCK_H_
#define SIMULATOR_BASE_CLOCK_H_

#include <atomic>
#include <chrono>
#include <cstdint>

namespace vdisim {

using Nanoseconds = std::chrono::nanoseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  // Time since an origin of the clock's own; never goes back.
  virtual Nanoseconds Now() const = 0;
  // Real time passes by itself; other time has to be moved, and its waits end only when it is.
  virtual bool IsReal() const = 0;
};

// The machine's monotonic clock.
class MonotonicClock final : public Clock {
 public:
  static const MonotonicClock& Get();
  Nanoseconds Now() const override;
  bool IsReal() const override { return true; }
};

// A clock that a test moves by hand.
class ManualClock final : public Clock {
 public:
  Nanoseconds Now() const override { return Nanoseconds(now_.load(std::memory_order_acquire)); }
  bool IsReal() const override { return false; }
  void Advance(Nanoseconds step) { now_.fetch_add(step.count(), std::memory_order_acq_rel); }

 private:
  std::atomic<int64_t> now_{0};
};

// How long a call may wait. The ABI turns its integers into one of these, in one place.
class Timeout {
 public:
  static constexpr Timeout Infinite() { return Timeout(Nanoseconds(-1)); }
  static constexpr Timeout Poll() { return Timeout(Nanoseconds(0)); }
  // Negative values wait for ever (C-GET-10).
  static constexpr Timeout Milliseconds(int64_t milliseconds) {
    // Ten thousand years do not fit into nanoseconds; nobody waits for their end.
    constexpr int64_t kMost = INT64_MAX / 1'000'000;
    return milliseconds < 0 || milliseconds > kMost
               ? Infinite()
               : Timeout(Nanoseconds(milliseconds * 1'000'000));
  }

  constexpr bool infinite() const { return length_.count() < 0; }
  constexpr Nanoseconds length() const { return length_; }

 private:
  constexpr explicit Timeout(Nanoseconds length) : length_(length) {}
  Nanoseconds length_;
};

class Deadline {
 public:
  static Deadline Never() { return Deadline(Nanoseconds::max()); }
  static Deadline After(const Clock& clock, Timeout timeout);

  bool never() const { return at_ == Nanoseconds::max(); }
  bool Expired(const Clock& clock) const { return !never() && clock.Now() >= at_; }
  // Time left, at least zero; Nanoseconds::max() if it never ends.
  Nanoseconds Left(const Clock& clock) const;

 private:
  explicit Deadline(Nanoseconds at) : at_(at) {}
  Nanoseconds at_;
};

}  // namespace vdisim

#endif  // SIMULATOR_BASE_CLOCK_H_
