#include "simulator/device_set/set_identity.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <mutex>

#include "simulator/base/clock.h"
#include "simulator/device_set/buffer_handle.h"
#include "simulator/shm/liveness.h"

namespace vdisim {
namespace {

// The finaliser of SplitMix64: a bijection that spreads every bit over all others.
uint64_t Mix(uint64_t value) {
  value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
  value = (value ^ value >> 27) * 0x94D049BB133111EB;
  return value ^ value >> 31;
}

class TagHistory {
 public:
  static TagHistory& Get() {
    static TagHistory history;
    return history;
  }

  uint32_t Next(const std::set<uint32_t>& living) {
    const std::lock_guard lock(mutex_);
    const auto now_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(MonotonicClock::Get().Now());
    uint64_t candidate = static_cast<uint64_t>(now_ms.count()) + ++counter_;
    uint32_t tag = 0;
    do {
      tag = static_cast<uint32_t>(candidate++ % kHandleTagMax) + 1;
    } while (living.count(tag) != 0 || IsRecent(tag));
    recent_.push_back(tag);
    if (recent_.size() > kRecentMax) recent_.pop_front();
    return tag;
  }

 private:
  static constexpr size_t kRecentMax = 256;
  bool IsRecent(uint32_t tag) const {
    return std::find(recent_.begin(), recent_.end(), tag) != recent_.end();
  }

  std::mutex mutex_;
  uint64_t counter_ = 0;
  std::deque<uint32_t> recent_;
};

}  // namespace

uint64_t NewIncarnation() {
  static std::atomic<uint64_t> counter{0};
  const shm::ProcessIdentity self = shm::ThisProcess();
  const auto now_ns = static_cast<uint64_t>(MonotonicClock::Get().Now().count());
  const uint64_t process = Mix(self.start_time << 22 ^ self.pid) ^ Mix(self.pid_namespace);
  return Mix(now_ns ^ Mix(process + counter.fetch_add(1, std::memory_order_relaxed)));
}

uint32_t NewHandleTag(const std::set<uint32_t>& living) { return TagHistory::Get().Next(living); }

}  // namespace vdisim
