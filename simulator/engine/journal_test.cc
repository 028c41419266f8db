// The journal of whole statements, the canary of Read buffers and the kept streams.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "simulator/engine/testing/fault_world.h"

namespace vdisim {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::Answer;
using testing_support::ClientScript;
using testing_support::FaultWorld;

class JournalTest : public FaultWorld {};

TEST_F(JournalTest, FollowsABackup) {
  ASSERT_TRUE(Run(kBackup, 2).succeeded) << sink_.Text();
  const auto lines = Journal();
  EXPECT_EQ(lines.front()["e"], "statement");
  EXPECT_EQ(lines.front()["operation"], "backup");
  EXPECT_THAT(lines.front()["text"].get<std::string>(), HasSubstr("BACKUP DATABASE pubs TO"));
  const Json& ended = lines.back();
  EXPECT_EQ(ended["e"], "ended");
  EXPECT_EQ(ended["succeeded"], true);
  EXPECT_EQ(ended["firstError"], 0);
  EXPECT_EQ(ended["comparison"], "not-compared");
  EXPECT_EQ(ended["messages"].back()["number"], 3014);
  ASSERT_THAT(Journal("closing"), SizeIs(1));
  EXPECT_THAT(Journal("aborted"), IsEmpty());
  for (const Json& line : lines) EXPECT_EQ(line["s"], 1);

  const auto configured = Journal("configured");
  ASSERT_THAT(configured, SizeIs(1));
  EXPECT_EQ(configured[0]["set"], name_);
  EXPECT_EQ(configured[0]["devices"], Json(Devices(2)));
  EXPECT_EQ(configured[0]["features"], VDF_WriteMedia);
  EXPECT_EQ(configured[0]["blockSize"], 512);
  EXPECT_EQ(configured[0]["maxTransferSize"], 65536);
  EXPECT_EQ(configured[0]["buffers"], 8);
  EXPECT_EQ(configured[0]["serverTimeOut"], 0);
}

TEST_F(JournalTest, SaysWhereEveryWriteLies) {
  ASSERT_TRUE(Run(kBackup, 2).succeeded) << sink_.Text();
  const std::string source = Source();
  std::map<int, uint64_t> next;
  std::map<int, uint64_t> number;
  size_t with_data = 0;
  for (const Json& line : Journal("sent")) {
    const int device = line["device"];
    EXPECT_EQ(line["n"], ++number[device]);
    if (line["code"] != VDC_Write) continue;
    EXPECT_EQ(line["offset"], next[device]);
    next[device] += line["size"].get<uint64_t>();
    if (!line.contains("database")) continue;
    ++with_data;
    // The byte of the database that it names is in what was sent.
    const std::string stored = Stored(static_cast<size_t>(device) - 1);
    const auto piece = stored.substr(line["offset"], line["size"]);
    EXPECT_NE(piece.find(source.substr(line["database"].get<size_t>(), 256)), std::string::npos);
  }
  EXPECT_GT(with_data, 15U);
  for (const auto& [device, bytes] : next) {
    EXPECT_EQ(bytes, Stored(static_cast<size_t>(device) - 1).size());
  }
}

TEST_F(JournalTest, CompletesWhatItSent) {
  ClientScript script;
  script.reverse = true;
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO% WITH BUFFERCOUNT = 12", 2, script).succeeded);
  std::map<std::string, Json> open;
  const auto key = [](const Json& line) { return line["device"].dump() + "." + line["n"].dump(); };
  for (const Json& line : Journal("sent")) EXPECT_TRUE(open.emplace(key(line), line).second);
  for (const Json& line : Journal("completed")) {
    const auto sent = open.find(key(line));
    ASSERT_NE(sent, open.end());
    EXPECT_EQ(line["code"], sent->second["code"]);
    EXPECT_EQ(line["bytes"], line["code"] == VDC_Write ? sent->second["size"] : Json(0));
    EXPECT_EQ(line["completion"], 0);
    EXPECT_FALSE(line.contains("filled"));
    EXPECT_GT(line["t"], sent->second["t"]);
    open.erase(sent);
  }
  EXPECT_THAT(open, IsEmpty());
}

TEST_F(JournalTest, KeepsTheStreams) {
  ASSERT_TRUE(Run(kBackup, 3).succeeded);
  for (int device = 1; device <= 3; ++device) {
    EXPECT_TRUE(KeptStream(1, device) == Stored(static_cast<size_t>(device) - 1));
  }
  ASSERT_TRUE(Run(kRestore, 3).succeeded);
  EXPECT_FALSE(std::filesystem::exists(options_.streams / "2.1.stream"));
}

TEST_F(JournalTest, SeesHowMuchOfAReadWasFilled) {
  ASSERT_TRUE(Run(kBackup, 1).succeeded);
  ForgetJournal();
  ASSERT_TRUE(Run(kRestore, 1).succeeded);
  const auto reads = Journal("completed");
  EXPECT_GT(reads.size(), 10U);
  for (const Json& line : reads) {
    EXPECT_EQ(line["filled"], line["bytes"]);
    EXPECT_FALSE(line.contains("touched"));
  }
  EXPECT_EQ(Journal("ended")[0]["comparison"], "equal");
}

TEST_F(JournalTest, SeesAReadThatClaimsMoreThanItFilled) {
  ASSERT_TRUE(Run(kBackup, 1).succeeded);
  media_[0].resize(media_[0].size() - 700);
  ForgetJournal();
  ClientScript script;
  script.change = [](uint32_t, int, const VDC_Command& command, Answer* answer) {
    *answer = {.code = 0, .bytes = static_cast<uint32_t>(command.size)};
  };
  EXPECT_FALSE(Run(kRestore, 1, script).succeeded);
  uint64_t missing = 0;
  for (const Json& line : Journal("completed")) {
    missing += line["bytes"].get<uint64_t>() - line["filled"].get<uint64_t>();
  }
  EXPECT_EQ(missing, 700U);
}

TEST_F(JournalTest, SeesAReadThatFilledMoreThanItSays) {
  ASSERT_TRUE(Run(kBackup, 1).succeeded);
  ForgetJournal();
  EXPECT_FALSE(Run(kRestore, 1,
                   Answering(1, 4,
                             [](const VDC_Command&, Answer* answer) {
                               *answer = {.code = ERROR_HANDLE_EOF, .bytes = 100};
                             }))
                   .succeeded);
  const auto reads = Journal("completed");
  EXPECT_EQ(reads[3]["completion"], ERROR_HANDLE_EOF);
  EXPECT_EQ(reads[3]["bytes"], 100);
  EXPECT_EQ(reads[3]["filled"], Journal("sent")[3]["size"]);
}

TEST_F(JournalTest, NamesTheFirstDifference) {
  ASSERT_TRUE(Run(kBackup, 2).succeeded);
  // The second page of extent 1, which begins at 65536 and lies on stripe 2.
  media_[1][4096 + 512 + 8192 + 17] ^= 1;
  ForgetJournal();
  EXPECT_FALSE(Run(kRestore, 2).succeeded);
  const auto ended = Journal("ended");
  ASSERT_THAT(ended, SizeIs(1));
  EXPECT_EQ(ended[0]["comparison"], "different");
  EXPECT_EQ(ended[0]["firstError"], 3203);
  EXPECT_EQ(ended[0]["difference"]["database"], 73745);
  EXPECT_EQ(ended[0]["difference"]["device"], 2);
  EXPECT_EQ(ended[0]["difference"]["stream"], 4096 + 512 + 8192 + 17);
  // The command that it names carried that byte.
  bool found = false;
  for (const Json& line : Journal("sent")) {
    if (line["device"] != 2 || line["n"] != ended[0]["difference"]["n"]) continue;
    found = true;
    EXPECT_LE(line["offset"], 4096 + 512 + 8192 + 17);
    EXPECT_GT(line["offset"].get<int>() + line["size"].get<int>(), 4096 + 512 + 8192 + 17);
  }
  EXPECT_TRUE(found);
}

TEST_F(JournalTest, SaysWhoAbortedFirst) {
  EXPECT_FALSE(
      Run(kBackup, 1,
          Answering(1, 4, [](const VDC_Command&, Answer* answer) { answer->abort = true; }))
          .succeeded);
  const auto aborted = Journal("aborted");
  ASSERT_THAT(aborted, SizeIs(1));
  EXPECT_THAT(aborted[0]["reason"].get<std::string>(), HasSubstr("called SignalAbort"));
  EXPECT_THAT(Journal("ended")[0]["messages"].dump(), HasSubstr("3013"));
}

TEST_F(JournalTest, NumbersStatements) {
  RunAlone("PRINT 'a'; PRINT 'b'");
  RunAlone("BACKUP");
  const auto begun = Journal("statement");
  ASSERT_THAT(begun, SizeIs(3));
  EXPECT_EQ(begun[1]["s"], 2);
  EXPECT_EQ(begun[1]["text"], "PRINT 'b'");
  EXPECT_EQ(begun[2]["text"], "BACKUP");
  EXPECT_EQ(Journal("ended")[2]["succeeded"], false);
}

}  // namespace
}  // namespace vdisim
