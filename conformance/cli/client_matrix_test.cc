#include "conformance/cli/client_matrix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "conformance/cli/client_measurements.h"

namespace conform {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

ClientMatrix TwoBugs() {
  ClientMatrix matrix;
  matrix.bugs = {{.name = "first",
                  .title = "one thing is wrong",
                  .check = "program/hang",
                  .scenarios = {"program.a.one"},
                  .also = {},
                  .options = ""},
                 {.name = "second",
                  .title = "another is",
                  .check = "program/crash",
                  .scenarios = {"program.b"},
                  .also = {},
                  .options = ""}};
  matrix.scenarios = {{"program.a", ""}, {"program.b", ""}, {"program.c", "there is nothing"}};
  MutantVerdict first;
  first.failed = {{"program.a.one", {"program/hang"}}, {"program.b", {"program/closed"}}};
  MutantVerdict second;
  second.failed = {{"program.a.two", {"program/crash"}}, {"program.c", {"harness/client"}}};
  second.warned = {{"program.b", {"program/crash"}}};
  matrix.verdicts = {{"first", first}, {"second", second}};
  return matrix;
}

TEST(ClientMatrix, NamesForEachMistakeWhoCatchesIt) {
  const std::string text = WriteMatrix(TwoBugs());
  EXPECT_THAT(text, HasSubstr("**2 of 2 are caught by the check that is there for them.**"));
  EXPECT_THAT(text, HasSubstr("| first | one thing is wrong | `program/hang` | `program.a.one` | "
                              "`program.b` |\n"));
  EXPECT_THAT(text, HasSubstr("| second | another is | `program/crash` | `program.b` | "
                              "`program.a` |\n"));
}

TEST(ClientMatrix, CountsForEachScenarioWhatItCatches) {
  const std::string text = WriteMatrix(TwoBugs());
  EXPECT_THAT(text, HasSubstr("| `program.a` | 2 | 0 | first, second |\n"));
  EXPECT_THAT(text, HasSubstr("- `program.c`: there is nothing\n"));
}

// What the judge itself had trouble with is caught by nobody.
TEST(ClientMatrix, CountsNoTroubleOfTheJudge) {
  const ClientMatrix matrix = TwoBugs();
  EXPECT_THAT(CatchesOf(matrix, matrix.verdicts.at("second")),
              ElementsAre(Pair("program.a", ElementsAre("program/crash")),
                          Pair("program.b", ElementsAre("program/crash"))));
}

TEST(ClientMatrix, TellsWhatWasNotCaughtOrNotMeasured) {
  ClientMatrix matrix = TwoBugs();
  matrix.verdicts.erase("second");
  matrix.verdicts["first"].failed["program.a.one"] = {"program/closed"};
  EXPECT_THAT(WriteMatrix(matrix),
              AllOf(HasSubstr("**0 of 2 are caught by the check that is there for them.** Not "
                              "caught: first. 1 are not measured yet."),
                    HasSubstr("`program/hang` **did not catch it**"), Not(HasSubstr("| second"))));
}

TEST(ClientMatrix, ShowsWhatCorrectProgramsAreBlamedFor) {
  ClientMatrix matrix = TwoBugs();
  matrix.correct["threads"].seconds = {{"program.b", 0.1}};
  EXPECT_THAT(WriteMatrix(matrix), HasSubstr("| threads | 1 | none |\n"));
  matrix.correct["threads"].warned = {{"program.b", {"program/hang"}}};
  EXPECT_THAT(WriteMatrix(matrix), HasSubstr("| threads | 1 | `program/hang` in `program.b` |\n"));
}

class MeasurementsFile : public testing::Test {
 public:
  MeasurementsFile() { std::filesystem::remove(file_); }
  ~MeasurementsFile() override { std::filesystem::remove(file_); }

  const std::string file_ = testing::TempDir() + "/client-measurements-test";
};

TEST_F(MeasurementsFile, GoesOnWhereItStopped) {
  MutantVerdict verdict;
  verdict.status = 1;
  verdict.failed = {{"program.a", {"program/hang"}}};
  verdict.seconds = {{"program.a", 0.5}};
  verdict.skipped = {"program.b"};
  {
    Measurements kept(file_, "build 1");
    EXPECT_EQ(kept.Find("x", "run x"), nullptr);
    kept.Add("x", "run x", verdict);
  }
  // Interrupted in the middle of a line.
  std::ofstream(file_, std::ios::app) << R"({"program":"y","comm)";
  const Measurements kept(file_, "build 1");
  const MutantVerdict* const found = kept.Find("x", "run x");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->status, 1);
  EXPECT_EQ(found->failed, verdict.failed);
  EXPECT_EQ(found->seconds, verdict.seconds);
  EXPECT_EQ(found->skipped, verdict.skipped);
  EXPECT_EQ(kept.Find("y", "run y"), nullptr);
}

TEST_F(MeasurementsFile, BelievesNoOtherBuildAndNoOtherCommand) {
  Measurements(file_, "build 1").Add("x", "run x", {});
  EXPECT_EQ(Measurements(file_, "build 2").Find("x", "run x"), nullptr);
  EXPECT_EQ(Measurements(file_, "build 1").Find("x", "run x --fast"), nullptr);
}

TEST_F(MeasurementsFile, GoesOnBehindALineThatWasCutOff) {
  std::ofstream(file_) << R"({"program":"y","comm)";
  Measurements(file_, "build 1").Add("x", "run x", {});
  EXPECT_NE(Measurements(file_, "build 1").Find("x", "run x"), nullptr);
}

TEST(RunAtOnce, RunsEachOnce) {
  std::vector<int> times(50, 0);
  RunAtOnce(times.size(), 4, [&](std::size_t n) { return ++times[n] == 1; });
  EXPECT_THAT(times, testing::Each(1));
}

TEST(RunAtOnce, EndsEarlyWhenARunSaysSo) {
  int times = 0;
  RunAtOnce(10, 1, [&](std::size_t n) {
    ++times;
    return n < 2;
  });
  EXPECT_EQ(times, 3);
}

TEST(RunAtOnce, ThrowsWhatARunThrows) {
  EXPECT_THROW(RunAtOnce(10, 2, [](std::size_t) -> bool { throw std::runtime_error("x"); }),
               std::runtime_error);
}

TEST(TimeLeft, IsThatOfTheRestAtTheSameSpeed) {
  EXPECT_EQ(TimeLeft(10, 1, 4), "30 s");
  EXPECT_EQ(TimeLeft(60, 2, 42), "20 min");
  EXPECT_EQ(TimeLeft(0, 0, 4), "?");
}

}  // namespace
}  // namespace conform
