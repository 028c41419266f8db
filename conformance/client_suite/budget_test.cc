#include "conformance/client_suite/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace conform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> Choose(const std::vector<std::string>& cases, const Yields& yields,
                                double seconds) {
  return ChooseForBudget(cases, yields, seconds);
}

TEST(ChooseForBudget, TakesFirstWhatCatchesMostPerSecond) {
  const Yields yields = {{"slow", {2.0, {"a", "b", "c"}}}, {"fast", {0.1, {"a"}}}};
  EXPECT_THAT(Choose({"slow", "fast"}, yields, 10), ElementsAre("fast", "slow"));
}

TEST(ChooseForBudget, CountsABugOnce) {
  const Yields yields = {
      {"x", {1.0, {"a", "b"}}}, {"y", {0.6, {"a"}}}, {"z", {1.0, {"c"}}}, {"w", {0.5, {}}}};
  // x leaves nothing new for y; z has a new one; then w is shorter than y.
  EXPECT_THAT(Choose({"w", "x", "y", "z"}, yields, 10), ElementsAre("x", "z", "w", "y"));
}

TEST(ChooseForBudget, SkipsWhatDoesNotFitAndGoesOn) {
  const Yields yields = {{"large", {5.0, {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}}},
                         {"small", {1.0, {"a"}}}};
  EXPECT_THAT(Choose({"large", "small"}, yields, 2), ElementsAre("small"));
  EXPECT_THAT(Choose({"large", "small"}, yields, 0.5), IsEmpty());
}

TEST(ChooseForBudget, TakesUnmeasuredCasesForASecond) {
  EXPECT_THAT(Choose({"x", "y"}, {}, 1.5), ElementsAre("x"));
  EXPECT_THAT(Choose({"x", "y"}, {}, 2.0), ElementsAre("x", "y"));
}

TEST(ChooseForBudget, ChoosesOnlyAmongTheCasesThatAreThere) {
  EXPECT_THAT(Choose({"x"}, {{"x", {0.1, {}}}, {"gone", {0.1, {"a"}}}}, 10), ElementsAre("x"));
}

// Whatever the numbers: the sum keeps to the budget, nothing is chosen twice, and no case that is
// left over would still fit.
TEST(ChooseForBudget, FillsTheBudgetAndKeepsToIt) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same numbers each time
  for (int turn = 0; turn < 200; ++turn) {
    Yields yields;
    std::vector<std::string> cases;
    for (int i = 0; i < 20; ++i) {
      const std::string id = "c" + std::to_string(i);
      cases.push_back(id);
      CaseYield& yield = yields[id];
      yield.seconds = static_cast<double>(random() % 100 + 1) / 100;
      for (unsigned bug = random() % 4; bug > 0; --bug) {
        yield.bugs.insert("b" + std::to_string(random() % 12));
      }
    }
    const double budget = static_cast<double>(random() % 500) / 100;
    const std::vector<std::string> chosen = Choose(cases, yields, budget);
    double sum = 0;
    for (const std::string& id : chosen) sum += yields.at(id).seconds;
    EXPECT_LE(sum, budget + 1e-9);
    const std::set<std::string> once(chosen.begin(), chosen.end());
    EXPECT_EQ(once.size(), chosen.size());
    for (const std::string& id : cases) {
      if (once.count(id) == 0) {
        EXPECT_GT(sum + yields.at(id).seconds, budget - 1e-9) << id;
      }
    }
  }
}

TEST(Yields, AreReadAsTheyAreWritten) {
  const Yields yields = {{"program.a.b", {0.25, {"one", "two"}}}, {"program.c", {12.5, {}}}};
  EXPECT_EQ(ReadYields({.name = "y.xml", .text = WriteYields(yields)}), yields);
}

TEST(Yields, AreRefusedWithFileAndLine) {
  const auto refusal = [](const std::string& text) -> std::string {
    try {
      ReadYields({.name = "y.xml", .text = text});
    } catch (const ScenarioError& error) {
      return error.what();
    }
    return "nothing";
  };
  EXPECT_THAT(refusal("<yields>\n<case id='x' seconds='soon'/></yields>"),
              HasSubstr("y.xml:2: seconds=\"soon\", expected a number"));
  EXPECT_THAT(refusal("<yields><case id='x' seconds='1'/>\n<case id='x' seconds='1'/></yields>"),
              HasSubstr("y.xml:2: the case x stands here twice"));
  EXPECT_THAT(refusal("<yield/>"), HasSubstr("expected <yields>"));
}

}  // namespace
}  // namespace conform
