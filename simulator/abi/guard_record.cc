#include "simulator/abi/guard_record.h"

#include <cstdio>
#include <string>

#include "simulator/trace/call_trace.h"

namespace vdisim {

CallRecord RecordOf(const GuardViolation& violation, std::string_view face) {
  CallRecord record;
  record.start_ns = CallTrace::NowNanoseconds();
  record.face = std::string(face);
  record.set = violation.set;
  record.device = violation.device;
  record.method = std::string(kGuardViolation);
  record.inputs = {{"what", TraceText(NameOf(violation.breach))},
                   {"of", TraceText(violation.of_command ? "VDC_Command" : "buffer")},
                   {"pCmd", TraceAddress(violation.command)},
                   {"commandCode", TraceNumber(int64_t{violation.command_code})},
                   {"size", TraceNumber(violation.size)},
                   {"offset", TraceNumber(violation.offset)},
                   {"stops", TraceNumber(int64_t{violation.stops ? 1 : 0})}};
  return record;
}

GuardReport ReportTo(std::string_view face) {
  return [face](const GuardViolation& violation) {
    const bool traced = CallTrace::IsOn();
    if (violation.stops || !traced) {
      fprintf(stderr, "vdisim: VDISIM_GUARD: %s\n", Describe(violation).c_str());
    }
    if (traced) CallTrace::Write(RecordOf(violation, face));
  };
}

}  // namespace vdisim
