// Evidence that breaks one rule is caught by that rule's check alone, and the nearest that keeps it
// by none.
#include <gtest/gtest.h>

#include <map>

#include "conformance/watch/check_list.h"
#include "conformance/watch/testing/cases.h"
#include "conformance/watch/watch.h"

namespace conform {
namespace {

const Rules& TheRules() {
  static const Rules rules = Rules::Embedded();
  return rules;
}

std::vector<BreakCase> AllCases() {
  std::vector<BreakCase> all;
  for (auto* some :
       {CallOrderCases, DeviceCases, CompletionCases, CompletionCodeCases, TransferCases,
        MemoryCases, DurabilityCases, StorageErrorCases, StoredDataCases, GivingUpCases,
        EndingCases, ProcessCases, WordCases, UnusualCases}) {
    for (BreakCase& one : some()) all.push_back(std::move(one));
  }
  return all;
}

std::string Tell(const std::vector<WatchFinding>& findings) {
  std::string text;
  for (const WatchFinding& finding : findings) {
    text += finding.check + ": expected " + finding.expected + "; actual " + finding.actual + "\n" +
            finding.note + "\n";
  }
  return text;
}

class BreakCases : public testing::TestWithParam<BreakCase> {};

TEST_P(BreakCases, IsCaughtByItsCheckAlone) {
  const BreakCase& one = GetParam();
  Evidence evidence = one.base();
  one.broken(evidence);
  const WatchResult result = Watch(evidence, TheRules());
  ASSERT_FALSE(result.findings.empty());
  EXPECT_EQ(result.findings.front().check, "program/" + one.check) << Tell(result.findings);
  std::set<std::string> found;
  for (const WatchFinding& finding : result.findings) found.insert(finding.check.substr(8));
  std::set<std::string> expected = one.also;
  expected.insert(one.check);
  EXPECT_EQ(found, expected) << Tell(result.findings);
  const WatchChecks checks = WatchChecks::Embedded(TheRules());
  for (const WatchFinding& finding : result.findings) {
    EXPECT_EQ(finding.warning, !checks.Find(finding.check)->fails());
    EXPECT_FALSE(finding.expected.empty());
    EXPECT_FALSE(finding.actual.empty());
  }
}

TEST_P(BreakCases, TheNearestThatKeepsItIsNot) {
  const BreakCase& one = GetParam();
  Evidence evidence = one.base();
  one.kept(evidence);
  const WatchResult result = Watch(evidence, TheRules());
  EXPECT_TRUE(result.findings.empty()) << Tell(result.findings);
}

INSTANTIATE_TEST_SUITE_P(Watch, BreakCases, testing::ValuesIn(AllCases()),
                         [](const auto& its) { return its.param.name; });

TEST(WatchChecks, EachHasACaseThatOnlyItCatches) {
  std::map<std::string, int> cases;
  for (const BreakCase& one : AllCases()) ++cases["program/" + one.check];
  const WatchChecks checks = WatchChecks::Embedded(TheRules());
  for (const WatchCheck& check : checks.all()) EXPECT_GT(cases[check.id], 0) << check.id;
  for (const auto& [id, count] : cases) EXPECT_NE(checks.Find(id), nullptr) << id;
}

}  // namespace
}  // namespace conform
