// The calls on a client's set that do not move commands, each with every code of its table.
#include <gtest/gtest.h>

#include <thread>

#include "simulator/base/test_clause.h"
#include "simulator/device_set/set_pair_for_test.h"
#include "simulator/shm/segment.h"

namespace vdisim {
namespace {

class ClientCalls : public ::testing::Test {
 private:
  const shm::ScopedSharedMappings shared_;
};

using Create = ClientCalls;
using OpenInSecondary = ClientCalls;
using GetConfiguration = ClientCalls;
using ClientOpenDevice = ClientCalls;
using ClientSignalAbort = ClientCalls;
using ClientClose = ClientCalls;

TEST_F(Create, SucceedsOnceAndThenIsProtocol) {
  CLAUSE("C-CRL-01");
  ClientSet set;
  EXPECT_EQ(set.Create("", FreshSetName(), RequestOf(1)), kOk);
  EXPECT_EQ(set.Create("", FreshSetName(), RequestOf(1)), kProtocol);
}

TEST_F(Create, RefusesAnInvalidConfiguration) {
  CLAUSE("C-CRL-02");
  ClientSet set;
  EXPECT_EQ(set.Create("", FreshSetName(), RequestOf(0)), kNotSupported);
  EXPECT_EQ(set.Create("", FreshSetName(), RequestOf(65)), kNotSupported);
  EXPECT_EQ(set.Close(), kProtocol) << "a refused Create leaves no set";
}

TEST_F(Create, IsProtocolWhenAnotherLivingSetHasTheName) {
  CLAUSE("C-CRL-03");
  const std::string name = FreshSetName();
  ClientSet first;
  ClientSet second;
  ASSERT_EQ(first.Create("", name, RequestOf(1)), kOk);
  EXPECT_EQ(second.Create("", name, RequestOf(1)), kProtocol);
  EXPECT_EQ(second.Create("OTHER", name, RequestOf(1)), kOk) << "names are an instance's own";
  ASSERT_EQ(first.Close(), kOk);
  EXPECT_EQ(first.Create("", name, RequestOf(1)), kOk) << "free again after Close (C-CLO-22)";
}

TEST_F(Create, RefusesNamesThatCannotBe) {
  CLAUSE("C-CRE-11");
  ClientSet set;
  EXPECT_EQ(set.Create("", "", RequestOf(1)), kInvalid);
  EXPECT_EQ(set.Create("", "a\\b", RequestOf(1)), kInvalid);
  EXPECT_EQ(set.Create("", std::string(1025, 'n'), RequestOf(1)), kInvalid);
}

TEST_F(Create, TakesEveryOtherNameAndKeepsThemApart) {
  CLAUSE("N-01");
  const std::string base = FreshSetName();
  const std::string long_head(900, 'x');
  std::vector<std::unique_ptr<ClientSet>> sets;
  for (const std::string& name :
       {base + " 'quoted' \"name\"/..", base + "\xC3\xA4\xE6\xBC\xA2", base + "\xC3\x84",
        base + long_head + "1", base + long_head + "2", base + "a", base + "A"}) {
    sets.push_back(std::make_unique<ClientSet>());
    EXPECT_EQ(sets.back()->Create("", name, RequestOf(1)), kOk) << name;
    ServerSet server;
    EXPECT_EQ(server.Open("", name), kOk) << name;
  }
}

TEST_F(OpenInSecondary, SucceedsOnceThePrimaryIsConfigured) {
  CLAUSE("C-OIL-01");
  SetPair pair;
  pair.End();
  ClientSet secondary;
  EXPECT_EQ(secondary.OpenInSecondary("", pair.name()), kOk);
  VDConfig actual{};
  EXPECT_EQ(secondary.GetConfiguration(Timeout::Poll(), &actual), kOk);
  EXPECT_EQ(actual.maxTransferSize, 1U << 20);
}

TEST_F(OpenInSecondary, IsProtocolWithoutSetBeforeConfigurationAndTwice) {
  CLAUSE("C-OIL-02");
  ClientSet secondary;
  EXPECT_EQ(secondary.OpenInSecondary("", FreshSetName()), kProtocol);
  SetPair pair;
  pair.Begin();
  EXPECT_EQ(secondary.OpenInSecondary("", pair.name()), kProtocol);
  ASSERT_EQ(pair.server.EndConfiguration(), kOk);
  EXPECT_EQ(secondary.OpenInSecondary("", pair.name()), kProtocol)
      << "the primary has not had its configuration (C-OIS-20)";
  VDConfig actual{};
  ASSERT_EQ(pair.client.GetConfiguration(Timeout::Poll(), &actual), kOk);
  EXPECT_EQ(secondary.OpenInSecondary("", pair.name()), kOk);
  EXPECT_EQ(secondary.OpenInSecondary("", pair.name()), kProtocol);
}

TEST_F(OpenInSecondary, IsAbortWhenTheSetIsAborted) {
  CLAUSE("C-OIL-03");
  SetPair pair;
  pair.End();
  ASSERT_EQ(pair.client.SignalAbort(), kOk);
  ClientSet secondary;
  EXPECT_EQ(secondary.OpenInSecondary("", pair.name()), kAbort);
}

TEST_F(OpenInSecondary, ComparesNamesByCase) {
  CLAUSE("C-OIS-11");
  SetPair pair;
  pair.End();
  std::string upper = pair.name();
  upper[0] = 'T';
  ClientSet secondary;
  EXPECT_EQ(secondary.OpenInSecondary("", upper), kProtocol);
}

TEST_F(GetConfiguration, ReturnsWhatTheServerChoseAgainAndAgain) {
  CLAUSE("C-GCF-01");
  SetPair pair;
  pair.ReadCloses();
  VDConfig actual{};
  EXPECT_EQ(pair.client.GetConfiguration(Timeout::Poll(), &actual), kOk);
  EXPECT_EQ(actual.blockSize, 512U);
  EXPECT_EQ(actual.features, static_cast<uint32_t>(VDF_WriteMedia));
}

TEST_F(GetConfiguration, WaitsForTheServer) {
  CLAUSE("C-GCF-20");
  SetPair pair;
  pair.Begin();
  std::thread server([&] { EXPECT_EQ(pair.server.EndConfiguration(), kOk); });
  VDConfig actual{};
  EXPECT_EQ(pair.client.GetConfiguration(Timeout::Infinite(), &actual), kOk);
  server.join();
}

TEST_F(GetConfiguration, IsAbortAlsoWhileWaiting) {
  CLAUSE("C-GCF-02");
  SetPair pair;
  pair.ServerOpen();
  std::thread server([&] { EXPECT_EQ(pair.server.SignalAbort(), kOk); });
  VDConfig actual{};
  EXPECT_EQ(pair.client.GetConfiguration(Timeout::Infinite(), &actual), kAbort);
  EXPECT_EQ(pair.client.GetConfiguration(Timeout::Poll(), &actual), kAbort);
  server.join();
}

TEST_F(GetConfiguration, TimesOutAndLeavesTheSetUsable) {
  CLAUSE("C-GCF-03");
  SetPair pair;
  pair.Begin();
  VDConfig actual{};
  actual.blockSize = 77;
  EXPECT_EQ(pair.client.GetConfiguration(Timeout::Poll(), &actual), kTimeout);
  EXPECT_EQ(pair.client.GetConfiguration(Timeout::Milliseconds(1), &actual), kTimeout);
  EXPECT_EQ(actual.blockSize, 77U) << "written on success only (C-GCF-11)";
  ASSERT_EQ(pair.server.EndConfiguration(), kOk);
  EXPECT_EQ(pair.client.GetConfiguration(Timeout::Poll(), &actual), kOk);
}

TEST_F(GetConfiguration, IsProtocolWithoutASet) {
  CLAUSE("C-GCF-04");
  ClientSet set;
  VDConfig actual{};
  EXPECT_EQ(set.GetConfiguration(Timeout::Poll(), &actual), kProtocol);
}

TEST_F(GetConfiguration, EndsWhenAnotherThreadCloses) {
  CLAUSE("B-09");
  SetPair pair;
  pair.ServerOpen();
  std::thread closer([&] { EXPECT_EQ(pair.client.Close(), kOk); });
  VDConfig actual{};
  const HResult hr = pair.client.GetConfiguration(Timeout::Infinite(), &actual);
  EXPECT_TRUE(hr == kProtocol || hr == kAbort) << hr;
  closer.join();
}

TEST_F(ClientOpenDevice, OpensByNameEachDeviceOnce) {
  CLAUSE("C-ODV-01");
  SetPair pair({.request = RequestOf(2)});
  pair.End();
  std::shared_ptr<ServerDevice> opened;
  ASSERT_EQ(pair.server.OpenDevice(pair.DeviceName(0), &opened), kOk);
  ASSERT_EQ(pair.server.OpenDevice(pair.DeviceName(1), &opened), kOk);
  std::shared_ptr<ClientDevice> device;
  EXPECT_EQ(pair.client.OpenDevice(pair.DeviceName(1), &device), kOk);
  EXPECT_NE(device, nullptr);
  EXPECT_EQ(pair.client.OpenDevice(pair.DeviceName(1), &device), kProtocol);
  EXPECT_EQ(device, nullptr) << "C-ODV-11";
  EXPECT_EQ(pair.client.OpenDevice("no such device", &device), kInvalid);
  EXPECT_EQ(pair.client.OpenDevice(pair.DeviceName(0), &device), kOk);
  EXPECT_EQ(pair.client.OpenDevice(pair.DeviceName(0), &device), kOpen);
  EXPECT_EQ(pair.client.OpenDevice("no such device", &device), kOpen) << "G-08: first of all";
}

TEST_F(ClientOpenDevice, KnowsTheFirstDeviceBeforeTheServerNamesIt) {
  CLAUSE("N-02");
  SetPair pair;
  pair.End();
  std::shared_ptr<ClientDevice> device;
  EXPECT_EQ(pair.client.OpenDevice(pair.name(), &device), kOk);
}

TEST_F(ClientOpenDevice, WaitsForNamesThatTheServerHasNotGivenYet) {
  CLAUSE("C-ODV-10");
  SetPair pair({.request = RequestOf(2)});
  pair.End();
  std::thread server([&] {
    std::shared_ptr<ServerDevice> device;
    EXPECT_EQ(pair.server.OpenDevice(pair.DeviceName(0), &device), kOk);
    EXPECT_EQ(pair.server.OpenDevice(pair.DeviceName(1), &device), kOk);
  });
  std::shared_ptr<ClientDevice> device;
  EXPECT_EQ(pair.client.OpenDevice(pair.DeviceName(1), &device), kOk);
  server.join();
}

TEST_F(ClientOpenDevice, GivesUpOnNamesThatNeverCome) {
  CLAUSE("C-ODV-05");
  SetPair pair({.request = RequestOf(2), .virtual_clock = true});
  pair.End();
  std::thread client([&] {
    std::shared_ptr<ClientDevice> device;
    EXPECT_EQ(pair.client.OpenDevice("never named", &device), kInvalid);
  });
  EXPECT_EQ(pair.server.WaitForWaiters(1, Timeout::Milliseconds(10'000)), kOk);
  EXPECT_EQ(pair.server.AdvanceClock(std::chrono::seconds(11)), kOk);
  client.join();
}

TEST_F(ClientOpenDevice, IsAbortInAbortAlsoWhileWaiting) {
  CLAUSE("C-ODV-02");
  SetPair pair({.request = RequestOf(2)});
  pair.End();
  std::thread server([&] { EXPECT_EQ(pair.server.SignalAbort(), kOk); });
  std::shared_ptr<ClientDevice> device;
  EXPECT_EQ(pair.client.OpenDevice("not named yet", &device), kAbort);
  EXPECT_EQ(pair.client.OpenDevice(pair.name(), &device), kAbort);
  server.join();
}

TEST_F(ClientOpenDevice, IsProtocolInEveryOtherState) {
  CLAUSE("C-ODV-04");
  std::shared_ptr<ClientDevice> device;
  ClientSet none;
  EXPECT_EQ(none.OpenDevice("x", &device), kProtocol);
  SetPair early;
  early.Begin();
  EXPECT_EQ(early.client.OpenDevice(early.name(), &device), kProtocol);
  SetPair ended;
  ended.ReadCloses();
  EXPECT_EQ(ended.client.OpenDevice(ended.name(), &device), kProtocol);
}

TEST_F(ClientOpenDevice, CountsDevicesOfAllProcesses) {
  CLAUSE("MP-07");
  SetPair pair({.request = RequestOf(2)});
  pair.End();
  const auto secondary = pair.Secondary();
  std::shared_ptr<ClientDevice> device;
  std::shared_ptr<ServerDevice> opened;
  ASSERT_EQ(pair.server.OpenDevice(pair.DeviceName(0), &opened), kOk);
  ASSERT_EQ(pair.server.OpenDevice(pair.DeviceName(1), &opened), kOk);
  EXPECT_EQ(secondary->OpenDevice(pair.DeviceName(1), &device), kOk);
  std::shared_ptr<ClientDevice> own;
  EXPECT_EQ(pair.client.OpenDevice(pair.DeviceName(0), &own), kOk);
  pair.StartAgent();
  EXPECT_EQ(pair.server.WaitForActive(Timeout::Infinite()), kOk);
}

TEST_F(ClientSignalAbort, IsAcceptedInEveryStateOfASet) {
  CLAUSE("C-ABT-01");
  SetPair pair;
  pair.Create();
  EXPECT_EQ(pair.client.SignalAbort(), kOk);
  EXPECT_EQ(pair.client.SignalAbort(), kOk);
  SetPair ended;
  ended.ReadCloses();
  EXPECT_EQ(ended.client.SignalAbort(), kOk) << "G-64";
}

TEST_F(ClientSignalAbort, IsProtocolWithoutASet) {
  CLAUSE("C-ABT-02");
  ClientSet set;
  EXPECT_EQ(set.SignalAbort(), kProtocol);
}

TEST_F(ClientClose, IsProtocolWithoutASet) {
  CLAUSE("C-CLO-02");
  ClientSet set;
  EXPECT_EQ(set.Close(), kProtocol);
}

TEST_F(ClientClose, WithDevicesOpenIsOpenAndAborts) {
  CLAUSE("C-CLO-03");
  SetPair pair;
  pair.Activate();
  EXPECT_EQ(pair.client.Close(), kOpen);
  EXPECT_EQ(pair.JoinAgent(), kOk);
  EXPECT_EQ(pair.Reason(), VdiSimClientClosed);
  VDC_Command* command = nullptr;
  EXPECT_EQ(pair.client_devices[0]->GetCommand(Timeout::Poll(), &command), kProtocol);
}

TEST_F(ClientClose, AfterEveryCloseWasReportedIsOk) {
  CLAUSE("L-75");
  SetPair pair;
  pair.ReadCloses();
  EXPECT_EQ(pair.client.Close(), kOk);
  EXPECT_EQ(pair.Reason(), VdiSimNotAborted);
}

TEST_F(ClientClose, BeforeTheCloseWasReportedIsStillOpen) {
  CLAUSE("G-10");
  SetPair pair;
  pair.CloseDevices();
  EXPECT_EQ(pair.client.Close(), kOpen);
}

TEST_F(ClientClose, InAbortIsOkEvenWithDevicesOpen) {
  CLAUSE("G-10");
  SetPair pair;
  pair.Activate();
  ASSERT_EQ(pair.server.SignalAbort(), kOk);
  EXPECT_EQ(pair.client.Close(), kOk);
}

TEST_F(ClientClose, WithoutDevicesAbortsWhatHasNotEnded) {
  CLAUSE("L-17");
  SetPair pair;
  pair.End();
  EXPECT_EQ(pair.client.Close(), kOk);
  EXPECT_EQ(pair.Reason(), VdiSimClientClosed);
}

TEST_F(ClientClose, OfASecondaryWithoutDevicesDisturbsNobody) {
  CLAUSE("G-19");
  SetPair pair;
  pair.Activate();
  const auto secondary = pair.Secondary();
  EXPECT_EQ(secondary->Close(), kOk);
  EXPECT_EQ(pair.Reason(), VdiSimNotAborted);
}

TEST_F(ClientClose, OfASecondaryWithItsDeviceOpenAborts) {
  CLAUSE("G-19");
  SetPair pair;
  pair.End();
  const auto secondary = pair.Secondary();
  std::shared_ptr<ClientDevice> device;
  ASSERT_EQ(secondary->OpenDevice(pair.name(), &device), kOk);
  EXPECT_EQ(secondary->Close(), kOpen);
  EXPECT_EQ(pair.Reason(), VdiSimClientClosed);
}

TEST_F(ClientClose, OfASecondaryAfterItsCloseWasReportedIsClean) {
  CLAUSE("G-19");
  SetPair pair({.request = RequestOf(2)});
  pair.End();
  const auto secondary = pair.Secondary();
  std::shared_ptr<ServerDevice> first;
  std::shared_ptr<ServerDevice> second;
  ASSERT_EQ(pair.server.OpenDevice(pair.DeviceName(0), &first), kOk);
  ASSERT_EQ(pair.server.OpenDevice(pair.DeviceName(1), &second), kOk);
  std::shared_ptr<ClientDevice> own;
  std::shared_ptr<ClientDevice> theirs;
  ASSERT_EQ(pair.client.OpenDevice(pair.DeviceName(0), &own), kOk);
  ASSERT_EQ(secondary->OpenDevice(pair.DeviceName(1), &theirs), kOk);
  pair.StartAgent();
  ASSERT_EQ(pair.server.WaitForActive(Timeout::Infinite()), kOk);
  ASSERT_EQ(second->CloseDevice(), kOk);
  VDC_Command* command = nullptr;
  ASSERT_EQ(theirs->GetCommand(Timeout::Infinite(), &command), kClose);
  EXPECT_EQ(secondary->Close(), kOk);
  EXPECT_EQ(pair.Reason(), VdiSimNotAborted);
  EXPECT_EQ(own->GetCommand(Timeout::Poll(), &command), kTimeout);
}

TEST_F(ClientClose, WakesAThreadInsideGetCommand) {
  CLAUSE("C-CLO-21");
  SetPair pair;
  pair.Activate();
  std::thread waiter([&] {
    VDC_Command* command = nullptr;
    const HResult hr = pair.client_devices[0]->GetCommand(Timeout::Infinite(), &command);
    EXPECT_TRUE(hr == kAbort || hr == kProtocol) << hr;
  });
  EXPECT_EQ(pair.client.Close(), kOpen);
  waiter.join();
}

}  // namespace
}  // namespace vdisim
