// The oracle: a second encoding of the documents. It reads the rules and what the runner sees of a
// case, keeps a model of every device set, and says about each return which codes the rules accept.
// It shares nothing with the simulator.
//
// Calls overlap, and what one process did reaches another in its own time. So the oracle keeps
// every state of the world that the returns so far allow: a call in flight may take effect at any
// moment until it returns. A return that no world explains is a disagreement; after one the oracle
// is silent about that set, because what follows would only repeat it. Where the readings hold
// nobody to anything, it is silent as well. One thread.
#ifndef CONFORMANCE_MONITOR_ORACLE_H_
#define CONFORMANCE_MONITOR_ORACLE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/monitor/observation.h"
#include "conformance/monitor/visit.h"
#include "conformance/rules/rules.h"

namespace conform {

// What the rules say about one return.
struct Opinion {
  std::int64_t call = 0;
  std::string actor;
  Side side = Side::kClient;
  std::string method;
  Platform platform = Platform::kLinux;
  std::uint32_t code = 0;
  bool held = true;
  std::vector<std::string> accepted;  // names of codes, in the order of the rules
  std::string clause;                 // the rule that allows it, or the one that it breaks
  std::string state;                  // "Active, device 1 is closed": what the oracle knew
  std::optional<Visit> visit;         // none where more than one state was possible
};

// What the oracle knows about a call before it is made.
struct Outlook {
  std::optional<State> state;  // as the side of the caller sees it; none: more than one is possible
  bool may_wait = false;       // perhaps it does not return until something else happens
  bool silent = false;         // the oracle says nothing about this set any more
};

class Oracle {
 public:
  // The rules must live longer.
  explicit Oracle(const Rules& rules);
  ~Oracle();
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  // Takes the next thing seen. For a return, what the rules say about it; nothing if they say
  // nothing, or if the oracle does not know.
  std::optional<Opinion> See(const Seen& seen);

  // What a call would meet if it were made now. A finite time-out counts as a wait only on the
  // virtual clock: the real one ends it.
  Outlook Foresee(const CallSeen& call) const;
  // Whether a call that was seen and did not return yet has no reason left to wait.
  bool MustReturn(std::int64_t call) const;

 private:
  class Model;
  std::unique_ptr<Model> model_;
};

// What the rules say about every return of a case, without a subject.
std::vector<Opinion> JudgeObservations(const Rules& rules, const std::vector<Seen>& seen);

}  // namespace conform

#endif  // CONFORMANCE_MONITOR_ORACLE_H_
