#include "conformance/walk/chooser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace conform {
namespace {

using testing::Contains;
using testing::Not;

// A stage without processes: every call returns what a simple device set would, and waits for
// nothing.
class PaperStage final : public StageView {
 public:
  PaperStage(const Case& cast, State state) : cast_(cast), props_(cast), state_(state) {}

  const Case& cast() const override { return cast_; }
  const Props& props() const override { return props_; }
  Outlook Foresee(const Step& step) const override {
    const bool waits = step.method->name == "GetCommand" && step.arguments.count("timeout") > 0 &&
                       step.arguments.at("timeout") != "0";
    return {.state = state_, .may_wait = waits, .silent = false};
  }
  bool MustReturn(const std::string& pending) const override { return returning_ == pending; }
  bool CanDo(const Step& /*step*/) const override { return false; }

  void Make(const Step& step) {
    if (step.kind == StepKind::kAwait) {
      props_.pending.erase(step.arguments.at("call"));
    } else if (step.kind == StepKind::kKill) {
      const Actor& actor = cast_.FindActor(step.actor);
      props_.Gone(step.actor, actor.role, actor.set);
    } else if (step.kind == StepKind::kCall && !step.start.empty()) {
      props_.Started(step, cast_.FindActor(step.actor).set, true);
    } else if (step.kind == StepKind::kCall) {
      Json out = Json::object();
      out["size"] = 512;
      props_.Returned(step, cast_.FindActor(step.actor).set, "engine", 0, out);
    }
  }
  Props* mutable_props() { return &props_; }
  void Return(const std::string& pending) { returning_ = pending; }
  void Enter(State state) { state_ = state; }

 private:
  const Case& cast_;
  Props props_;
  State state_;
  std::string returning_;
};

// What a seed chooses in a few episodes, a line each.
std::vector<std::string> Choices(std::uint64_t seed) {
  constexpr State kStates[] = {State::kDoesNotExist, State::kConfigurable, State::kInitializing,
                               State::kActive, State::kAbort};
  Random random(seed);
  Tally tally;
  std::vector<std::string> lines;
  for (const State state : kStates) {
    const Case cast = DrawCast({Face::kLinux, Face::kCom}, Capabilities::All(), &random);
    PaperStage stage(cast, state);
    Chooser chooser(&random, &tally);
    for (int i = 0; i < 200; ++i) {
      const std::optional<Step> step = chooser.Next(stage);
      if (!step) break;
      lines.push_back(Describe(*step));
      stage.Make(*step);
    }
  }
  return lines;
}

TEST(Chooser, MakesTheSameMovesOfTheSameSeed) {
  EXPECT_EQ(Choices(7), Choices(7));
  EXPECT_NE(Choices(7), Choices(8));
  EXPECT_GT(Choices(7).size(), 50U);
}

// The standard says which number the engine gives at the 10 000th time: 9981545732273789042.
TEST(Random, MeansTheSameOnEveryMachine) {
  Random random(5489);
  for (int i = 1; i < 10'000; ++i) (void)random.Below(10);
  EXPECT_EQ(random.Below(1'000'000), 789'042U);
}

TEST(Random, PicksByWeight) {
  Random random(3);
  std::set<std::size_t> picked;
  for (int i = 0; i < 200; ++i) picked.insert(random.Pick({0, 5, 0, 1}));
  EXPECT_EQ(picked, (std::set<std::size_t>{1, 3}));
}

class ChooserOfACast : public testing::Test {
 protected:
  ChooserOfACast() {
    cast_.sets = {"main"};
    cast_.virtual_clock = true;
    cast_.actors = {{.name = "primary", .role = Role::kPrimary, .set = "main"},
                    {.name = "engine", .role = Role::kEngine, .set = "main"}};
  }
  Step Call(const std::string& actor, Side side, const char* method) const {
    Step step;
    step.actor = actor;
    step.method = FindMethodSpec(side, method);
    step.start = "call-1";
    return step;
  }

  Case cast_;
  Random random_{5};
  Tally tally_;
};

TEST_F(ChooserOfACast, AwaitsACallAsSoonAsItMustReturn) {
  PaperStage stage(cast_, State::kActive);
  stage.mutable_props()->Started(Call("primary", Side::kClient, "GetCommand"), "main", true);
  stage.Return("call-1");
  Chooser chooser(&random_, &tally_);
  const std::optional<Step> step = chooser.Next(stage);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->kind, StepKind::kAwait);
  EXPECT_EQ(step->arguments.at("call"), "call-1");
}

// G-32, S-EXE-01: it ends with Close or SignalAbort alone, and whether it has begun nobody knows.
TEST_F(ChooserOfACast, AbortsNoAgentThatMayNotHaveBegun) {
  PaperStage stage(cast_, State::kInitializing);
  stage.mutable_props()->Started(Call("engine", Side::kServer, "ExecuteCompletionAgent"), "main",
                                 false);
  std::vector<std::string> methods;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Random random(seed);
    Chooser chooser(&random, &tally_);
    for (int i = 0; i < 10; ++i) {
      const std::optional<Step> step = chooser.Next(stage);
      ASSERT_TRUE(step);
      methods.emplace_back(step->kind == StepKind::kKill ? "kill" : step->method->name);
    }
  }
  EXPECT_THAT(methods, Not(Contains("SignalAbort")));
  EXPECT_THAT(methods, Not(Contains("Close")));
  EXPECT_THAT(methods, Not(Contains("kill")));
  EXPECT_THAT(methods, Contains("OpenDevice"));
}

TEST_F(ChooserOfACast, AbortsAtTheEndWhatStillWaits) {
  PaperStage stage(cast_, State::kActive);
  stage.mutable_props()->Started(Call("primary", Side::kClient, "GetCommand"), "main", true);
  Chooser chooser(&random_, &tally_);
  std::optional<Step> last;
  while (std::optional<Step> step = chooser.Next(stage)) last = step;
  ASSERT_TRUE(last);
  ASSERT_NE(last->method, nullptr);
  EXPECT_EQ(last->method->name, "SignalAbort");
}

TEST_F(ChooserOfACast, TurnsToWhatItHasSeenLittleOf) {
  PaperStage stage(cast_, State::kAbort);
  for (int episode = 0; episode < 60; ++episode) {
    Chooser chooser(&random_, &tally_);
    for (int i = 0; i < 30; ++i) (void)chooser.Next(stage);
  }
  std::set<std::string> seen;
  for (const auto& [key, times] : tally_) seen.insert(std::get<1>(key));
  for (const MethodSpec& method : AllMethodSpecs()) {
    const bool needs_more = method.face || method.name == "WaitForActive" ||
                            method.name == "WaitForAgent" || method.name == "GetCommand" ||
                            method.name == "CompleteCommand" || method.name == "SendCommand" ||
                            method.name == "CloseDevice";
    if (needs_more) continue;
    EXPECT_THAT(seen, Contains(std::string(method.name)));
  }
}

}  // namespace
}  // namespace conform
