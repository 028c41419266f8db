#include "conformance/watch/scoreboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/watch/testing/changes.h"

namespace conform {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Scoreboard, CountsQueuesTimesAndBytes) {
  const Scoreboard score =
      KeepScore(CorrectBackup({.devices = 2, .hold = 4, .reverse = true, .polls = true}));
  EXPECT_EQ(score.devices, 2);
  EXPECT_EQ(score.processes, 1);
  EXPECT_EQ(score.commands, 2 * (kStoryTransfers + 1));
  EXPECT_EQ(score.deepest_queue, 4);
  EXPECT_EQ(score.bytes_written, int64_t{2} * kStoryTransfers * kStoryTransfer);
  EXPECT_EQ(score.bytes_read, 0);
  EXPECT_EQ(score.syncs, 2);
  EXPECT_GT(score.time_outs, 0);
  EXPECT_GT(score.held_worst_ms, score.held_median_ms);
  EXPECT_EQ(score.never_called, (std::vector<std::string>{"SignalAbort", "OpenInSecondary",
                                                          "GetBufferHandle", "MapBufferHandle"}));
  const std::string text = ToText(score);
  EXPECT_THAT(text, HasSubstr("2 devices, 1 process, "));
  EXPECT_THAT(text, HasSubstr("at most 4 held at once"));
  EXPECT_THAT(text, HasSubstr("512 KiB backed up, 0 bytes restored"));
  EXPECT_THAT(text, HasSubstr("never called            SignalAbort, OpenInSecondary"));
}

TEST(Scoreboard, OfNothingSaysThatNothingWasSeen) {
  const Scoreboard score = KeepScore({});
  EXPECT_EQ(score.commands, 0);
  EXPECT_EQ(score.syncs, -1);
  EXPECT_EQ(score.ends, 0);
  EXPECT_EQ(score.left.descriptors, -1);
  EXPECT_EQ(score.never_called.size(), 10U);
  const std::string text = ToText(score);
  EXPECT_THAT(text, HasSubstr("left open at its end    not seen"));
  EXPECT_THAT(text, HasSubstr("memory at most          not seen"));
  EXPECT_THAT(text, HasSubstr("syncs to disk           not seen"));
  EXPECT_THAT(text, Not(HasSubstr("0 descriptors")));
}

TEST(Scoreboard, TellsWhatIsLeftOfTheWorstProcess) {
  Evidence evidence = CorrectBackup({.devices = 2, .processes = true});
  WitnessEvent& first = SystemOf(evidence, "exit", 1);
  first.left = 1;
  first.mappings = 3;
  first.peak_kib = 5120;
  WitnessEvent& second = SystemOf(evidence, "exit", 2);
  second.left = 17;
  second.threads = 2;
  second.mappings = 0;
  WitnessEvent left = second;
  left.call = "left";
  left.path = "/media/a.bak";
  evidence.system.insert(evidence.system.begin(), 17, left);
  DropSystem(evidence, "exit", 3);
  const Scoreboard score = KeepScore(evidence);
  EXPECT_EQ(score.ends, 3);
  EXPECT_EQ(score.ends_seen, 2);
  EXPECT_EQ(score.left.descriptors, 17);
  EXPECT_EQ(score.left.threads, 1);
  EXPECT_EQ(score.left.mappings, 3);
  EXPECT_EQ(score.peak_memory_kib, 5120);
  const std::string text = ToText(score);
  EXPECT_THAT(text, HasSubstr("17 descriptors, 1 thread, 3 mappings of shared memory\n"));
  EXPECT_THAT(text, HasSubstr("open: 17 x {artefact_dir}/a.bak\n"));
  EXPECT_THAT(text, HasSubstr("seen at 2 of 3 ends"));
  EXPECT_THAT(text, HasSubstr("5.0 MiB resident"));
}

TEST(Scoreboard, TellsZeroWhereItWasSeen) {
  Evidence evidence = CorrectBackup();
  SystemOf(evidence, "write").memory_kib = 500;
  WitnessEvent& end = SystemOf(evidence, "exit");
  end.left = 0;
  end.mappings = 0;
  end.memory_kib = 400;
  const std::string text = ToText(KeepScore(evidence));
  EXPECT_THAT(text, HasSubstr("0 descriptors, 0 threads, 0 mappings of shared memory"));
  EXPECT_THAT(text, HasSubstr("memory left at its end  0 bytes"));
}

TEST(Scoreboard, MeasuresWhatItBurntWhileItWaited) {
  Evidence evidence = CorrectBackup();
  EXPECT_THAT(ToText(KeepScore(evidence)), HasSubstr("never waited long enough"));
  evidence.idle_seconds = 2;
  evidence.idle_cpu_share = 0.26;
  const Scoreboard score = KeepScore(evidence);
  EXPECT_DOUBLE_EQ(score.idle_cpu_seconds, 0.52);
  EXPECT_THAT(ToText(score), HasSubstr("26.0 % of one processor, over 2.0 s of waiting"));
}

TEST(Scoreboard, DoesNotCountReadingWhatTheServerTellsAsWaiting) {
  Evidence evidence = CorrectBackup();
  evidence.idle_seconds = 2;
  evidence.idle_cpu_share = 0.26;
  JournalEvent fault;
  fault.kind = JournalKind::kFault;
  fault.text = "chatter";
  evidence.engine.push_back(fault);
  EXPECT_EQ(KeepScore(evidence).idle_seconds, 0);
  EXPECT_EQ(KeepScore(evidence).idle_cpu_worst, 0);
}

}  // namespace
}  // namespace conform
