#include "simulator/abi/abi_guard.h"

#include <cstdio>
#include <new>
#include <string>

#include "simulator/abi/abi_environment.h"

namespace vdisim {

HResult CodeOfCurrentException() noexcept {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return kMemory;
  } catch (...) {
    return kUnexpected;
  }
}

void LogOutcome(const char* method, const CallSubject& subject, HResult code) noexcept {
  if (code.ok() || code == kTimeout || code == kClose || code == kOpen) return;
  (void)Contain([&] {
    if (!TheAbiEnvironment().log_failures) return kOk;
    const std::string set = subject.set_name();
    const char* const side = subject.face() == kServerFace ? "Server" : "Client";
    // The real library writes no line end; whoever asks for this wants to read it.
    fprintf(stderr, "Host_%s_SQLVDIMemoryName_0: %s::%s: %s: error %u\n", set.c_str(), side, method,
            code.name().c_str(), static_cast<uint32_t>(code.value()) & 0xFFFFU);
    return kOk;
  });
}

}  // namespace vdisim
