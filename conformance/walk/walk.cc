#include "conformance/walk/walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "conformance/runner/case_runner.h"

namespace conform {
namespace {

class Walk {
 public:
  Walk(const Stage::Subject& subject, const WalkOptions& options,
       const std::atomic<bool>& interrupted, const WalkProgress& progress)
      : subject_(subject),
        options_(options),
        interrupted_(interrupted),
        progress_(progress),
        random_(options.seed),
        coverage_(subject.rules),
        timeout_(StepTimeout({.timeout_scale = options.timeout_scale})) {}

  WalkResult Run() {
    std::vector<Face> faces;
    if (options_.capabilities.Has(Capability::kLinuxFace)) faces.push_back(Face::kLinux);
    if (options_.capabilities.Has(Capability::kComFace)) faces.push_back(Face::kCom);
    while (!interrupted_ && !result_.finding && result_.calls < options_.calls && !faces.empty()) {
      Episode(DrawCast(faces, options_.capabilities, &random_));
      if (progress_.episode) progress_.episode(result_, coverage_.Cells());
    }
    return std::move(result_);
  }

 private:
  void Episode(const Case& cast);
  void Count(const Case& cast, const Stage& stage);
  void Log(const Stage& stage, std::size_t from, const std::optional<Disagreement>& found);

  const Stage::Subject& subject_;
  const WalkOptions& options_;
  const std::atomic<bool>& interrupted_;
  const WalkProgress& progress_;
  Random random_;
  Tally tally_;
  Coverage coverage_;
  const vdisim::Timeout timeout_;
  WalkResult result_;
};

void Walk::Episode(const Case& cast) {
  ++result_.episodes;
  if (options_.log != nullptr) {
    *options_.log << fmt::format("episode {}: face {}, {} actors\n", result_.episodes,
                                 Name(cast.face), cast.actors.size());
  }
  std::optional<Disagreement> found;
  Stage stage(cast, subject_, timeout_);
  Chooser chooser(&random_, &tally_);
  while (!interrupted_ && !found) {
    const std::optional<Step> step = chooser.Next(stage);
    if (!step) break;
    const std::size_t made = stage.made().size();
    found = stage.Do(*step);
    Log(stage, made, found);
  }
  if (!found && !interrupted_) found = stage.End();
  Count(cast, stage);
  if (found) stage.Abandon();
  stage.Purge();
  if (!found) return;
  result_.finding = ShrinkMoves(cast, stage.made(), *found, subject_, timeout_, progress_);
}

void Walk::Count(const Case& cast, const Stage& stage) {
  std::set<std::string> processes;
  for (const MadeMove& move : stage.made()) {
    if (!move.step.actor.empty()) processes.insert(move.step.actor);
    if (move.step.kind != StepKind::kCall) continue;
    ++result_.calls;
    ++result_.judged[{move.step.method->side, std::string(move.step.method->name)}];
  }
  result_.processes += processes.size();
  CaseResult seen;
  seen.visits = stage.visits();
  coverage_.Add(cast, seen);
  for (const Visit& visit : stage.visits()) {
    result_.visited.insert({visit.side, visit.method, visit.state});
  }
  for (const Disagreement& warning : stage.warnings()) {
    const bool known = std::any_of(result_.warnings.begin(), result_.warnings.end(),
                                   [&](const Disagreement& one) { return one.SameAs(warning); });
    if (!known) result_.warnings.push_back(warning);
  }
}

void Walk::Log(const Stage& stage, std::size_t from, const std::optional<Disagreement>& found) {
  if (options_.log == nullptr) return;
  for (std::size_t i = from; i < stage.made().size(); ++i) {
    const MadeMove& move = stage.made()[i];
    std::string line = "  " + Describe(move.step);
    if (move.code) line += " -> " + subject_.rules.CodeName(*move.code);
    *options_.log << line << "\n";
  }
  if (found) {
    *options_.log << fmt::format("  disagreement: expected {}, actual {}\n",
                                 fmt::join(found->accepted, " or "), found->actual);
  }
}

}  // namespace

WalkResult RunWalk(const Stage::Subject& subject, const WalkOptions& options,
                   const std::atomic<bool>& interrupted, const WalkProgress& progress) {
  return Walk(subject, options, interrupted, progress).Run();
}

}  // namespace conform
