#include "conformance/runner/shard.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace conform {
namespace {

TEST(ParseShard, CountsFromOne) {
  EXPECT_EQ(ParseShard("2/3"), (reports::Shard{.index = 2, .count = 3, .selected = 0}));
  EXPECT_EQ(ParseShard("1/1"), reports::Shard{});
}

TEST(ParseShard, RefusesWhatIsNone) {
  for (const char* text : {"", "2", "/", "0/3", "4/3", "1/0", "-1/2", "a/b", "1/2/3", "1/ 2"}) {
    EXPECT_THROW(ParseShard(text), std::invalid_argument) << text;
  }
}

TEST(TakeShard, PutsEachCaseInExactlyOneAndBalances) {
  const std::vector<Case> suite(11);
  std::vector<const Case*> cases;
  for (const Case& one : suite) cases.push_back(&one);
  std::vector<int> taken(suite.size(), 0);
  for (int index = 1; index <= 4; ++index) {
    const auto shard = TakeShard(cases, {.index = index, .count = 4, .selected = 11});
    EXPECT_GE(shard.size(), 2U);
    EXPECT_LE(shard.size(), 3U);
    for (const Case* one : shard) ++taken[static_cast<size_t>(one - suite.data())];
  }
  EXPECT_EQ(taken, std::vector<int>(11, 1));
}

// The environment by which GoogleTest's callers ask for a shard.
class ShardOfRunTest : public testing::Test {
 protected:
  ShardOfRunTest() { Clear(); }
  ~ShardOfRunTest() override { Clear(); }
  static void Clear() {
    for (const char* name :
         {"GTEST_TOTAL_SHARDS", "GTEST_SHARD_INDEX", "GTEST_SHARD_STATUS_FILE"}) {
      unsetenv(name);
    }
  }
};

TEST_F(ShardOfRunTest, IsAllOfItUnlessAskedFor) { EXPECT_EQ(ShardOfRun(""), reports::Shard{}); }

TEST_F(ShardOfRunTest, TakesTheEnvironmentWhichCountsFromZero) {
  setenv("GTEST_TOTAL_SHARDS", "3", 1);
  setenv("GTEST_SHARD_INDEX", "0", 1);
  EXPECT_EQ(ShardOfRun("").index, 1);
  EXPECT_EQ(ShardOfRun("").count, 3);
  EXPECT_EQ(ShardOfRun("2/5").count, 5);
}

TEST_F(ShardOfRunTest, RefusesAnEnvironmentThatIsWrong) {
  setenv("GTEST_TOTAL_SHARDS", "3", 1);
  EXPECT_THROW(ShardOfRun(""), std::invalid_argument);
  setenv("GTEST_SHARD_INDEX", "3", 1);
  EXPECT_THROW(ShardOfRun(""), std::invalid_argument);
}

TEST_F(ShardOfRunTest, TouchesTheStatusFile) {
  const std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / ("shard-status-" + std::to_string(getpid()));
  setenv("GTEST_SHARD_STATUS_FILE", file.c_str(), 1);
  ShardOfRun("");
  EXPECT_TRUE(std::filesystem::remove(file));
  setenv("GTEST_SHARD_STATUS_FILE", "/no/such/folder/file", 1);
  EXPECT_THROW(ShardOfRun(""), std::invalid_argument);
}

}  // namespace
}  // namespace conform
