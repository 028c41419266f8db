// A LiveReport keeps the files of a run up to date while it runs: the event log grows line by line,
// and the JUnit file exists from the first second with every selected case as an error. It is
// replaced whole as cases end, but not more often than every 200 ms, because that takes as long as
// all cases so far are many; until then, what ended stands there as not finished. Whatever kills
// the process leaves a file that is valid and red. Any thread may append.
#ifndef REPORTS_LIVE_REPORT_H_
#define REPORTS_LIVE_REPORT_H_

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>

#include "reports/event.h"
#include "reports/file.h"
#include "reports/junit.h"
#include "reports/report_model.h"

namespace reports {

// Which files to keep; an empty path leaves that one out.
struct ReportPaths {
  std::filesystem::path events;  // events.jsonl, started anew
  std::filesystem::path junit;   // kSurefire: a folder, otherwise one file
  std::filesystem::path json;    // written when the run ends
  JUnitFlavour junit_flavour = JUnitFlavour::kStrict;
};

class LiveReport {
 public:
  using Now = std::function<std::chrono::steady_clock::time_point()>;

  static constexpr std::chrono::milliseconds kRewriteInterval{200};

  // Creates the event log. Throws std::system_error when a file cannot be written. `now` is the
  // clock of kRewriteInterval.
  explicit LiveReport(ReportPaths paths, Now now = std::chrono::steady_clock::now);

  // Applies the event, logs it, and rewrites what it changes: the JUnit file when a case ends and
  // the last time was long enough ago, and always when the run ends; the results when the run ends.
  // Throws as Apply() does, before anything is written, and std::system_error when a file cannot be
  // written.
  void Append(const Event& event);

  // Every case is selected: writes the JUnit file now, all red. Call it before the first case runs.
  void Start();

  // The run so far: a copy of all of it.
  Run Snapshot() const;
  // One case so far. Throws std::invalid_argument for an id that was not selected.
  Case CaseSoFar(std::string_view id) const;

 private:
  void WriteJUnit();

  const ReportPaths paths_;
  const Now now_;
  std::chrono::steady_clock::time_point written_;
  mutable std::mutex mutex_;
  std::unique_ptr<GrowingFile> log_;
  Run run_;
};

}  // namespace reports

#endif  // REPORTS_LIVE_REPORT_H_
