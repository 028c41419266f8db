// Where the moves of one episode happen: real processes, the oracle that follows every call, and
// what there is to make moves with. One thread.
#ifndef CONFORMANCE_WALK_STAGE_H_
#define CONFORMANCE_WALK_STAGE_H_

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/drivers/driver_fleet.h"
#include "conformance/monitor/oracle.h"
#include "conformance/runner/case_actors.h"
#include "conformance/runner/case_values.h"
#include "conformance/runner/case_watcher.h"
#include "conformance/walk/disagreement.h"
#include "conformance/walk/props.h"

namespace conform {

// What whoever chooses the next move may ask; answers change nothing.
class StageView {
 public:
  virtual ~StageView() = default;
  virtual const Case& cast() const = 0;
  virtual const Props& props() const = 0;
  // What a call would meet now.
  virtual Outlook Foresee(const Step& step) const = 0;
  // Whether a call that goes on has nothing left to wait for.
  virtual bool MustReturn(const std::string& pending) const = 0;
  // Whether a move makes sense now: what it names is there, and it does not wait for what nobody
  // does, unless it is a call that goes on.
  virtual bool CanDo(const Step& step) const = 0;
};

// A move that was made, and what the rules took there: what a scenario needs to repeat it.
struct MadeMove {
  Step step;
  std::optional<std::uint32_t> code;  // of a call that returned at once, or of an <await>
  std::vector<std::string> accepted;  // empty: the oracle said nothing
  std::string clause;
};

// A move that the stage makes of itself: behind a call that goes on, it waits until the call waits.
bool IsSettling(const Step& step);

class Stage final : public StageView {
 public:
  struct Subject {
    const Rules& rules;
    const DriverFleet& fleet;
    bool bundled_engine = true;  // trouble of the engine is ours
    bool strict = false;         // what rests on undocumented statements counts
  };

  // cast: actors, sets, face and clock; its steps do not matter. It must outlive the stage, and so
  // must the subject's parts. timeout: how long an actor may take for one move.
  Stage(const Case& cast, const Subject& subject, vdisim::Timeout timeout);
  // Kills what still runs; the shared memory of killed processes stays until somebody purges.
  ~Stage() override;

  const Case& cast() const override { return cast_; }
  const Props& props() const override { return props_; }
  Outlook Foresee(const Step& step) const override;
  bool MustReturn(const std::string& pending) const override;

  bool CanDo(const Step& step) const override;
  // Makes a move. Throws HarnessTrouble for trouble of our own. After a disagreement that is no
  // warning the stage is of no use any more.
  std::optional<Disagreement> Do(const Step& step);
  // Lets every process end in order, and says if one did not.
  std::optional<Disagreement> End();
  // Kills every process.
  void Abandon() { actors_.KillAll(); }
  // Removes what killed processes left behind.
  void Purge() { actors_.PurgeAfterKills(); }

  const std::vector<Visit>& visits() const { return visits_; }
  const std::vector<MadeMove>& made() const { return made_; }
  const std::vector<Seen>& observations() const { return watcher_.observations(); }
  // Of disagreements that are only warnings.
  const std::vector<Disagreement>& warnings() const { return warnings_; }

 private:
  struct Pending {
    std::string actor;
    std::int64_t id = 0;    // of the request
    std::int64_t seen = 0;  // of the observation
    const Step* step = nullptr;
  };

  // A call that was thought to wait, and returned.
  struct EarlyReturn {
    std::string call;
    HostAnswer answer;
  };

  // step: lives as long as the stage.
  std::optional<Disagreement> Make(const Step& step);
  std::optional<Disagreement> DoCall(const Step& step);
  std::optional<Disagreement> DoAwait(const Step& step);
  std::optional<Disagreement> TakeAnswer(const std::string& name, const HostAnswer& answer);
  std::optional<Disagreement> Settle(const std::string& set);
  std::optional<Disagreement> DoAdvance(const Step& step);
  // Those of these calls that have returned by now.
  std::vector<EarlyReturn> Returns(const std::vector<std::string>& calls);
  std::optional<Disagreement> TakeEarly(const std::vector<EarlyReturn>& returned);
  std::optional<Disagreement> DoCompleted(const Step& step);
  std::optional<Disagreement> Returned(const Step& step, std::int64_t seen,
                                       const HostAnswer& answer);
  std::optional<Disagreement> JudgeCode(const Step& step, const std::optional<Opinion>& opinion,
                                        std::uint32_t code);
  Disagreement Trouble(const Step& step, const HostAnswer& answer) const;
  // Gives the oracle what was seen since; what it says about the last return among it.
  std::optional<Opinion> Tell();
  Driver& DriverOf(const std::string& actor);
  // The calls that wait on the clock of a set.
  std::vector<std::string> Timed(const std::string& set) const;
  CallSeen AsSeen(const Step& step) const;
  std::string EngineOf(const std::string& set) const;

  const Case& cast_;
  const Subject subject_;
  const vdisim::Timeout timeout_;
  CaseValues values_;
  CaseActors actors_;
  CaseWatcher watcher_;
  Oracle oracle_;
  Props props_;
  std::size_t told_ = 0;    // observations that the oracle knows
  std::deque<Step> steps_;  // the watcher points to them
  std::map<std::string, Pending> pending_;
  std::vector<Visit> visits_;
  std::vector<MadeMove> made_;
  std::vector<Disagreement> warnings_;
};

}  // namespace conform

#endif  // CONFORMANCE_WALK_STAGE_H_
