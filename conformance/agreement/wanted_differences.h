// Where the simulator means to answer otherwise than the state tables of the documents, because a
// reading decides between sources, and where the two sides name a state differently. The list is
// precise: the agreement test fails on a difference that is not here, and on an entry that no walk
// meets.
#ifndef CONFORMANCE_AGREEMENT_WANTED_DIFFERENCES_H_
#define CONFORMANCE_AGREEMENT_WANTED_DIFFERENCES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/rules/rules.h"

namespace conform {

struct WantedDifference {
  Side side;
  std::string_view method;  // empty: every method
  State state;              // as the simulator's table has it
  std::uint32_t code;       // which the cell of the documents lacks; of a state: unused
  // The oracle's state of the same moment, where it is that which differs.
  std::optional<State> seen_as;
  std::string_view clause;  // the reading that wants it
  std::string_view why;
};

const std::vector<WantedDifference>& WantedDifferences();
// "server.OpenDevice in Active: VD_E_OPEN (G-08)".
std::string Describe(const WantedDifference& difference);

// The entry about an answer that the cell lacks, or about a state that is seen as another; null:
// there is none.
const WantedDifference* FindAnswer(Side side, std::string_view method, State state,
                                   std::uint32_t code);
const WantedDifference* FindState(Side side, State state, State seen_as);

}  // namespace conform

#endif  // CONFORMANCE_AGREEMENT_WANTED_DIFFERENCES_H_
