// GuardMode::kFault: a touch of what is not the client's stops it at the instruction.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "simulator/device_set/set_pair_for_test.h"
#include "simulator/include/vdi_codes.h"

namespace vdisim {
namespace {

class GuardFaultTest : public testing::Test {
 protected:
  GuardFaultTest() {
    // The threads of a set do not survive a fork; the style makes the child start afresh.
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    options_.guard = {GuardMode::kFault, [](const GuardViolation& violation) {
                        fprintf(stderr, "%s %s\n", violation.stops ? "stops" : "found",
                                Describe(violation).c_str());
                      }};
  }

  VDC_Command* Lend(SetPair& pair, int32_t code, int32_t size) {
    sent_ = std::make_unique<SentCommand>(code, pair.Allocate(), size);
    VDC_Command* command = nullptr;
    EXPECT_EQ(pair.server_devices[0]->SendCommand(sent_->get()), kOk);
    EXPECT_EQ(pair.client_devices[0]->GetCommand(Timeout::Infinite(), &command), kOk);
    return command;
  }
  void Complete(SetPair& pair, VDC_Command* command) {
    EXPECT_EQ(pair.client_devices[0]->CompleteCommand(command, 0, 0, 0), kOk);
    EXPECT_EQ(sent_->Await(), ERROR_SUCCESS);
  }

  SetPair::Options options_;
  std::unique_ptr<SentCommand> sent_;
};

TEST_F(GuardFaultTest, LeavesACorrectClientInPeace) {
  options_.request.prefixZoneSize = 100;
  SetPair pair(options_);
  pair.Activate();
  uint8_t* const buffer = pair.Allocate();
  for (const int32_t size : {512, 4096, 5000, 65536}) {
    for (const int32_t code : {VDC_Write, VDC_Read}) {
      SentCommand sent(code, buffer, size);
      std::memset(buffer, 3, 65536);
      ASSERT_EQ(pair.server_devices[0]->SendCommand(sent.get()), kOk);
      VDC_Command* command = nullptr;
      ASSERT_EQ(pair.client_devices[0]->GetCommand(Timeout::Infinite(), &command), kOk);
      command->buffer[-100] = 1;
      EXPECT_EQ(command->buffer[size - 1], 3);
      if (code == VDC_Read) std::memset(command->buffer, 4, static_cast<size_t>(size));
      ASSERT_EQ(pair.client_devices[0]->CompleteCommand(command, 0, 0, 0), kOk);
      EXPECT_EQ(sent.Await(), ERROR_SUCCESS);
      EXPECT_EQ(buffer[size - 1], code == VDC_Read ? 4 : 3);
    }
  }
}

TEST_F(GuardFaultTest, StopsBehindTheEnd) {
  SetPair pair(options_);
  pair.Activate();
  VDC_Command* const command = Lend(pair, VDC_Read, 65536);
  EXPECT_DEATH(command->buffer[65536] = 1,
               "stops past-end: byte 65536 of the buffer.*code 1, 65536 bytes(.|\n)*stack");
}

TEST_F(GuardFaultTest, StopsBehindASmallCommand) {
  SetPair pair(options_);
  pair.Activate();
  VDC_Command* const command = Lend(pair, VDC_Read, 512);
  EXPECT_DEATH(command->buffer[4096] = 1, "stops past-end: byte 4096 of the buffer");
}

TEST_F(GuardFaultTest, FindsAtTheCompletionWhatSharesAPageWithTheBuffer) {
  SetPair pair(options_);
  pair.Activate();
  VDC_Command* const command = Lend(pair, VDC_Read, 512);
  command->buffer[512] = 1;
  testing::internal::CaptureStderr();
  Complete(pair, command);
  EXPECT_EQ(testing::internal::GetCapturedStderr().rfind("found past-end: byte 512 of", 0), 0U);
}

TEST_F(GuardFaultTest, StopsBeforeTheBegin) {
  SetPair pair(options_);
  pair.Activate();
  VDC_Command* const command = Lend(pair, VDC_Read, 512);
  EXPECT_DEATH(command->buffer[-1] = 1, "stops before-begin: byte -1 of the buffer");
}

TEST_F(GuardFaultTest, StopsAWriteThatChangesItsData) {
  SetPair pair(options_);
  pair.Activate();
  VDC_Command* const command = Lend(pair, VDC_Write, 4096);
  EXPECT_DEATH(command->buffer[1] = 1, "stops write-buffer-changed: byte 1 of the buffer");
}

TEST_F(GuardFaultTest, StopsAChangeOfACommand) {
  SetPair pair(options_);
  pair.Activate();
  VDC_Command* const command = Lend(pair, VDC_Write, 512);
  EXPECT_DEATH(command->size = 1, "stops command-changed: byte 4 of the VDC_Command");
}

TEST_F(GuardFaultTest, StopsALookAtABufferAfterItsCompletion) {
  SetPair pair(options_);
  pair.Activate();
  VDC_Command* const command = Lend(pair, VDC_Write, 512);
  const volatile uint8_t* const late = command->buffer;
  Complete(pair, command);
  EXPECT_DEATH((void)late[3], "stops after-completion: byte 3 of the buffer.*code 2");
}

TEST_F(GuardFaultTest, StopsALookAtACommandAfterItsCompletion) {
  SetPair pair(options_);
  pair.Activate();
  const volatile VDC_Command* const command = Lend(pair, VDC_Write, 512);
  Complete(pair, const_cast<VDC_Command*>(command));
  EXPECT_DEATH((void)command->commandCode, "stops after-completion: byte 0 of the VDC_Command");
}

}  // namespace
}  // namespace vdisim
