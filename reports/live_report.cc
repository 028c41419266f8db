#include "reports/live_report.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "reports/json_report.h"

namespace reports {

LiveReport::LiveReport(ReportPaths paths, Now now)
    : paths_(std::move(paths)), now_(std::move(now)) {
  if (!paths_.events.empty()) log_ = std::make_unique<GrowingFile>(paths_.events);
}

void LiveReport::Append(const Event& event) {
  const std::lock_guard lock(mutex_);
  Apply(run_, event);
  if (log_) log_->Append(ToJsonLine(event) + '\n');
  const bool run_ended = std::holds_alternative<RunEnded>(event);
  const bool case_ended = std::holds_alternative<CaseEnded>(event);
  if (run_ended || (case_ended && now_() - written_ >= kRewriteInterval)) WriteJUnit();
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

Case LiveReport::CaseSoFar(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(run_.cases.begin(), run_.cases.end(),
                                  [&](const Case& one) { return one.id == id; });
  if (found == run_.cases.end()) {
    throw std::invalid_argument("case '" + std::string(id) + "' was never selected");
  }
  return *found;
}

void LiveReport::WriteJUnit() {
  if (paths_.junit.empty()) return;
  if (paths_.junit_flavour != JUnitFlavour::kSurefire) {
    ReplaceFile(paths_.junit, JUnitXml(run_, paths_.junit_flavour));
  } else {
    for (const NamedText& file : SurefireXml(run_)) {
      ReplaceFile(paths_.junit / file.file_name, file.text);
    }
  }
  // Taken afterwards, so that a slow disk never takes more than part of the time.
  written_ = now_();
}

}  // namespace reports
