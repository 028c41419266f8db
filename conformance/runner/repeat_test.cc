#include "conformance/runner/repeat.h"

#include <gtest/gtest.h>

namespace conform {
namespace {

using reports::Outcome;

CaseResult Passed() {
  CaseResult result;
  result.outcome = Outcome::kPass;
  result.seconds = 1;
  result.checks = {{.id = "s/a", .clause = "C", .result = reports::CheckResult::kHeld}};
  return result;
}

CaseResult Failed() {
  CaseResult result = Passed();
  result.outcome = Outcome::kFail;
  result.problem = reports::Problem::kReturnCodeMismatch;
  result.reason = "s/a: expected 1; actual 2";
  result.checks[0].result = reports::CheckResult::kFailed;
  reports::Finding finding;
  finding.check_id = "s/a";
  finding.problem = result.problem;
  finding.detail = "Step: f.xml:3\n";
  result.findings = {finding};
  return result;
}

// Runs what is given, one after the other.
CaseResult RepeatThese(const std::vector<CaseResult>& results, bool stop_when_not_green,
                       size_t* ran) {
  *ran = 0;
  return Repeat(
      static_cast<int>(results.size()), [&] { return results[(*ran)++]; },
      [&](const CaseResult& last) {
        return stop_when_not_green && last.outcome != Outcome::kPass;
      });
}

TEST(Repeat, LeavesOneRunAsItIs) {
  size_t ran = 0;
  const CaseResult result = RepeatThese({Failed()}, false, &ran);
  EXPECT_EQ(result.repetitions, "");
  EXPECT_EQ(result.findings, Failed().findings);
}

TEST(Repeat, OfPassesIsAPass) {
  size_t ran = 0;
  const CaseResult result = RepeatThese({Passed(), Passed(), Passed()}, false, &ran);
  EXPECT_EQ(result.outcome, Outcome::kPass);
  EXPECT_EQ(result.repetitions, "3: 3 Pass");
  EXPECT_EQ(result.checks.size(), 1U);
  EXPECT_EQ(result.seconds, 3);
}

TEST(Repeat, TellsACaseThatPassesOnceAndFailsOnce) {
  size_t ran = 0;
  const CaseResult result = RepeatThese({Passed(), Failed(), Passed()}, false, &ran);
  EXPECT_EQ(ran, 3U);
  EXPECT_EQ(result.outcome, Outcome::kFail);
  EXPECT_EQ(result.repetitions, "3: 2 Pass, 1 Fail");
  EXPECT_EQ(result.reason, "not stable (2 Pass, 1 Fail): s/a: expected 1; actual 2");
  ASSERT_EQ(result.findings.size(), 2U);
  EXPECT_EQ(result.findings[0].check_id, "runner/stable");
  EXPECT_EQ(result.findings[0].actual, "2 Pass, 1 Fail");
  EXPECT_NE(result.findings[0].detail.find("Repetition 2: Fail"), std::string::npos);
  EXPECT_EQ(result.findings[1].detail, "Repetition: 2 of 3\nStep: f.xml:3\n");
}

TEST(Repeat, OfTheSameFailureIsThatFailure) {
  size_t ran = 0;
  const CaseResult result = RepeatThese({Failed(), Failed()}, false, &ran);
  EXPECT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.reason, Failed().reason);
}

TEST(Repeat, OfTwoKindsOfFailureIsNotStable) {
  CaseResult other = Failed();
  other.findings[0].check_id = "s/b";
  size_t ran = 0;
  const CaseResult result = RepeatThese({Failed(), other}, false, &ran);
  EXPECT_EQ(result.findings[0].check_id, "runner/stable");
}

TEST(Repeat, StopsWhenItHasEnough) {
  size_t ran = 0;
  RepeatThese({Passed(), Failed(), Passed()}, true, &ran);
  EXPECT_EQ(ran, 2U);
}

}  // namespace
}  // namespace conform
