// A LiveReport keeps the files of a run up to date while it runs: the event log grows line by line,
// and the JUnit file exists from the first second with every selected case as an error, and is
// replaced whole each time a case ends. Whatever kills the process leaves a file that is valid and
// red. Any thread may append.
#ifndef REPORTS_LIVE_REPORT_H_
#define REPORTS_LIVE_REPORT_H_

#include <filesystem>
#include <mutex>
#include <string_view>

#include "reports/event.h"
#include "reports/junit.h"
#include "reports/report_model.h"

namespace reports {

// Puts `text` in the place of the file at `path`, whole or not at all: a temporary file beside it
// is written, synced and renamed, and the folder synced. Creates missing folders. Throws
// std::system_error that names the file.
void ReplaceFile(const std::filesystem::path& path, std::string_view text);

// Which files to keep; an empty path leaves that one out.
struct ReportPaths {
  std::filesystem::path events;                        // events.jsonl, started anew
  std::filesystem::path junit;                         // strict or rich: one file
  std::filesystem::path json;                          // written when the run ends
  JUnitFlavour junit_flavour = JUnitFlavour::kStrict;  // kSurefire: `junit` is a folder
};

class LiveReport {
 public:
  // Creates the event log. Throws std::system_error when a file cannot be written.
  explicit LiveReport(ReportPaths paths);
  ~LiveReport();
  LiveReport(const LiveReport&) = delete;
  LiveReport& operator=(const LiveReport&) = delete;

  // Logs the event, applies it, and rewrites what it changes: the JUnit file is first written by
  // Start() or the first event that is neither RunStarted nor CaseSelected, and then whenever a
  // case or the run ends. Throws as Apply() and ReplaceFile() do.
  void Append(const Event& event);

  // Every case is selected: writes the files now, all red.
  void Start();

  // The run so far.
  Run Snapshot() const;

 private:
  void AppendLine(const Event& event);
  void WriteJUnit();

  const ReportPaths paths_;
  mutable std::mutex mutex_;
  int log_ = -1;
  bool started_ = false;
  Run run_;
};

}  // namespace reports

#endif  // REPORTS_LIVE_REPORT_H_
