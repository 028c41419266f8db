// Which cases to run when there is no time for all: those that are known to catch most programs
// with a bug in that time.
#ifndef CONFORMANCE_CLIENT_SUITE_BUDGET_H_
#define CONFORMANCE_CLIENT_SUITE_BUDGET_H_

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "conformance/scenario/loader.h"

namespace conform {

// What was measured of one case.
struct CaseYield {
  double seconds = 0;          // from its beginning to its end, with a program that is correct
  std::set<std::string> bugs;  // of the programs with a bug, those that it catches
  friend bool operator==(const CaseYield&, const CaseYield&) = default;
};
using Yields = std::map<std::string, CaseYield>;  // by the case's id

// The measurements as they lie in client_suite/yields.xml, which vdi-client-kill-matrix writes, in
// the order of their ids. Reading throws ScenarioError.
Yields ReadYields(const SourceText& source);
std::string WriteYields(const Yields& yields);
// The file as it was when this library was built.
Yields EmbeddedYields();

// Of the cases (ids, in the order of the suite) those that fit into `seconds`, in the order in
// which they are to be run: first, again and again, the one that catches most bugs per second that
// no chosen one catches; then, shortest first, what still fits. A case that was never measured
// counts as kUnmeasuredSeconds, and catches nothing. Equal ones keep their order. Pure.
std::vector<std::string> ChooseForBudget(std::span<const std::string> cases, const Yields& yields,
                                         double seconds);
inline constexpr double kUnmeasuredSeconds = 1.0;

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_SUITE_BUDGET_H_
