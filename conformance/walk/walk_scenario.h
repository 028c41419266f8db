// A sequence of moves as a scenario file: what came before the disagreement as its setting, every
// call with what the rules take there, and the disagreement as its check. Pure.
#ifndef CONFORMANCE_WALK_WALK_SCENARIO_H_
#define CONFORMANCE_WALK_WALK_SCENARIO_H_

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/walk/stage.h"

namespace conform {

struct WalkScenario {
  std::string id;    // "walk.seed-7.client-get-command"
  std::string file;  // "walk-seed-7-client-get-command.xml"
  std::string text;
};

// The last of the moves is the one that the disagreement is about.
WalkScenario ScenarioOfMoves(const Case& cast, const std::vector<MadeMove>& moves,
                             const Disagreement& found, std::uint64_t seed, const Rules& rules);

}  // namespace conform

#endif  // CONFORMANCE_WALK_WALK_SCENARIO_H_
