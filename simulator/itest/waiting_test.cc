// What waiting costs, and waiting on a clock that is moved by hand, across processes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "simulator/base/test_clause.h"
#include "simulator/device_set/control_segment.h"
#include "simulator/include/vdi_sim.h"
#include "simulator/itest/await_sleeper.h"
#include "simulator/itest/stage.h"

namespace vdisim::itest {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr uint32_t kTenMinutesMs = 600'000;
constexpr std::chrono::seconds kMoments{2};

Cast CastOf(const std::string& what, bool virtual_clock) {
  Cast cast;
  cast.name = what + " " + std::to_string(getpid());
  cast.virtual_clock = virtual_clock;
  return cast;
}

TEST(Waiting, UsesNoProcessorTime) {
  CLAUSE("C-GET-03");
  Stage stage(CastOf("idle", false));
  ASSERT_NO_FATAL_FAILURE(stage.Activate(2));
  const auto used = [&] {
    return stage.client(0).Do(Order::kCpuMilliseconds).value +
           stage.server().Do(Order::kCpuMilliseconds).value;
  };
  const uint32_t before = used();
  const auto begun = SteadyClock::now();
  EXPECT_EQ(stage.client(0).Do(Order::kGetCommand, 0, 1000).code, kTimeout);
  EXPECT_GE(SteadyClock::now() - begun, std::chrono::milliseconds(990));
  // The client in GetCommand and the server's agent together.
  EXPECT_LT(used() - before, 10U);
  stage.End();
}

TEST(VirtualClock, TenMinutesOfGetCommandPassInMoments) {
  CLAUSE("C-GET-03");
  const Cast cast = CastOf("virtual GetCommand", true);
  Stage stage(cast);
  ASSERT_NO_FATAL_FAILURE(stage.Activate(2));
  auto control = ControlSegment::Open("", cast.name);
  ASSERT_TRUE(control.ok());
  const shm::Event& event = control.value()->device(0).command_event;

  const auto begun = SteadyClock::now();
  stage.client(0).Begin(Order::kGetCommand, 0, kTenMinutesMs);
  ASSERT_NO_FATAL_FAILURE(AwaitSleeper(event));
  Stage::Must(stage.server(), Order::kAdvanceClock, 0, kTenMinutesMs);
  EXPECT_EQ(stage.client(0).End().code, kTimeout);

  // A millisecond before the end it still waits, and takes what comes.
  stage.client(0).Begin(Order::kGetCommand, 0, kTenMinutesMs);
  ASSERT_NO_FATAL_FAILURE(AwaitSleeper(event));
  Stage::Must(stage.server(), Order::kAdvanceClock, 0, kTenMinutesMs - 1);
  Stage::Must(stage.server(), Order::kSendWrites, 0, 1);
  EXPECT_EQ(stage.client(0).End().code, kOk);
  EXPECT_LT(SteadyClock::now() - begun, kMoments);
  Stage::Must(stage.client(0), Order::kCompleteCommand, 0);
  stage.End();
}

TEST(VirtualClock, TwoServerTimeOutsOfTenMinutesPassInMoments) {
  CLAUSE("T-05");
  Cast cast = CastOf("virtual serverTimeOut", true);
  cast.server_time_out_ms = kTenMinutesMs;
  Stage stage(cast);
  ASSERT_NO_FATAL_FAILURE(stage.Activate(4));
  const auto begun = SteadyClock::now();
  stage.Deliver(0);
  // Two full intervals are allowed, and a completion starts them anew.
  Stage::Must(stage.server(), Order::kAdvanceClock, 0, 2 * kTenMinutesMs);
  stage.Deliver(1);
  Stage::Must(stage.client(1), Order::kCompleteCommand, 1);
  EXPECT_EQ(stage.server().Do(Order::kAwaitCompleted, 0, 1).value, 1U);
  Stage::Must(stage.server(), Order::kAdvanceClock, 0, 2 * kTenMinutesMs);
  EXPECT_EQ(stage.server().Do(Order::kGetAbortReason).value, VdiSimNotAborted);

  Stage::Must(stage.server(), Order::kAdvanceClock, 0, 1);
  EXPECT_EQ(stage.server().Do(Order::kJoinAgent).code, kOk);
  EXPECT_EQ(stage.server().Do(Order::kGetAbortReason).value, VdiSimServerTimeOut);
  EXPECT_EQ(stage.server().Do(Order::kCountCancelled).value, 1U);
  EXPECT_EQ(stage.client(0).Do(Order::kGetCommand, 0, kForever).code, kAbort);
  EXPECT_EQ(stage.client(1).Do(Order::kGetCommand, 1, kForever).code, kAbort);
  EXPECT_EQ(stage.client(0).Do(Order::kCompleteCommand, 0).code, kAbort);
  EXPECT_LT(SteadyClock::now() - begun, kMoments);
}

}  // namespace
}  // namespace vdisim::itest
