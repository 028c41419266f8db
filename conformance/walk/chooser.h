// Which move comes next. Towards cells of the state tables that this walk has seen little of, with
// a share of plain progress, without which no walk would leave the first state; and never one whose
// outcome is a race between two processes, so that a seed means the same walk each time. One
// thread.
#ifndef CONFORMANCE_WALK_CHOOSER_H_
#define CONFORMANCE_WALK_CHOOSER_H_

#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "conformance/walk/moves.h"
#include "conformance/walk/random.h"
#include "conformance/walk/stage.h"

namespace conform {

// How often a walk has chosen each kind of call in each state: actor's role, method, what is
// special about the arguments, state, face.
using Tally = std::map<std::tuple<Role, std::string, std::string, State, Face>, unsigned>;

// The actors and sets of an episode, drawn from chance. faces: those that the subject has, at least
// one. capabilities: of the subject.
Case DrawCast(const std::vector<Face>& faces, const Capabilities& capabilities, Random* random);

class Chooser {
 public:
  // Both must live longer. tally: of the whole walk.
  Chooser(Random* random, Tally* tally);

  // The next move; nothing when the episode is over. A call that goes on may still do so then only
  // if nobody can end it.
  std::optional<Step> Next(const StageView& stage);

 private:
  std::optional<Step> Due(const StageView& stage) const;
  std::optional<Step> Choose(const StageView& stage);
  std::optional<Step> OpenTheRest(const StageView& stage, const std::string& set);
  std::optional<Step> Finish(const StageView& stage);
  bool IsFair(const StageView& stage, const Move& move) const;
  std::uint64_t WeightOf(const Move& move, const StageView& stage, State state) const;
  std::map<std::string, SetLook> Look(const StageView& stage) const;
  void Name(Step* step);

  Random& random_;
  Tally& tally_;
  int left_;           // moves of choice
  unsigned progress_;  // how many per cent of them lead on in a normal run
  int numbers_ = 0;    // in names
  int due_in_a_row_ = 0;
  int opens_left_ = 8;   // at the end
  int aborts_left_ = 8;  // at the end
  std::int64_t position_ = 0;
};

}  // namespace conform

#endif  // CONFORMANCE_WALK_CHOOSER_H_
