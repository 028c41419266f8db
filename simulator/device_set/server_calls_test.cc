// The calls on a server's set beside buffers and commands, each with every code of its table.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "simulator/base/test_clause.h"
#include "simulator/device_set/set_pair_for_test.h"
#include "simulator/include/vdi_codes.h"
#include "simulator/shm/segment.h"

namespace vdisim {
namespace {

class ServerCalls : public ::testing::Test {
 private:
  const shm::ScopedSharedMappings shared_;
};

using ServerOpen = ServerCalls;
using ServerGetConfiguration = ServerCalls;
using BeginConfiguration = ServerCalls;
using EndConfiguration = ServerCalls;
using CompletionAgent = ServerCalls;
using ServerOpenDevice = ServerCalls;
using ServerSignalAbort = ServerCalls;
using ServerClose = ServerCalls;
using WaitForActive = ServerCalls;
using GetAbortReason = ServerCalls;

TEST_F(ServerOpen, FindsTheSetOnce) {
  CLAUSE("S-OPN-01");
  SetPair pair;
  pair.Create();
  EXPECT_EQ(pair.server.Open("", pair.name()), kOk);
  EXPECT_EQ(pair.server.Open("", pair.name()), kProtocol) << "S-OPN-03";
}

TEST_F(ServerOpen, IsInvalidWhereNoServerCanCome) {
  CLAUSE("S-OPN-02");
  ServerSet server;
  EXPECT_EQ(server.Open("", FreshSetName()), kInvalid);
  SetPair taken;
  taken.ServerOpen();
  EXPECT_EQ(server.Open("", taken.name()), kInvalid) << "another server has it";
  SetPair aborted;
  aborted.Create();
  ASSERT_EQ(aborted.client.SignalAbort(), kOk);
  EXPECT_EQ(server.Open("", aborted.name()), kInvalid);
  EXPECT_EQ(server.Open("OTHER", aborted.name()), kInvalid);
  SetPair usable;
  usable.Create();
  EXPECT_EQ(server.Open("", usable.name()), kOk) << "a refused Open leaves nothing behind";
}

TEST_F(ServerGetConfiguration, ReturnsTheRequest) {
  CLAUSE("S-GCF-01");
  VDConfig request = RequestOf(3);
  request.features = VDF_Discard;
  request.prefixZoneSize = 5;
  request.alignment = 2048;
  request.serverTimeOut = 60'000;
  SetPair pair({.request = request});
  pair.ServerOpen();
  VDConfig seen{};
  ASSERT_EQ(pair.server.GetConfiguration(&seen), kOk);
  EXPECT_EQ(seen.deviceCount, 3U);
  EXPECT_EQ(seen.features, static_cast<uint32_t>(VDF_Discard));
  EXPECT_EQ(seen.prefixZoneSize, 5U);
  EXPECT_EQ(seen.alignment, 2048U);
  EXPECT_EQ(seen.serverTimeOut, 60'000U);
}

TEST_F(ServerGetConfiguration, IsProtocolWithoutSetAndAbortAfterAbort) {
  CLAUSE("S-GCF-02");
  ServerSet none;
  VDConfig seen{};
  EXPECT_EQ(none.GetConfiguration(&seen), kProtocol);
  SetPair pair;
  pair.ServerOpen();
  ASSERT_EQ(pair.client.SignalAbort(), kOk);
  EXPECT_EQ(pair.server.GetConfiguration(&seen), kAbort) << "S-GCF-03";
}

TEST_F(BeginConfiguration, IsLegalOnceAndOnlyWhenConnected) {
  CLAUSE("S-BEG-03");
  SetPair pair;
  pair.Create();
  EXPECT_EQ(pair.server.BeginConfiguration(0, 512, 0, 65536), kProtocol);
  ASSERT_EQ(pair.server.Open("", pair.name()), kOk);
  EXPECT_EQ(pair.server.BeginConfiguration(0, 500, 0, 65536), kInvalid) << "CFG-26";
  EXPECT_EQ(pair.server.BeginConfiguration(0, 512, 0, 65536), kOk) << "S-BEG-01";
  EXPECT_EQ(pair.server.BeginConfiguration(0, 512, 0, 65536), kProtocol);
}

TEST_F(BeginConfiguration, IsAbortAfterAbort) {
  CLAUSE("S-BEG-02");
  SetPair pair;
  pair.ServerOpen();
  ASSERT_EQ(pair.server.SignalAbort(), kOk);
  EXPECT_EQ(pair.server.BeginConfiguration(0, 512, 0, 65536), kAbort);
  EXPECT_EQ(pair.server.EndConfiguration(), kAbort) << "S-END-02";
  EXPECT_EQ(pair.server.RequestBuffers(512, 0, 1), kAbort) << "S-REQ-02";
}

TEST_F(EndConfiguration, IsLegalOnlyWhenConfigurable) {
  CLAUSE("S-END-03");
  SetPair pair;
  pair.ServerOpen();
  EXPECT_EQ(pair.server.EndConfiguration(), kProtocol);
  ASSERT_EQ(pair.server.BeginConfiguration(0, 512, 0, 65536), kOk);
  EXPECT_EQ(pair.server.EndConfiguration(), kOk) << "S-END-01";
  EXPECT_EQ(pair.server.EndConfiguration(), kProtocol);
}

TEST_F(CompletionAgent, IsProtocolOutsideInitializingAndTwice) {
  CLAUSE("S-EXE-02");
  SetPair pair;
  pair.Begin();
  EXPECT_EQ(pair.server.ExecuteCompletionAgent(), kProtocol);
  SetPair active;
  active.Activate();
  EXPECT_EQ(active.server.ExecuteCompletionAgent(), kProtocol);
  ServerSet none;
  EXPECT_EQ(none.ExecuteCompletionAgent(), kProtocol);
}

TEST_F(CompletionAgent, IsAbortAfterAbort) {
  CLAUSE("S-EXE-03");
  SetPair pair;
  pair.End();
  ASSERT_EQ(pair.client.SignalAbort(), kOk);
  EXPECT_EQ(pair.server.ExecuteCompletionAgent(), kAbort);
}

TEST_F(CompletionAgent, IsWaitedForByAnotherThread) {
  CLAUSE("S-EXE-22");
  SetPair pair;
  EXPECT_EQ(pair.server.WaitForAgent(Timeout::Poll()), kProtocol);
  pair.End();
  EXPECT_EQ(pair.server.WaitForAgent(Timeout::Poll()), kTimeout);
  pair.StartAgent();
  EXPECT_EQ(pair.server.WaitForAgent(Timeout::Infinite()), kOk);
  EXPECT_EQ(pair.client.SignalAbort(), kOk);
  EXPECT_EQ(pair.JoinAgent(), kOk) << "it ran before the abort";
  EXPECT_EQ(pair.server.WaitForAgent(Timeout::Infinite()), kAbort);
}

TEST_F(CompletionAgent, EndsWithAnAbort) {
  CLAUSE("S-EXE-23");
  SetPair pair;
  pair.Activate();
  SentCommand flush(VDC_Flush);
  ASSERT_EQ(pair.server_devices[0]->SendCommand(flush.get()), kOk);
  ASSERT_EQ(pair.client.SignalAbort(), kOk);
  EXPECT_EQ(pair.JoinAgent(), kOk);
  EXPECT_EQ(flush.Await(), ERROR_OPERATION_ABORTED);
}

TEST_F(CompletionAgent, OutlivesTheDevicesAndEndsWithClose) {
  CLAUSE("G-32");
  SetPair pair;
  pair.ReadCloses();
  EXPECT_EQ(pair.server.ExecuteCompletionAgent(), kProtocol) << "still Normally Terminated";
  EXPECT_EQ(pair.server.Close(), kOk);
  EXPECT_EQ(pair.JoinAgent(), kOk);
}

TEST_F(CompletionAgent, EndsOutstandingCommandsAtClose) {
  CLAUSE("S-CLO-22");
  SetPair pair;
  pair.Activate();
  SentCommand flush(VDC_Flush);
  ASSERT_EQ(pair.server_devices[0]->SendCommand(flush.get()), kOk);
  EXPECT_EQ(pair.server.Close(), kProtocol);
  EXPECT_TRUE(flush.IsCompleted());
  EXPECT_EQ(flush.Await(), ERROR_OPERATION_ABORTED);
  EXPECT_EQ(pair.JoinAgent(), kOk);
}

TEST_F(CompletionAgent, LetsACallbackCloseTheSet) {
  CLAUSE("S-CLO-22");
  SetPair pair;
  pair.Activate();
  struct Frame {
    VDS_Command command{};
    SetPair* pair = nullptr;
    HResult closed = kUnexpected;
  } frame;
  frame.pair = &pair;
  frame.command.commandCode = VDC_Flush;
  frame.command.completionContext = reinterpret_cast<uint8_t*>(&frame);
  frame.command.completionRoutine = reinterpret_cast<uint8_t*>(+[](VDS_Command* command) {
    auto* const self = reinterpret_cast<Frame*>(command->completionContext);
    self->closed = self->pair->server.Close();
  });
  ASSERT_EQ(pair.server_devices[0]->SendCommand(&frame.command), kOk);
  VDC_Command* command = nullptr;
  ASSERT_EQ(pair.client_devices[0]->GetCommand(Timeout::Infinite(), &command), kOk);
  ASSERT_EQ(pair.client_devices[0]->CompleteCommand(command, 0, 0, 0), kOk);
  EXPECT_EQ(pair.JoinAgent(), kOk);
  EXPECT_EQ(frame.closed, kProtocol);
}

TEST_F(ServerOpenDevice, ReturnsEachDeviceInOrder) {
  CLAUSE("S-ODV-01");
  SetPair pair({.request = RequestOf(2)});
  pair.End();
  std::shared_ptr<ServerDevice> device;
  EXPECT_EQ(pair.server.OpenDevice("not the set's name", &device), kInvalid) << "N-02";
  EXPECT_EQ(pair.server.OpenDevice(pair.name(), &device), kOk);
  EXPECT_EQ(pair.server.OpenDevice(pair.name(), &device), kInvalid) << "N-03";
  EXPECT_EQ(device, nullptr);
  EXPECT_EQ(pair.server.OpenDevice("", &device), kInvalid);
  EXPECT_EQ(pair.server.OpenDevice("any \\ name", &device), kOk);
  EXPECT_EQ(pair.server.OpenDevice("one more", &device), kOpen) << "S-ODV-02";
}

TEST_F(ServerOpenDevice, IsOpenWhenActive) {
  CLAUSE("G-08");
  SetPair pair;
  pair.Activate();
  std::shared_ptr<ServerDevice> device;
  EXPECT_EQ(pair.server.OpenDevice("another", &device), kOpen);
}

TEST_F(ServerOpenDevice, IsProtocolOrAbortInOtherStates) {
  CLAUSE("S-ODV-03");
  SetPair pair;
  pair.Begin();
  std::shared_ptr<ServerDevice> device;
  EXPECT_EQ(pair.server.OpenDevice(pair.name(), &device), kProtocol);
  ASSERT_EQ(pair.client.SignalAbort(), kOk);
  EXPECT_EQ(pair.server.OpenDevice(pair.name(), &device), kAbort) << "S-ODV-04";
  SetPair ended;
  ended.CloseDevices();
  EXPECT_EQ(ended.server.OpenDevice(ended.name(), &device), kProtocol);
}

TEST_F(ServerSignalAbort, IsOkInEveryStateOfASet) {
  CLAUSE("S-ABT-01");
  SetPair pair;
  pair.ServerOpen();
  EXPECT_EQ(pair.server.SignalAbort(), kOk);
  EXPECT_EQ(pair.server.SignalAbort(), kOk);
  EXPECT_EQ(pair.Reason(), VdiSimServerAborted);
  SetPair ended;
  ended.ReadCloses();
  EXPECT_EQ(ended.server.SignalAbort(), kOk);
}

TEST_F(ServerSignalAbort, IsProtocolWithoutASet) {
  CLAUSE("S-ABT-02");
  ServerSet none;
  EXPECT_EQ(none.SignalAbort(), kProtocol);
}

TEST_F(ServerClose, WithDevicesOpenIsProtocolAndAborts) {
  CLAUSE("S-CLO-01");
  SetPair pair;
  pair.Activate();
  EXPECT_EQ(pair.server.Close(), kProtocol);
  EXPECT_EQ(pair.Reason(), VdiSimServerClosed);
  VDC_Command* command = nullptr;
  EXPECT_EQ(pair.client_devices[0]->GetCommand(Timeout::Infinite(), &command), kAbort);
  SentCommand flush(VDC_Flush);
  EXPECT_EQ(pair.server_devices[0]->SendCommand(flush.get()), kProtocol);
  EXPECT_EQ(flush.Await(), ERROR_INVALID_HANDLE);
}

TEST_F(ServerClose, IsOkInTheOtherStates) {
  CLAUSE("S-CLO-02");
  SetPair connected;
  connected.ServerOpen();
  EXPECT_EQ(connected.server.Close(), kOk);
  EXPECT_EQ(connected.Reason(), VdiSimServerClosed) << "L-17";
  SetPair ended;
  ended.ReadCloses();
  EXPECT_EQ(ended.server.Close(), kOk);
  EXPECT_EQ(ended.Reason(), VdiSimNotAborted);
  SetPair aborted;
  aborted.Activate();
  ASSERT_EQ(aborted.client.SignalAbort(), kOk);
  EXPECT_EQ(aborted.server.Close(), kOk);
  EXPECT_EQ(aborted.server.Close(), kProtocol) << "no set any more";
}

// A call on another thread comes before the Close or after it; no round shows it a state between.
TEST_F(ServerClose, IsNoAbortForTheCallsBesideIt) {
  CLAUSE("S-CLO-02");
  for (int round = 0; round < 1000; ++round) {
    SetPair pair;
    pair.ServerOpen();
    std::promise<void> called;
    std::thread caller([&] {
      VDConfig configuration;
      HResult answer = pair.server.GetConfiguration(&configuration);
      called.set_value();
      while (answer.ok()) answer = pair.server.GetConfiguration(&configuration);
      EXPECT_EQ(answer, kProtocol);
    });
    called.get_future().wait();
    EXPECT_EQ(pair.server.Close(), kOk);
    caller.join();
  }
}

TEST_F(WaitForActive, HasEachOfItsCodes) {
  CLAUSE("L-14");
  SetPair pair;
  EXPECT_EQ(pair.server.WaitForActive(Timeout::Poll()), kProtocol);
  pair.Create();
  ASSERT_EQ(pair.server.Open("", pair.name()), kOk);
  EXPECT_EQ(pair.server.WaitForActive(Timeout::Poll()), kProtocol);
  SetPair initializing;
  initializing.OpenDevices();
  EXPECT_EQ(initializing.server.WaitForActive(Timeout::Poll()), kTimeout) << "no agent yet";
  EXPECT_EQ(initializing.server.WaitForActive(Timeout::Milliseconds(1)), kTimeout);
  SetPair ended;
  ended.CloseDevices();
  EXPECT_EQ(ended.server.WaitForActive(Timeout::Poll()), kOk);
  ASSERT_EQ(ended.server.SignalAbort(), kOk);
  EXPECT_EQ(ended.server.WaitForActive(Timeout::Poll()), kAbort);
}

TEST_F(WaitForActive, NeedsBothSidesAndTheAgent) {
  CLAUSE("L-14");
  SetPair pair;
  pair.End();
  pair.StartAgent();
  std::shared_ptr<ServerDevice> server_device;
  ASSERT_EQ(pair.server.OpenDevice(pair.name(), &server_device), kOk);
  EXPECT_EQ(pair.server.WaitForActive(Timeout::Poll()), kTimeout);
  std::shared_ptr<ClientDevice> client_device;
  ASSERT_EQ(pair.client.OpenDevice(pair.name(), &client_device), kOk);
  EXPECT_EQ(pair.server.WaitForActive(Timeout::Infinite()), kOk);
}

TEST_F(GetAbortReason, IsProtocolBeforeAnySetAndKeepsTheFirstCause) {
  CLAUSE("AB-01");
  ServerSet none;
  VdiSimAbortReason reason = VdiSimDamaged;
  EXPECT_EQ(none.GetAbortReason(&reason), kProtocol);
  EXPECT_EQ(none.GetAbortReason(nullptr), kInvalid);
  SetPair pair;
  pair.ServerOpen();
  EXPECT_EQ(pair.Reason(), VdiSimNotAborted);
  ASSERT_EQ(pair.client.SignalAbort(), kOk);
  ASSERT_EQ(pair.server.SignalAbort(), kOk);
  EXPECT_EQ(pair.Reason(), VdiSimClientAborted);
  ASSERT_EQ(pair.server.Close(), kOk);
  EXPECT_EQ(pair.Reason(), VdiSimClientAborted) << "known after Close, too";
}

}  // namespace
}  // namespace vdisim
