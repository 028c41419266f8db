// The IO-ERROR state of a device, CMD-10 to CMD-16.
#include <gtest/gtest.h>

#include <array>

#include "simulator/base/test_clause.h"
#include "simulator/device_set/set_pair_for_test.h"
#include "simulator/include/vdi_codes.h"
#include "simulator/shm/segment.h"

namespace vdisim {
namespace {

class IoError : public ::testing::Test {
 protected:
  void SetUp() override { pair_.Activate(); }
  HResult Send(SentCommand& command) { return pair_.server_devices[0]->SendCommand(command.get()); }
  HResult Get(VDC_Command** command, Timeout timeout = Timeout::Poll()) {
    return pair_.client_devices[0]->GetCommand(timeout, command);
  }
  HResult Complete(VDC_Command* command, int32_t code) {
    return pair_.client_devices[0]->CompleteCommand(command, code, 0, 0);
  }
  // Brings the device into IO-ERROR; the error's callback has run.
  void Fail() {
    SentCommand flush(VDC_Flush);
    VDC_Command* command = nullptr;
    ASSERT_EQ(Send(flush), kOk);
    ASSERT_EQ(Get(&command), kOk);
    ASSERT_EQ(Complete(command, ERROR_DISK_FULL), kOk);
    ASSERT_EQ(flush.Await(), ERROR_DISK_FULL);
  }

 private:
  const shm::ScopedSharedMappings shared_;

 protected:
  SetPair pair_;
};

TEST_F(IoError, BeginsWithAnyCodeButSuccessAndRefusesCommands) {
  CLAUSE("CMD-11");
  for (const long wide : {ERROR_HANDLE_EOF, ERROR_FILEMARK_DETECTED, ERROR_END_OF_MEDIA,
                          ERROR_NOT_SUPPORTED, ERROR_ACCESS_DENIED}) {
    const auto code = static_cast<int32_t>(wide);
    SetPair pair;
    pair.Activate();
    SentCommand failing(VDC_Flush);
    VDC_Command* command = nullptr;
    ASSERT_EQ(pair.server_devices[0]->SendCommand(failing.get()), kOk);
    ASSERT_EQ(pair.client_devices[0]->GetCommand(Timeout::Infinite(), &command), kOk);
    ASSERT_EQ(pair.client_devices[0]->CompleteCommand(command, code, 0, 0), kOk);
    ASSERT_EQ(failing.Await(), code);
    SentCommand refused(VDC_Flush);
    EXPECT_EQ(pair.server_devices[0]->SendCommand(refused.get()), kUnexpected) << code;
    EXPECT_EQ(refused.Await(), ERROR_IO_DEVICE);
    EXPECT_EQ(refused.callback_thread(), std::this_thread::get_id());
  }
}

TEST_F(IoError, EndsWhatTheClientHasNotSeen) {
  CLAUSE("CMD-12");
  SentCommand first(VDC_Flush);
  SentCommand held(VDC_Flush);
  SentCommand unseen(VDC_Flush);
  SentCommand unseen_too(VDC_Flush);
  for (SentCommand* command : {&first, &held, &unseen, &unseen_too}) {
    ASSERT_EQ(Send(*command), kOk);
  }
  VDC_Command* one = nullptr;
  VDC_Command* two = nullptr;
  ASSERT_EQ(Get(&one), kOk);
  ASSERT_EQ(Get(&two), kOk);
  ASSERT_EQ(Complete(one, ERROR_DISK_FULL), kOk);
  EXPECT_EQ(first.Await(), ERROR_DISK_FULL);
  EXPECT_EQ(unseen.Await(), ERROR_IO_DEVICE);
  EXPECT_EQ(unseen_too.Await(), ERROR_IO_DEVICE);
  EXPECT_FALSE(held.IsCompleted());
  VDC_Command* none = nullptr;
  EXPECT_EQ(Get(&none), kTimeout) << "the client never sees them";
  EXPECT_EQ(Complete(two, ERROR_SUCCESS), kOk);
  EXPECT_EQ(held.Await(), ERROR_SUCCESS);
}

TEST_F(IoError, HoldsClearErrorBackUntilTheHeldAreComplete) {
  CLAUSE("CMD-13");
  SentCommand first(VDC_Flush);
  SentCommand held(VDC_Flush);
  ASSERT_EQ(Send(first), kOk);
  ASSERT_EQ(Send(held), kOk);
  VDC_Command* one = nullptr;
  VDC_Command* two = nullptr;
  ASSERT_EQ(Get(&one), kOk);
  ASSERT_EQ(Get(&two), kOk);
  ASSERT_EQ(Complete(one, ERROR_WRITE_FAULT), kOk);
  ASSERT_EQ(first.Await(), ERROR_WRITE_FAULT);
  SentCommand clear(VDC_ClearError);
  ASSERT_EQ(Send(clear), kOk);
  VDC_Command* command = nullptr;
  EXPECT_EQ(Get(&command), kTimeout);

  // A thread that waits is woken by the completion of what is held.
  std::thread other([&] { EXPECT_EQ(Complete(two, ERROR_WRITE_FAULT), kOk); });
  EXPECT_EQ(Get(&command, Timeout::Infinite()), kOk);
  EXPECT_EQ(command->commandCode, VDC_ClearError);
  other.join();
  EXPECT_EQ(held.Await(), ERROR_WRITE_FAULT);
  EXPECT_EQ(Complete(command, ERROR_SUCCESS), kOk);
  EXPECT_EQ(clear.Await(), ERROR_SUCCESS);
}

TEST_F(IoError, EndsWithASuccessfulClearError) {
  CLAUSE("CMD-15");
  Fail();
  SentCommand clear(VDC_ClearError);
  ASSERT_EQ(Send(clear), kOk);
  VDC_Command* command = nullptr;
  ASSERT_EQ(Get(&command), kOk);
  SentCommand early(VDC_Flush);
  EXPECT_EQ(Send(early), kUnexpected) << "not before its completion";
  ASSERT_EQ(Complete(command, ERROR_SUCCESS), kOk);
  ASSERT_EQ(clear.Await(), ERROR_SUCCESS);
  SentCommand flush(VDC_Flush);
  EXPECT_EQ(Send(flush), kOk);
  ASSERT_EQ(Get(&command), kOk);
  EXPECT_EQ(command->commandCode, VDC_Flush);
  EXPECT_EQ(Complete(command, ERROR_SUCCESS), kOk);
  EXPECT_EQ(flush.Await(), ERROR_SUCCESS);
}

TEST_F(IoError, StaysAfterAFailedClearError) {
  CLAUSE("CMD-14");
  Fail();
  SentCommand clear(VDC_ClearError);
  ASSERT_EQ(Send(clear), kOk);
  VDC_Command* command = nullptr;
  ASSERT_EQ(Get(&command), kOk);
  ASSERT_EQ(Complete(command, ERROR_IO_DEVICE), kOk);
  ASSERT_EQ(clear.Await(), ERROR_IO_DEVICE);
  SentCommand flush(VDC_Flush);
  EXPECT_EQ(Send(flush), kUnexpected);
  clear.Rearm();
  ASSERT_EQ(Send(clear), kOk);
  ASSERT_EQ(Get(&command), kOk);
  ASSERT_EQ(Complete(command, ERROR_SUCCESS), kOk);
  EXPECT_EQ(clear.Await(), ERROR_SUCCESS);
  flush.Rearm();
  EXPECT_EQ(Send(flush), kOk);
}

TEST_F(IoError, CanBeEndedByClose) {
  CLAUSE("CMD-16");
  Fail();
  EXPECT_EQ(pair_.server_devices[0]->CloseDevice(), kOk);
  VDC_Command* command = nullptr;
  EXPECT_EQ(Get(&command), kClose);
}

TEST_F(IoError, CanBeEndedByAbort) {
  CLAUSE("CMD-16");
  Fail();
  EXPECT_EQ(pair_.server.SignalAbort(), kOk);
  VDC_Command* command = nullptr;
  EXPECT_EQ(Get(&command), kAbort);
}

// What the client skips stays in the ring; many errors in a row must not overrun it.
TEST_F(IoError, CanComeAgainAndAgainWithAFullQueue) {
  CLAUSE("CMD-12");
  for (int round = 0; round < 200; ++round) {
    std::array<SentCommand, 4> sent = {SentCommand(VDC_Flush), SentCommand(VDC_Flush),
                                       SentCommand(VDC_Flush), SentCommand(VDC_Flush)};
    for (SentCommand& command : sent) ASSERT_EQ(Send(command), kOk);
    VDC_Command* command = nullptr;
    ASSERT_EQ(Get(&command), kOk);
    ASSERT_EQ(Complete(command, ERROR_DISK_FULL), kOk);
    ASSERT_EQ(sent[0].Await(), ERROR_DISK_FULL);
    for (size_t i = 1; i < sent.size(); ++i) ASSERT_EQ(sent[i].Await(), ERROR_IO_DEVICE);
    SentCommand clear(VDC_ClearError);
    ASSERT_EQ(Send(clear), kOk);
    ASSERT_EQ(Get(&command), kOk);
    ASSERT_EQ(command->commandCode, VDC_ClearError);
    ASSERT_EQ(Complete(command, ERROR_SUCCESS), kOk);
    ASSERT_EQ(clear.Await(), ERROR_SUCCESS);
  }
}

// S-SND-20, CMD-15: the usual server sends ClearError from the callback that brought the error.
TEST_F(IoError, LetsTheCallbackSendClearError) {
  CLAUSE("CMD-11");
  struct Frame {
    VDS_Command failing{};
    SetPair* pair = nullptr;
    SentCommand clear{VDC_ClearError};
    HResult sent = kUnexpected;
  } frame;
  frame.pair = &pair_;
  frame.failing.commandCode = VDC_Flush;
  frame.failing.completionContext = reinterpret_cast<uint8_t*>(&frame);
  frame.failing.completionRoutine = reinterpret_cast<uint8_t*>(+[](VDS_Command* command) {
    auto* const self = reinterpret_cast<Frame*>(command->completionContext);
    self->sent = self->pair->server_devices[0]->SendCommand(self->clear.get());
  });
  SentCommand unseen(VDC_Flush);
  ASSERT_EQ(pair_.server_devices[0]->SendCommand(&frame.failing), kOk);
  ASSERT_EQ(Send(unseen), kOk);
  VDC_Command* command = nullptr;
  ASSERT_EQ(Get(&command), kOk);
  ASSERT_EQ(Complete(command, ERROR_DISK_FULL), kOk);
  EXPECT_EQ(unseen.Await(), ERROR_IO_DEVICE);
  ASSERT_EQ(Get(&command, Timeout::Infinite()), kOk);
  EXPECT_EQ(command->commandCode, VDC_ClearError);
  ASSERT_EQ(Complete(command, ERROR_SUCCESS), kOk);
  EXPECT_EQ(frame.clear.Await(), ERROR_SUCCESS);
  EXPECT_EQ(frame.sent, kOk);
}

}  // namespace
}  // namespace vdisim
