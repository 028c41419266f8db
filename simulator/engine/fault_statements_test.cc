// What a fault plan does to a statement as a whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "simulator/engine/testing/fault_world.h"

namespace vdisim {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing_support::Answer;
using testing_support::ClientScript;
using testing_support::FaultWorld;

class FaultStatements : public FaultWorld {
 protected:
  static ClientScript AskingForComplete() {
    ClientScript script;
    script.features = VDF_RequestComplete;
    return script;
  }
};

TEST_F(FaultStatements, FailsBeforeTheSetIsOpened) {
  Plan("<fail when='before-open' message='911'/>");
  EXPECT_FALSE(RunAlone("BACKUP DATABASE pubs TO VIRTUAL_DEVICE = 'nobody'").succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(911, 3013));
  EXPECT_THAT(sink_.Text(), HasSubstr("Database 'pubs' does not exist"));
  EXPECT_THAT(Fired(), ElementsAre("fail 0 0"));
}

TEST_F(FaultStatements, FailsWithATextOfThePlansOwn) {
  Plan("<fail when='before-open' message='18456' text='Login failed.'/>");
  const StatementOutcome outcome = RunAlone("BACKUP DATABASE pubs TO VIRTUAL_DEVICE = 'nobody'");
  EXPECT_EQ(outcome.first_error, 18456);
  EXPECT_EQ(sink_.messages[0].severity, 16);
  EXPECT_EQ(sink_.messages[0].text, "Login failed.");
}

TEST_F(FaultStatements, FailsAfterTheSetIsOpened) {
  Plan("<fail when='after-open' message='3201'/>");
  EXPECT_FALSE(Run(kBackup, 1).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3201, 3013));
  EXPECT_EQ(client_->closed(), 0);
  EXPECT_THAT(Journal("configured"), IsEmpty());
}

TEST_F(FaultStatements, FailsWhenAllIsWrittenAndNothingFlushed) {
  Plan("<fail when='after-last-write'/>");
  EXPECT_FALSE(Run(kBackup, 2).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3013));
  EXPECT_EQ(client_->closed(), 2);
  EXPECT_TRUE(KeptStream(1, 2) == Stored(1));
  EXPECT_THAT(client_->commands(0), Not(Contains(VDC_Flush)));
}

TEST_F(FaultStatements, FailsAfterACleanTransfer) {
  Plan("<fail when='after-transfer' message='3202'/>");
  EXPECT_FALSE(Run(kBackup, 2, AskingForComplete()).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3202, 3013));
  EXPECT_EQ(client_->closed(), 2);
  EXPECT_EQ(client_->commands(1).back(), VDC_Complete);
  EXPECT_EQ(Journal("ended")[0]["succeeded"], false);
  Plan("");
  EXPECT_TRUE(Run(kRestore, 2).succeeded) << sink_.Text();
}

TEST_F(FaultStatements, LeavesTheFlushOut) {
  Plan("<no-flush/>");
  ASSERT_TRUE(Run(kBackup, 1).succeeded) << sink_.Text();
  EXPECT_THAT(client_->commands(0), Not(Contains(VDC_Flush)));
  EXPECT_THAT(Fired(), ElementsAre("no-flush 0 0"));
}

TEST_F(FaultStatements, RefusesComplete) {
  Plan("<complete grant='no'/>");
  ASSERT_TRUE(Run(kBackup, 1, AskingForComplete()).succeeded) << sink_.Text();
  EXPECT_EQ(client_->configuration().features & VDF_CompleteEnabled, 0U);
  EXPECT_THAT(client_->commands(0), Not(Contains(VDC_Complete)));
}

TEST_F(FaultStatements, GrantsCompleteWhateverTheProfile) {
  options_.profile = "no-complete";
  Plan("<complete grant='yes'/>");
  ASSERT_TRUE(Run(kBackup, 1, AskingForComplete()).succeeded) << sink_.Text();
  EXPECT_EQ(client_->commands(0).back(), VDC_Complete);
  ASSERT_TRUE(Run(kBackup, 1).succeeded) << sink_.Text();
  EXPECT_EQ(client_->commands(0).back(), VDC_Flush);
}

TEST_F(FaultStatements, GrantsCompleteAndNeverSendsIt) {
  Plan("<complete grant='yes' send='no'/>");
  ASSERT_TRUE(Run(kBackup, 1, AskingForComplete()).succeeded) << sink_.Text();
  EXPECT_NE(client_->configuration().features & VDF_CompleteEnabled, 0U);
  EXPECT_THAT(client_->commands(0), Not(Contains(VDC_Complete)));
  EXPECT_EQ(client_->closed(), 1);
}

TEST_F(FaultStatements, SendsCompleteUngrantedWhereThePlanIsIllegal) {
  Plan("<complete grant='no' send='yes' illegal='yes'/>");
  ASSERT_TRUE(Run(kBackup, 1).succeeded) << sink_.Text();
  EXPECT_EQ(client_->commands(0).back(), VDC_Complete);
}

TEST_F(FaultStatements, WritesInSizesOfThePlan) {
  Plan("<sizes write='512, 131072, 4096'/>");
  ASSERT_TRUE(Run(kBackup, 1).succeeded) << sink_.Text();
  const auto& sizes = client_->sizes();
  ASSERT_GT(sizes.size(), 6U);
  EXPECT_EQ(sizes[1], 512);
  EXPECT_EQ(sizes[2], 131072);
  EXPECT_EQ(sizes[3], 4096);
  EXPECT_EQ(sizes[4], 512);
  EXPECT_EQ(Journal("configured")[0]["maxTransferSize"], 131072);
  Plan("<sizes read='1024'/>");
  ASSERT_TRUE(Run(kRestore, 1).succeeded) << sink_.Text();
  EXPECT_GT(client_->sizes().size(), 1000U);
  EXPECT_TRUE(RestoredFile("pubs") == Source());
}

TEST_F(FaultStatements, WritesInRandomSizes) {
  Plan("<sizes write='random'/>");
  ASSERT_TRUE(Run(kBackup, 1).succeeded) << sink_.Text();
  const auto& sizes = client_->sizes();
  EXPECT_GT(std::set<int32_t>(sizes.begin(), sizes.end()).size(), 5U);
  for (const int32_t size : sizes) EXPECT_EQ(size % 512, 0);
}

TEST_F(FaultStatements, WritesPartsOfBlocksWhereThePlanIsIllegal) {
  Plan("<sizes write='1000' illegal='yes'/>");
  ASSERT_TRUE(Run(kBackup, 1).succeeded) << sink_.Text();
  EXPECT_EQ(client_->sizes()[1], 1000);
  EXPECT_TRUE(KeptStream(1, 1) == Stored(0));
}

TEST_F(FaultStatements, RefusesSizesThatTheStatementDoesNotAllow) {
  Plan("<sizes write='131072'/>");
  EXPECT_FALSE(Run("BACKUP DATABASE pubs TO% WITH MAXTRANSFERSIZE = 65536", 1).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3261, 3013));
  EXPECT_THAT(sink_.Text(), HasSubstr("transfers of 131072 bytes, MAXTRANSFERSIZE is 65536"));
  Plan("<sizes write='512'/>");
  EXPECT_FALSE(Run("BACKUP DATABASE pubs TO% WITH BLOCKSIZE = 4096", 1).succeeded);
  EXPECT_THAT(sink_.Text(), HasSubstr("which are not whole blocks of 4096"));
}

class FaultDepth : public FaultStatements, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Fault, FaultDepth, ::testing::Values(1, 2, 16));

TEST_P(FaultDepth, KeepsSoManyCommandsInFlight) {
  const int depth = GetParam();
  Plan("<depth commands='" + std::to_string(depth) + "'/>");
  // The client sits on all it gets behind the header; then there is nothing more to get.
  ClientScript script;
  script.change = [&](uint32_t, int number, const VDC_Command&, Answer* answer) {
    answer->give = number == 1;
    if (number == 1 + depth) stop_.request_stop();
  };
  EXPECT_FALSE(Run(kBackup, 1, script).succeeded);
  EXPECT_THAT(client_->commands(0), SizeIs(static_cast<size_t>(1 + depth)));

  stop_ = std::stop_source();
  ForgetJournal();
  ClientScript reverse;
  reverse.reverse = true;
  ASSERT_TRUE(Run(kBackup, 2, reverse).succeeded) << sink_.Text();
  EXPECT_EQ(Journal("configured")[0]["buffers"], 2 * depth);
  std::map<int, int> in_flight;
  for (const Json& line : Journal()) {
    int& now = in_flight[line.value("device", 0)];
    if (line["e"] == "sent") ++now;
    if (line["e"] == "completed") --now;
    EXPECT_LE(now, depth);
  }
}

TEST_F(FaultStatements, ServesOneDeviceFirst) {
  Plan("<first device='2' commands='4'/>");
  ASSERT_TRUE(Run(kBackup, 3).succeeded) << sink_.Text();
  EXPECT_THAT(Fired(), ElementsAre("first 2 0"));
  int completed = 0;
  for (const Json& line : Journal()) {
    if (line["e"] == "completed" && line["device"] == 2) ++completed;
    if (line["e"] != "sent" || line["device"] == 2) continue;
    EXPECT_GE(completed, 4);
  }
}

TEST_F(FaultStatements, StarvesOneDevice) {
  Plan("<starve device='2'/>");
  ASSERT_TRUE(Run(kBackup, 3).succeeded) << sink_.Text();
  // All data of the others is through before its first command comes.
  int64_t first_starved = 0;
  int64_t last_write = 0;
  for (const Json& line : Journal("sent")) {
    if (line["device"] == 2 && first_starved == 0) first_starved = line["t"];
    if (line["device"] != 2 && line["code"] == VDC_Write) last_write = line["t"];
  }
  EXPECT_GT(first_starved, last_write);
  ASSERT_TRUE(Run(kRestore, 3).succeeded) << sink_.Text();
}

TEST_F(FaultStatements, PrefersDevicesThatAreNotThere) {
  Plan("<first device='9' commands='4'/><starve device='8'/>");
  EXPECT_TRUE(Run(kBackup, 2).succeeded) << sink_.Text();
  Plan("<first device='2' commands='1000000'/>");
  EXPECT_TRUE(Run(kBackup, 2).succeeded) << sink_.Text();
  EXPECT_TRUE(Run(kRestore, 2).succeeded) << sink_.Text();
}

TEST_F(FaultStatements, ReadsPastTheEnd) {
  ASSERT_TRUE(Run(kBackup, 2).succeeded);
  Plan("<read-past-end device='2'/>");
  ForgetJournal();
  ASSERT_TRUE(Run(kRestore, 2).succeeded) << sink_.Text();
  Json last;
  for (const Json& line : Journal("completed")) {
    if (line["device"] == 2) last = line;
  }
  EXPECT_EQ(last["completion"], ERROR_HANDLE_EOF);
  EXPECT_EQ(last["bytes"], 0);
  EXPECT_EQ(last["filled"], 0);
  EXPECT_THAT(Fired(), ElementsAre("read-past-end 2 " + last["n"].dump()));
  EXPECT_EQ(client_->closed(), 2);
}

// 1 and 3 stripes, so that what is left at the end is not of one size.
TEST_F(FaultStatements, ReadsAcrossTheEnd) {
  for (const int stripes : {1, 3}) {
    media_.clear();
    Plan("");
    ASSERT_TRUE(Run(kBackup, stripes).succeeded);
    Plan("<read-past-end across='yes'/>");
    ForgetJournal();
    ASSERT_TRUE(Run(kRestore, stripes).succeeded) << sink_.Text();
    Json last;
    for (const Json& line : Journal("completed")) {
      if (line["device"] == 1) last = line;
    }
    EXPECT_EQ(last["completion"], ERROR_HANDLE_EOF);
    EXPECT_GT(last["bytes"], 0);
    EXPECT_EQ(last["filled"], last["bytes"]);
    EXPECT_LT(last["bytes"], 65536);
    EXPECT_THAT(Fired(), ElementsAre("read-past-end 1 " + last["n"].dump()));
  }
}

// Where just MAXTRANSFERSIZE is left, a block is taken before.
TEST_F(FaultStatements, ReadsAcrossTheEndWhateverIsLeft) {
  ASSERT_TRUE(Run(kBackup, 1).succeeded);
  ForgetJournal();
  ASSERT_TRUE(Run(kRestore, 1).succeeded);
  int bytes = 0;
  std::vector<Json> sent = Journal("sent");
  for (size_t i = 2; i < sent.size(); ++i) bytes += sent[i]["size"].get<int>();  // 2 are the header
  std::string sizes = std::to_string(bytes % 65536);
  for (int i = 0; i < 20; ++i) sizes += ", 65536";
  Plan("<sizes read='" + sizes + "'/><read-past-end across='yes'/>");
  ForgetJournal();
  ASSERT_TRUE(Run(kRestore, 1).succeeded) << sink_.Text();
  sent = Journal("sent");
  EXPECT_EQ(sent[sent.size() - 2]["size"], 512);
  EXPECT_EQ(sent.back()["size"], 65536);
  EXPECT_EQ(Journal("completed").back()["completion"], ERROR_HANDLE_EOF);
  EXPECT_EQ(Journal("completed").back()["bytes"], 65536 - 512);
}

TEST_F(FaultStatements, AReadPastTheEndChangesNothingWhateverComesBack) {
  ASSERT_TRUE(Run(kBackup, 1).succeeded);
  Plan("<read-past-end/>");
  ClientScript script;
  script.change = [](uint32_t, int, const VDC_Command& command, Answer* answer) {
    if (answer->code == ERROR_HANDLE_EOF) {
      *answer = {.code = 0, .bytes = static_cast<uint32_t>(command.size)};
    }
  };
  EXPECT_TRUE(Run(kRestore, 1, script).succeeded) << sink_.Text();
}

TEST_F(FaultStatements, Chatters) {
  Plan("<chatter bytes='102400'/>");
  ASSERT_TRUE(Run(kBackup, 1).succeeded);
  EXPECT_GE(sink_.Text().size(), 102400U);
  EXPECT_EQ(sink_.messages[0].text, "1 percent processed.");
  EXPECT_THAT(Journal("ended")[0]["messages"], SizeIs(2));
}

TEST_F(FaultStatements, DelaysOpeningAndClosing) {
  Plan("<delay-open ms='20'/><delay-close ms='30'/>");
  ASSERT_TRUE(Run(kBackup, 1).succeeded);
  EXPECT_THAT(Fired(), ElementsAre("delay-open 0 0", "delay-close 0 0"));
  const auto faults = Journal("fault");
  EXPECT_GE(Journal("sent")[0]["t"].get<int64_t>() - faults[0]["t"].get<int64_t>(), 20'000'000);
  EXPECT_GE(Journal("closing")[0]["t"].get<int64_t>() - faults[1]["t"].get<int64_t>(), 30'000'000);
}

TEST_F(FaultStatements, DelaysTheConfiguration) {
  Plan("<delay-configure ms='20'/>");
  ASSERT_TRUE(Run(kBackup, 1).succeeded);
  EXPECT_THAT(Fired(), ElementsAre("delay-configure 0 0"));
  EXPECT_GE(Journal("configured")[0]["t"].get<int64_t>() - Journal("fault")[0]["t"].get<int64_t>(),
            20'000'000);
}

TEST_F(FaultStatements, ADelayedCloseEndsWhenTheStatementIsCancelled) {
  Plan("<delay-close ms='600000'/>");
  ClientScript script;
  script.change = [&](uint32_t, int, const VDC_Command& command, Answer*) {
    if (command.commandCode == VDC_Flush) stop_.request_stop();
  };
  Run(kBackup, 1, script);
  EXPECT_THAT(Journal("ended"), SizeIs(1));
}

TEST_F(FaultStatements, AWrongPlanKeepsTheEngineFromOpening) {
  Plan("<explode/>");
  std::string error;
  EXPECT_EQ(Engine::Open(options_, &error), nullptr);
  EXPECT_THAT(error, HasSubstr("plan.xml:1: <explode> is no fault"));
}

// T-05: more than two intervals with commands outstanding and none completed.
TEST_F(FaultStatements, HonoursTheClientsServerTimeOut) {
  ClientScript script;
  script.server_time_out_ms = 40;
  script.change = [](uint32_t, int number, const VDC_Command&, Answer* answer) {
    answer->give = number < 3;
  };
  EXPECT_FALSE(Run(kBackup, 1, script).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3202, 3271, 3013));
  EXPECT_THAT(sink_.Text(), HasSubstr("two intervals of the client's serverTimeOut"));
  EXPECT_EQ(Journal("configured")[0]["serverTimeOut"], 40);
  const auto aborted = Journal("aborted");
  ASSERT_THAT(aborted, SizeIs(1));
  int64_t last_sign = 0;
  for (const Json& line : Journal()) {
    if (line["e"] == "completed" && line["completion"] == 0) last_sign = line["t"];
  }
  EXPECT_GT(aborted[0]["t"].get<int64_t>() - last_sign, 80'000'000);
}

TEST_F(FaultStatements, AStallOfTheServerIsNoSilenceOfTheClient) {
  Plan("<stall at='Write' nth='3' ms='700'/>");
  ClientScript script;
  script.server_time_out_ms = 300;  // a crowded machine may keep the client from answering a while
  EXPECT_TRUE(Run(kBackup, 1, script).succeeded) << sink_.Text();
}

}  // namespace
}  // namespace vdisim
