// The moves that could be made next: every call of every process with arguments at hand, right and
// wrong ones. Which of them is made is decided elsewhere (walk/chooser.h). Pure but for chance.
#ifndef CONFORMANCE_WALK_MOVES_H_
#define CONFORMANCE_WALK_MOVES_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/walk/random.h"
#include "conformance/walk/stage.h"

namespace conform {

// What a move is good for.
enum class MoveKind {
  kProbe,     // any call
  kProgress,  // the next one of a normal run
  kWrong,     // a call with a wrong argument
  kEnding,    // SignalAbort, Close: what follows is different
  kKill,
};

struct Move {
  Step step;  // `into` and `save` are the first letter of a name that has no number yet
  MoveKind kind = MoveKind::kProbe;
  std::string variant;  // what is special about the arguments; empty: nothing
  unsigned weight = 1;  // among those of its kind
};

// How the sides of a set look: what its next normal calls are depends on it.
struct SetLook {
  std::optional<State> client;  // as the primary sees it
  std::optional<State> server;
};

class Moves {
 public:
  // Both must live longer.
  Moves(const StageView& stage, Random* random) : stage_(stage), random_(*random) {}

  // Every move of every process that lives, ending ones and wrong ones as well.
  std::vector<Move> All(const std::map<std::string, SetLook>& looks);

 private:
  struct Who {
    const Actor& actor;
    const ActorProps& props;
    const SetProps& set;
    SetLook look;
    State state;  // as the actor sees it; the first that is possible
  };

  void Client(const Who& who);
  void ClientDevices(const Who& who);
  void ClientBuffers(const Who& who);
  void Engine(const Who& who);
  void EngineDevices(const Who& who);
  void EngineBuffers(const Who& who);
  void Add(Step step, MoveKind kind, std::string variant = {}, unsigned weight = 1);
  Step Call(const Who& who, std::string_view method,
            std::map<std::string, std::string> arguments = {}) const;
  std::string Timeout();
  template <typename List>
  const typename List::value_type& Any(const List& list) {
    return *std::next(list.begin(), static_cast<std::ptrdiff_t>(random_.Below(list.size())));
  }

  const StageView& stage_;
  Random& random_;
  std::vector<Move> moves_;
};

}  // namespace conform

#endif  // CONFORMANCE_WALK_MOVES_H_
