#include "reports/live_report.h"

#include <utility>

#include "reports/json_report.h"

namespace reports {

LiveReport::LiveReport(ReportPaths paths) : paths_(std::move(paths)) {
  if (!paths_.events.empty()) log_ = std::make_unique<GrowingFile>(paths_.events);
}

void LiveReport::Append(const Event& event) {
  const std::lock_guard lock(mutex_);
  Apply(run_, event);
  if (log_) log_->Append(ToJsonLine(event) + '\n');
  const bool run_ended = std::holds_alternative<RunEnded>(event);
  if (run_ended || std::holds_alternative<CaseEnded>(event)) WriteJUnit();
  if (run_ended && !paths_.json.empty()) ReplaceFile(paths_.json, JsonReport(run_));
}

void LiveReport::Start() {
  const std::lock_guard lock(mutex_);
  WriteJUnit();
}

Run LiveReport::Snapshot() const {
  const std::lock_guard lock(mutex_);
  return run_;
}

void LiveReport::WriteJUnit() const {
  if (paths_.junit.empty()) return;
  if (paths_.junit_flavour != JUnitFlavour::kSurefire) {
    ReplaceFile(paths_.junit, JUnitXml(run_, paths_.junit_flavour));
    return;
  }
  for (const NamedText& file : SurefireXml(run_)) {
    ReplaceFile(paths_.junit / file.file_name, file.text);
  }
}

}  // namespace reports
