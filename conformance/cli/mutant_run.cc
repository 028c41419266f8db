#include "conformance/cli/mutant_run.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace conform {

bool MutantVerdict::Holds(const std::map<std::string, std::vector<std::string>>& findings,
                          const std::string& check) {
  return std::any_of(findings.begin(), findings.end(), [&](const auto& one) {
    return std::count(one.second.begin(), one.second.end(), check) > 0;
  });
}

MutantVerdict JudgeMutant(const std::string& options, const std::string& selectors, int jobs) {
  static std::atomic<int> runs{0};
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() /
      ("vdi-conform-mutant-" + std::to_string(getpid()) + "-" + std::to_string(++runs));
  std::filesystem::create_directories(folder);
  const std::string results = (folder / "results.json").string();
  const std::string command = std::string("'" VDI_CONFORM "' run --jobs ") + std::to_string(jobs) +
                              " " + options + " --junit '' --json '" + results + "' " + selectors +
                              " > /dev/null 2>&1";
  MutantVerdict verdict;
  const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): our own words
  verdict.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  std::ifstream stream(results);
  const nlohmann::json run = nlohmann::json::parse(stream, nullptr, false);
  if (run.is_object()) {
    for (const auto& one : run["cases"]) {
      if (one.value("outcome", "") == "Skip") {
        verdict.skipped.insert(one["id"].get<std::string>());
      } else {
        verdict.seconds[one["id"]] = one.value("seconds", 0.0);
      }
      for (const auto& finding : one["findings"]) {
        auto& findings = finding.value("warning", false) ? verdict.warned : verdict.failed;
        findings[one["id"]].push_back(finding["check"]);
      }
    }
  }
  std::filesystem::remove_all(folder);
  return verdict;
}

}  // namespace conform
