#include "conformance/runner/selector.h"

#include <gtest/gtest.h>

namespace conform {
namespace {

Suite TwoCases() {
  Suite suite;
  Case one;
  one.id = "a.b.row";
  one.scenario = "a.b";
  one.tags = {"red"};
  Step step;
  step.method = FindMethodSpec(Side::kClient, "Close");
  step.check = "c";
  step.clause = "C-CLO-02";
  step.setting = false;
  one.steps = {step};
  suite.cases.push_back(one);
  one.id = one.scenario = "a.c";
  one.tags = {"blue"};
  one.steps[0].method = FindMethodSpec(Side::kClient, "SignalAbort");
  one.steps[0].clause = "C-ABT-02";
  suite.cases.push_back(one);
  return suite;
}

TEST(Select, TakesEverythingWithoutSelectors) {
  const Suite suite = TwoCases();
  EXPECT_EQ(Select(suite, {}).cases.size(), 2U);
}

TEST(Select, KnowsIdsScenariosGlobsTagsClausesAndMethods) {
  const Suite suite = TwoCases();
  for (const char* selector : {"a.b.row", "a.b", "a.b*", "*row", "tag:red", "clause:C-CLO-02",
                               "clause:C-CLO-*", "method:Close"}) {
    const Selection selection = Select(suite, {selector});
    ASSERT_EQ(selection.cases.size(), 1U) << selector;
    EXPECT_EQ(selection.cases[0]->id, "a.b.row") << selector;
  }
}

TEST(Select, TakesACaseOnceHoweverOftenItIsChosen) {
  const Suite suite = TwoCases();
  EXPECT_EQ(Select(suite, {"tag:blue", "a.*", "a.c"}).cases.size(), 2U);
}

TEST(Select, LeavesOutWhatStandsBehindNot) {
  const Suite suite = TwoCases();
  for (const auto& selectors : std::vector<std::vector<std::string>>{
           {"not:tag:blue"}, {"a.*", "not:a.c"}, {"not:method:SignalAbort", "a.b", "a.c"}}) {
    const Selection selection = Select(suite, selectors);
    ASSERT_EQ(selection.cases.size(), 1U) << selectors[0];
    EXPECT_EQ(selection.cases[0]->id, "a.b.row") << selectors[0];
  }
  EXPECT_EQ(Select(suite, {"not:a.d"}).unmatched, std::vector<std::string>{"not:a.d"});
}

TEST(Select, KnowsTheFaces) {
  Suite suite = TwoCases();
  suite.cases[1].face = Face::kCom;
  EXPECT_EQ(Select(suite, {"face:com"}).cases, std::vector<const Case*>{&suite.cases[1]});
  EXPECT_EQ(Select(suite, {"face:linux"}).cases, std::vector<const Case*>{&suite.cases[0]});
}

TEST(ChooseByHeads, IsTrueOfSelectorsThatNeedNoSteps) {
  for (const auto& selectors : std::vector<std::vector<std::string>>{
           {"a.b"}, {"case:a.c"}, {"a.*", "tag:red", "face:com"}, {"a.*", "not:tag:blue"}}) {
    EXPECT_TRUE(ChooseByHeads(selectors)) << selectors[0];
  }
  for (const auto& selectors : std::vector<std::vector<std::string>>{{},
                                                                     {"not:a.b"},
                                                                     {"clause:C-CLO-02"},
                                                                     {"a.b", "method:Close"},
                                                                     {"a.b", "not:clause:C-*"}}) {
    EXPECT_FALSE(ChooseByHeads(selectors)) << selectors.size();
  }
}

TEST(SelectorOf, TakesOneCaseWhereAnIdIsThatOfItsScenario) {
  Suite suite = TwoCases();
  Case com = suite.cases[1];
  com.id += "@com";
  com.face = Face::kCom;
  suite.cases.push_back(com);
  EXPECT_EQ(Select(suite, {"a.c"}).cases.size(), 2U);
  for (const Case& one : suite.cases) {
    EXPECT_EQ(Select(suite, {SelectorOf(one)}).cases, std::vector<const Case*>{&one}) << one.id;
  }
}

TEST(Select, NamesSelectorsThatMatchNothing) {
  const Suite suite = TwoCases();
  const Selection selection = Select(suite, {"a.b", "tag:green", "a"});
  EXPECT_EQ(selection.unmatched, (std::vector<std::string>{"tag:green", "a"}));
}

TEST(Below, TakesWhatBeginsWithAGroup) {
  const Suite suite = TwoCases();
  EXPECT_EQ(Below(suite, "a"), "a.*");
  EXPECT_EQ(Below(suite, "a.d"), "");
}

TEST(MatchesGlob, KnowsStarAndQuestionMark) {
  EXPECT_TRUE(MatchesGlob("a*c", "abbc"));
  EXPECT_TRUE(MatchesGlob("a?c", "abc"));
  EXPECT_TRUE(MatchesGlob("*", ""));
  EXPECT_FALSE(MatchesGlob("a?c", "ac"));
  EXPECT_FALSE(MatchesGlob("a*c", "abcd"));
}

}  // namespace
}  // namespace conform
