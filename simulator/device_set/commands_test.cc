// GetCommand, CompleteCommand, SendCommand and CloseDevice with every code of their tables.
#include <gtest/gtest.h>

#include <thread>

#include "simulator/base/test_clause.h"
#include "simulator/device_set/set_pair_for_test.h"
#include "simulator/include/vdi_codes.h"
#include "simulator/shm/segment.h"

namespace vdisim {
namespace {

class Commands : public ::testing::Test {
 protected:
  HResult Get(SetPair& pair, VDC_Command** command, Timeout timeout = Timeout::Infinite()) {
    return pair.client_devices[0]->GetCommand(timeout, command);
  }
  HResult Complete(SetPair& pair, VDC_Command* command, int32_t code = 0) {
    return pair.client_devices[0]->CompleteCommand(command, code, 0, 0);
  }

 private:
  const shm::ScopedSharedMappings shared_;
};

using GetCommand = Commands;
using CompleteCommand = Commands;
using SendCommand = Commands;
using CloseDevice = Commands;

TEST_F(GetCommand, WaitsForACommand) {
  CLAUSE("C-GET-01");
  SetPair pair;
  pair.Activate();
  SentCommand flush(VDC_Flush);
  std::thread sender([&] { EXPECT_EQ(pair.server_devices[0]->SendCommand(flush.get()), kOk); });
  VDC_Command* command = nullptr;
  EXPECT_EQ(Get(pair, &command), kOk);
  EXPECT_EQ(command->commandCode, VDC_Flush);
  EXPECT_EQ(command->buffer, nullptr);
  sender.join();
}

TEST_F(GetCommand, ReportsTimeoutWhenNoCommandArrives) {
  CLAUSE("C-GET-03");
  SetPair pair;
  pair.Activate();
  VDC_Command* command = nullptr;
  EXPECT_EQ(Get(pair, &command, Timeout::Poll()), kTimeout);
  EXPECT_EQ(Get(pair, &command, Timeout::Milliseconds(1)), kTimeout);
  EXPECT_EQ(command, nullptr);
}

TEST_F(GetCommand, TimesOutOnTheVirtualClock) {
  CLAUSE("C-GET-03");
  SetPair pair({.virtual_clock = true});
  pair.Activate();
  std::atomic<bool> done = false;
  std::thread waiter([&] {
    VDC_Command* command = nullptr;
    EXPECT_EQ(Get(pair, &command, Timeout::Milliseconds(600'000)), kTimeout);
    done = true;
  });
  while (!done) ASSERT_EQ(pair.server.AdvanceClock(std::chrono::minutes(11)), kOk);
  waiter.join();
}

TEST_F(GetCommand, TimesOutOnceTheVirtualClockHasMovedFarEnough) {
  CLAUSE("C-GET-03");
  SetPair pair({.virtual_clock = true});
  pair.Activate();
  std::atomic<bool> done = false;
  std::thread waiter([&] {
    VDC_Command* command = nullptr;
    EXPECT_EQ(Get(pair, &command, Timeout::Milliseconds(5000)), kTimeout);
    done = true;
  });
  // The deadline stands once the call is counted, so no step of the clock is lost.
  EXPECT_EQ(pair.server.WaitForWaiters(1, Timeout::Milliseconds(10'000)), kOk);
  EXPECT_EQ(pair.server.AdvanceClock(std::chrono::milliseconds(4999)), kOk);
  EXPECT_EQ(pair.server.WaitForWaiters(1, Timeout::Milliseconds(10'000)), kOk);
  EXPECT_FALSE(done);
  EXPECT_EQ(pair.server.AdvanceClock(std::chrono::milliseconds(1)), kOk);
  waiter.join();
  EXPECT_EQ(pair.server.WaitForWaiters(1, Timeout::Poll()), kTimeout);
  EXPECT_EQ(pair.server.WaitForWaiters(0, Timeout::Poll()), kOk);
}

// The clock has been moved when every wait has seen it: what comes then comes too late.
TEST_F(GetCommand, IsOverWhenTheClockWasMovedWhateverComesThen) {
  CLAUSE("C-GET-03");
  SetPair pair({.virtual_clock = true});
  pair.Activate();
  for (int i = 0; i < 200; ++i) {
    std::thread waiter([&] {
      VDC_Command* command = nullptr;
      EXPECT_EQ(Get(pair, &command, Timeout::Milliseconds(5000)), kTimeout);
    });
    EXPECT_EQ(pair.server.WaitForWaiters(1, Timeout::Milliseconds(10'000)), kOk);
    EXPECT_EQ(pair.server.AdvanceClock(std::chrono::milliseconds(5000)), kOk);
    SentCommand late(VDC_Flush);
    EXPECT_EQ(pair.server_devices[0]->SendCommand(late.get()), kOk);
    waiter.join();
    VDC_Command* command = nullptr;
    ASSERT_EQ(Get(pair, &command, Timeout::Poll()), kOk);
    EXPECT_EQ(Complete(pair, command), kOk);
    EXPECT_EQ(late.Await(), ERROR_SUCCESS);
  }
}

TEST_F(GetCommand, IsAWaiterAlsoIfNoTimeOutEndsIt) {
  SetPair pair({.virtual_clock = true});
  pair.Activate();
  std::thread waiter([&] {
    VDC_Command* command = nullptr;
    EXPECT_EQ(Get(pair, &command, Timeout::Infinite()), kAbort);
  });
  // So an abort can be sure to come while the call waits. The completion agent is never counted.
  EXPECT_EQ(pair.server.WaitForWaiters(1, Timeout::Milliseconds(10'000)), kOk);
  EXPECT_EQ(pair.server.WaitForWaiters(2, Timeout::Poll()), kTimeout);
  EXPECT_EQ(pair.server.SignalAbort(), kOk);
  waiter.join();
}

TEST_F(GetCommand, WaitsWhileTheSetIsStillInitializing) {
  CLAUSE("G-09");
  SetPair pair;
  pair.OpenDevices();
  VDC_Command* command = nullptr;
  EXPECT_EQ(Get(pair, &command, Timeout::Poll()), kTimeout);
}

TEST_F(GetCommand, IsAbortAlsoWhileWaiting) {
  CLAUSE("C-GET-04");
  SetPair pair;
  pair.Activate();
  std::thread aborter([&] { EXPECT_EQ(pair.server.SignalAbort(), kOk); });
  VDC_Command* command = nullptr;
  EXPECT_EQ(Get(pair, &command), kAbort);
  EXPECT_EQ(Get(pair, &command, Timeout::Poll()), kAbort);
  aborter.join();
}

TEST_F(GetCommand, DeliversNothingQueuedAfterAnAbort) {
  CLAUSE("C-GET-23");
  SetPair pair;
  pair.Activate();
  SentCommand flush(VDC_Flush);
  ASSERT_EQ(pair.server_devices[0]->SendCommand(flush.get()), kOk);
  ASSERT_EQ(pair.client.SignalAbort(), kOk);
  VDC_Command* command = nullptr;
  EXPECT_EQ(Get(pair, &command, Timeout::Poll()), kAbort);
  EXPECT_EQ(flush.Await(), ERROR_OPERATION_ABORTED);
}

TEST_F(GetCommand, ReportsCloseAgainWhileOthersRun) {
  CLAUSE("C-GET-02");
  SetPair pair({.request = RequestOf(2)});
  pair.Activate();
  ASSERT_EQ(pair.server_devices[0]->CloseDevice(), kOk);
  VDC_Command* command = nullptr;
  EXPECT_EQ(Get(pair, &command), kClose);
  EXPECT_EQ(Get(pair, &command), kClose) << "G-49";
  EXPECT_EQ(pair.client_devices[1]->GetCommand(Timeout::Poll(), &command), kTimeout);
}

TEST_F(GetCommand, IsProtocolOnceTheSetHasTerminated) {
  CLAUSE("C-GET-05");
  SetPair pair({.request = RequestOf(2)});
  pair.CloseDevices();
  VDC_Command* command = nullptr;
  EXPECT_EQ(Get(pair, &command), kClose);
  EXPECT_EQ(Get(pair, &command), kClose) << "the other device has not reported yet (L-15)";
  EXPECT_EQ(pair.client_devices[1]->GetCommand(Timeout::Infinite(), &command), kClose);
  EXPECT_EQ(Get(pair, &command), kProtocol);
  EXPECT_EQ(pair.client_devices[1]->GetCommand(Timeout::Infinite(), &command), kProtocol);
}

TEST_F(GetCommand, DeliversWhatWasSentBeforeTheClose) {
  CLAUSE("S-CDV-20");
  SetPair pair;
  pair.Activate();
  SentCommand flush(VDC_Flush);
  ASSERT_EQ(pair.server_devices[0]->SendCommand(flush.get()), kOk);
  ASSERT_EQ(pair.server_devices[0]->CloseDevice(), kOk);
  VDC_Command* command = nullptr;
  ASSERT_EQ(Get(pair, &command), kOk);
  EXPECT_EQ(Complete(pair, command), kOk);
  EXPECT_EQ(flush.Await(), ERROR_SUCCESS);
  EXPECT_EQ(Get(pair, &command), kClose);
}

TEST_F(GetCommand, TakesNullAfterTheState) {
  CLAUSE("G-63");
  SetPair pair;
  pair.Activate();
  EXPECT_EQ(Get(pair, nullptr), kInvalid);
  ASSERT_EQ(pair.client.SignalAbort(), kOk);
  EXPECT_EQ(Get(pair, nullptr), kAbort);
}

TEST_F(CompleteCommand, TakesSeveralInAnyOrder) {
  CLAUSE("C-CMP-22");
  SetPair pair;
  pair.Activate();
  SentCommand sent[4] = {SentCommand(VDC_Flush), SentCommand(VDC_Flush), SentCommand(VDC_Flush),
                         SentCommand(VDC_Flush)};
  VDC_Command* held[4] = {};
  for (SentCommand& command : sent) {
    ASSERT_EQ(pair.server_devices[0]->SendCommand(command.get()), kOk);
  }
  for (VDC_Command*& command : held) ASSERT_EQ(Get(pair, &command), kOk);
  for (const int i : {2, 0, 3, 1}) {
    EXPECT_EQ(Complete(pair, held[i]), kOk);
    EXPECT_EQ(sent[i].Await(), ERROR_SUCCESS) << i;
  }
}

TEST_F(CompleteCommand, RefusesWhatIsNotHeld) {
  CLAUSE("C-CMP-02");
  SetPair pair;
  pair.Activate();
  SentCommand flush(VDC_Flush);
  ASSERT_EQ(pair.server_devices[0]->SendCommand(flush.get()), kOk);
  VDC_Command* command = nullptr;
  ASSERT_EQ(Get(pair, &command), kOk);
  VDC_Command copy = *command;
  EXPECT_EQ(Complete(pair, &copy), kInvalid) << "G-61: the address counts";
  EXPECT_EQ(Complete(pair, nullptr), kInvalid);
  EXPECT_EQ(Complete(pair, command + 1), kInvalid);
  EXPECT_EQ(Complete(pair, reinterpret_cast<VDC_Command*>(reinterpret_cast<uint8_t*>(command) + 4)),
            kInvalid);
  EXPECT_EQ(Complete(pair, command), kOk);
  EXPECT_EQ(Complete(pair, command), kInvalid) << "C-CMP-24";
}

TEST_F(CompleteCommand, SeesADoubleCompletionEvenWhenAnotherCommandCameBetween) {
  CLAUSE("C-CMP-24");
  SetPair pair;
  pair.Activate();
  SentCommand first(VDC_Flush);
  SentCommand second(VDC_Flush);
  VDC_Command* one = nullptr;
  VDC_Command* two = nullptr;
  ASSERT_EQ(pair.server_devices[0]->SendCommand(first.get()), kOk);
  ASSERT_EQ(Get(pair, &one), kOk);
  ASSERT_EQ(Complete(pair, one), kOk);
  ASSERT_EQ(first.Await(), ERROR_SUCCESS);
  ASSERT_EQ(pair.server_devices[0]->SendCommand(second.get()), kOk);
  ASSERT_EQ(Get(pair, &two), kOk);
  EXPECT_EQ(Complete(pair, one), kInvalid);
  EXPECT_FALSE(second.IsCompleted());
  EXPECT_EQ(Complete(pair, two), kOk);
}

TEST_F(CompleteCommand, NeverReadsTheClientsCopy) {
  CLAUSE("CMD-S06");
  SetPair pair;
  pair.Activate();
  uint8_t* const buffer = pair.Allocate();
  SentCommand read(VDC_Read, buffer, 4096);
  ASSERT_EQ(pair.server_devices[0]->SendCommand(read.get()), kOk);
  VDC_Command* command = nullptr;
  ASSERT_EQ(Get(pair, &command), kOk);
  *command = VDC_Command{.commandCode = -1, .size = -1, .position = -1, .buffer = nullptr};
  EXPECT_EQ(pair.client_devices[0]->CompleteCommand(command, 0, 4096, 0), kOk);
  EXPECT_EQ(read.Await(), ERROR_SUCCESS);
  EXPECT_EQ(read.raw().size, 4096);
  EXPECT_EQ(read.raw().bytesTransferred, 4096);
}

TEST_F(CompleteCommand, IsIgnoredAfterAnAbort) {
  CLAUSE("C-CMP-03");
  SetPair pair;
  pair.Activate();
  SentCommand flush(VDC_Flush);
  ASSERT_EQ(pair.server_devices[0]->SendCommand(flush.get()), kOk);
  VDC_Command* command = nullptr;
  ASSERT_EQ(Get(pair, &command), kOk);
  ASSERT_EQ(pair.server.SignalAbort(), kOk);
  EXPECT_EQ(Complete(pair, command), kAbort);
  EXPECT_EQ(flush.Await(), ERROR_OPERATION_ABORTED);
}

TEST_F(CompleteCommand, IsProtocolWhenTheDeviceIsNotOpen) {
  CLAUSE("C-CMP-04");
  VDC_Command command{};
  SetPair early;
  early.OpenDevices();
  EXPECT_EQ(Complete(early, &command), kProtocol);
  SetPair ended;
  ended.ReadCloses();
  EXPECT_EQ(Complete(ended, &command), kProtocol);
  SetPair closed;
  closed.Activate();
  ASSERT_EQ(closed.client.Close(), kOpen);
  EXPECT_EQ(Complete(closed, &command), kProtocol);
}

TEST_F(CompleteCommand, MayBeCalledByAnotherThread) {
  CLAUSE("G-60");
  SetPair pair;
  pair.Activate();
  SentCommand flush(VDC_Flush);
  ASSERT_EQ(pair.server_devices[0]->SendCommand(flush.get()), kOk);
  VDC_Command* command = nullptr;
  ASSERT_EQ(Get(pair, &command), kOk);
  std::thread other([&] { EXPECT_EQ(Complete(pair, command), kOk); });
  other.join();
  EXPECT_EQ(flush.Await(), ERROR_SUCCESS);
}

TEST_F(SendCommand, IsProtocolBeforeActiveWithTheCallbackAtOnce) {
  CLAUSE("S-SND-04");
  SetPair pair;
  pair.OpenDevices();
  SentCommand flush(VDC_Flush);
  EXPECT_EQ(pair.server_devices[0]->SendCommand(flush.get()), kProtocol);
  EXPECT_EQ(flush.Await(), ERROR_INVALID_HANDLE);
  EXPECT_EQ(flush.callback_thread(), std::this_thread::get_id()) << "CMD-S04";
}

TEST_F(SendCommand, IsProtocolOnAClosedDevice) {
  CLAUSE("S-SND-04");
  SetPair pair({.request = RequestOf(2)});
  pair.Activate();
  ASSERT_EQ(pair.server_devices[0]->CloseDevice(), kOk);
  SentCommand flush(VDC_Flush);
  EXPECT_EQ(pair.server_devices[0]->SendCommand(flush.get()), kProtocol);
  EXPECT_EQ(flush.Await(), ERROR_INVALID_HANDLE);
}

TEST_F(SendCommand, IsAbortAfterAnAbort) {
  CLAUSE("S-SND-05");
  SetPair pair;
  pair.Activate();
  ASSERT_EQ(pair.client.SignalAbort(), kOk);
  SentCommand flush(VDC_Flush);
  EXPECT_EQ(pair.server_devices[0]->SendCommand(flush.get()), kAbort);
  EXPECT_EQ(flush.Await(), ERROR_OPERATION_ABORTED);
}

TEST_F(SendCommand, IsQueueFullBeyondTheBuffers) {
  CLAUSE("S-SND-02");
  struct Case {
    uint32_t buffers;
    uint32_t depth;
  };
  for (const Case c : {Case{1, 4}, Case{6, 6}, Case{100, 64}}) {
    SetPair pair({.buffers = c.buffers, .buffer_bytes = 512});
    pair.Activate();
    std::vector<std::unique_ptr<SentCommand>> sent;
    for (uint32_t i = 0; i < c.depth; ++i) {
      sent.push_back(std::make_unique<SentCommand>(VDC_Flush));
      ASSERT_EQ(pair.server_devices[0]->SendCommand(sent.back()->get()), kOk) << i;
    }
    SentCommand more(VDC_Flush);
    EXPECT_EQ(pair.server_devices[0]->SendCommand(more.get()), kQueueFull) << c.buffers;
    EXPECT_EQ(more.Await(), ERROR_NO_SYSTEM_RESOURCES);
    VDC_Command* command = nullptr;
    ASSERT_EQ(Get(pair, &command), kOk);
    ASSERT_EQ(Complete(pair, command), kOk);
    ASSERT_EQ(sent[0]->Await(), ERROR_SUCCESS);
    more.Rearm();
    EXPECT_EQ(pair.server_devices[0]->SendCommand(more.get()), kOk) << "room again";
    ASSERT_EQ(pair.server.SignalAbort(), kOk);
    EXPECT_EQ(more.Await(), ERROR_OPERATION_ABORTED);
  }
}

TEST_F(SendCommand, RefusesBuffersThatDoNotDo) {
  CLAUSE("S-SND-10");
  SetPair pair;
  pair.Activate();
  uint8_t* const buffer = pair.Allocate(4096);
  uint8_t own[16];
  SentCommand foreign(VDC_Write, own, sizeof own);
  SentCommand inside(VDC_Write, buffer + 512, 512);
  SentCommand too_long(VDC_Write, buffer, 4097);
  SentCommand negative(VDC_Write, buffer, -1);
  SentCommand without(VDC_Read, nullptr, 512);
  SentCommand fits(VDC_Write, buffer, 4096);
  for (SentCommand* command : {&foreign, &inside, &too_long, &negative, &without}) {
    EXPECT_EQ(pair.server_devices[0]->SendCommand(command->get()), kInvalid);
    EXPECT_FALSE(command->IsCompleted());
  }
  EXPECT_EQ(pair.server_devices[0]->SendCommand(nullptr), kInvalid);
  EXPECT_EQ(pair.server_devices[0]->SendCommand(fits.get()), kOk);
  ASSERT_EQ(pair.server.SignalAbort(), kOk);
  EXPECT_EQ(fits.Await(), ERROR_OPERATION_ABORTED);
}

TEST_F(SendCommand, RunsTheCallbackOnTheAgentsThread) {
  CLAUSE("CMD-S04");
  SetPair pair;
  pair.Activate();
  SentCommand flush(VDC_Flush);
  ASSERT_EQ(pair.server_devices[0]->SendCommand(flush.get()), kOk);
  VDC_Command* command = nullptr;
  ASSERT_EQ(Get(pair, &command), kOk);
  ASSERT_EQ(Complete(pair, command), kOk);
  ASSERT_EQ(flush.Await(), ERROR_SUCCESS);
  EXPECT_NE(flush.callback_thread(), std::this_thread::get_id());
}

TEST_F(CloseDevice, IsOkThenClose) {
  CLAUSE("S-CDV-01");
  SetPair pair;
  pair.Activate();
  EXPECT_EQ(pair.server_devices[0]->CloseDevice(), kOk);
  EXPECT_EQ(pair.server_devices[0]->CloseDevice(), kClose) << "G-50, in Normally Terminated too";
}

TEST_F(CloseDevice, IsAbortAfterAnAbort) {
  CLAUSE("S-CDV-02");
  SetPair pair;
  pair.Activate();
  ASSERT_EQ(pair.server.SignalAbort(), kOk);
  EXPECT_EQ(pair.server_devices[0]->CloseDevice(), kAbort);
}

TEST_F(CloseDevice, IsProtocolBeforeActiveAndAfterClose) {
  CLAUSE("S-CDV-04");
  SetPair pair;
  pair.OpenDevices();
  EXPECT_EQ(pair.server_devices[0]->CloseDevice(), kProtocol);
  ASSERT_EQ(pair.server.Close(), kProtocol);
  EXPECT_EQ(pair.server_devices[0]->CloseDevice(), kProtocol);
}

}  // namespace
}  // namespace vdisim
