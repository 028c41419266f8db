// Whether the situation holds that an answer of the state tables needs. The tables say it in words,
// each situation in one wording; this is what the words mean in the oracle's model.
#ifndef CONFORMANCE_MONITOR_SITUATION_H_
#define CONFORMANCE_MONITOR_SITUATION_H_

#include <string_view>

#include "conformance/monitor/world.h"

namespace conform {

// Everything that a situation may be judged by.
struct Scene {
  const World& world;
  const SetFacts& facts;
  const OracleCall& call;
  std::int64_t now_ms = 0;  // of the virtual clock
};

// when: the words of an answer. Throws RulesError for words that no situation has.
Truth Holds(std::string_view when, const Scene& scene);
// Whether the situation of a reading's ruling holds, for a call that takes effect in that state.
// Words that say more than the oracle knows are possible.
Truth RulingHolds(std::string_view when, State state, const Scene& scene);
// Whether the words of a ruling say no more than the oracle knows.
bool IsRulingSituation(std::string_view when);
// Whether the tables do not tell that situation from others: then the reading alone decides.
bool IsBeyondTables(std::string_view when);
// Whether the words name a situation.
bool IsSituation(std::string_view when);

// Whether a field of the VDConfig of a Create is invalid or not supported (C-CRE-02, G-18).
Truth BadConfiguration(const OracleCall& call);

}  // namespace conform

#endif  // CONFORMANCE_MONITOR_SITUATION_H_
