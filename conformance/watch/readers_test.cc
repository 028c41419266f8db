#include <gtest/gtest.h>

#include <sstream>

#include "conformance/watch/journal_reader.h"
#include "conformance/watch/statement_text.h"
#include "conformance/watch/witness_reader.h"

namespace conform {
namespace {

Journal JournalOf(const std::string& text) {
  std::istringstream stream(text);
  return ReadJournal(stream, "j.jsonl");
}

Witnessed WitnessedOf(const std::string& text) {
  std::istringstream stream(text);
  return ReadWitness(stream, "w.jsonl");
}

TEST(ReadJournal, ReadsEveryKindOfLine) {
  const Journal journal = JournalOf(
      R"({"e":"statement","t":1,"s":1,"text":"BACKUP DATABASE d","operation":"backup"})"
      "\n"
      R"({"e":"configured","t":2,"s":1,"set":"d","features":65536,"devices":["d","d2"],)"
      R"("blockSize":512,"maxTransferSize":65536,"buffers":8,"serverTimeOut":500})"
      "\n"
      R"({"e":"sent","t":3,"s":1,"device":1,"n":3,"code":2,"size":4096,"offset":1024,)"
      R"("database":77})"
      "\n"
      R"({"e":"completed","t":4,"s":1,"device":1,"n":3,"code":1,"completion":38,"bytes":7,)"
      R"("filled":6})"
      "\n"
      R"({"e":"fault","t":5,"s":1,"what":"stall","device":2,"n":4,"line":9})"
      "\n"
      R"({"e":"closing","t":6,"s":1})"
      "\n"
      R"({"e":"aborted","t":7,"s":1,"reason":"client gone"})"
      "\n"
      R"({"e":"ended","t":8,"s":1,"succeeded":false,"firstError":3202,)"
      R"("messages":[{"number":3202,"severity":16,"text":"no"}],"comparison":"different",)"
      R"("difference":{"database":5,"device":1,"n":2,"stream":1029}})"
      "\n");
  ASSERT_TRUE(journal.damages.empty()) << journal.damages[0].ToString();
  ASSERT_EQ(journal.events.size(), 8U);
  EXPECT_EQ(journal.events[0].operation, "backup");
  EXPECT_EQ(journal.events[1].devices, (std::vector<std::string>{"d", "d2"}));
  EXPECT_EQ(journal.events[1].server_timeout_ms, 500);
  EXPECT_EQ(journal.events[2].offset, 1024);
  EXPECT_EQ(journal.events[2].database, 77);
  EXPECT_EQ(journal.events[3].completion, 38);
  EXPECT_EQ(journal.events[3].filled, 6);
  EXPECT_EQ(journal.events[4].text, "stall");
  EXPECT_EQ(journal.events[4].line, 9);
  EXPECT_EQ(journal.events[6].text, "client gone");
  EXPECT_EQ(journal.events[7].messages, (std::vector<ServerMessage>{{3202, 16, "no"}}));
  EXPECT_EQ(journal.events[7].difference, (RestoreDifference{5, 1, 2, 1029}));
  EXPECT_EQ(Name(journal.events[7].kind), "ended");
}

TEST(ReadJournal, LosesADamagedLineAlone) {
  const Journal journal = JournalOf(
      "{\"e\":\"closing\",\"t\":6,\"s\":1}\n"
      "{\"e\":\"sent\",\"t\":3,\"s\":1,\"dev\n"
      "{\"e\":\"sent\",\"t\":3,\"s\":1,\"device\":\"one\",\"n\":1,\"code\":2}\n"
      "[1]\n"
      "{\"e\":\"closing\",\"t\":7,\"s\":2}\n");
  EXPECT_EQ(journal.events.size(), 2U);
  ASSERT_EQ(journal.damages.size(), 3U);
  EXPECT_EQ(journal.damages[0].line, 2U);
  EXPECT_EQ(journal.damages[1].ToString(), "j.jsonl:3: \"device\" is no whole number");
  EXPECT_EQ(journal.damages[2].ToString(), "j.jsonl:4: no JSON object");
}

TEST(ReadJournal, LeavesOutWhatItDoesNotKnow) {
  const Journal journal = JournalOf("{\"e\":\"weather\",\"t\":6,\"s\":1}\n");
  EXPECT_TRUE(journal.events.empty());
  EXPECT_TRUE(journal.damages.empty());
}

TEST(ReadJournal, SaysWhenThereIsNoFile) {
  const Journal journal = ReadJournalFile("/nowhere/j.jsonl");
  ASSERT_EQ(journal.damages.size(), 1U);
  EXPECT_EQ(journal.damages[0].ToString(),
            "/nowhere/j.jsonl:0: cannot be opened: No such file or directory");
}

TEST(EventsOfSets, TellsTheStatementsOfTwoClientsApart) {
  const Journal journal = JournalOf(
      R"({"e":"statement","t":1,"s":1,"text":"BACKUP DATABASE a TO VIRTUAL_DEVICE = 'one'"})"
      "\n"
      R"({"e":"statement","t":2,"s":2,"text":"BACKUP DATABASE b TO VIRTUAL_DEVICE = N'two'"})"
      "\n"
      R"({"e":"ended","t":3,"s":1,"succeeded":true})"
      "\n"
      R"({"e":"ended","t":4,"s":2,"succeeded":true})"
      "\n");
  const std::vector<JournalEvent> two = EventsOfSets(journal.events, {"two"});
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0].statement, 2);
  EXPECT_EQ(two[1].statement, 2);
}

TEST(ReadWitness, ReadsFilesAndTheirCalls) {
  const Witnessed witnessed = WitnessedOf(
      R"({"t":1,"d":2,"pid":7,"tid":8,"call":"open","path":"/a/d","flags":"O_WRONLY|O_SYNC",)"
      R"("fd":5,"inode":77,"result":5,"errno":0})"
      "\n"
      R"({"t":4,"d":1,"pid":7,"tid":8,"call":"write","by":"fflush","fd":5,"path":"/a/d",)"
      R"("inode":77,"bytes":512,"result":-1,"errno":28})"
      "\n"
      R"({"t":5,"d":1,"pid":7,"tid":8,"call":"fwrite","fd":5,"path":"/a/d","pending":12})"
      "\n"
      R"({"t":6,"d":1,"pid":7,"tid":8,"call":"fsync","fd":6,"path":"/a","directory":true})"
      "\n"
      R"({"t":7,"pid":7,"call":"rename","path":"/a/t","to":"/a/d"})"
      "\n");
  ASSERT_TRUE(witnessed.damages.empty()) << witnessed.damages[0].ToString();
  ASSERT_EQ(witnessed.events.size(), 5U);
  EXPECT_EQ(witnessed.events[0].flags, "O_WRONLY|O_SYNC");
  EXPECT_EQ(witnessed.events[1].by, "fflush");
  EXPECT_EQ(witnessed.events[1].error, 28);
  EXPECT_EQ(witnessed.events[1].end(), 5);
  EXPECT_EQ(witnessed.events[2].pending, 12);
  EXPECT_TRUE(witnessed.events[3].directory);
  EXPECT_EQ(witnessed.events[4].to, "/a/d");
}

TEST(ReadWitness, LosesADamagedLineAlone) {
  const Witnessed witnessed =
      WitnessedOf("{\"t\":1,\"pid\":7}\n{\"t\":1,\"pid\":7,\"call\":\"sync\"}\n");
  EXPECT_EQ(witnessed.events.size(), 1U);
  ASSERT_EQ(witnessed.damages.size(), 1U);
  EXPECT_EQ(witnessed.damages[0].ToString(), "w.jsonl:1: \"call\" is missing");
}

TEST(VirtualDevicesOf, ReadsEveryWayToWriteAName) {
  EXPECT_EQ(
      VirtualDevicesOf("backup database [d] to virtual_device='a', VIRTUAL_DEVICE = N'b''c' "
                       "/* VIRTUAL_DEVICE = 'no' */ ,Virtual_Device=@d -- VIRTUAL_DEVICE='x'"),
      (std::vector<std::string>{"a", "b'c", "@d"}));
  EXPECT_TRUE(VirtualDevicesOf("BACKUP DATABASE d TO DISK = 'VIRTUAL_DEVICE = x'").empty());
  EXPECT_TRUE(VirtualDevicesOf("BACKUP DATABASE d TO VIRTUAL_DEVICE = 'open").empty());
}

TEST(DatabaseOf, UndoesTheQuotes) {
  EXPECT_EQ(DatabaseOf("BACKUP DATABASE [a]]b] TO VIRTUAL_DEVICE = 'x'"), "a]b");
  EXPECT_EQ(DatabaseOf("RESTORE LOG \"a\"\"b\" FROM x"), "a\"b");
  EXPECT_EQ(DatabaseOf("backup database d to x"), "d");
  EXPECT_EQ(DatabaseOf("BACKUP DATABASE @name TO x"), std::nullopt);
  EXPECT_EQ(DatabaseOf("BACKUP DATABASE [a TO x"), std::nullopt);
  EXPECT_EQ(DatabaseOf("RESTORE FILELISTONLY FROM x"), std::nullopt);
}

}  // namespace
}  // namespace conform
