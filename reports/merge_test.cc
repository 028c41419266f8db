#include "reports/merge.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "reports/event.h"
#include "reports/junit.h"

namespace reports {
namespace {

// Cases a, b, c, d, e, dealt out to shards; all of them pass.
MergeInput ShardOf(int index, int count) {
  MergeInput input;
  input.name = "shard" + std::to_string(index) + ".xml";
  input.run.name = "vdi-conform";
  input.run.finished = true;
  input.run.seconds = index;
  input.run.shard = {.index = index, .count = count, .selected = 5};
  input.run.properties = {{"subject", "lib.so"}};
  for (int i = index - 1; i < 5; i += count) {
    Case one;
    one.id = std::string(1, static_cast<char>('a' + i));
    one.outcome = Outcome::kPass;
    one.problem = Problem::kNone;
    one.checks = {{.id = "x", .clause = "", .result = CheckResult::kHeld}};
    input.run.cases.push_back(one);
  }
  return input;
}

std::string Ids(const reports::Run& run) {
  std::string ids;
  for (const Case& one : run.cases) ids += one.id + " ";
  return ids;
}

TEST(Merge, JoinsShardsInTheOrderOfTheWhole) {
  const reports::Run run = Merge({ShardOf(3, 3), ShardOf(1, 3), ShardOf(2, 3)});
  EXPECT_EQ(Ids(run), "a b c d e ");
  EXPECT_EQ(CountCases(run).pass, 5);
  EXPECT_EQ(CountCases(run).checks, 5);
  EXPECT_EQ(run.seconds, 3);
  EXPECT_EQ(ExitCode(run), 0);
}

TEST(Merge, TakesAShardWithoutCases) {
  std::vector<MergeInput> inputs;
  for (int i = 1; i <= 7; ++i) inputs.push_back(ShardOf(i, 7));
  EXPECT_EQ(inputs.back().run.cases.size(), 0U);
  EXPECT_EQ(ExitCode(inputs.back().run), 0);
  EXPECT_EQ(ExitCode(Merge(inputs)), 0);
}

TEST(Merge, IsRedWhenAShardIsMissing) {
  const reports::Run run = Merge({ShardOf(1, 3), ShardOf(3, 3)});
  EXPECT_EQ(Ids(run), "a c d merge.shard-missing:2/3 ");
  EXPECT_EQ(ExitCode(run), 3);
}

TEST(Merge, IsRedWhenAShardStandsThereTwiceAndCountsItsCasesOnce) {
  const reports::Run run = Merge({ShardOf(1, 2), ShardOf(2, 2), ShardOf(2, 2)});
  EXPECT_EQ(CountCases(run).pass, 5);
  EXPECT_NE(Ids(run).find("merge.duplicate:b "), std::string::npos) << Ids(run);
  EXPECT_NE(Ids(run).find("merge.shard-twice:2/2 "), std::string::npos) << Ids(run);
  EXPECT_EQ(ExitCode(run), 3);
}

TEST(Merge, KeepsTheWorseOfTwoResults) {
  MergeInput first = ShardOf(1, 1);
  MergeInput second = ShardOf(1, 1);
  first.run.cases[1].outcome = Outcome::kFail;
  second.run.cases[0].outcome = Outcome::kFail;
  const reports::Run run = Merge({first, second});
  EXPECT_EQ(CountCases(run).fail, 2);
  EXPECT_EQ(CountCases(run).pass, 3);
}

TEST(Merge, IsRedWhenAnInputDidNotFinish) {
  MergeInput killed = ShardOf(2, 2);
  killed.run.finished = false;
  const reports::Run run = Merge({ShardOf(1, 2), killed});
  EXPECT_NE(Ids(run).find("merge.unfinished:shard2.xml"), std::string::npos) << Ids(run);
  EXPECT_EQ(ExitCode(run), 3);
}

TEST(Merge, IsRedWhenShardsAreOfDifferentRuns) {
  MergeInput other = ShardOf(2, 2);
  other.run.properties = {{"subject", "other.so"}};
  other.run.shard.selected = 6;
  const reports::Run run = Merge({ShardOf(1, 2), other, ShardOf(3, 3)});
  EXPECT_NE(Ids(run).find("merge.subjects:subject"), std::string::npos) << Ids(run);
  EXPECT_NE(Ids(run).find("merge.shard:shard2.xml"), std::string::npos) << Ids(run);
  EXPECT_EQ(ExitCode(run), 3);
}

TEST(Merge, GivesTheSameFromEventLogsAndFromJUnit) {
  const reports::Run run = ReadResults(JUnitXml(Merge({ShardOf(1, 2), ShardOf(2, 2)})));
  EXPECT_EQ(CountCases(run), CountCases(Merge({ShardOf(1, 1)})));
}

TEST(ReadResults, KnowsBothFormsAndRefusesOthers) {
  EXPECT_EQ(ReadResults(ToJsonLine(RunStarted{.name = "n",
                                              .properties = {},
                                              .seed = "1",
                                              .command = "c",
                                              .started = "s",
                                              .hostname = "h"}) +
                        "\n")
                .name,
            "n");
  EXPECT_THROW(ReadResults(""), std::invalid_argument);
  EXPECT_THROW(ReadResults("hello"), std::invalid_argument);
  EXPECT_THROW(ReadResults("{}\n"), std::invalid_argument);
}

}  // namespace
}  // namespace reports
