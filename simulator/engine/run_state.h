// What the devices of one conversation share while commands flow: the first failure, and the signs
// of life by which a stall is seen. Any thread.
#ifndef SIMULATOR_ENGINE_RUN_STATE_H_
#define SIMULATOR_ENGINE_RUN_STATE_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "simulator/base/clock.h"
#include "simulator/engine/failure.h"
#include "simulator/include/vdi_codes.h"

namespace vdisim {

class RunState {
 public:
  // Keeps the first failure; later ones are consequences. Only the code by which IO-ERROR refuses
  // and takes back commands (CMD-11, CMD-12) gives way to what put the device there.
  void Fail(Failure failure) {
    {
      const std::scoped_lock lock(mutex_);
      if (!failure_ || IsConsequence(*failure_, failure)) failure_ = std::move(failure);
      failed_.store(true, std::memory_order_release);
    }
    if (on_failure_) on_failure_();
  }
  // Called after each Fail, by its thread. Set before there are several threads.
  void OnFailure(std::function<void()> on_failure) { on_failure_ = std::move(on_failure); }
  bool failed() const { return failed_.load(std::memory_order_acquire); }
  std::optional<Failure> failure() const {
    const std::scoped_lock lock(mutex_);
    return failure_;
  }
  // Puts a better explanation in the place of the failure.
  void Explain(Failure failure) {
    const std::scoped_lock lock(mutex_);
    failure_ = std::move(failure);
  }

  void CommandSent() {
    if (outstanding_.fetch_add(1) == 0) Touch();
  }
  void CommandDone(uint64_t bytes) {
    bytes_done_.fetch_add(bytes, std::memory_order_relaxed);
    Touch();
    outstanding_.fetch_sub(1);
  }
  uint64_t bytes_done() const { return bytes_done_.load(std::memory_order_relaxed); }
  uint32_t outstanding() const { return outstanding_.load(); }

  // Whether commands are outstanding and none was completed for longer than `limit`; never if the
  // limit is zero.
  bool Stalled(std::chrono::milliseconds limit) const {
    return limit.count() > 0 && outstanding_.load() > 0 &&
           Now() - last_sign_.load() > std::chrono::duration_cast<Nanoseconds>(limit).count();
  }

 private:
  static bool IsConsequence(const Failure& known, const Failure& cause) {
    return known.kind == FailureKind::kCommandFailed && known.os_code == ERROR_IO_DEVICE &&
           cause.device_number == known.device_number && cause.os_code != ERROR_IO_DEVICE;
  }
  static int64_t Now() { return MonotonicClock::Get().Now().count(); }
  void Touch() { last_sign_.store(Now()); }

  std::function<void()> on_failure_;
  mutable std::mutex mutex_;
  std::optional<Failure> failure_;
  std::atomic<bool> failed_{false};
  std::atomic<uint32_t> outstanding_{0};
  std::atomic<uint64_t> bytes_done_{0};
  std::atomic<int64_t> last_sign_{0};
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_RUN_STATE_H_
