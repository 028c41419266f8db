// Runs vdi-conform, as a process, and tells which checks failed in which case.
#ifndef CONFORMANCE_CLI_MUTANT_RUN_H_
#define CONFORMANCE_CLI_MUTANT_RUN_H_

#include <map>
#include <set>
#include <string>
#include <vector>

namespace conform {

struct MutantVerdict {
  int status = -1;                                         // the exit status; -1: none
  std::map<std::string, std::vector<std::string>> failed;  // the checks, by case
  std::map<std::string, std::vector<std::string>> warned;
  std::map<std::string, double> seconds;  // of each case that was executed
  std::set<std::string> skipped;          // cases that need what the subject does not declare

  static bool Holds(const std::map<std::string, std::vector<std::string>>& findings,
                    const std::string& check);
};

// `options` and `selectors` are words of a shell; `jobs` is how many cases run at once. Keeps no
// file. Any number of threads.
MutantVerdict JudgeMutant(const std::string& options, const std::string& selectors, int jobs = 2);
// The option for a mutant of which it is known that a step will hang: waits a second for it. Any
// other one has the time that every subject has, for a busy machine is no bug.
inline constexpr const char* kShortSteps = " --timeout-scale 0.1";

}  // namespace conform

#endif  // CONFORMANCE_CLI_MUTANT_RUN_H_
