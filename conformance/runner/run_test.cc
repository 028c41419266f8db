#include "conformance/runner/run.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "conformance/runner/fake_fleet.h"
#include "simulator/include/vdierror.h"

namespace conform {
namespace {

// Three cases that call Close; a fleet answers each.
class RunCasesTest : public testing::Test {
 protected:
  RunCasesTest()
      : junit_(testing::TempDir() + "/vdi-run-test-" + std::to_string(getpid()) + ".xml") {
    for (const char* id : {"a", "b", "c"}) {
      Case one;
      one.id = one.scenario = id;
      one.title = id;
      one.group = "g";
      one.actors = {{.name = "primary", .role = Role::kPrimary, .set = "main"}};
      one.sets = {"main"};
      Step step;
      step.actor = "primary";
      step.object = "set";
      step.method = FindMethodSpec(Side::kClient, "Close");
      step.accepted = {vdisim::kOk};
      step.check = "closed";
      step.clause = "C-CLO-01";
      step.setting = false;
      one.steps = {step};
      cases_.push_back(one);
    }
  }
  ~RunCasesTest() override { std::filesystem::remove(junit_); }

  reports::Run Run(const RunOptions& options, Script script) {
    std::vector<const Case*> selected;
    for (const Case& one : cases_) selected.push_back(&one);
    reports::LiveReport report({.events = {}, .junit = junit_, .json = {}});
    RunCases(selected, rules_, FakeFleet(std::move(script)), options, interrupted_, &report,
             [&](const reports::Case& one, size_t, size_t) { ended_ += one.id; });
    return report.Snapshot();
  }

  static RunOptions Jobs(int jobs) {
    RunOptions options;
    options.each.oracle = false;  // the fake fleet's codes follow no rules
    options.jobs = jobs;
    return options;
  }
  static RunOptions FailFast() {
    RunOptions options;
    options.each.oracle = false;  // the fake fleet's codes follow no rules
    options.fail_fast = true;
    return options;
  }
  static RunOptions Seed(uint64_t seed) {
    RunOptions options;
    options.each.oracle = false;  // the fake fleet's codes follow no rules
    options.seed = seed;
    return options;
  }

  const Rules rules_ = Rules::Embedded();
  std::vector<Case> cases_;
  std::atomic<bool> interrupted_{false};
  std::string ended_;
  std::string junit_;
};

TEST_F(RunCasesTest, RunsAllInOrderAndIsZero) {
  const reports::Run run = Run(Jobs(1), [](const Json&) { return Returned(0); });
  EXPECT_EQ(ended_, "abc");
  EXPECT_EQ(reports::ExitCode(run), 0);
}

TEST_F(RunCasesTest, RunsAllAtOnceToo) {
  const reports::Run run = Run(Jobs(8), [](const Json&) { return Returned(0); });
  EXPECT_EQ(reports::CountCases(run).pass, 3);
}

TEST_F(RunCasesTest, AFailureIsOneAndTheOthersRunOn) {
  const reports::Run run = Run(Jobs(1), [](const Json&) { return Returned(VD_E_PROTOCOL); });
  EXPECT_EQ(reports::CountCases(run).fail, 3);
  EXPECT_EQ(reports::ExitCode(run), 1);
}

TEST_F(RunCasesTest, FailFastRunsNoMore) {
  const reports::Run run = Run(FailFast(), [](const Json&) { return Returned(VD_E_PROTOCOL); });
  EXPECT_EQ(reports::CountCases(run).fail, 1);
  EXPECT_EQ(reports::CountCases(run).skip, 2);
  EXPECT_EQ(reports::ExitCode(run), 1);
}

TEST_F(RunCasesTest, RepeatsEachCaseUnderItsId) {
  RunOptions options;
  options.each.oracle = false;
  options.repeat = 3;
  int calls = 0;
  const reports::Run run = Run(options, [&](const Json& request) {
    // The second time of the second case fails.
    return Returned(request["op"] == "call" && ++calls == 5 ? VD_E_PROTOCOL : 0);
  });
  EXPECT_EQ(ended_, "abc");
  EXPECT_EQ(calls, 9);
  EXPECT_EQ(run.cases[1].outcome, reports::Outcome::kFail);
  EXPECT_EQ(run.cases[1].findings[0].check_id, "runner/stable");
  EXPECT_EQ(run.cases[1].reproduce, " case:b --repeat 3");
}

TEST_F(RunCasesTest, AWaivedFailureIsZeroAndAStaleWaiverIsOne) {
  Waiver waiver;
  waiver.pattern = "b";
  waiver.check = "b/closed";
  waiver.actual = "VD_E_PROTOCOL";
  waiver.link = "https://bugs/1";
  waiver.expires = "2030-01-01";
  Waiver stale = waiver;
  stale.pattern = "nothing/*";
  int calls = 0;
  const auto b_fails = [&](const Json& request) {
    return Returned(request["op"] == "call" && calls++ % 3 == 1 ? VD_E_PROTOCOL : 0);
  };
  WaiverBook needed({waiver}, "2029-01-01");
  RunOptions options;
  options.each.oracle = false;
  options.waivers = &needed;
  const reports::Run run = Run(options, b_fails);
  EXPECT_EQ(run.cases[1].outcome, reports::Outcome::kWaived);
  EXPECT_EQ(reports::ExitCode(run), 0);
  WaiverBook rotten({waiver, stale}, "2029-01-01");
  options.waivers = &rotten;
  const reports::Run red = Run(options, b_fails);
  EXPECT_EQ(red.cases.back().id, "waiver:nothing/*");
  EXPECT_EQ(red.cases.back().outcome, reports::Outcome::kFail);
  EXPECT_EQ(reports::ExitCode(red), 1);
}

TEST_F(RunCasesTest, TroubleOfOursIsThree) {
  const reports::Run run = Run(Jobs(1), [](const Json&) {
    HostAnswer answer;
    answer.body = Json{{"error", "no such thing"}};
    return answer;
  });
  EXPECT_EQ(reports::ExitCode(run), 3);
}

TEST_F(RunCasesTest, ACrashOfTheSubjectIsOne) {
  const reports::Run run = Run(Jobs(1), [](const Json&) {
    return HostAnswer{HostTrouble::kCrashed, {}, "killed"};
  });
  EXPECT_EQ(reports::ExitCode(run), 1);
}

TEST_F(RunCasesTest, InterruptionIsOneHundredAndThirtyAndLeavesTheRestRed) {
  const reports::Run run = Run({}, [&](const Json&) {
    interrupted_ = true;
    return Returned(0);
  });
  EXPECT_EQ(reports::ExitCode(run), 130);
  EXPECT_EQ(reports::CountCases(run).not_finished, 2);
}

TEST_F(RunCasesTest, ASeedDrawsAnOrderAndGivesItAgain) {
  std::string first;
  bool differs = false;
  for (uint64_t seed = 1; seed < 20; ++seed) {
    ended_.clear();
    Run(Seed(seed), [](const Json&) { return Returned(0); });
    first = ended_;
    ended_.clear();
    Run(Seed(seed), [](const Json&) { return Returned(0); });
    EXPECT_EQ(ended_, first);
    differs |= first != "abc";
  }
  EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace conform
