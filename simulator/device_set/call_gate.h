// A CallGate counts the calls inside one opening of a set, so that Close lets go of the shared
// memory only when no thread uses it any more. Any thread.
#ifndef SIMULATOR_DEVICE_SET_CALL_GATE_H_
#define SIMULATOR_DEVICE_SET_CALL_GATE_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace vdisim {

class CallGate {
 public:
  // One call inside the gate; false if the gate was shut first.
  class Pass {
   public:
    explicit Pass(CallGate& gate) : gate_(gate), inside_(gate.Enter()) {}
    ~Pass() {
      if (inside_) gate_.Leave();
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    explicit operator bool() const { return inside_; }

   private:
    CallGate& gate_;
    const bool inside_;
  };

  // Nobody enters from here on; waits inside should end when they see it.
  void Shut() {
    const std::lock_guard lock(mutex_);
    shut_.store(true, std::memory_order_release);
  }
  bool IsShut() const { return shut_.load(std::memory_order_acquire); }

  // Waits until all calls have left.
  void Drain() {
    std::unique_lock lock(mutex_);
    left_.wait(lock, [this] { return inside_ == 0; });
  }

 private:
  bool Enter() {
    const std::lock_guard lock(mutex_);
    if (IsShut()) return false;
    ++inside_;
    return true;
  }
  void Leave() {
    const std::lock_guard lock(mutex_);
    --inside_;
    if (inside_ == 0) left_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable left_;
  std::atomic<bool> shut_{false};
  uint32_t inside_ = 0;
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_CALL_GATE_H_
