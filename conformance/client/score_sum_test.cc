#include "conformance/client/score_sum.h"

#include <gtest/gtest.h>

#include <thread>

namespace conform {
namespace {

TEST(ScoreSum, OfNoStartIsEmpty) {
  const ScoreSum sum;
  EXPECT_EQ(sum.jobs(), 0);
  EXPECT_EQ(sum.Sum().commands, 0);
  EXPECT_TRUE(sum.Sum().never_called.empty());
}

TEST(ScoreSum, AddsAmountsAndKeepsTheWorstOfLevels) {
  ScoreSum sum;
  sum.Add({.devices = 8,
           .processes = 1,
           .threads = 9,
           .commands = 10,
           .deepest_queue = 1,
           .held_worst_ms = 5,
           .bytes_written = 100,
           .bytes_read = 0,
           .syncs = 3,
           .time_outs = 1,
           .peak_memory_kib = 900,
           .seconds = 0.5});
  sum.Add({.devices = 2,
           .processes = 3,
           .threads = 4,
           .commands = 5,
           .deepest_queue = 4,
           .held_worst_ms = 2,
           .bytes_written = 0,
           .bytes_read = 70,
           .syncs = 4,
           .time_outs = 2,
           .peak_memory_kib = 800,
           .seconds = 0.25});
  EXPECT_EQ(sum.jobs(), 2);
  const Scoreboard all = sum.Sum();
  EXPECT_EQ(all.starts, 2);
  EXPECT_EQ(all.devices, 8);
  EXPECT_EQ(all.processes, 3);
  EXPECT_EQ(all.threads, 9);
  EXPECT_EQ(all.commands, 15);
  EXPECT_EQ(all.deepest_queue, 4);
  EXPECT_EQ(all.held_worst_ms, 5);
  EXPECT_EQ(all.bytes_written, 100);
  EXPECT_EQ(all.bytes_read, 70);
  EXPECT_EQ(all.syncs, 7);
  EXPECT_EQ(all.time_outs, 3);
  EXPECT_EQ(all.peak_memory_kib, 900);
  EXPECT_EQ(all.seconds, 0.75);
}

TEST(ScoreSum, KeepsAsNeverCalledWhatNoStartCalled) {
  ScoreSum sum;
  sum.Add({.never_called = {"SignalAbort", "OpenInSecondary", "Close"}});
  sum.Add({.never_called = {"OpenInSecondary", "GetBufferHandle"}});
  EXPECT_EQ(sum.Sum().never_called, std::vector<std::string>{"OpenInSecondary"});
}

TEST(ScoreSum, WeighsMediansByCommands) {
  ScoreSum sum;
  sum.Add({.commands = 10, .held_median_ms = 1});
  sum.Add({.commands = 1, .held_median_ms = 100});
  sum.Add({.commands = 1, .held_median_ms = 50});
  EXPECT_EQ(sum.Sum().held_median_ms, 1);
  sum.Add({.commands = 30, .held_median_ms = 7});
  EXPECT_EQ(sum.Sum().held_median_ms, 7);
}

TEST(ScoreSum, CountsSyncsWhereSomebodyWatched) {
  ScoreSum sum;
  sum.Add({.syncs = -1});
  EXPECT_EQ(sum.Sum().syncs, -1);
  sum.Add({.syncs = 4});
  sum.Add({.syncs = -1});
  EXPECT_EQ(sum.Sum().syncs, 4);
}

TEST(ScoreSum, TakesTheShareOfAllWaitsAndOfTheWorst) {
  ScoreSum sum;
  sum.Add({.idle_seconds = 9, .idle_cpu_seconds = 0.09, .idle_cpu_worst = 0.01});
  sum.Add({.idle_seconds = 1, .idle_cpu_seconds = 0.91, .idle_cpu_worst = 0.91});
  sum.Add({});
  const Scoreboard all = sum.Sum();
  EXPECT_DOUBLE_EQ(all.idle_cpu_seconds / all.idle_seconds, 0.1);
  EXPECT_EQ(all.idle_cpu_worst, 0.91);
}

TEST(ScoreSum, TellsWhatIsLeftOfTheWorstEnd) {
  ScoreSum sum;
  sum.Add({.ends = 1});  // that nobody saw
  EXPECT_EQ(sum.Sum().left.descriptors, -1);
  sum.Add(
      {.ends = 2,
       .ends_seen = 2,
       .left = {.descriptors = 3, .open = {"3 x a"}, .threads = 0, .grown_kib = 10, .moved = 1}});
  sum.Add({.ends = 1,
           .ends_seen = 1,
           .left = {.descriptors = 1, .open = {"b"}, .threads = 4, .grown_kib = 90, .moved = 2}});
  const Scoreboard all = sum.Sum();
  EXPECT_EQ(all.ends, 4);
  EXPECT_EQ(all.ends_seen, 3);
  EXPECT_EQ(all.left.descriptors, 3);
  EXPECT_EQ(all.left.open, std::vector<std::string>{"3 x a"});
  EXPECT_EQ(all.left.threads, 4);
  EXPECT_EQ(all.left.grown_kib, 90);
  EXPECT_EQ(all.left.moved, 2);
}

TEST(ScoreSum, TakesScoresFromManyThreads) {
  ScoreSum sum;
  {
    constexpr int kThreads = 8;
    std::vector<std::jthread> threads;
    threads.reserve(kThreads);
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 50; ++n) sum.Add({.commands = 1});
      });
    }
  }
  EXPECT_EQ(sum.jobs(), 400);
  EXPECT_EQ(sum.Sum().commands, 400);
}

}  // namespace
}  // namespace conform
