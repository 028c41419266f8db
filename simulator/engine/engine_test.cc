// Whole statements: the engine on one side of a real device set, a client of this process on the
// other.
#include "simulator/engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "simulator/engine/testing/engine_world.h"

namespace vdisim {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::Answer;
using testing_support::ClientScript;
using testing_support::EngineWorld;
using testing_support::Media;
using testing_support::ScriptedClient;

class EngineTest : public EngineWorld {};

class StripesTest : public EngineTest, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Engine, StripesTest, ::testing::Values(1, 2, 4, 64));

TEST_P(StripesTest, RestoresByteForByteWhatItBackedUp) {
  const int stripes = GetParam();
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO%", stripes).succeeded) << sink_.Text();
  EXPECT_THAT(sink_.Numbers(), ElementsAre(4035, 3014));
  EXPECT_EQ(client_->closed(), stripes);
  for (int i = 0; i < stripes; ++i) {
    EXPECT_EQ(client_->commands(static_cast<size_t>(i)).back(), VDC_Flush);
  }

  const StatementOutcome outcome = Run("RESTORE DATABASE copy FROM%", stripes);
  ASSERT_TRUE(outcome.succeeded) << sink_.Text();
  EXPECT_EQ(outcome.comparison, StatementOutcome::Comparison::kEqual);
  EXPECT_TRUE(RestoredFile("copy") == Source());
  EXPECT_EQ(sink_.last_progress.percent, 100);
}

TEST_F(EngineTest, TakesStripesInAnyOrder) {
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO%", 3).succeeded) << sink_.Text();
  std::rotate(media_.begin(), media_.begin() + 1, media_.end());
  ASSERT_TRUE(Run("RESTORE DATABASE pubs FROM%", 3).succeeded) << sink_.Text();
  EXPECT_TRUE(RestoredFile("pubs") == Source());
}

TEST_F(EngineTest, KeepsByteOrderWhenCompletionsComeInReverse) {
  ClientScript script;
  script.reverse = true;
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO% WITH BUFFERCOUNT = 9", 2, script).succeeded);
  ASSERT_TRUE(Run("RESTORE DATABASE pubs FROM% WITH BUFFERCOUNT = 9", 2, script).succeeded)
      << sink_.Text();
  EXPECT_TRUE(RestoredFile("pubs") == Source());
}

TEST_F(EngineTest, GivesPositionsToRandomAccessDevices) {
  ClientScript script;
  script.features = VDF_RandomAccess;  // the client seeks wherever it is told
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO%", 2, script).succeeded) << sink_.Text();
  ASSERT_TRUE(Run("RESTORE DATABASE pubs FROM%", 2, script).succeeded) << sink_.Text();
  EXPECT_TRUE(RestoredFile("pubs") == Source());
}

TEST_F(EngineTest, ReadsInSizesOtherThanItWrote) {
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO% WITH MAXTRANSFERSIZE = 131072", 1).succeeded);
  const std::vector<int32_t> written = client_->sizes();
  ASSERT_TRUE(Run("RESTORE DATABASE pubs FROM% WITH MAXTRANSFERSIZE = 65536", 1).succeeded);
  EXPECT_NE(client_->sizes(), written);
  for (const int32_t size : client_->sizes()) {
    EXPECT_EQ(size % 512, 0);
    EXPECT_LE(size, 65536);
  }
}

TEST_F(EngineTest, SendsCompleteLastWhenAskedAndGranted) {
  ClientScript script;
  script.features = VDF_RequestComplete;
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO%", 2, script).succeeded) << sink_.Text();
  EXPECT_NE(client_->configuration().features & VDF_CompleteEnabled, 0U);
  for (size_t i = 0; i < 2; ++i) {
    const auto& commands = client_->commands(i);
    ASSERT_GE(commands.size(), 2U);
    EXPECT_EQ(commands[commands.size() - 2], VDC_Flush);
    EXPECT_EQ(commands.back(), VDC_Complete);
  }
}

TEST_F(EngineTest, DoesNotSendCompleteUnderAnOlderProfile) {
  options_.profile = "no-complete";
  ClientScript script;
  script.features = VDF_RequestComplete;
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO%", 1, script).succeeded) << sink_.Text();
  EXPECT_EQ(client_->configuration().features & VDF_CompleteEnabled, 0U);
  EXPECT_THAT(client_->commands(0), Not(Contains(VDC_Complete)));
}

TEST_F(EngineTest, FailsTheBackupWhenCompleteFails) {
  ClientScript script;
  script.features = VDF_RequestComplete;
  script.change = [](uint32_t, int, const VDC_Command& command, Answer* answer) {
    if (command.commandCode == VDC_Complete) answer->code = ERROR_DISK_FULL;
  };
  EXPECT_FALSE(Run("BACKUP DATABASE pubs TO%", 1, script).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3271, 3013));
}

TEST_F(EngineTest, ReportsAFullDisk) {
  ClientScript script;
  script.change = [](uint32_t device, int number, const VDC_Command&, Answer* answer) {
    if (device == 1 && number == 3) *answer = {.code = ERROR_DISK_FULL};
  };
  const StatementOutcome outcome = Run("BACKUP DATABASE pubs TO%", 2, script);
  EXPECT_FALSE(outcome.succeeded);
  EXPECT_EQ(outcome.first_error, 3202);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3202, 3271, 3013));
  EXPECT_THAT(sink_.Text(), AllOf(HasSubstr("112(There is not enough space on the disk.)"),
                                  HasSubstr("command 3 (VDC_Write) of device 2")));
  // CMD-07: the devices are closed, not aborted.
  EXPECT_EQ(client_->closed(), 2);
  EXPECT_THAT(Log(), AllOf(HasSubstr("18210"), HasSubstr("3041")));
}

TEST_F(EngineTest, SendsDiscardAfterAFailureWhenAskedTo) {
  ClientScript script;
  script.features = VDF_Discard;
  script.change = [](uint32_t device, int number, const VDC_Command&, Answer* answer) {
    if (device == 0 && number == 2) *answer = {.code = ERROR_EOM_OVERFLOW};
  };
  EXPECT_FALSE(Run("BACKUP DATABASE pubs TO%", 2, script).succeeded);
  const auto& errored = client_->commands(0);
  ASSERT_GE(errored.size(), 2U);
  EXPECT_EQ(errored[errored.size() - 2], VDC_ClearError);
  EXPECT_EQ(errored.back(), VDC_Discard);
  EXPECT_EQ(client_->commands(1).back(), VDC_Discard);
  EXPECT_THAT(client_->commands(1), Not(Contains(VDC_ClearError)));
  EXPECT_EQ(client_->closed(), 2);
}

TEST_F(EngineTest, FailsAShortTransferThatClaimsSuccess) {
  ClientScript script;
  script.change = [](uint32_t, int number, const VDC_Command&, Answer* answer) {
    if (number == 2) answer->bytes = 100;
  };
  EXPECT_FALSE(Run("BACKUP DATABASE pubs TO%", 1, script).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3202, 3013));
  EXPECT_THAT(sink_.Text(), HasSubstr("65536 bytes were requested, 100 bytes were transferred"));
}

TEST_F(EngineTest, FailsATransferOfMoreThanWasAskedFor) {
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO%", 1).succeeded);
  ClientScript script;
  script.change = [](uint32_t, int number, const VDC_Command& command, Answer* answer) {
    if (number == 3) answer->bytes = static_cast<uint32_t>(command.size) + 1;
  };
  EXPECT_FALSE(Run("RESTORE DATABASE pubs FROM%", 1, script).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3203, 3013));
}

TEST_F(EngineTest, ReportsAnAbortByTheClientAndItsCause) {
  ClientScript script;
  script.change = [](uint32_t, int number, const VDC_Command&, Answer* answer) {
    answer->abort = number == 4;
  };
  EXPECT_FALSE(Run("BACKUP DATABASE pubs TO%", 1, script).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3202, 3271, 3013));
  EXPECT_THAT(sink_.Text(), AllOf(HasSubstr("995("), HasSubstr("called SignalAbort")));
}

TEST_F(EngineTest, EndsWhenACommandIsNeverCompleted) {
  options_.stall = std::chrono::milliseconds(100);
  ClientScript script;
  script.change = [](uint32_t, int number, const VDC_Command&, Answer* answer) {
    answer->give = number < 5;
  };
  EXPECT_FALSE(Run("BACKUP DATABASE pubs TO%", 1, script).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3229, 3013));
  EXPECT_EQ(client_->closed(), 0);
}

TEST_F(EngineTest, EndsWhenTheStatementIsCancelled) {
  ClientScript script;
  script.change = [&](uint32_t, int number, const VDC_Command&, Answer* answer) {
    answer->give = number < 5;
    if (number == 5) stop_.request_stop();
  };
  EXPECT_FALSE(Run("BACKUP DATABASE pubs TO%", 1, script).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3204, 3013));
}

TEST_F(EngineTest, EndsWhenNoClientComes) {
  options_.wait = std::chrono::milliseconds(60);
  EXPECT_FALSE(
      RunAlone("BACKUP DATABASE pubs TO VIRTUAL_DEVICE = 'nobody " + name_ + "'").succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3201, 3013));
  EXPECT_EQ(sink_.messages.front().state, 7);
  EXPECT_THAT(sink_.messages.front().text, HasSubstr("0x80070002"));
  EXPECT_THAT(Log(), HasSubstr("BackupVirtualDeviceSet::Initialize: Open failure"));
}

TEST_F(EngineTest, WaitsForNoSetIfItIsNotToWait) {
  options_.set_wait = std::chrono::milliseconds(0);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(
      RunAlone("BACKUP DATABASE pubs TO VIRTUAL_DEVICE = 'nobody " + name_ + "'").succeeded);
  EXPECT_LT(std::chrono::steady_clock::now() - began, options_.wait / 2);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3201, 3013));
}

TEST_F(EngineTest, WaitsForDevicesAllTheSame) {
  options_.set_wait = std::chrono::milliseconds(0);
  EXPECT_TRUE(Run("BACKUP DATABASE pubs TO%", 1).succeeded);
}

TEST_F(EngineTest, EndsWhenTheClientNeverOpensItsDevices) {
  options_.wait = std::chrono::milliseconds(100);
  ClientScript script;
  script.open_devices = false;
  EXPECT_FALSE(Run("BACKUP DATABASE pubs TO%", 1, script).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3201, 3013));
  EXPECT_EQ(sink_.messages.front().state, 6);
}

TEST_F(EngineTest, RejectsAnotherNumberOfDevicesThanTheStatementNames) {
  client_ = std::make_unique<ScriptedClient>(name_, Devices(2), &media_);
  EXPECT_FALSE(RunAlone("BACKUP DATABASE pubs TO" + Clauses(Devices(3))).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3261, 3013));
  client_->Join();
}

TEST_F(EngineTest, RefusesAnUnknownDatabaseBeforeItLooksForTheClient) {
  EXPECT_FALSE(RunAlone("BACKUP DATABASE nothing TO VIRTUAL_DEVICE = 'x'").succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(911, 3013));
}

TEST_F(EngineTest, SaysWhereADamagedStreamIsDamaged) {
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO%", 2).succeeded);
  media_[1][4096 + 512 + 8192 + 17] ^= 1;  // the second page of extent 1, which begins at 65536
  EXPECT_FALSE(Run("RESTORE DATABASE pubs FROM%", 2).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3203, 3189, 3013));
  EXPECT_THAT(
      sink_.Text(),
      HasSubstr("differs from the source first at database offset 73745 (page 9): device 2"));
  EXPECT_FALSE(std::filesystem::exists(home_ / "data" / "pubs.mdf"));
}

TEST_F(EngineTest, ReportsTruncatedMissingAndDoubledStripes) {
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO%", 2).succeeded);
  const std::vector<Media> whole = media_;

  media_[0].resize(media_[0].size() / 2);
  EXPECT_FALSE(Run("RESTORE DATABASE pubs FROM%", 2).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3203, 3013));
  EXPECT_THAT(sink_.Text(), HasSubstr("38(Reached the end of the file.)"));

  media_ = {whole[0], whole[0]};
  EXPECT_FALSE(Run("RESTORE DATABASE pubs FROM%", 2).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3227, 3013));

  media_ = {whole[1]};
  EXPECT_FALSE(Run("RESTORE DATABASE pubs FROM%", 1).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3132, 3013));

  media_ = {Media(), whole[1]};
  EXPECT_FALSE(Run("RESTORE DATABASE pubs FROM%", 2).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3208, 3013));

  media_ = {whole[0], Media(9000, 'x')};
  EXPECT_FALSE(Run("RESTORE DATABASE pubs FROM%", 2).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3242, 3013));

  media_ = whole;
  media_[1].resize(media_[1].size() - 512);  // the last block is missing
  EXPECT_FALSE(Run("RESTORE DATABASE pubs FROM%", 2).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3256, 3013));
}

TEST_F(EngineTest, RestoresAChainOfFullDifferentialAndLog) {
  EXPECT_FALSE(RunAlone("BACKUP LOG pubs TO VIRTUAL_DEVICE = 'x'").succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(4214, 3013));
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO%", 1).succeeded);
  const std::vector<Media> full = std::exchange(media_, {});
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO% WITH DIFFERENTIAL", 1).succeeded) << sink_.Text();
  const std::vector<Media> differential = std::exchange(media_, {});
  ASSERT_TRUE(Run("BACKUP LOG pubs TO%", 1).succeeded) << sink_.Text();
  const std::vector<Media> log = std::exchange(media_, {});
  EXPECT_LT(differential[0].size(), full[0].size() / 4);

  media_ = log;
  EXPECT_FALSE(Run("RESTORE LOG pubs FROM%", 1).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3117, 3013));
  media_ = full;
  ASSERT_TRUE(Run("RESTORE DATABASE pubs FROM% WITH NORECOVERY", 1).succeeded) << sink_.Text();
  EXPECT_FALSE(RunAlone("BACKUP DATABASE pubs TO VIRTUAL_DEVICE = 'x'").succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(927, 3013));
  media_ = differential;
  ASSERT_TRUE(Run("RESTORE DATABASE pubs FROM% WITH NORECOVERY", 1).succeeded) << sink_.Text();
  media_ = log;
  ASSERT_TRUE(Run("RESTORE LOG pubs FROM% WITH RECOVERY", 1).succeeded) << sink_.Text();
  EXPECT_TRUE(RestoredFile("pubs") == Source());
  EXPECT_THAT(Log(), AllOf(HasSubstr("Log was restored"), HasSubstr("TYPE=VIRTUAL_DEVICE")));
}

TEST_F(EngineTest, TakesASnapshotInTheDocumentedOrder) {
  ClientScript script;
  script.features = VDF_SnapshotPrepare;
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO% WITH SNAPSHOT", 1, script).succeeded) << sink_.Text();
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3197, 3198, 4035, 3014));
  EXPECT_THAT(client_->commands(0),
              ElementsAre(VDC_Write, VDC_PrepareToFreeze, VDC_Write, VDC_Write, VDC_Snapshot));
  EXPECT_FALSE(Run("RESTORE DATABASE pubs FROM%", 1).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3135, 3013));
  ASSERT_TRUE(Run("RESTORE DATABASE pubs FROM% WITH SNAPSHOT", 1).succeeded) << sink_.Text();
  EXPECT_EQ(client_->commands(0).back(), VDC_MountSnapshot);
}

TEST_F(EngineTest, ThawsWhenTheSnapshotFails) {
  ClientScript script;
  script.change = [](uint32_t, int, const VDC_Command& command, Answer* answer) {
    if (command.commandCode == VDC_Snapshot) answer->code = ERROR_OPERATION_ABORTED;
  };
  EXPECT_FALSE(Run("BACKUP DATABASE pubs TO% WITH SNAPSHOT", 1, script).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3197, 3198, 3271, 3013));
}

TEST_F(EngineTest, AnswersTheLookingStatements) {
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO% WITH NAME = 'nightly'", 2).succeeded);
  media_.resize(1);
  ASSERT_TRUE(Run("RESTORE HEADERONLY FROM%", 1).succeeded) << sink_.Text();
  ASSERT_EQ(sink_.tables.size(), 1U);
  EXPECT_THAT(sink_.tables[0].rows[0], AllOf(Contains("nightly"), Contains("pubs")));
  ASSERT_TRUE(Run("RESTORE FILELISTONLY FROM%", 1).succeeded) << sink_.Text();
  EXPECT_EQ(sink_.tables[0].rows.size(), 2U);
  EXPECT_THAT(sink_.tables[0].rows, Each(::testing::SizeIs(sink_.tables[0].columns.size())));
  ASSERT_TRUE(Run("RESTORE LABELONLY FROM%", 1).succeeded) << sink_.Text();
  EXPECT_THAT(sink_.tables[0].rows[0], Contains("2"));  // families
}

TEST_F(EngineTest, VerifiesWithoutWriting) {
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO%", 2).succeeded);
  ASSERT_TRUE(Run("RESTORE VERIFYONLY FROM%", 2).succeeded) << sink_.Text();
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3262));
  EXPECT_FALSE(std::filesystem::exists(home_ / "data"));
}

TEST_F(EngineTest, TellsPercentWithStats) {
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO% WITH STATS = 25", 1).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3211, 3211, 3211, 3211, 4035, 3014));
  EXPECT_EQ(sink_.messages[3].text, "100 percent processed.");
}

TEST_F(EngineTest, NeverOverwritesAnotherDatabaseUnasked) {
  ASSERT_TRUE(Run("BACKUP DATABASE pubs TO%", 1).succeeded);
  std::string error;
  ASSERT_TRUE(engine().AddDatabase("other", "seed:2,size:64K", &error)) << error;
  EXPECT_FALSE(Run("RESTORE DATABASE OTHER FROM%", 1).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3154, 3013));
  EXPECT_TRUE(Run("RESTORE DATABASE OTHER FROM% WITH REPLACE", 1).succeeded) << sink_.Text();
  EXPECT_TRUE(RestoredFile("other") == Source());
}

TEST_F(EngineTest, AnswersQuestionsAndUse) {
  ASSERT_TRUE(RunAlone("USE PUBS; SELECT DB_NAME(), @@VERSION").succeeded) << sink_.Text();
  EXPECT_EQ(sink_.tables[0].rows[0][0], "pubs");
  const StatementOutcome outcome = RunAlone("SELECT 1\nUSE nothing\nPRINT 'never'");
  EXPECT_FALSE(outcome.succeeded);
  EXPECT_EQ(outcome.first_error, 911);
  EXPECT_EQ(sink_.messages.back().line, 2);
}

TEST_F(EngineTest, NamesTheProfilesItHas) {
  options_.profile = "nonsense";
  std::string error;
  EXPECT_EQ(Engine::Open(options_, &error), nullptr);
  EXPECT_THAT(error, AllOf(HasSubstr("nonsense"), HasSubstr("default, no-complete")));
}

TEST_F(EngineTest, RemembersDatabasesInItsHome) {
  engine();
  std::string error;
  engine_ = Engine::Open(options_, &error);
  ASSERT_NE(engine_, nullptr) << error;
  ASSERT_TRUE(Run("BACKUP DATABASE [PUBS] TO%", 1).succeeded) << sink_.Text();
}

}  // namespace
}  // namespace vdisim
