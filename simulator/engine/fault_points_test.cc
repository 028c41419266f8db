// What a fault plan does at a point of a device, against a real device set and a client that is
// correct but for its script.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
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

constexpr int kUnknownCommand = 999;

class FaultPoints : public FaultWorld {
 protected:
  // Answers commands that no client knows as CMD-03 has it.
  static ClientScript Correct() {
    ClientScript script;
    script.change = [](uint32_t, int, const VDC_Command& command, Answer* answer) {
      if (command.commandCode == kUnknownCommand) answer->code = ERROR_NOT_SUPPORTED;
    };
    return script;
  }
  static const Json* Find(const std::vector<Json>& lines, int device, int number) {
    for (const Json& line : lines) {
      if (line["device"] == device && line["n"] == number) return &line;
    }
    return nullptr;
  }
};

TEST_F(FaultPoints, AStallHoldsOneDeviceBackForItsTime) {
  Plan("<stall at='Write' nth='3' device='2' ms='30'/>");
  ASSERT_TRUE(Run(kBackup, 2).succeeded) << sink_.Text();
  EXPECT_THAT(Fired(), ElementsAre("stall 2 3"));
  const Json fault = Journal("fault")[0];
  EXPECT_EQ(fault["line"], 1);
  const auto sent = Journal("sent");
  const Json* held = Find(sent, 2, 3);
  ASSERT_NE(held, nullptr);
  EXPECT_GE((*held)["t"].get<int64_t>() - fault["t"].get<int64_t>(), 30'000'000);
}

TEST_F(FaultPoints, AStallEndsWhenTheStatementIsCancelled) {
  Plan("<stall at='Write' nth='3' ms='forever'/>");
  ClientScript script;
  script.change = [&](uint32_t, int number, const VDC_Command&, Answer*) {
    if (number == 2) stop_.request_stop();
  };
  EXPECT_FALSE(Run(kBackup, 1, script).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3204, 3013));
  EXPECT_THAT(client_->commands(0), SizeIs(2));
}

TEST_F(FaultPoints, AStallEndsWhenTheClientGivesUp) {
  Plan("<stall at='Write' nth='3' ms='forever'/>");
  EXPECT_FALSE(
      Run(kBackup, 2,
          Answering(2, 2, [](const VDC_Command&, Answer* answer) { answer->abort = true; }))
          .succeeded);
  EXPECT_THAT(sink_.Text(), HasSubstr("a client process called SignalAbort"));
}

TEST_F(FaultPoints, AnAbortIsSeenByEveryDevice) {
  Plan("<abort at='Write' nth='4'/>");
  EXPECT_FALSE(Run(kBackup, 2).succeeded);
  EXPECT_EQ(client_->closed(), 0);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3202, 3271, 3013));
  EXPECT_THAT(sink_.Text(), HasSubstr("line 1 of the fault plan"));
  EXPECT_THAT(Fired(), ElementsAre("abort 1 4"));
  ASSERT_THAT(Journal("aborted"), SizeIs(1));
  EXPECT_EQ(Journal("aborted")[0]["reason"], "the server aborted the set");
  EXPECT_THAT(Journal("closing"), IsEmpty());
  EXPECT_THAT(Sent(1), SizeIs(3));
}

TEST_F(FaultPoints, AnAbortComesAfterACompletionWhereThePlanSaysSo) {
  Plan("<abort at='Write' nth='4' when='after'/>");
  EXPECT_FALSE(Run(kBackup, 1).succeeded);
  EXPECT_THAT(Sent(1), SizeIs(4));
  EXPECT_THAT(Journal("completed"), SizeIs(4));
}

TEST_F(FaultPoints, PointsCountCommandsOfEveryKind) {
  Plan("<abort at='Flush'/>");
  EXPECT_FALSE(Run(kBackup, 1).succeeded);
  EXPECT_THAT(Sent(1), Not(Contains(VDC_Flush)));
  ForgetJournal();
  Plan("<abort at='any' nth='2'/>");
  EXPECT_FALSE(Run(kBackup, 1).succeeded);
  EXPECT_THAT(Sent(1), SizeIs(1));
}

TEST_F(FaultPoints, ClosingEarlyLooksLikeANormalEndToTheClient) {
  Plan("<close-early at='Write' nth='4' device='2'/>");
  EXPECT_FALSE(Run(kBackup, 2).succeeded);
  EXPECT_EQ(client_->closed(), 2);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3271, 3013));
  EXPECT_THAT(Journal("closing"), SizeIs(1));
  EXPECT_THAT(Sent(2), SizeIs(3));
  EXPECT_THAT(Sent(1), Not(Contains(VDC_Flush)));
}

TEST_F(FaultPoints, ClosingEarlyEndsARestoreToo) {
  ASSERT_TRUE(Run(kBackup, 1).succeeded);
  Plan("<close-early at='Read' nth='3'/>");
  EXPECT_FALSE(Run(kRestore, 1).succeeded);
  EXPECT_EQ(client_->closed(), 1);
  EXPECT_THAT(client_->commands(0), SizeIs(2));
}

TEST_F(FaultPoints, FlushesInMidStream) {
  Plan("<flush at='Write' nth='2'/><flush at='Write' nth='5'/>");
  ASSERT_TRUE(Run(kBackup, 1).succeeded) << sink_.Text();
  const auto& commands = client_->commands(0);
  ASSERT_GT(commands.size(), 8U);
  EXPECT_EQ(commands[2], VDC_Flush);
  EXPECT_EQ(commands[6], VDC_Flush);
  EXPECT_EQ(std::count(commands.begin(), commands.end(), VDC_Flush), 3);
  EXPECT_EQ(commands.back(), VDC_Flush);
  ASSERT_TRUE(Run(kRestore, 1).succeeded) << sink_.Text();
  EXPECT_TRUE(RestoredFile("pubs") == Source());
}

TEST_F(FaultPoints, AFlushInMidStreamThatFailsFailsTheStatement) {
  Plan("<flush at='Write' nth='2'/>");
  EXPECT_FALSE(
      Run(kBackup, 1,
          Answering(1, 3,
                    [](const VDC_Command&, Answer* answer) { answer->code = ERROR_DISK_FULL; }))
          .succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3271, 3013));
}

TEST_F(FaultPoints, FlushesInARestore) {
  ASSERT_TRUE(Run(kBackup, 1).succeeded);
  Plan("<flush at='Read' nth='5'/>");
  ASSERT_TRUE(Run(kRestore, 1).succeeded) << sink_.Text();
  EXPECT_EQ(client_->commands(0)[5], VDC_Flush);
  EXPECT_TRUE(RestoredFile("pubs") == Source());
}

TEST_F(FaultPoints, GoesOnAfterAnUnknownCommand) {
  Plan("<command code='999' at='Write' nth='4' expect='50'/>");
  ASSERT_TRUE(Run(kBackup, 1, Correct()).succeeded) << sink_.Text();
  const auto& commands = client_->commands(0);
  EXPECT_EQ(commands[3], kUnknownCommand);
  // The answer has put the device into IO-ERROR (CMD-10).
  EXPECT_EQ(commands[4], VDC_ClearError);
  EXPECT_EQ(commands[5], VDC_Write);
  Plan("<command code='999' at='Read' nth='4' expect='50'/>");
  ASSERT_TRUE(Run(kRestore, 1, Correct()).succeeded) << sink_.Text();
  EXPECT_TRUE(RestoredFile("pubs") == Source());
}

TEST_F(FaultPoints, GoesOnAfterACommandThatWasTaken) {
  Plan("<command code='9' at='Write' nth='4'/>");
  ASSERT_TRUE(Run(kBackup, 1).succeeded) << sink_.Text();
  EXPECT_EQ(client_->commands(0)[3], VDC_GetPosition);
  EXPECT_THAT(client_->commands(0), Not(Contains(VDC_ClearError)));
}

TEST_F(FaultPoints, SendsAWriteBehindCompleteWhereThePlanIsIllegal) {
  Plan("<command code='2' at='Complete' when='after' illegal='yes'/>");
  ClientScript script;
  script.features = VDF_RequestComplete;
  ASSERT_TRUE(Run(kBackup, 1, script).succeeded) << sink_.Text();
  EXPECT_EQ(client_->commands(0).back(), VDC_Write);
}

TEST_F(FaultPoints, KillsTheProcessAtItsPoint) {
  Plan("<kill at='Write' nth='3'/>");
  size_t killed_after = 0;
  options_.end_process = [&] { killed_after = Journal("sent").size(); };
  // This process lives on, and so does the statement.
  ASSERT_TRUE(Run(kBackup, 1).succeeded);
  EXPECT_EQ(killed_after, 2U);
}

TEST_F(FaultPoints, ActsOnItsOwnKindOfStatementOnly) {
  Plan("<abort at='any' statement='restore'/>");
  EXPECT_TRUE(Run(kBackup, 1).succeeded) << sink_.Text();
  EXPECT_FALSE(Run(kRestore, 1).succeeded);
  EXPECT_THAT(Fired(), ElementsAre("abort 1 1"));
}

TEST_F(FaultPoints, AbortsBetweenFreezeAndSnapshot) {
  Plan("<abort at='PrepareToFreeze' when='after'/>");
  ClientScript script;
  script.features = VDF_SnapshotPrepare;
  EXPECT_FALSE(Run("BACKUP DATABASE pubs TO% WITH SNAPSHOT", 1, script).succeeded);
  EXPECT_THAT(client_->commands(0), ElementsAre(VDC_Write, VDC_PrepareToFreeze));
  EXPECT_EQ(client_->closed(), 0);
}

}  // namespace
}  // namespace vdisim
