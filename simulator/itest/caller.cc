#include "simulator/itest/caller.h"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX, not C++
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace vdisim::itest {
namespace {

// No call that has a peer to die on it may take longer.
constexpr std::chrono::seconds kHang{2};

}  // namespace

void Caller::Die() {
  ::kill(::getpid(), SIGKILL);
  std::abort();
}

void Caller::Judge(const Method& method, HResult code, std::chrono::nanoseconds took) {
  if (std::find(method.codes.begin(), method.codes.end(), code) == method.codes.end()) {
    std::fprintf(stderr, "process %d: %s answered %s, which no document knows\n", ::getpid(),
                 method.name, code.ToString().c_str());
    discontent_.store(true, std::memory_order_relaxed);
  }
  if (took > kHang) {
    std::fprintf(
        stderr, "process %d: %s took %lld ms and answered %s\n", ::getpid(), method.name,
        static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()),
        code.ToString().c_str());
    discontent_.store(true, std::memory_order_relaxed);
  }
}

void Caller::Complain(const char* what) {
  std::fprintf(stderr, "process %d: %s\n", ::getpid(), what);
  discontent_.store(true, std::memory_order_relaxed);
}

}  // namespace vdisim::itest
