#include "conformance/watch/leftovers.h"

#include <gtest/gtest.h>

#include <sstream>

#include "conformance/watch/testing/changes.h"
#include "conformance/watch/witness_reader.h"

namespace conform {
namespace {

std::vector<Leftovers> Of(const Evidence& evidence) {
  return LeftoversOf(evidence, HistoryOf(evidence.calls));
}

// Before the end of the first process.
void AddLeft(Evidence& evidence, const std::string& path, int times = 1) {
  WitnessEvent event = SystemOf(evidence, "exit");
  event.call = "left";
  event.path = path;
  evidence.system.insert(evidence.system.begin(), static_cast<size_t>(times), event);
}

TEST(Leftovers, AreUnknownWhereNobodySawTheEnd) {
  Evidence evidence = CorrectBackup();
  DropSystem(evidence, "exit");
  EXPECT_TRUE(Of(evidence).empty());
  EXPECT_EQ(ProcessesWithSet(HistoryOf(evidence.calls)), 1);
}

TEST(Leftovers, AreUnknownWhereTheSystemDoesNotTell) {
  const std::vector<Leftovers> all = Of(CorrectBackup());
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].pid, kStoryPid);
  EXPECT_EQ(all[0].threads, 0);
  EXPECT_EQ(all[0].descriptors, -1);
  EXPECT_EQ(all[0].mappings, -1);
  EXPECT_EQ(all[0].grown_kib, -1);
}

TEST(Leftovers, NameWhatIsOpenMostFrequentFirst) {
  Evidence evidence = CorrectBackup();
  AddLeft(evidence, "socket:[4711]");
  AddLeft(evidence, "socket:[4712]");
  AddLeft(evidence, "/media/a.bak", 5);
  AddLeft(evidence, "/dev/shm/vdisim.set.x");
  AddLeft(evidence, "/var/log/client.log");
  SystemOf(evidence, "exit").left = 11;
  const std::vector<Leftovers> all = Of(evidence);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].descriptors, 11);
  EXPECT_EQ(all[0].open, (std::vector<std::string>{"5 x {artefact_dir}/a.bak", "2 x a socket",
                                                   "/var/log/client.log",
                                                   "shared memory of a device set", "2 more"}));
}

TEST(Leftovers, MeasureMemoryFromTheFirstTransfer) {
  Evidence evidence = CorrectBackup();
  SystemOf(evidence, "write").memory_kib = 700;
  WitnessEvent& end = SystemOf(evidence, "exit");
  end.memory_kib = 1500;
  end.peak_kib = 9000;
  end.mappings = 2;
  const std::vector<Leftovers> all = Of(evidence);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].grown_kib, 800);
  EXPECT_EQ(all[0].moved, kStoryTransfers * kStoryTransfer);
  EXPECT_EQ(all[0].peak_kib, 9000);
  EXPECT_EQ(all[0].mappings, 2);
  SystemOf(evidence, "exit").memory_kib = 600;  // it gave back more than it took
  EXPECT_EQ(Of(evidence)[0].grown_kib, 0);
}

TEST(Leftovers, AreThoseOfEachProcessWithASet) {
  Evidence evidence = CorrectBackup({.devices = 2, .processes = true});
  WitnessEvent helper = SystemOf(evidence, "exit");
  helper.pid = 7;
  evidence.system.push_back(helper);
  EXPECT_EQ(Of(evidence).size(), 3U);  // the primary and two secondaries
  EXPECT_EQ(ProcessesWithSet(HistoryOf(evidence.calls)), 3);
}

// A process number that is used again, as by a program that a process turns into.
TEST(Leftovers, BeginAnewWithAProgram) {
  Evidence evidence = CorrectBackup();
  AddLeft(evidence, "/media/a.bak");
  SystemOf(evidence, "left").memory_kib = 50;
  WitnessEvent start = SystemOf(evidence, "exit");
  start.call = "start";
  evidence.system.insert(evidence.system.begin() + 1, start);
  EXPECT_TRUE(Of(evidence)[0].open.empty());
}

TEST(WitnessReader, ReadsWhatIsLeft) {
  std::istringstream text(
      R"({"t":5,"pid":7,"tid":7,"call":"left","fd":9,"path":"pipe:[1]"})"
      "\n"
      R"({"t":6,"pid":7,"tid":7,"call":"exit","descriptors":5,"threads":1,"mappings":3,"memory":812,"peak":5120,"left":1})"
      "\n"
      R"({"t":7,"pid":8,"tid":8,"call":"exit","descriptors":5,"threads":1})"
      "\n");
  const Witnessed witnessed = ReadWitness(text, "w.jsonl");
  ASSERT_EQ(witnessed.events.size(), 3U);
  EXPECT_EQ(witnessed.events[0].path, "pipe:[1]");
  EXPECT_EQ(witnessed.events[1].left, 1);
  EXPECT_EQ(witnessed.events[1].mappings, 3);
  EXPECT_EQ(witnessed.events[1].memory_kib, 812);
  EXPECT_EQ(witnessed.events[1].peak_kib, 5120);
  EXPECT_EQ(witnessed.events[2].left, -1);
  EXPECT_EQ(witnessed.events[2].memory_kib, -1);
}

}  // namespace
}  // namespace conform
