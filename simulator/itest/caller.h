// A Caller makes the calls of one process of a set and judges each: its code is one that the page
// of the method documents, and it came back in time. It can also be told to kill its process at its
// k-th call, before the call or after it. Any thread.
#ifndef SIMULATOR_ITEST_CALLER_H_
#define SIMULATOR_ITEST_CALLER_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <initializer_list>

#include "simulator/base/hresult.h"

namespace vdisim::itest {

// A method with the codes of its return table and of its state table.
struct Method {
  const char* name;
  std::initializer_list<HResult> codes;
};

class Caller {
 public:
  // dies_at: the call at which the process kills itself, counted from 1; odd ones before the call,
  // even ones after it. 0 = never.
  explicit Caller(uint64_t dies_at = 0) : dies_at_(dies_at) {}

  template <typename Call>
  HResult operator()(const Method& method, const Call& call) {
    const uint64_t number = calls_.fetch_add(1, std::memory_order_relaxed) + 1;
    if (number == dies_at_ && number % 2 == 1) Die();
    const auto begun = std::chrono::steady_clock::now();
    const HResult code = HResult(call());
    if (number == dies_at_) Die();
    Judge(method, code, std::chrono::steady_clock::now() - begun);
    return code;
  }

  // No call has been out of order so far.
  bool content() const { return !discontent_.load(std::memory_order_relaxed); }
  // Something other than a code was wrong.
  void Complain(const char* what);

 private:
  [[noreturn]] static void Die();
  void Judge(const Method& method, HResult code, std::chrono::nanoseconds took);

  const uint64_t dies_at_;
  std::atomic<uint64_t> calls_{0};
  std::atomic<bool> discontent_{false};
};

}  // namespace vdisim::itest

#endif  // SIMULATOR_ITEST_CALLER_H_
