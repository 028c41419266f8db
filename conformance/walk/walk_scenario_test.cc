#include "conformance/walk/walk_scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/scenario/loader.h"

namespace conform {
namespace {

using testing::HasSubstr;

class WalkScenarios : public testing::Test {
 protected:
  WalkScenarios() {
    cast_.sets = {"main"};
    cast_.virtual_clock = true;
    cast_.actors = {{.name = "primary", .role = Role::kPrimary, .set = "main"},
                    {.name = "engine", .role = Role::kEngine, .set = "main"},
                    {.name = "secondary", .role = Role::kSecondary, .set = "main"}};
  }
  MadeMove& Call(const char* actor, const char* method,
                 std::map<std::string, std::string> arguments = {}) {
    Step step;
    step.actor = actor;
    step.method = FindMethodSpec(SideOf(cast_.FindActor(actor).role), method);
    step.object = "set";
    step.arguments = std::move(arguments);
    moves_.push_back({.step = std::move(step), .code = 0, .accepted = {}, .clause = {}});
    return moves_.back();
  }
  const Case& Load(const WalkScenario& scenario) {
    const std::vector<SourceText> files = {{.name = scenario.file, .text = scenario.text}};
    suite_ = LoadSuite(files, rules_);
    return suite_.cases.front();
  }

  const Rules rules_ = Rules::Embedded();
  Case cast_;
  std::vector<MadeMove> moves_;
  Suite suite_;
};

TEST_F(WalkScenarios, ExpectWhatTheRulesAcceptAtTheLastCall) {
  Call("primary", "Create", {{"set", "main"}, {"devices", "2"}});
  MadeMove& last = Call("primary", "GetConfiguration", {{"timeout", "0"}});
  last.code = 0;
  last.accepted = {"VD_E_TIMEOUT"};
  Disagreement found;
  found.side = Side::kClient;
  found.method = "GetConfiguration";
  found.clause = "C-GCF-03";
  const WalkScenario scenario = ScenarioOfMoves(cast_, moves_, found, 7, rules_);
  EXPECT_EQ(scenario.id, "walk.seed-7.client-get-configuration");
  EXPECT_EQ(scenario.file, "walk-seed-7-client-get-configuration.xml");
  const Case& one = Load(scenario);
  EXPECT_EQ(one.actors.size(), 1U) << "who does nothing is not there";
  ASSERT_EQ(one.steps.size(), 2U);
  EXPECT_TRUE(one.steps[0].setting);
  EXPECT_FALSE(one.steps[1].setting);
  EXPECT_EQ(one.steps[1].clause, "C-GCF-03");
  EXPECT_THAT(one.steps[1].accepted, testing::ElementsAre(vdisim::kTimeout));
}

TEST_F(WalkScenarios, GiveNamesTheNumbersOfTheirOwnSequence) {
  Call("primary", "Create", {{"set", "main"}, {"devices", "1"}});
  Call("primary", "OpenDevice", {{"set", "main"}, {"device", "0"}});
  Call("primary", "GetCommand", {{"device", "0"}, {"timeout", "0"}}).step.into = "c41";
  Call("primary", "GetBufferHandle", {{"buffer", "c41"}}).step.save = "h99";
  Call("primary", "MapBufferHandle", {{"handle", "${h99}"}}).step.into = "m100";
  Call("primary", "CompleteCommand", {{"device", "0"}, {"command", "copy:c41"}}).accepted = {
      "VD_E_INVALID"};
  Disagreement found;
  found.method = "CompleteCommand";
  found.clause = "C-CMP-02";
  const WalkScenario scenario = ScenarioOfMoves(cast_, moves_, found, 1, rules_);
  EXPECT_THAT(scenario.text, HasSubstr(R"(into="c1")"));
  EXPECT_THAT(scenario.text, HasSubstr(R"(buffer="c1")"));
  EXPECT_THAT(scenario.text, HasSubstr(R"(save="h1")"));
  EXPECT_THAT(scenario.text, HasSubstr(R"(handle="${h1}")"));
  EXPECT_THAT(scenario.text, HasSubstr(R"(command="copy:c1")"));
  EXPECT_EQ(Load(scenario).steps.size(), 6U);
}

TEST_F(WalkScenarios, JudgeACallThatWentOnWhereItIsAwaited) {
  Call("primary", "Create", {{"set", "main"}, {"devices", "1"}});
  Call("primary", "GetConfiguration", {{"timeout", "INFINITE"}}).step.start = "call-9";
  Call("primary", "SignalAbort");
  Step await;
  await.kind = StepKind::kAwait;
  await.arguments["call"] = "call-9";
  moves_.push_back({.step = await, .code = 0, .accepted = {"VD_E_ABORT"}, .clause = {}});
  Disagreement found;
  found.method = "GetConfiguration";
  found.clause = "C-GCF-02";
  const Case& one = Load(ScenarioOfMoves(cast_, moves_, found, 1, rules_));
  EXPECT_EQ(one.steps[1].start, "call-1");
  EXPECT_THAT(one.steps[3].accepted, testing::ElementsAre(vdisim::kAbort));
  EXPECT_EQ(one.steps[3].check, "agrees");
}

// Nobody knows what a process that died should have returned: any code of the method shows life.
TEST_F(WalkScenarios, TakeEveryDocumentedCodeOfACallThatDied) {
  Call("primary", "SignalAbort").code.reset();
  Disagreement found;
  found.kind = DisagreementKind::kDied;
  found.method = "SignalAbort";
  found.clause = "C-ABT-01";
  const Case& one = Load(ScenarioOfMoves(cast_, moves_, found, 1, rules_));
  EXPECT_THAT(one.steps[0].accepted, testing::Contains(vdisim::kOk));
}

}  // namespace
}  // namespace conform
