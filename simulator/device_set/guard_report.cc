#include "simulator/device_set/guard_report.h"

#include <cstdio>

namespace vdisim {

const char* NameOf(GuardBreach breach) {
  switch (breach) {
    case GuardBreach::kPastEnd:
      return "past-end";
    case GuardBreach::kBeforeBegin:
      return "before-begin";
    case GuardBreach::kWriteBufferChanged:
      return "write-buffer-changed";
    case GuardBreach::kCommandChanged:
      return "command-changed";
    case GuardBreach::kAfterCompletion:
      return "after-completion";
  }
  return "";
}

std::string Describe(const GuardViolation& violation) {
  char text[256];
  snprintf(text, sizeof text, "%s: byte %lld of the %s, command %p, code %d, %lld bytes",
           NameOf(violation.breach), static_cast<long long>(violation.offset),
           violation.of_command ? "VDC_Command" : "buffer", violation.command,
           violation.command_code, static_cast<long long>(violation.size));
  return std::string(text) + ", device " + violation.device;
}

}  // namespace vdisim
