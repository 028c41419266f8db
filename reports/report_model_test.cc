#include "reports/report_model.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "reports/junit.h"
#include "reports/sample_run.h"

namespace reports {
namespace {

Run RunOf(std::initializer_list<std::pair<Outcome, Problem>> cases, int checks_each = 1) {
  reports::Run run;
  run.finished = true;
  for (const auto& [outcome, problem] : cases) {
    Case& one = run.cases.emplace_back();
    one.id = std::to_string(run.cases.size());
    one.outcome = outcome;
    one.problem = problem;
    one.checks.resize(static_cast<std::size_t>(checks_each));
  }
  return run;
}

constexpr std::pair<Outcome, Problem> kPassed{Outcome::kPass, Problem::kNone};
constexpr std::pair<Outcome, Problem> kFailed{Outcome::kFail, Problem::kReturnCodeMismatch};
constexpr std::pair<Outcome, Problem> kSkipped{Outcome::kSkip, Problem::kNone};
constexpr std::pair<Outcome, Problem> kOurs{Outcome::kError, Problem::kHarnessError};
constexpr std::pair<Outcome, Problem> kCrash{Outcome::kError, Problem::kClientCrash};

TEST(Names, AreReadAsTheyAreWritten) {
  for (const Outcome one : kOutcomes) EXPECT_EQ(ParseOutcome(Name(one)), one);
  for (const Problem one : kProblems) EXPECT_EQ(ParseProblem(Name(one)), one);
  EXPECT_THROW(ParseOutcome("pass"), std::invalid_argument);
  EXPECT_THROW(ParseProblem(""), std::invalid_argument);
  EXPECT_THROW(ParseJUnitFlavour("Strict"), std::invalid_argument);
}

TEST(ExitCode, IsZeroWhenEverythingConformsAndSomethingWasChecked) {
  EXPECT_EQ(ExitCode(RunOf({kPassed, kSkipped, {Outcome::kWaived, Problem::kNone}})), 0);
}

TEST(ExitCode, IsFourWhenNothingWasExecuted) {
  EXPECT_EQ(ExitCode(RunOf({})), 4);
  EXPECT_EQ(ExitCode(RunOf({kPassed}, 0)), 4);
}

TEST(ExitCode, IsOneForFailuresCrashesAndUnexpectedPasses) {
  EXPECT_EQ(ExitCode(RunOf({kPassed, kFailed})), 1);
  EXPECT_EQ(ExitCode(RunOf({kPassed, kCrash})), 1);
  EXPECT_EQ(ExitCode(RunOf({{Outcome::kError, Problem::kClientTimeout}})), 1);
  EXPECT_EQ(ExitCode(RunOf({{Outcome::kUnexpectedPass, Problem::kUnexpectedPass}})), 1);
}

TEST(ExitCode, IsThreeForTroubleOfOursEvenBesideFailures) {
  EXPECT_EQ(ExitCode(RunOf({kFailed, kOurs})), 3);
  EXPECT_EQ(ExitCode(RunOf({kFailed, {Outcome::kNotModelled, Problem::kNotModelled}})), 3);
  EXPECT_EQ(ExitCode(RunOf({kPassed, {Outcome::kNotFinished, Problem::kNotFinished}})), 3);
}

TEST(ExitCode, Is77WhenEverythingWasSkipped) { EXPECT_EQ(ExitCode(RunOf({kSkipped}, 0)), 77); }

TEST(ExitCode, Is130WhenInterrupted) {
  reports::Run run = RunOf({kFailed});
  run.interrupted = true;
  EXPECT_EQ(ExitCode(run), 130);
}

TEST(GroupCases, KeepsTheOrderOfFirstAppearance) {
  const reports::Run run = BuildRun(SampleEvents());
  const std::vector<Group> groups = GroupCases(run);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].name, "vdi.map_buffer_handle");
  EXPECT_EQ(groups[0].cases.size(), 4U);
  EXPECT_EQ(groups[1].counts.cases(), 4);
}

TEST(CountCases, MergesNoTwoOutcomes) {
  const Counts counts = CountCases(BuildRun(SampleEvents()));
  for (const Outcome one : kOutcomes) EXPECT_EQ(counts.Of(one), 1) << Name(one);
  EXPECT_EQ(counts.checks, 4);
  EXPECT_EQ(counts.warnings, 1);
}

TEST(JUnitXml, RefusesTheFlavourOfSeveralFiles) {
  EXPECT_THROW(JUnitXml(reports::Run{}, JUnitFlavour::kSurefire), std::invalid_argument);
}

TEST(SurefireXml, GivesNoTwoGroupsOneFile) {
  reports::Run run;
  run.cases.resize(2);
  run.cases[0].group = "a/b";
  run.cases[1].group = "a:b";
  const auto files = SurefireXml(run);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].file_name, "TEST-a_b.xml");
  EXPECT_EQ(files[1].file_name, "TEST-a_b-2.xml");
}

}  // namespace
}  // namespace reports
