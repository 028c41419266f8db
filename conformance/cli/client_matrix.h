// The kill matrix of client programs as a page to read: which mistake is caught by which check in
// which scenario, and what each scenario is worth. Pure.
#ifndef CONFORMANCE_CLI_CLIENT_MATRIX_H_
#define CONFORMANCE_CLI_CLIENT_MATRIX_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/cli/client_bug_catalogue.h"
#include "conformance/cli/mutant_run.h"

namespace conform {

struct ClientMatrix {
  std::vector<ClientBug> bugs;
  std::map<std::string, std::string> scenarios;   // with the reason why one catches nothing
  std::map<std::string, MutantVerdict> verdicts;  // by bug; one that was not measured has none
  std::map<std::string, MutantVerdict> correct;   // by style, if they ran under the same limits
  bool everything = false;  // every program ran over every scenario that it can, not only its own
};

// Whether the check of its entry found it in each scenario of its entry.
bool IsCaught(const ClientBug& bug, const MutantVerdict& verdict);

// The scenarios, without rows, in which some check found something, with these checks.
std::map<std::string, std::set<std::string>> CatchesOf(const ClientMatrix& matrix,
                                                       const MutantVerdict& verdict);

// The page, as Markdown.
std::string WriteMatrix(const ClientMatrix& matrix);

}  // namespace conform

#endif  // CONFORMANCE_CLI_CLIENT_MATRIX_H_
