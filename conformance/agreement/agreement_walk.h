// The oracle and the simulator's transition table walk side by side: random calls on device sets
// are answered by the table, and the oracle, which knows the rules files alone, must take each
// answer and see each call in the state in which the table sees it. Where the simulator answers
// otherwise than the tables of the documents, wanted_differences.h says by which reading. The last
// answer of each history is a wrong one on purpose, and the oracle should refuse it. One thread.
#ifndef CONFORMANCE_AGREEMENT_AGREEMENT_WALK_H_
#define CONFORMANCE_AGREEMENT_AGREEMENT_WALK_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "conformance/rules/rules.h"

namespace conform {

struct AgreementOptions {
  std::uint64_t seed = 1;
  std::size_t calls = 0;
  std::size_t disagreements_max = 1;  // the walk ends with so many
};

// How often something happened to calls of a method in a state.
struct CellTally {
  std::size_t calls = 0;
  std::size_t judged = 0;   // the oracle had an opinion
  std::size_t wrong = 0;    // wrong answers that were given on purpose
  std::size_t refused = 0;  // and those that the oracle refused
};
using CellOfWalk = std::tuple<Side, std::string, State>;

struct AgreementResult {
  std::size_t calls = 0;
  std::size_t judged = 0;
  std::size_t placed = 0;  // of the judged: the oracle was sure of the state
  std::size_t wrong = 0;
  std::size_t refused = 0;
  std::map<CellOfWalk, CellTally> cells;
  std::map<std::string, std::size_t> differences;  // wanted ones by their description: how often
  // Each says the cell, what the table answered, what the oracle takes, and the calls before.
  std::vector<std::string> disagreements;
};

// The same options walk the same way. documents: what the simulator's answers are compared with;
// oracle_rules: what the oracle reads, the same or flipped ones.
AgreementResult WalkSideBySide(const Rules& documents, const Rules& oracle_rules,
                               const AgreementOptions& options);

}  // namespace conform

#endif  // CONFORMANCE_AGREEMENT_AGREEMENT_WALK_H_
