#include "simulator/shm/fault_watch.h"

#include <execinfo.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>

namespace vdisim::shm {
namespace {

constexpr int kRangesMax = 8192;
constexpr int kFramesMax = 64;

// Read by the handler without a lock: `begin` is written last and cleared first.
struct Range {
  std::atomic<bool> taken{false};
  std::atomic<uintptr_t> begin{0};
  std::atomic<uintptr_t> end{0};
  std::atomic<FaultWatch::Teller> teller{nullptr};
  std::atomic<void*> context{nullptr};
};
Range ranges[kRangesMax];
std::atomic<int> ranges_end{0};  // none beyond it was ever used
struct sigaction before;

const Range* Find(uintptr_t address) {
  const int end = ranges_end.load(std::memory_order_acquire);
  for (int i = 0; i < end; ++i) {
    const uintptr_t begin = ranges[i].begin.load(std::memory_order_acquire);
    if (begin != 0 && address >= begin && address < ranges[i].end.load(std::memory_order_relaxed)) {
      return &ranges[i];
    }
  }
  return nullptr;
}

void TellStack() {
  constexpr char kTitle[] = "vdisim: the stack of the thread:\n";
  (void)!::write(STDERR_FILENO, kTitle, sizeof kTitle - 1);
  void* frames[kFramesMax];
  const int count = ::backtrace(frames, kFramesMax);
  ::backtrace_symbols_fd(frames, count, STDERR_FILENO);
}

void OnFault(int number, siginfo_t* info, void* context) {
  const int errno_of_thread = errno;
  const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  const bool is_fault = info->si_code > 0;
  const Range* const range = is_fault ? Find(address) : nullptr;
  if (range != nullptr) {
    range->teller.load(std::memory_order_relaxed)(range->context.load(std::memory_order_relaxed),
                                                  static_cast<const std::byte*>(info->si_addr));
    TellStack();
  } else if ((before.sa_flags & SA_SIGINFO) != 0) {
    before.sa_sigaction(number, info, context);
    return;
  } else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
    before.sa_handler(number);
    return;
  }
  // The instruction is executed again and faults again, now under the one who was there before us.
  ::sigaction(number, &before, nullptr);
  if (!is_fault) ::raise(number);
  errno = errno_of_thread;
}

void Install() {
  static std::once_flag once;
  std::call_once(once, [] {
    void* frame = nullptr;
    (void)::backtrace(&frame, 1);  // loads what it needs now, not in the handler
    struct sigaction action {};
    action.sa_sigaction = OnFault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(SIGSEGV, &action, &before);
  });
}

}  // namespace

FaultWatch::FaultWatch(const std::byte* begin, size_t bytes, Teller teller, void* context) {
  Install();
  for (int i = 0; i < kRangesMax; ++i) {
    Range& range = ranges[i];
    if (range.taken.exchange(true, std::memory_order_acquire)) continue;
    range.teller.store(teller, std::memory_order_relaxed);
    range.context.store(context, std::memory_order_relaxed);
    const auto first = reinterpret_cast<uintptr_t>(begin);
    range.end.store(first + bytes, std::memory_order_relaxed);
    range.begin.store(first, std::memory_order_release);
    int end = ranges_end.load(std::memory_order_relaxed);
    while (end <= i && !ranges_end.compare_exchange_weak(end, i + 1, std::memory_order_release)) {
    }
    place_ = i;
    return;
  }
}

FaultWatch::~FaultWatch() {
  if (place_ < 0) return;
  ranges[place_].begin.store(0, std::memory_order_release);
  ranges[place_].taken.store(false, std::memory_order_release);
}

}  // namespace vdisim::shm
