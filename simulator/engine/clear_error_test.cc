// What a fault plan makes of an error of the client: CMD-10 to CMD-17.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "simulator/engine/testing/fault_world.h"

namespace vdisim {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::Answer;
using testing_support::ClientScript;
using testing_support::FaultWorld;

class ClearErrorFault : public FaultWorld {
 protected:
  // The disk of device 1 is full for a moment, at the fourth Write.
  StatementOutcome RunWithAnError() {
    ClientScript script;
    script.change = [this](uint32_t index, int, const VDC_Command& command, Answer* answer) {
      if (index != 0) return;
      if (command.commandCode == VDC_Write && ++transfers_ == 4) {
        // What was not taken is not stored.
        media_[0].resize(media_[0].size() - static_cast<size_t>(command.size));
        *answer = {.code = ERROR_DISK_FULL};
      }
    };
    return Run(kBackup, 2, script);
  }
  int transfers_ = 0;
};

TEST_F(ClearErrorFault, SendsTheFailedOnesAgain) {
  Plan("<clear-error then='retry'/>");
  // Reads and writes of the scripted client go by position, and come again at the same one.
  ClientScript script;
  script.features = VDF_RandomAccess;
  script.change = [this](uint32_t index, int, const VDC_Command& command, Answer* answer) {
    if (index == 0 && command.commandCode == VDC_Write && ++transfers_ == 4) {
      *answer = {.code = ERROR_DISK_FULL};
    }
  };
  ASSERT_TRUE(Run(kBackup, 2, script).succeeded) << sink_.Text();
  EXPECT_THAT(Fired(), ElementsAre("clear-error 1 4"));
  EXPECT_THAT(client_->commands(0), Contains(VDC_ClearError));
  EXPECT_TRUE(KeptStream(1, 1) == Stored(0));
  ASSERT_TRUE(Run(kRestore, 2).succeeded) << sink_.Text();
  EXPECT_TRUE(RestoredFile("pubs") == Source());
}

TEST_F(ClearErrorFault, ReadsAgainWhatCouldNotBeRead) {
  ASSERT_TRUE(Run(kBackup, 2).succeeded);
  Plan("<clear-error then='retry'/>");
  ForgetJournal();
  ClientScript script;
  script.features = VDF_RandomAccess;
  script.change = [this](uint32_t index, int, const VDC_Command& command, Answer* answer) {
    if (index == 1 && command.commandCode == VDC_Read && ++transfers_ == 4) {
      *answer = {.code = ERROR_READ_FAULT};
    }
  };
  ASSERT_TRUE(Run(kRestore, 2, script).succeeded) << sink_.Text();
  EXPECT_THAT(Fired(), ElementsAre("clear-error 2 4"));
  EXPECT_TRUE(RestoredFile("pubs") == Source());
}

TEST_F(ClearErrorFault, TakesTheEndOfDataForNoError) {
  ASSERT_TRUE(Run(kBackup, 1).succeeded);
  media_[0].resize(media_[0].size() - 512);
  Plan("<clear-error then='retry'/>");
  EXPECT_FALSE(Run(kRestore, 1).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3256, 3013));
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(ClearErrorFault, DoesNotTryForEver) {
  Plan("<clear-error then='retry'/>");
  ClientScript script;
  script.change = [](uint32_t, int number, const VDC_Command& command, Answer* answer) {
    if (command.commandCode == VDC_Write && number >= 4) *answer = {.code = ERROR_DISK_FULL};
  };
  EXPECT_FALSE(Run(kBackup, 1, script).succeeded);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3202, 3271, 3013));
  EXPECT_EQ(client_->closed(), 1);
}

TEST_F(ClearErrorFault, AbortsWhenTheErrorCannotBeCleared) {
  Plan("<clear-error then='retry'/>");
  ClientScript script;
  script.change = [](uint32_t, int number, const VDC_Command& command, Answer* answer) {
    if (number == 4) *answer = {.code = ERROR_DISK_FULL};
    if (command.commandCode == VDC_ClearError) answer->code = ERROR_NOT_SUPPORTED;
  };
  EXPECT_FALSE(Run(kBackup, 1, script).succeeded);
  EXPECT_EQ(client_->commands(0).back(), VDC_ClearError);
  EXPECT_EQ(client_->closed(), 0);
  // The cause is told, not what followed.
  EXPECT_THAT(sink_.Text(), HasSubstr("112(There is not enough space on the disk.)"));
}

TEST_F(ClearErrorFault, AbortsAfterClearing) {
  Plan("<clear-error then='abort'/>");
  EXPECT_FALSE(RunWithAnError().succeeded);
  EXPECT_EQ(client_->commands(0).back(), VDC_ClearError);
  EXPECT_EQ(client_->closed(), 0);
  EXPECT_THAT(sink_.Text(), HasSubstr("112(There is not enough space on the disk.)"));
  EXPECT_THAT(Journal("aborted"), SizeIs(1));
}

TEST_F(ClearErrorFault, ClosesAfterClearing) {
  Plan("<clear-error then='close'/>");
  EXPECT_FALSE(RunWithAnError().succeeded);
  EXPECT_EQ(client_->commands(0).back(), VDC_ClearError);
  EXPECT_EQ(client_->closed(), 2);
  EXPECT_THAT(sink_.Numbers(), ElementsAre(3202, 3271, 3013));
}

}  // namespace
}  // namespace vdisim
