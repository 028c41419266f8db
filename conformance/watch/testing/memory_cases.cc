#include "conformance/watch/testing/cases.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

using vdisim::CallRecord;
using vdisim::TraceNumber;

void Violate(Evidence& e, const std::string& what) {
  CallRecord& record = AddDeviceCall(e, Answered(e, 2) + 1, "GuardViolation", vdisim::kOk);
  SetInput(record, "what", what);
  SetInput(record, "commandCode", TraceNumber(int64_t{kVdcWrite}));
}

BreakCase Memory(const char* name, const char* what, const char* check) {
  return {.name = name,
          .check = check,
          .base = Backup,
          .broken = [=](Evidence& e) { Violate(e, what); },
          .kept = [](Evidence& e) { Violate(e, "of a kind that nobody knows"); }};
}

}  // namespace

std::vector<BreakCase> MemoryCases() {
  return {
      Memory("ABufferIsOverrun", "past-end", "buffer-bounds"),
      Memory("ABufferIsUnderrun", "before-begin", "buffer-bounds"),
      Memory("TheDataOfAWriteIsChanged", "write-buffer-changed", "write-buffer-unchanged"),
      Memory("ACommandIsChanged", "command-changed", "command-unchanged"),
      Memory("ABufferIsUsedAfterItsCompletion", "after-completion", "use-after-completion"),
  };
}

}  // namespace conform
