#include "reports/event.h"

#include <gtest/gtest.h>

#include <regex>
#include <stdexcept>

#include "reports/sample_run.h"

namespace reports {
namespace {

Run OneCase() {
  reports::Run run;
  Apply(run, CaseSelected{"a", "title", "group", "", 0});
  return run;
}

CaseEnded Ended(Outcome outcome, Problem problem = Problem::kNone) {
  CaseEnded end;
  end.case_id = "a";
  end.outcome = outcome;
  end.problem = problem;
  return end;
}

TEST(Apply, LeavesASelectedCaseNotFinished) {
  const reports::Run run = OneCase();
  EXPECT_EQ(run.cases[0].outcome, Outcome::kNotFinished);
  EXPECT_EQ(run.cases[0].problem, Problem::kNotFinished);
}

TEST(Apply, RefusesAnUnknownCase) {
  reports::Run run = OneCase();
  EXPECT_THROW(Apply(run, OutputSeen{"b", false, "x"}), std::invalid_argument);
  EXPECT_EQ(run, OneCase());
}

TEST(Apply, RefusesAnIdTwice) {
  reports::Run run = OneCase();
  EXPECT_THROW(Apply(run, CaseSelected{"a", "", "", "", 0}), std::invalid_argument);
}

TEST(Apply, RefusesIdsThatAreNotPlain) {
  reports::Run run;
  for (const char* id : {"", "a b", "a\n", "\xC3\xA9"}) {
    EXPECT_THROW(Apply(run, CaseSelected{id, "", "", "", 0}), std::invalid_argument) << id;
  }
}

TEST(Apply, RefusesEventsAfterTheEndOfTheCase) {
  reports::Run run = OneCase();
  Apply(run, Ended(Outcome::kPass));
  EXPECT_THROW(Apply(run, CheckMade{"a", {}}), std::invalid_argument);
  EXPECT_THROW(Apply(run, Ended(Outcome::kFail)), std::invalid_argument);
}

TEST(Apply, RefusesEventsAfterTheEndOfTheRun) {
  reports::Run run = OneCase();
  Apply(run, RunEnded{});
  EXPECT_THROW(Apply(run, Ended(Outcome::kPass)), std::invalid_argument);
  EXPECT_THROW(Apply(run, RunEnded{}), std::invalid_argument);
}

TEST(Apply, RefusesToEndACaseAsNotFinished) {
  reports::Run run = OneCase();
  EXPECT_THROW(Apply(run, Ended(Outcome::kNotFinished)), std::invalid_argument);
}

TEST(Apply, RefusesADurationThatIsNone) {
  reports::Run run = OneCase();
  CaseEnded end = Ended(Outcome::kPass);
  end.seconds = -1;
  EXPECT_THROW(Apply(run, end), std::invalid_argument);
}

TEST(Apply, TakesTheProblemOfAFailureFromItsFirstFailingFinding) {
  reports::Run run = OneCase();
  Finding warning;
  warning.problem = Problem::kLeakedHandle;
  warning.warning = true;
  Finding failing;
  failing.problem = Problem::kDataCorruption;
  Apply(run, FindingMade{"a", warning});
  Apply(run, FindingMade{"a", failing});
  Apply(run, Ended(Outcome::kFail));
  EXPECT_EQ(run.cases[0].problem, Problem::kDataCorruption);
}

TEST(Apply, TakesAnErrorForOursUnlessItIsSaid) {
  reports::Run run = OneCase();
  Apply(run, Ended(Outcome::kError));
  EXPECT_EQ(run.cases[0].problem, Problem::kHarnessError);
}

TEST(EventLine, IsReadAsItWasWritten) {
  for (const Event& event : SampleEvents()) {
    const std::string line = ToJsonLine(event);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(ToJsonLine(FromJsonLine(line)), line);
  }
  const Event finding =
      FindingMade{"a", {"id", "c", "r", "s", "e", "x", "d", Problem::kLeakedHandle, true}};
  EXPECT_EQ(FromJsonLine(ToJsonLine(finding)), finding);
}

TEST(EventLine, RefusesWhatIsNoEvent) {
  for (const char* line :
       {"", "{", "[]", "{}", R"({"event":"Nothing"})", R"({"event":"OutputSeen","case":"a"})",
        R"({"event":"OutputSeen","case":"a","stream":"x","text":""})"}) {
    EXPECT_THROW(FromJsonLine(line), std::invalid_argument) << line;
  }
}

TEST(ParseEvents, LeavesOutALineThatWasNotFinished) {
  std::string log;
  for (const Event& event : SampleEvents()) log += ToJsonLine(event) + '\n';
  const std::size_t whole = ParseEvents(log).size();
  EXPECT_EQ(whole, SampleEvents().size());
  for (std::size_t cut = 1; cut < 40; ++cut) {
    EXPECT_EQ(ParseEvents(std::string_view(log).substr(0, log.size() - cut)).size(), whole - 1);
  }
}

TEST(ParseEvents, NamesTheLineThatItCannotRead) {
  try {
    ParseEvents(ToJsonLine(RunEnded{}) + "\nnonsense\n");
    FAIL() << "nothing was thrown";
  } catch (const std::invalid_argument& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("line 2: ")) << error.what();
  }
}

TEST(UtcNow, HasTheFormOfATimestampWithoutZone) {
  EXPECT_TRUE(std::regex_match(UtcNow(), std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)")));
}

}  // namespace
}  // namespace reports
