// One device set as the oracle knows it: every world that the returns so far allow, and the calls
// in flight on it. One thread.
#ifndef CONFORMANCE_MONITOR_ORACLE_SET_H_
#define CONFORMANCE_MONITOR_ORACLE_SET_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/monitor/oracle.h"
#include "conformance/monitor/situation.h"
#include "conformance/monitor/world.h"

namespace conform {

class OracleSet {
 public:
  OracleSet(const Rules& rules, SetFacts facts);

  SetFacts& facts() { return facts_; }
  bool silent() const { return silent_; }
  // Nothing more is said about this set.
  void Silence();

  void Begin(const OracleCall& call, std::int64_t now_ms);
  // What the rules say about the return of a call that began here; nothing if they leave it open.
  // closes: receives whether the call ended its object.
  std::optional<Opinion> Return(const OracleCall& call, std::uint32_t code, std::int64_t now_ms,
                                bool* closes);
  // Who called is gone; the call may have taken effect, or not.
  void Forget(const OracleCall& call, std::int64_t now_ms);
  // The server was told that every device is open and the agent runs (L-14).
  void BecameActive(std::int64_t now_ms);
  // From now on the set may be aborted at any moment (AB-14, T-05).
  void MayAbort();
  // Whether something was sent and is not completed, in any world.
  bool Outstanding() const;

  const std::vector<World>& worlds() const { return worlds_; }
  std::vector<World>* mutable_worlds() { return &worlds_; }
  // What a call would meet if it began now.
  Outlook Foresee(const OracleCall& call, std::int64_t now_ms) const;
  // Whether a call in flight has nothing left to wait for, in any world.
  bool MustReturn(const OracleCall& call, std::int64_t now_ms) const;
  // Lets everything in flight take effect, or not.
  void Close(std::int64_t now_ms);

 private:
  void Expand(const World& world, std::int64_t now_ms, std::vector<World>* found) const;
  void Apply(const World& world, const OracleCall& call, std::int64_t now_ms,
             std::vector<World>* found) const;
  std::vector<Answer> AnswersOnAbort(const OracleCall& call) const;
  bool TakeEffect(World* world, const OracleCall& call, const Answer& answer, State state) const;
  State StateFor(const World& world, const OracleCall& call) const;
  bool HasReasonToWait(const World& world, const OracleCall& call, std::int64_t now_ms) const;
  // A ruling of a reading, for one call in one state.
  struct CellRuling {
    const Reading* reading;
    const Ruling* ruling;
    bool decides;  // it takes a code that the table does not have there, or looks closer
  };
  std::vector<CellRuling> RulingsHere(const Cell& cell, State state, const Scene& scene) const;
  bool LeftOpen(const World& world, const OracleCall& call, State state, std::uint32_t code,
                std::int64_t now_ms) const;

  const Rules& rules_;
  SetFacts facts_;
  bool silent_ = false;
  std::vector<World> worlds_;
  std::map<std::int64_t, OracleCall> in_flight_;
};

}  // namespace conform

#endif  // CONFORMANCE_MONITOR_ORACLE_SET_H_
