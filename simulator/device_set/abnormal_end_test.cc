// Aborts, deaths and serverTimeOut: section 11 and T-05. Deaths are those of real processes.
#include <gtest/gtest.h>

#include <thread>

#include "simulator/base/test_clause.h"
#include "simulator/base/test_process.h"
#include "simulator/device_set/set_directory.h"
#include "simulator/device_set/set_pair_for_test.h"
#include "simulator/include/vdi_codes.h"
#include "simulator/shm/object_name.h"
#include "simulator/shm/segment.h"

namespace vdisim {
namespace {

// One serverTimeOut interval of these tests.
constexpr uint32_t kIntervalMs = 1000;

class ServerTimeOut : public ::testing::Test {
 protected:
  static SetPair::Options WithTimeOut() {
    SetPair::Options options;
    options.request.serverTimeOut = kIntervalMs;
    options.virtual_clock = true;
    return options;
  }
  HResult Advance(double intervals) {
    return pair_.server.AdvanceClock(std::chrono::duration_cast<Nanoseconds>(
        std::chrono::duration<double, std::milli>(intervals * kIntervalMs)));
  }
  HResult Send(SentCommand& command) { return pair_.server_devices[0]->SendCommand(command.get()); }

 private:
  const shm::ScopedSharedMappings shared_;

 protected:
  SetPair pair_{WithTimeOut()};
};

TEST_F(ServerTimeOut, AbortsAfterMoreThanTwoIntervalsOfSilence) {
  CLAUSE("T-05");
  pair_.Activate();
  SentCommand flush(VDC_Flush);
  ASSERT_EQ(Send(flush), kOk);
  ASSERT_EQ(Advance(2.0), kOk);
  // Two full intervals are legal; the agent has looked by the time it has taken this completion.
  VDC_Command* command = nullptr;
  ASSERT_EQ(pair_.client_devices[0]->GetCommand(Timeout::Poll(), &command), kOk);
  EXPECT_EQ(pair_.Reason(), VdiSimNotAborted);
  ASSERT_EQ(Advance(0.1), kOk);
  EXPECT_EQ(flush.Await(), ERROR_OPERATION_ABORTED);
  EXPECT_EQ(pair_.Reason(), VdiSimServerTimeOut);
  EXPECT_EQ(pair_.client_devices[0]->CompleteCommand(command, 0, 0, 0), kAbort);
}

TEST_F(ServerTimeOut, BeginsAnewWithEveryCompletion) {
  CLAUSE("T-05");
  pair_.Activate();
  SentCommand first(VDC_Flush);
  SentCommand second(VDC_Flush);
  ASSERT_EQ(Send(first), kOk);
  ASSERT_EQ(Send(second), kOk);
  ASSERT_EQ(Advance(1.9), kOk);
  VDC_Command* command = nullptr;
  ASSERT_EQ(pair_.client_devices[0]->GetCommand(Timeout::Poll(), &command), kOk);
  ASSERT_EQ(pair_.client_devices[0]->CompleteCommand(command, 0, 0, 0), kOk);
  ASSERT_EQ(first.Await(), ERROR_SUCCESS);
  ASSERT_EQ(Advance(1.9), kOk);
  ASSERT_EQ(pair_.client_devices[0]->GetCommand(Timeout::Poll(), &command), kOk)
      << "3.8 intervals since it was sent, 1.9 since a completion";
  ASSERT_EQ(Advance(0.2), kOk);
  EXPECT_EQ(second.Await(), ERROR_OPERATION_ABORTED);
}

TEST_F(ServerTimeOut, DoesNotCountWhileNothingIsPending) {
  CLAUSE("T-05");
  pair_.Activate();
  ASSERT_EQ(Advance(100), kOk);
  SentCommand flush(VDC_Flush);
  ASSERT_EQ(Send(flush), kOk) << "the first command begins the count";
  ASSERT_EQ(Advance(1.9), kOk);
  VDC_Command* command = nullptr;
  ASSERT_EQ(pair_.client_devices[0]->GetCommand(Timeout::Poll(), &command), kOk);
  ASSERT_EQ(pair_.client_devices[0]->CompleteCommand(command, 0, 0, 0), kOk);
  EXPECT_EQ(flush.Await(), ERROR_SUCCESS);
}

TEST(Abort, EndsOutstandingCommandsInTheOrderTheyWereSent) {
  CLAUSE("AB-09");
  const shm::ScopedSharedMappings shared;
  SetPair pair;
  pair.Activate();
  SentCommand sent[3] = {SentCommand(VDC_Flush), SentCommand(VDC_Flush), SentCommand(VDC_Flush)};
  for (SentCommand& command : sent) {
    ASSERT_EQ(pair.server_devices[0]->SendCommand(command.get()), kOk);
  }
  ASSERT_EQ(pair.client.SignalAbort(), kOk);
  for (SentCommand& command : sent) EXPECT_EQ(command.Await(), ERROR_OPERATION_ABORTED);
  EXPECT_EQ(pair.JoinAgent(), kOk);
}

TEST(Abort, BySecondaryEndsItForAll) {
  CLAUSE("MP-08");
  const shm::ScopedSharedMappings shared;
  SetPair pair;
  pair.Activate();
  const auto secondary = pair.Secondary();
  ASSERT_EQ(secondary->SignalAbort(), kOk);
  VDC_Command* command = nullptr;
  EXPECT_EQ(pair.client_devices[0]->GetCommand(Timeout::Infinite(), &command), kAbort);
  EXPECT_EQ(pair.Reason(), VdiSimClientAborted);
}

// How far the process that dies takes the set before it says so.
enum class Stage : uint64_t { kCreated, kConfigured, kDeviceOpen };

// The primary, in a process of its own.
int BePrimary(const std::string& name, Stage last, TestLine& parent) {
  ClientSet client;
  if (!client.Create("", name, RequestOf(1)).ok()) return 1;
  if (last == Stage::kCreated) parent.Tell(1);
  parent.Hear();
  VDConfig actual{};
  if (!client.GetConfiguration(Timeout::Infinite(), &actual).ok()) return 2;
  if (last == Stage::kConfigured) parent.Tell(1);
  std::shared_ptr<ClientDevice> device;
  if (last == Stage::kDeviceOpen) {
    if (!client.OpenDevice(name, &device).ok()) return 3;
    parent.Tell(1);
  }
  parent.Hear();
  return 0;
}

class Death : public ::testing::Test {
 protected:
  const std::string name_ = FreshSetName();
};

TEST_F(Death, OfThePrimaryIsNoticedByAServerThatWaits) {
  CLAUSE("AB-14");
  TestProcess primary(
      [this](TestLine& parent) { return BePrimary(name_, Stage::kDeviceOpen, parent); });
  ASSERT_EQ(WaitForSet("", name_, Timeout::Milliseconds(10'000)), kOk);
  ServerSet server;
  ASSERT_EQ(server.Open("", name_), kOk);
  ASSERT_EQ(server.BeginConfiguration(0, 512, 0, 65536), kOk);
  ASSERT_EQ(server.RequestBuffers(512, 0, 1), kOk);
  ASSERT_EQ(server.EndConfiguration(), kOk);
  primary.Tell();
  std::shared_ptr<ServerDevice> device;
  ASSERT_EQ(server.OpenDevice(name_, &device), kOk);
  std::thread agent([&] { EXPECT_EQ(server.ExecuteCompletionAgent(), kOk); });
  ASSERT_EQ(server.WaitForActive(Timeout::Milliseconds(10'000)), kOk);
  SentCommand flush(VDC_Flush);
  ASSERT_EQ(device->SendCommand(flush.get()), kOk);
  primary.Kill();
  EXPECT_EQ(flush.Await(), ERROR_OPERATION_ABORTED);
  agent.join();
  VdiSimAbortReason reason = VdiSimNotAborted;
  ASSERT_EQ(server.GetAbortReason(&reason), kOk);
  EXPECT_EQ(reason, VdiSimPrimaryDied);
  EXPECT_EQ(device->CloseDevice(), kAbort);
  EXPECT_EQ(server.Close(), kOk);

  // Its name can be used again at once, and nothing of it is left then.
  ClientSet successor;
  EXPECT_EQ(successor.Create("", name_, RequestOf(1)), kOk);
  EXPECT_EQ(successor.Close(), kOk);
  for (const shm::ObjectInfo& object : shm::ListObjects()) {
    EXPECT_NE(object.name, shm::ControlObjectName("", name_));
  }
}

TEST_F(Death, OfThePrimaryMakesTheSetUnreachableAndReplaceable) {
  CLAUSE("S-OPN-02");
  TestProcess primary(
      [this](TestLine& parent) { return BePrimary(name_, Stage::kCreated, parent); });
  primary.Hear();
  primary.Kill();
  primary.Wait();
  ServerSet server;
  EXPECT_EQ(server.Open("", name_), kInvalid);
  EXPECT_EQ(WaitForSet("", name_, Timeout::Milliseconds(1)), kTimeout);
  ClientSet successor;
  EXPECT_EQ(successor.Create("", name_, RequestOf(1)), kOk);
  EXPECT_EQ(WaitForSet("", name_, Timeout::Poll()), kOk);
  EXPECT_EQ(server.Open("", name_), kOk);
}

TEST_F(Death, OfTheServerIsNoticedByClientsThatWaitAndThatPoll) {
  CLAUSE("AB-14");
  ClientSet client;
  ASSERT_EQ(client.Create("", name_, RequestOf(1)), kOk);
  TestProcess process([this](TestLine& parent) {
    ServerSet server;
    if (!server.Open("", name_).ok()) return 1;
    if (!server.BeginConfiguration(0, 512, 0, 65536).ok()) return 2;
    if (!server.RequestBuffers(512, 0, 1).ok()) return 3;
    if (!server.EndConfiguration().ok()) return 4;
    std::shared_ptr<ServerDevice> device;
    if (!server.OpenDevice(name_, &device).ok()) return 5;
    std::thread([&] { static_cast<void>(server.ExecuteCompletionAgent()); }).detach();
    if (!server.WaitForActive(Timeout::Infinite()).ok()) return 6;
    parent.Tell(1);
    parent.Hear();
    return 0;
  });
  VDConfig actual{};
  ASSERT_EQ(client.GetConfiguration(Timeout::Infinite(), &actual), kOk);
  std::shared_ptr<ClientDevice> device;
  ASSERT_EQ(client.OpenDevice(name_, &device), kOk);
  process.Hear();
  ClientSet secondary;
  ASSERT_EQ(secondary.OpenInSecondary("", name_), kOk);
  process.Kill();
  VDC_Command* command = nullptr;
  EXPECT_EQ(device->GetCommand(Timeout::Infinite(), &command), kAbort);
  EXPECT_EQ(secondary.GetConfiguration(Timeout::Poll(), &actual), kAbort);
  EXPECT_EQ(client.Close(), kOk);
  EXPECT_EQ(secondary.Close(), kOk);
  static_cast<void>(PurgeDeadSets());
  for (const SetDescription& set : ListSets()) EXPECT_NE(set.name, name_);
}

TEST_F(Death, OfTheServerIsNoticedByAClientThatOnlyPolls) {
  CLAUSE("AB-14");
  ClientSet client;
  ASSERT_EQ(client.Create("", name_, RequestOf(1)), kOk);
  TestProcess process([this](TestLine& parent) {
    ServerSet server;
    if (!server.Open("", name_).ok()) return 1;
    parent.Tell(1);
    parent.Hear();
    return 0;
  });
  process.Hear();
  VDConfig actual{};
  ASSERT_EQ(client.GetConfiguration(Timeout::Poll(), &actual), kTimeout);
  process.Kill();
  process.Wait();
  EXPECT_EQ(client.GetConfiguration(Timeout::Poll(), &actual), kAbort);
}

TEST_F(Death, OfTheServerIsNoticedByAClientThatAsksForTheConfigurationAgain) {
  CLAUSE("AB-14");
  ClientSet client;
  ASSERT_EQ(client.Create("", name_, RequestOf(1)), kOk);
  TestProcess process([this](TestLine& parent) {
    ServerSet server;
    if (!server.Open("", name_).ok()) return 1;
    if (!server.BeginConfiguration(0, 512, 0, 65536).ok()) return 2;
    if (!server.EndConfiguration().ok()) return 3;
    parent.Hear();
    return 0;
  });
  VDConfig actual{};
  ASSERT_EQ(client.GetConfiguration(Timeout::Infinite(), &actual), kOk);
  process.Kill();
  process.Wait();
  EXPECT_EQ(client.GetConfiguration(Timeout::Infinite(), &actual), kAbort);
}

TEST_F(Death, OfASecondaryEndsNothing) {
  CLAUSE("MP-04");
  SetPair pair({.request = RequestOf(2)});
  pair.End();
  std::shared_ptr<ServerDevice> first;
  std::shared_ptr<ServerDevice> second;
  ASSERT_EQ(pair.server.OpenDevice(pair.DeviceName(0), &first), kOk);
  ASSERT_EQ(pair.server.OpenDevice(pair.DeviceName(1), &second), kOk);
  TestProcess secondary([&pair](TestLine& parent) {
    ClientSet set;
    if (!set.OpenInSecondary("", pair.name()).ok()) return 1;
    std::shared_ptr<ClientDevice> device;
    if (!set.OpenDevice(pair.DeviceName(1), &device).ok()) return 2;
    VDC_Command* command = nullptr;
    if (!device->GetCommand(Timeout::Infinite(), &command).ok()) return 3;
    parent.Tell(1);
    parent.Hear();
    return 0;
  });
  std::shared_ptr<ClientDevice> own;
  ASSERT_EQ(pair.client.OpenDevice(pair.DeviceName(0), &own), kOk);
  pair.StartAgent();
  ASSERT_EQ(pair.server.WaitForActive(Timeout::Milliseconds(10'000)), kOk);
  SentCommand stuck(VDC_Flush);
  ASSERT_EQ(second->SendCommand(stuck.get()), kOk);
  secondary.Hear();
  secondary.Kill();
  secondary.Wait();
  SentCommand flush(VDC_Flush);
  ASSERT_EQ(first->SendCommand(flush.get()), kOk);
  VDC_Command* command = nullptr;
  ASSERT_EQ(own->GetCommand(Timeout::Infinite(), &command), kOk);
  ASSERT_EQ(own->CompleteCommand(command, 0, 0, 0), kOk);
  EXPECT_EQ(flush.Await(), ERROR_SUCCESS);
  EXPECT_FALSE(stuck.IsCompleted());
  EXPECT_EQ(pair.client.SignalAbort(), kOk) << "that is the primary's to do (C-OIS-21)";
  EXPECT_EQ(stuck.Await(), ERROR_OPERATION_ABORTED);
}

TEST_F(Death, OfBothIsCleanedUpByTheNextCreate) {
  CLAUSE("AB-14");
  TestProcess primary(
      [this](TestLine& parent) { return BePrimary(name_, Stage::kConfigured, parent); });
  ASSERT_EQ(WaitForSet("", name_, Timeout::Milliseconds(10'000)), kOk);
  TestProcess server_process([this](TestLine& parent) {
    ServerSet server;
    if (!server.Open("", name_).ok()) return 1;
    if (!server.BeginConfiguration(0, 512, 0, 65536).ok()) return 2;
    if (!server.RequestBuffers(65536, 0, 8).ok()) return 3;
    if (!server.EndConfiguration().ok()) return 4;
    parent.Tell(1);
    parent.Hear();
    return 0;
  });
  server_process.Hear();
  primary.Tell();
  primary.Hear();
  uint64_t incarnation = 0;
  {
    auto control = ControlSegment::Open("", name_);
    ASSERT_TRUE(control.ok());
    incarnation = control.value()->facts().incarnation;
  }
  primary.Kill();
  server_process.Kill();
  primary.Wait();
  server_process.Wait();
  ClientSet next;
  ASSERT_EQ(next.Create("", FreshSetName(), RequestOf(1)), kOk);
  for (const shm::ObjectInfo& object : shm::ListObjects()) {
    EXPECT_NE(object.name, shm::ControlObjectName("", name_));
    EXPECT_NE(object.incarnation, incarnation) << object.name;
  }
}

}  // namespace
}  // namespace vdisim
