// A random walk: episodes of random calls on real processes, each judged by the oracle, until as
// many calls are made as were asked for or one disagrees. A disagreement is shrunk: the sequence of
// calls is executed again and again without some of them, and the shortest one that shows the same
// is kept. The same seed makes the same calls. One thread.
#ifndef CONFORMANCE_WALK_WALK_H_
#define CONFORMANCE_WALK_WALK_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "conformance/runner/coverage.h"
#include "conformance/scenario/capabilities.h"
#include "conformance/walk/chooser.h"
#include "conformance/walk/stage.h"

namespace conform {

struct WalkOptions {
  std::uint64_t seed = 1;
  std::size_t calls = 10'000;  // the episode in which they are reached goes on to its end
  double timeout_scale = 1.0;  // of kStepTimeout
  Capabilities capabilities = Capabilities::All();
  std::ostream* log = nullptr;  // gets a line for each move, without times; may be null
};

// A disagreement, made short.
struct WalkFinding {
  Case cast;
  Disagreement what;
  std::vector<MadeMove> moves;   // the last one shows it
  std::size_t moves_before = 0;  // how many there were at first
  std::size_t tries = 0;         // executions that shrinking took
  bool again = true;             // false: it did not show again; then nothing was left out
  std::string error_output;
};

struct WalkResult {
  std::size_t calls = 0;
  std::size_t episodes = 0;
  std::size_t processes = 0;
  std::map<std::pair<Side, std::string>, std::size_t> judged;  // returns by method
  std::set<std::tuple<Side, std::string, State>> visited;
  std::vector<Disagreement> warnings;  // each kind once
  std::optional<WalkFinding> finding;
};

// Told after each episode, and while a disagreement is shrunk.
struct WalkProgress {
  std::function<void(const WalkResult& so_far, const Coverage::Count& cells)> episode;
  std::function<void(std::size_t moves, std::size_t tries)> shrinking;
};

// Throws HarnessTrouble for trouble of our own.
WalkResult RunWalk(const Stage::Subject& subject, const WalkOptions& options,
                   const std::atomic<bool>& interrupted, const WalkProgress& progress);

// The shortest sequence that shows the same as `moves` do, whose last one shows `what`.
WalkFinding ShrinkMoves(const Case& cast, const std::vector<MadeMove>& moves,
                        const Disagreement& what, const Stage::Subject& subject,
                        vdisim::Timeout timeout, const WalkProgress& progress);

}  // namespace conform

#endif  // CONFORMANCE_WALK_WALK_H_
