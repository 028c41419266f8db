// Answers that a client is given instead of the library's, so that its handling of every documented
// code can be tried. VDISIM_INJECT='GetCommand#3=VD_E_TIMEOUT; OpenDevice#1=0x80770004' lets the
// third GetCommand of this process answer VD_E_TIMEOUT, once; the call itself is not made. Items
// are parted by semicolons; a method is named as the face spells it, a code by name or number. A
// value with a mistake is reported once on standard error, and nothing of it has an effect.
//
// A set cannot be aborted for one call alone, so VD_E_ABORT also aborts the set. VD_E_CLOSE is
// refused: only the engine closes a device, and nothing would be true of one that it did not close.
//
// Calls of the server's face are never touched. Any thread; while nothing is injected a call pays
// one relaxed load and one branch that is predicted.
#ifndef SIMULATOR_ABI_INJECTION_H_
#define SIMULATOR_ABI_INJECTION_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/abi/call_subject.h"
#include "simulator/base/hresult.h"

namespace vdisim {

struct Injection {
  std::string method;
  uint64_t nth = 1;  // from 1, of the calls of this method in this process
  HResult code;      // a failure
  friend bool operator==(const Injection&, const Injection&) = default;
};

// What a value of VDISIM_INJECT says; nothing, with a sentence in *error, if it has a mistake.
std::optional<std::vector<Injection>> ParseInjections(std::string_view text, std::string* error);

class Injector {
 public:
  static bool IsOn() {
    const Switch position = switch_.load(std::memory_order_relaxed);
    if (position == Switch::kOff) [[likely]] {
      return false;
    }
    return position == Switch::kOn || StartFromEnvironment();
  }

  // Injects these from now on and counts from the beginning; none: off.
  static void Start(std::vector<Injection> injections);

  // Counts a call, and says what it has to answer; empty: what it answers by itself. Aborts the
  // subject's set if that is VD_E_ABORT.
  static std::optional<HResult> Answer(const char* method, const CallSubject& subject) noexcept;

 private:
  enum class Switch : int { kUnread, kOff, kOn };
  static bool StartFromEnvironment() noexcept;

  static std::atomic<Switch> switch_;
};

}  // namespace vdisim

#endif  // SIMULATOR_ABI_INJECTION_H_
