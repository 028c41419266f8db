#include "simulator/device_set/set_directory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "simulator/base/test_clause.h"
#include "simulator/base/test_process.h"
#include "simulator/device_set/set_pair_for_test.h"
#include "simulator/shm/liveness.h"
#include "simulator/shm/object_name.h"

namespace vdisim {
namespace {

std::optional<SetDescription> Find(const std::string& name) {
  for (const SetDescription& set : ListSets()) {
    if (set.name == name) return set;
  }
  return std::nullopt;
}

TEST(ListSets, DescribesASetThroughItsLife) {
  CLAUSE("L-01");
  SetPair pair({.request = RequestOf(2)});
  EXPECT_FALSE(Find(pair.name()).has_value());
  pair.Create();
  std::optional<SetDescription> set = Find(pair.name());
  ASSERT_TRUE(set.has_value());
  EXPECT_EQ(set->state, "Configurable (no server)");
  EXPECT_EQ(set->owner, shm::Describe(shm::ThisProcess()));
  EXPECT_TRUE(set->owner_alive);
  EXPECT_EQ(set->server, "");
  EXPECT_EQ(set->devices, 2U);
  EXPECT_EQ(set->abort_reason, "");
  EXPECT_EQ(set->object_name, shm::ControlObjectName("", pair.name()));
  EXPECT_LT(set->age, std::chrono::seconds(60));
  const uint64_t bytes_before = set->bytes;
  EXPECT_EQ(bytes_before, ControlBytes(2));

  SetPair active({.request = RequestOf(2), .buffers = 2, .buffer_bytes = 65536});
  active.Activate();
  set = Find(active.name());
  ASSERT_TRUE(set.has_value());
  EXPECT_EQ(set->state, "Active");
  EXPECT_TRUE(set->server_alive);
  EXPECT_EQ(set->devices_open, 2U);
  EXPECT_GT(set->calls, 5U);
  EXPECT_GT(set->bytes, ControlBytes(2) + 2 * 65536);
  ASSERT_EQ(active.client.SignalAbort(), kOk);
  EXPECT_EQ(Find(active.name())->abort_reason, "aborted by the client");
}

TEST(PurgeDeadSets, LeavesTheLivingAlone) {
  CLAUSE("MP-04");
  SetPair pair;
  pair.Activate();
  static_cast<void>(PurgeDeadSets());
  const auto set = Find(pair.name());
  ASSERT_TRUE(set.has_value());
  SentCommand sent(VDC_Write, pair.Allocate(), 512);
  ASSERT_EQ(pair.server_devices[0]->SendCommand(sent.get()), kOk);
  VDC_Command* command = nullptr;
  EXPECT_EQ(pair.client_devices[0]->GetCommand(Timeout::Infinite(), &command), kOk)
      << "the area is still there to be mapped";
}

TEST(PurgeDeadSets, RemovesWhatADeadPrimaryLeft) {
  CLAUSE("AB-14");
  const std::string name = FreshSetName();
  TestProcess primary([&name](TestLine& parent) {
    ClientSet client;
    if (!client.Create("", name, RequestOf(1)).ok()) return 1;
    parent.Tell(1);
    parent.Hear();
    return 0;
  });
  primary.Hear();
  const auto living = Find(name);
  ASSERT_TRUE(living.has_value());
  EXPECT_TRUE(living->owner_alive);
  primary.Kill();
  primary.Wait();
  // The Create of any other process may remove the dead set before we do.
  if (const auto dead = Find(name)) {
    EXPECT_FALSE(dead->owner_alive);
  }
  static_cast<void>(PurgeDeadSets());
  EXPECT_FALSE(Find(name).has_value());
}

int WaitForWord(TestLine& parent) {
  parent.Hear();
  return 0;
}

// A primary makes a set that the keeper looks after, and is killed.
void LeaveSetTo(const TestProcess& keeper, const std::string& name) {
  TestProcess primary([&](TestLine& parent) {
    ClientOptions options;
    options.keeper = static_cast<uint32_t>(keeper.pid());
    ClientSet client(options);
    if (!client.Create("", name, RequestOf(1)).ok()) return 1;
    parent.Tell(1);
    return WaitForWord(parent);
  });
  primary.Hear();
  primary.Kill();
}

TEST(PurgeDeadSets, LeavesADeadSetToItsKeeper) {
  CLAUSE("AB-14");
  const std::string name = FreshSetName();
  TestProcess keeper(WaitForWord);
  LeaveSetTo(keeper, name);
  static_cast<void>(PurgeDeadSets());
  ASSERT_TRUE(Find(name).has_value());
  EXPECT_FALSE(Find(name)->owner_alive);

  ClientSet next;
  EXPECT_EQ(next.Create("", name, RequestOf(1)), kOk) << "the name is free all the same";
  EXPECT_TRUE(Find(name)->owner_alive);
}

TEST(PurgeDeadSets, RemovesWhatADeadKeeperLookedAfter) {
  CLAUSE("AB-14");
  const std::string name = FreshSetName();
  TestProcess keeper(WaitForWord);
  LeaveSetTo(keeper, name);
  ASSERT_TRUE(Find(name).has_value());
  keeper.Kill();
  static_cast<void>(PurgeDeadSets());
  EXPECT_FALSE(Find(name).has_value());
}

TEST(WaitForSet, ReturnsWhenTheSetComes) {
  CLAUSE("T-08");
  SetPair pair;
  std::thread creator([&] { pair.Create(); });
  EXPECT_EQ(WaitForSet("", pair.name(), Timeout::Infinite()), kOk);
  creator.join();
  EXPECT_EQ(WaitForSet("", pair.name(), Timeout::Poll()), kOk);
}

TEST(WaitForSet, TimesOutWhenNoneComes) {
  CLAUSE("T-08");
  EXPECT_EQ(WaitForSet("", FreshSetName(), Timeout::Poll()), kTimeout);
  EXPECT_EQ(WaitForSet("", FreshSetName(), Timeout::Milliseconds(5)), kTimeout);
}

TEST(AdvanceSetClock, MovesVirtualClocksOnly) {
  CLAUSE("T-01");
  EXPECT_EQ(AdvanceSetClock("", FreshSetName(), Nanoseconds(1)), kInvalid);
  SetPair real;
  real.Create();
  EXPECT_EQ(AdvanceSetClock("", real.name(), Nanoseconds(1)), kNotSupported);
  SetPair timed({.virtual_clock = true});
  timed.Create();
  const auto spy = timed.Spy();
  EXPECT_EQ(AdvanceSetClock("", timed.name(), std::chrono::minutes(10)), kOk);
  EXPECT_EQ(WaitForClockWaits("", timed.name(), 0, Timeout::Poll()), kOk);
  EXPECT_EQ(WaitForClockWaits("", timed.name(), 1, Timeout::Poll()), kTimeout);
  EXPECT_EQ(WaitForClockWaits("", real.name(), 0, Timeout::Poll()), kNotSupported);
  EXPECT_EQ(WaitForClockWaits("", FreshSetName(), 0, Timeout::Poll()), kInvalid);
  EXPECT_EQ(spy->clock().Now(), Nanoseconds(std::chrono::minutes(10)));
  EXPECT_EQ(AdvanceSetClock("", timed.name(), Nanoseconds(-1)), kInvalid);
}

}  // namespace
}  // namespace vdisim
