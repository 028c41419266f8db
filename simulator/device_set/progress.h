// Progress remembers since when the client has been silent: it decides serverTimeOut. The rule is
// T-05: with requests pending, more than two full intervals without any completion end the
// operation. Every completion restarts the count, and so does the first command after a time with
// nothing pending. Where serverTimeOut is 0 nothing is counted and nothing costs. Any thread.
#ifndef SIMULATOR_DEVICE_SET_PROGRESS_H_
#define SIMULATOR_DEVICE_SET_PROGRESS_H_

#include <atomic>
#include <cstdint>

#include "simulator/base/clock.h"

namespace vdisim {

class Progress {
 public:
  Progress(const Clock& clock, uint32_t server_time_out_ms)
      : clock_(clock), limit_(Nanoseconds(int64_t{server_time_out_ms} * 2'000'000)) {}

  bool counts() const { return limit_.count() != 0; }
  void CommandSent() {
    if (counts() && pending_.fetch_add(1, std::memory_order_acq_rel) == 0) Restart();
  }
  void CommandsEnded(uint32_t count) {
    if (!counts()) return;
    Restart();
    pending_.fetch_sub(count, std::memory_order_acq_rel);
  }
  bool IsOverdue() const {
    return counts() && pending_.load(std::memory_order_acquire) > 0 &&
           clock_.Now() - Nanoseconds(since_ns_.load(std::memory_order_acquire)) > limit_;
  }

 private:
  void Restart() { since_ns_.store(clock_.Now().count(), std::memory_order_release); }

  const Clock& clock_;
  const Nanoseconds limit_;
  std::atomic<int64_t> since_ns_{0};
  std::atomic<uint32_t> pending_{0};
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_PROGRESS_H_
