#include "conformance/watch/reasons.h"

#include <algorithm>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/data_files.h"
#include "conformance/watch/win32_codes.h"

namespace conform {

using vdisim::CallRecord;

bool IsTrouble(vdisim::HResult code) {
  return !code.ok() && code != vdisim::kTimeout && code != vdisim::kClose && code != vdisim::kOpen;
}

bool HadReason(const Seen& seen, int64_t t) {
  if (seen.evidence.job.cancelled) return true;
  if (seen.statement != nullptr && seen.statement->ended != nullptr &&
      seen.statement->ended->t <= t) {
    return true;
  }
  for (const CallRecord* call : seen.history.calls) {
    if (EndOf(*call) <= t && IsTrouble(CodeOf(*call))) return true;
  }
  for (const FetchedCommand& command : seen.history.commands) {
    if (!command.completed() || command.completion->start_ns > t) continue;
    const int64_t code = command.completion_code;
    if (code != kWinSuccess && code != kWinHandleEof && code != kWinNoData &&
        code != kWinNotSupported) {
      return true;
    }
  }
  return std::any_of(seen.evidence.system.begin(), seen.evidence.system.end(),
                     [&](const WitnessEvent& event) {
                       const bool of_data = event.call == "write" || event.call == "open" ||
                                            event.call == "fsync" || event.call == "fdatasync";
                       return of_data && event.error != 0 && event.end() <= t &&
                              IsBelow(event.path, seen.evidence.artefact_dir);
                     });
}

}  // namespace conform
