#include <algorithm>
#include <chrono>

#include "conformance/walk/shrink.h"
#include "conformance/walk/walk.h"

namespace conform {
namespace {

// A candidate that hangs need not be waited for as long as a call of the walk.
constexpr std::int64_t kCandidateTimeoutMs = 2'000;
constexpr std::size_t kTriesMost = 600;
constexpr std::chrono::seconds kShrinkMost{120};

class Shrinker {
 public:
  Shrinker(const Case& cast, const Disagreement& what, const Stage::Subject& subject,
           vdisim::Timeout timeout, const WalkProgress& progress)
      : cast_(cast), what_(what), subject_(subject), timeout_(timeout), progress_(progress) {}

  WalkFinding Run(const std::vector<MadeMove>& moves);

 private:
  // Executes them; keeps the moves that were made if they show it.
  bool Shows(const std::vector<Step>& steps);
  bool ShowsOnce(const std::vector<Step>& steps);
  void LeaveOutActors();
  void LeaveOutMoves();
  void Simplify();
  std::vector<Step> Kept() const;
  bool OutOfTime() const {
    return tries_ >= kTriesMost || std::chrono::steady_clock::now() - begin_ > kShrinkMost;
  }

  const Case& cast_;
  const Disagreement& what_;
  const Stage::Subject& subject_;
  const vdisim::Timeout timeout_;
  const WalkProgress& progress_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::vector<MadeMove> best_;
  Disagreement shown_;
  std::size_t tries_ = 0;
  int repeats_ = 1;
};

std::vector<Step> Shrinker::Kept() const {
  std::vector<Step> steps;
  for (const MadeMove& move : best_) {
    if (!IsSettling(move.step)) steps.push_back(move.step);
  }
  return steps;
}

bool Shrinker::ShowsOnce(const std::vector<Step>& steps) {
  ++tries_;
  Stage stage(cast_, subject_, timeout_);
  std::optional<Disagreement> found;
  for (const Step& step : steps) {
    if (!stage.CanDo(step)) continue;
    if ((found = stage.Do(step))) break;
  }
  if (!found && what_.method.empty()) found = stage.End();
  stage.Abandon();
  if (!found || !found->SameAs(what_)) return false;
  best_ = stage.made();
  shown_ = *found;
  if (progress_.shrinking) progress_.shrinking(best_.size(), tries_);
  return true;
}

bool Shrinker::Shows(const std::vector<Step>& steps) {
  for (int i = 0; i < repeats_ && !OutOfTime(); ++i) {
    if (ShowsOnce(steps)) return true;
  }
  return false;
}

void Shrinker::LeaveOutActors() {
  for (const Actor& actor : cast_.actors) {
    std::vector<Step> steps = Kept();
    const std::size_t before = steps.size();
    std::erase_if(steps, [&](const Step& step) { return step.actor == actor.name; });
    if (!steps.empty() && steps.size() < before) (void)Shows(steps);
  }
}

void Shrinker::LeaveOutMoves() {
  const std::vector<Step> all = Kept();
  (void)Shrink(all.size(), [&](const std::vector<std::size_t>& kept) {
    std::vector<Step> steps;
    steps.reserve(kept.size());
    for (const std::size_t index : kept) steps.push_back(all[index]);
    return Shows(steps);
  });
}

// Fewer devices, shorter waits, no arguments that a call can do without.
void Shrinker::Simplify() {
  for (std::size_t i = 0; i < Kept().size(); ++i) {
    const Step original = Kept()[i];
    if (original.kind != StepKind::kCall) continue;
    for (const auto& [name, text] : original.arguments) {
      std::vector<Step> steps = Kept();
      if (i >= steps.size()) return;
      if (name == "devices" && text == "2") {
        steps[i].arguments[name] = "1";
      } else if (name == "timeout" && text != "0" && original.start.empty()) {
        steps[i].arguments[name] = "0";
      } else if (name == "completion" || name == "bytes" || name == "position") {
        steps[i].arguments.erase(name);
      } else {
        continue;
      }
      (void)Shows(steps);
    }
  }
}

WalkFinding Shrinker::Run(const std::vector<MadeMove>& moves) {
  best_ = moves;
  shown_ = what_;
  WalkFinding finding;
  finding.cast = cast_;
  finding.moves_before = moves.size();
  const std::vector<Step> all = Kept();
  // What does not show at once may be a race: then every candidate gets as many chances.
  if (!ShowsOnce(all)) {
    repeats_ = 3;
    finding.again = Shows(all);
  }
  if (finding.again) {
    LeaveOutActors();
    LeaveOutMoves();
    Simplify();
    LeaveOutMoves();
  }
  finding.what = shown_;
  finding.moves = best_;
  finding.tries = tries_;
  Stage last(cast_, subject_, timeout_);
  last.Abandon();
  last.Purge();
  return finding;
}

}  // namespace

WalkFinding ShrinkMoves(const Case& cast, const std::vector<MadeMove>& moves,
                        const Disagreement& what, const Stage::Subject& subject,
                        vdisim::Timeout timeout, const WalkProgress& progress) {
  const auto most = vdisim::Timeout::Milliseconds(kCandidateTimeoutMs);
  const vdisim::Timeout candidate = timeout.length() < most.length() ? timeout : most;
  return Shrinker(cast, what, subject, candidate, progress).Run(moves);
}

}  // namespace conform
