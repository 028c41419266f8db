#include "conformance/watch/seen.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace conform {

Seen::Seen(const Evidence& its_evidence)
    : evidence(its_evidence),
      history(HistoryOf(evidence.calls)),
      statements(StatementsOf(evidence.engine)),
      statement(StatementOfJob(statements, evidence.job.operation)) {}

bool Seen::EndedByItself() const {
  const ClientEnd& end = evidence.end;
  return end.started && end.exited && !end.signalled && !end.killed_by_us && !evidence.hang.hung;
}

bool Seen::ReportsSuccess() const {
  return EndedByItself() && evidence.client.success_statuses.count(evidence.end.status) > 0;
}

std::string Seen::LabelOf(const DeviceLife& device) const {
  if (statement != nullptr && statement->configured != nullptr) {
    const std::vector<std::string>& names = statement->configured->devices;
    const auto found = std::find(names.begin(), names.end(), device.name);
    if (found != names.end()) return fmt::format("device {}", found - names.begin() + 1);
  }
  int number = 1;
  for (const DeviceLife& other : history.devices) {
    if (&other == &device || other.name == device.name) break;
    ++number;
  }
  return fmt::format("device {}", number);
}

std::string Seen::When(int64_t t) const {
  if (t == 0) return "at the end";
  if (history.first == 0 || t < history.first) return "before the first call";
  return fmt::format("{:.3f} s after the first call", static_cast<double>(t - history.first) / 1e9);
}

std::string Seen::Place(const vdisim::CallRecord& call) const {
  const DeviceLife* const device = history.DeviceOf(call);
  return fmt::format("{}{}, record {} of process {}, {}", call.method,
                     device == nullptr ? "" : " of " + LabelOf(*device), call.number, call.pid,
                     When(call.start_ns));
}

std::string Seen::CommandName(int code) {
  static constexpr std::array<const char*, 20> kNames = {nullptr,
                                                         "VDC_Read",
                                                         "VDC_Write",
                                                         "VDC_ClearError",
                                                         "VDC_Rewind",
                                                         "VDC_WriteMark",
                                                         "VDC_SkipMarks",
                                                         "VDC_SkipBlocks",
                                                         "VDC_Load",
                                                         "VDC_GetPosition",
                                                         "VDC_SetPosition",
                                                         "VDC_Discard",
                                                         "VDC_Flush",
                                                         "VDC_Snapshot",
                                                         "VDC_MountSnapshot",
                                                         "VDC_PrepareToFreeze",
                                                         "VDC_FileInfoBegin",
                                                         "VDC_FileInfoEnd",
                                                         "VDC_GetError",
                                                         "VDC_Complete"};
  if (code > 0 && code < static_cast<int>(kNames.size())) return kNames[static_cast<size_t>(code)];
  return fmt::format("command {}", code);
}

}  // namespace conform
