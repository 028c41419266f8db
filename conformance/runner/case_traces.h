// A folder with a trace of each case: what the runner saw, one observation a line, and behind them
// the findings. The files are read by `vdi-conform trace` and `replay`. One thread at a time.
#ifndef CONFORMANCE_RUNNER_CASE_TRACES_H_
#define CONFORMANCE_RUNNER_CASE_TRACES_H_

#include <filesystem>
#include <string>

#include "conformance/runner/case_record.h"

namespace conform {

class CaseTraces {
 public:
  // Makes the folder. report_folder: where the report stands that names the files; empty if there
  // is none. Throws std::filesystem::filesystem_error.
  CaseTraces(std::filesystem::path folder, std::filesystem::path report_folder);

  // Writes the trace of a case, in the place of an earlier one, and names it in each finding.
  // Gives its path relative to the report. A case that took no step has none: empty. Throws
  // std::system_error.
  std::string Write(const std::string& case_id, CaseResult* result) const;

 private:
  const std::filesystem::path folder_;
  const std::filesystem::path report_folder_;
};

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_CASE_TRACES_H_
