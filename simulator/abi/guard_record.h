// How what the guard finds (guard_report.h) is told: as a record of the trace, or, while nothing is
// traced, as a line on standard error. Of what stops the client a line is written in any case. Any
// thread, also in the handler of a fault.
#ifndef SIMULATOR_ABI_GUARD_RECORD_H_
#define SIMULATOR_ABI_GUARD_RECORD_H_

#include <string_view>

#include "simulator/device_set/guard_report.h"
#include "simulator/trace/call_record.h"

namespace vdisim {

// The method of such records.
inline constexpr std::string_view kGuardViolation = "GuardViolation";

// face: of CallRecord; lives as long as the process.
GuardReport ReportTo(std::string_view face);

// The record: `in` has what, of ("buffer" or "VDC_Command"), pCmd, commandCode, size, offset, and
// stops, 1 if the client stopped there.
CallRecord RecordOf(const GuardViolation& violation, std::string_view face);

}  // namespace vdisim

#endif  // SIMULATOR_ABI_GUARD_RECORD_H_
