#include "conformance/cli/progress.h"

#include <gtest/gtest.h>

namespace conform {
namespace {

reports::Case Ended(const std::string& id, reports::Outcome outcome) {
  reports::Case one;
  one.id = id;
  one.title = "does what it says";
  one.outcome = outcome;
  return one;
}

TEST(ConsoleProgress, IsALineForEachCaseWhereNothingCanBeRewritten) {
  ConsoleProgress progress(false, 80, {});
  EXPECT_EQ(progress.Text(Ended("a", reports::Outcome::kPass), 1, 3),
            "[1/3] PASS  a does what it says (0.000 s)\n");
}

TEST(ConsoleProgress, CountsWhatIsNotGreenEachByItself) {
  ConsoleProgress progress(false, 80, {});
  progress.Text(Ended("a", reports::Outcome::kFail), 1, 4);
  progress.Text(Ended("b", reports::Outcome::kError), 2, 4);
  const std::string text = progress.Text(Ended("c", reports::Outcome::kFail), 3, 4);
  EXPECT_EQ(text.substr(0, text.find(']') + 1), "[3/4, 2 failed, 1 ended in error]");
}

TEST(ConsoleProgress, RewritesItsLineOnATerminal) {
  ConsoleProgress progress(true, 80, {});
  EXPECT_EQ(progress.Text(Ended("a", reports::Outcome::kPass), 1, 3), "\r\033[K[1/3] a");
  EXPECT_EQ(progress.Text(Ended("b", reports::Outcome::kPass), 2, 3), "\r\033[K[2/3] b");
  EXPECT_EQ(progress.Text(Ended("c", reports::Outcome::kPass), 3, 3), "\r\033[K");
}

TEST(ConsoleProgress, LeavesALineForWhatIsNotGreen) {
  ConsoleProgress progress(true, 80, {});
  EXPECT_EQ(progress.Text(Ended("a", reports::Outcome::kFail), 1, 2),
            "\r\033[KFAIL  a does what it says (0.000 s)\n[1/2, 1 failed] a");
}

TEST(ConsoleProgress, NeverFillsTheTerminalsLine) {
  ConsoleProgress progress(true, 10, {});
  EXPECT_EQ(progress.Text(Ended("long.name.of.a.case", reports::Outcome::kPass), 1, 9),
            "\r\033[K[1/9] lon");
}

}  // namespace
}  // namespace conform
