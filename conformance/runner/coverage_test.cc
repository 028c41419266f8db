#include "conformance/runner/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conform {
namespace {

using testing::HasSubstr;

class CoverageTest : public testing::Test {
 protected:
  CoverageTest() {
    one_.scenario = "s";
    Step step;
    step.check = "c";
    step.clauses = {"C-CLO-01", "L-36"};
    step.setting = false;
    one_.steps = {step};
  }

  CaseResult Result(reports::CheckResult result) {
    CaseResult out;
    out.checks = {{.id = "s/c", .clause = "C-CLO-01", .result = result}};
    return out;
  }

  const Rules rules_ = Rules::Embedded();
  Coverage coverage_{rules_};
  Case one_;
};

TEST_F(CoverageTest, CountsAllClausesOfACheckThatHeld) {
  coverage_.Add(one_, Result(reports::CheckResult::kHeld));
  coverage_.Add(one_, Result(reports::CheckResult::kHeld));
  EXPECT_EQ(coverage_.Codes().covered, 1U);
  EXPECT_EQ(coverage_.Statements().covered, 2U);
  EXPECT_THAT(coverage_.Tables(), HasSubstr("| client | Close | NOERROR | C-CLO-01 | `s/c` |"));
  EXPECT_FALSE(coverage_.Missed().empty());
}

TEST_F(CoverageTest, ACodeThatAloneWasRightShowsItsNumber) {
  one_.steps[0].method = FindMethodSpec(Side::kClient, "Close");
  one_.steps[0].accepted = {vdisim::kOpen};
  Step completed = one_.steps[0];
  completed.kind = StepKind::kCompleted;
  completed.check = "end";
  completed.arguments["completion"] = "ERROR_IO_DEVICE";
  one_.steps.push_back(completed);
  CaseResult result = Result(reports::CheckResult::kHeld);
  result.checks.push_back({"s/end", "S-EXE-20", reports::CheckResult::kHeld});
  coverage_.Add(one_, result);
  EXPECT_THAT(coverage_.Tables(), HasSubstr("| E-12 | documented | `s/c` |"));
  EXPECT_THAT(coverage_.Tables(), HasSubstr("| W-12 | documented | `s/end` |"));
}

TEST_F(CoverageTest, TellsTheCodesOfEachMethodInALine) {
  EXPECT_THAT(coverage_.CodesText(),
              HasSubstr("client Close                     NOERROR NOT COVERED, VD_E_PROTOCOL NOT"));
  coverage_.Add(one_, Result(reports::CheckResult::kHeld));
  EXPECT_THAT(coverage_.CodesText(),
              HasSubstr("client Close                     NOERROR 1, VD_E_PROTOCOL NOT COVERED"));
  EXPECT_THAT(coverage_.CodesText(), HasSubstr("  VD_E_NOTOPEN: The code is reserved"));
}

TEST_F(CoverageTest, TellsThePlatformsOfAMethodApart) {
  EXPECT_THAT(coverage_.Tables(), HasSubstr("| client | Create (linux) | NOERROR | C-CRL-01 |"));
  EXPECT_THAT(coverage_.Tables(), HasSubstr("| client | Create (windows) | NOERROR | C-CRO-01 |"));
}

TEST_F(CoverageTest, AChoiceOfCodesShowsNoNumber) {
  one_.steps[0].method = FindMethodSpec(Side::kClient, "Close");
  one_.steps[0].accepted = {vdisim::kOpen, vdisim::kOk};
  coverage_.Add(one_, Result(reports::CheckResult::kHeld));
  EXPECT_THAT(coverage_.Tables(), HasSubstr("| E-12 | documented | **not covered** |"));
}

TEST_F(CoverageTest, CountsNothingOfACheckThatFailedOrWarned) {
  coverage_.Add(one_, Result(reports::CheckResult::kFailed));
  coverage_.Add(one_, Result(reports::CheckResult::kWarned));
  EXPECT_EQ(coverage_.Statements().covered, 0U);
  EXPECT_THAT(coverage_.Tables(),
              HasSubstr("| client | Close | NOERROR | C-CLO-01 | **not covered** |"));
}

TEST_F(CoverageTest, CountsACellOnceHoweverOftenItIsVisited) {
  CaseResult result;
  Visit visit;
  visit.side = Side::kClient;
  visit.method = "Close";
  visit.state = State::kActive;
  result.visits = {visit, visit};
  EXPECT_THAT(coverage_.Summary(), HasSubstr("cells: none seen"));
  coverage_.Add(one_, result);
  EXPECT_EQ(coverage_.Cells().covered, 1U);
  EXPECT_THAT(coverage_.Summary(), HasSubstr("cells 1 of "));
}

TEST_F(CoverageTest, NamesTheFirstCaseOfACellWhicheverEndedFirst) {
  CaseResult result;
  result.visits = {Visit{Side::kClient, "Close", State::kActive, 0, Platform::kLinux}};
  for (const char* id : {"b.case", "a.case", "c.case"}) {
    one_.id = id;
    coverage_.Add(one_, result);
  }
  EXPECT_THAT(coverage_.Tables(),
              HasSubstr("| L-36 | Close | Active | NOERROR, VD_E_OPEN | `a.case` |"));
}

TEST_F(CoverageTest, NamesWhatWasMissed) {
  using testing::Contains;
  EXPECT_THAT(coverage_.Missed(), Contains("cell L-36: client Close in Active"));
  EXPECT_THAT(coverage_.Missed(), Contains("code C-CLO-01: client Close NOERROR"));
  EXPECT_THAT(coverage_.Missed(), Contains("statement E-12"));
  CaseResult result = Result(reports::CheckResult::kHeld);
  result.visits = {Visit{Side::kClient, "Close", State::kActive, 0, Platform::kLinux}};
  coverage_.Add(one_, result);
  EXPECT_THAT(coverage_.Missed(), testing::Not(Contains("cell L-36: client Close in Active")));
  EXPECT_THAT(coverage_.Missed(), testing::Not(Contains("code C-CLO-01: client Close NOERROR")));
  EXPECT_FALSE(coverage_.Missed().empty());
}

TEST_F(CoverageTest, LeavesOutWhatNobodyCanReachAndSaysWhy) {
  const Coverage::Count cells = coverage_.Cells();
  EXPECT_GT(cells.excused, 0U);
  std::size_t all = 0;
  for (const Transition& row : rules_.transitions()) all += row.methods.size() * row.cells.size();
  EXPECT_EQ(cells.possible + cells.excused, all);
  EXPECT_THAT(coverage_.Tables(), HasSubstr("- SendCommand in Connected: no device can be opened"));
}

}  // namespace
}  // namespace conform
