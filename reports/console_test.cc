#include "reports/console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace reports {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Case Failed(const std::string& id, const std::string& actual) {
  Case one;
  one.id = id;
  one.outcome = Outcome::kFail;
  one.problem = Problem::kReturnCodeMismatch;
  one.checks = {{.id = "x", .clause = "C-1", .result = CheckResult::kFailed}};
  Finding finding;
  finding.check_id = "x";
  finding.clause = "C-1";
  finding.actual = actual;
  finding.detail = "the story of " + id;
  one.findings = {finding};
  return one;
}

TEST(ConsoleSummary, TellsCasesWithOneSymptomOnce) {
  reports::Run run;
  run.cases = {Failed("first", "A"), Failed("other", "B"), Failed("second", "A")};
  const std::string text = ConsoleSummary(run);
  EXPECT_THAT(text, HasSubstr("the story of first"));
  EXPECT_THAT(text, HasSubstr("The same in 1 more:\n  second\n"));
  EXPECT_THAT(text, HasSubstr("the story of other"));
  EXPECT_THAT(text, Not(HasSubstr("the story of second")));
}

TEST(ConsoleSummary, NamesOnlySomeOfVeryMany) {
  reports::Run run;
  for (int i = 0; i < 100; ++i) run.cases.push_back(Failed("case" + std::to_string(i), "A"));
  const std::string text = ConsoleSummary(run);
  EXPECT_THAT(text, HasSubstr("The same in 99 more:"));
  EXPECT_THAT(text, HasSubstr("  case20\n  and 79 that the reports name"));
  EXPECT_THAT(text, Not(HasSubstr("case21")));
}

// What only warns is no part of why a case failed.
TEST(ConsoleSummary, LeavesWarningsOutOfTheSymptom) {
  reports::Run run;
  run.cases = {Failed("first", "A"), Failed("second", "A")};
  Finding warning;
  warning.check_id = "y";
  warning.warning = true;
  run.cases[1].findings.push_back(warning);
  EXPECT_THAT(ConsoleSummary(run), HasSubstr("The same in 1 more:\n  second\n"));
}

TEST(ConsoleSummary, TellsAWarningOnceAndNamesTheCasesThatHaveIt) {
  Finding warning;
  warning.check_id = "y";
  warning.actual = "A";
  warning.warning = true;
  warning.detail = "the first of it";
  reports::Run run;
  for (const char* id : {"one", "two", "three"}) {
    Case passed;
    passed.id = id;
    passed.outcome = Outcome::kPass;
    passed.findings = {warning, warning};
    run.cases.push_back(passed);
    warning.detail = "another of it";
  }
  warning.actual = "B";
  run.cases[2].findings = {warning};
  const std::string text = ConsoleSummary(run);
  EXPECT_THAT(text, HasSubstr("one: WARNING"));
  EXPECT_THAT(text, HasSubstr("the first of it"));
  EXPECT_THAT(text, HasSubstr("The same in 1 more:\n  two\n"));
  EXPECT_THAT(text, HasSubstr("three: WARNING"));
  EXPECT_THAT(text, Not(HasSubstr("two: WARNING")));
}

}  // namespace
}  // namespace reports
