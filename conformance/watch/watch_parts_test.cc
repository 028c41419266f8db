// The parts of the watch that no single check stands for: the ledger, what follows from what, and
// streams found again in files.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/consequences.h"
#include "conformance/watch/ledger.h"
#include "conformance/watch/stored_streams.h"
#include "conformance/watch/testing/story.h"

namespace conform {
namespace {

namespace fs = std::filesystem;

const WatchChecks& TheChecks() {
  static const Rules rules = Rules::Embedded();
  static const WatchChecks checks = WatchChecks::Embedded(rules);
  return checks;
}

WatchFinding FindingOf(const std::string& check, int64_t t) {
  WatchFinding finding;
  finding.check = "program/" + check;
  finding.t = t;
  return finding;
}

TEST(Ledger, TellsWhatHappenedOftenOnceAndTheFirstTime) {
  Ledger ledger(TheChecks());
  ledger.Break("program/completed-once", {.t = 30, .expected = "one", .actual = "second"});
  ledger.Break("program/completed-once", {.t = 20, .expected = "one", .actual = "first"});
  const std::vector<WatchFinding> findings = ledger.Findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].actual, "first");
  EXPECT_EQ(findings[0].clause, "C-CMP-02");
  EXPECT_NE(findings[0].note.find("2 times"), std::string::npos);
}

TEST(Ledger, OrdersByTimeWithTheEndLast) {
  Ledger ledger(TheChecks());
  ledger.Break("program/started", {.actual = "at the end"});
  ledger.Break("program/false-success", {.t = 5, .actual = "early"});
  const std::vector<WatchFinding> findings = ledger.Findings();
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].check, "program/false-success");
}

TEST(Ledger, KnowsWhatHeldAndRefusesForeignIds) {
  Ledger ledger(TheChecks());
  ledger.Look("program/hang");
  ledger.Look("program/crash");
  ledger.Break("program/crash", {.t = 1});
  EXPECT_EQ(ledger.Held(), std::vector<std::string>{"program/hang"});
  EXPECT_THROW(ledger.Look("program/nonsense"), std::logic_error);
}

TEST(WithoutConsequences, LeavesTheCauseWhicheverCameFirst) {
  const std::vector<WatchFinding> left = WithoutConsequences(
      {FindingOf("every-command-completed", 5), FindingOf("hang", 9), FindingOf("job-done", 0)});
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].check, "program/every-command-completed");
  const std::vector<WatchFinding> crash =
      WithoutConsequences({FindingOf("closed", 3), FindingOf("crash", 9)});
  ASSERT_EQ(crash.size(), 1U);
  EXPECT_EQ(crash[0].check, "program/crash");
}

TEST(WithoutConsequences, KeepsAFalseSuccessBesideWhatFailed) {
  EXPECT_EQ(
      WithoutConsequences({FindingOf("short-transfer", 5), FindingOf("false-success", 0)}).size(),
      2U);
}

TEST(WithoutConsequences, AWarningExplainsNoFailure) {
  WatchFinding warning = FindingOf("unknown-command-fatal", 3);
  warning.warning = true;
  EXPECT_EQ(WithoutConsequences({warning, FindingOf("job-done", 0)}).size(), 2U);
}

class MatchStreamsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "watch-streams-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    fs::create_directories(folder_ / "streams");
    fs::create_directories(folder_ / "media" / "below");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Put(const fs::path& path, const std::string& text) const {
    std::ofstream(folder_ / path, std::ios::binary) << text;
  }
  std::vector<StoredStream> Match() const {
    return MatchStreams(folder_ / "streams", folder_ / "media");
  }

  fs::path folder_;
};

TEST_F(MatchStreamsTest, FindsEachStreamWhateverTheFilesAreCalled) {
  Put("streams/1.1.stream", "headone");
  Put("streams/1.2.stream", "headtwo!");
  Put("media/b", "headone");
  Put("media/below/a", "headtwo!");
  const std::vector<StoredStream> found = Match();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_TRUE(found[0].equal);
  EXPECT_EQ(found[0].path, "b");
  EXPECT_TRUE(found[1].equal);
  EXPECT_EQ(found[1].path, "below/a");
}

TEST_F(MatchStreamsTest, TellsTheFirstBadByte) {
  Put("streams/1.1.stream", "headone");
  Put("streams/1.2.stream", "headtwo");
  Put("media/b", "headonX");
  Put("media/c", "headtwo and more");
  const std::vector<StoredStream> found = Match();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_FALSE(found[0].equal);
  EXPECT_EQ(found[0].first_bad, 6);
  EXPECT_FALSE(found[1].equal);
  EXPECT_EQ(found[1].first_bad, 7);
  EXPECT_EQ(found[1].stored, 16);
}

TEST_F(MatchStreamsTest, GivesOneFileToOneDeviceOfAStatement) {
  Put("streams/1.1.stream", "head");
  Put("streams/1.2.stream", "head");
  Put("streams/2.1.stream", "head");
  Put("streams/notes.txt", "head");
  Put("media/b", "head");
  const std::vector<StoredStream> found = Match();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_TRUE(found[0].equal);
  EXPECT_FALSE(found[1].equal);
  EXPECT_EQ(found[1].path, "");
  EXPECT_TRUE(found[2].equal);
}

TEST_F(MatchStreamsTest, OfAFolderThatIsNotThereIsNothing) {
  EXPECT_TRUE(MatchStreams(folder_ / "nowhere", folder_ / "media").empty());
}

}  // namespace
}  // namespace conform
