// Runs vdi-conform, as a process, and tells which checks failed in which case.
#ifndef CONFORMANCE_CLI_MUTANT_RUN_H_
#define CONFORMANCE_CLI_MUTANT_RUN_H_

#include <map>
#include <string>
#include <vector>

namespace conform {

struct MutantVerdict {
  int status = -1;                                         // the exit status; -1: none
  std::map<std::string, std::vector<std::string>> failed;  // the checks, by case
  std::map<std::string, std::vector<std::string>> warned;

  static bool Holds(const std::map<std::string, std::vector<std::string>>& findings,
                    const std::string& check);
};

// `options` and `selectors` are words of a shell. Keeps no file.
MutantVerdict JudgeMutant(const std::string& options, const std::string& selectors);

}  // namespace conform

#endif  // CONFORMANCE_CLI_MUTANT_RUN_H_
