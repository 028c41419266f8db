#include "conformance/runner/case_traces.h"

#include <algorithm>
#include <utility>

#include "reports/file.h"

namespace conform {
namespace {

// {"e":"finding","call":3,"check":"...","expected":"...","actual":"..."}
std::string ToLine(const reports::Finding& finding, const std::vector<FoundAtCall>& found_at) {
  nlohmann::ordered_json line;
  line["e"] = "finding";
  const auto at = std::find_if(found_at.begin(), found_at.end(), [&](const FoundAtCall& one) {
    return one.check == finding.check_id;
  });
  if (at != found_at.end()) line["call"] = at->call;
  line["check"] = finding.check_id;
  line["clause"] = finding.clause;
  line["expected"] = finding.expected;
  line["actual"] = finding.actual;
  line["warning"] = finding.warning;
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

CaseTraces::CaseTraces(std::filesystem::path folder, std::filesystem::path report_folder)
    : folder_(std::move(folder)), report_folder_(std::move(report_folder)) {
  std::filesystem::create_directories(folder_);
}

std::string CaseTraces::Write(const std::string& case_id, CaseResult* result) const {
  if (result->observations.empty()) return {};
  std::string text;
  for (const Seen& seen : result->observations) text += ToLine(seen) + "\n";
  for (const reports::Finding& finding : result->findings) {
    text += ToLine(finding, result->found_at) + "\n";
  }
  const std::filesystem::path file = folder_ / (case_id + ".vdt");
  reports::GrowingFile(file).Append(text);
  for (reports::Finding& finding : result->findings) {
    finding.detail += "\nTrace: " + file.string();
  }
  const std::filesystem::path from =
      report_folder_.empty() ? std::filesystem::current_path() : report_folder_;
  return std::filesystem::absolute(file)
      .lexically_relative(std::filesystem::absolute(from))
      .string();
}

}  // namespace conform
