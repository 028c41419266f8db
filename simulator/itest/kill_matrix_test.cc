// SIGKILL for each process of a device set after each step of the set's life. Whoever is left gets
// the documented codes within two seconds, and the next run of the same name finds nothing in its
// way and leaves nothing behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "simulator/base/test_clause.h"
#include "simulator/include/vdi_sim.h"
#include "simulator/itest/await_sleeper.h"
#include "simulator/itest/life_cycle.h"

namespace vdisim::itest {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::chrono::seconds kHang{2};

struct Death {
  size_t step;  // the last one that was played
  Role victim;
  bool blocked;  // killed inside a call that waits, not between calls

  friend void PrintTo(const Death& death, std::ostream* out) {
    *out << RoleName(death.victim) << (death.blocked ? "BlockedAfter" : "After")
         << LifeCycle()[death.step].name;
  }
};

std::string NameOf(const testing::TestParamInfo<Death>& info) {
  return testing::PrintToString(info.param);
}

// Where a role stands after a step.
bool IsIn(Role role, size_t step) {
  switch (role) {
    case Role::kPrimary:
      return step < StepNamed("PrimaryClose");
    case Role::kSecondary:
      return step >= StepNamed("OpenInSecondary") && step < StepNamed("SecondaryClose");
    case Role::kServer:
      break;
  }
  return step >= StepNamed("ServerOpen") && step < StepNamed("ServerClose");
}

struct Wait {
  Order order;
  uint32_t device = 0;
  // Where the set counts who sleeps in this call; none for calls that are repeated.
  const shm::Event* event = nullptr;
};

// What a role would naturally wait in after a step; nothing where it has nothing to wait for.
std::optional<Wait> WaitOf(Role role, size_t step, ControlSegment& control) {
  const auto after = [step](std::string_view name) { return step >= StepNamed(name); };
  EventBlock& events = control.events();
  if (!IsIn(role, step)) return std::nullopt;
  switch (role) {
    case Role::kPrimary:
      if (after("OneDeviceClosed")) return std::nullopt;  // VD_E_CLOSE is there for the asking
      if (after("PrimaryOpenDevice")) {
        return Wait{Order::kGetCommandsToEnd, 0, &control.device(0).command_event};
      }
      if (after("EndConfiguration")) return Wait{Order::kOpenDeviceToEnd};
      return Wait{Order::kGetConfiguration, 0, &events.configuration};
    case Role::kSecondary:
      if (after("SecondarySawClose")) return std::nullopt;
      if (after("SecondaryOpenDevice")) {
        return Wait{Order::kGetCommandsToEnd, 1, &control.device(1).command_event};
      }
      return Wait{Order::kOpenDeviceToEnd};
    case Role::kServer:
      break;
  }
  if (after("AgentBeforeActive")) return Wait{Order::kJoinAgent, 0, &events.agent};
  if (after("EndConfiguration")) return Wait{Order::kWaitForActive, 0, &events.active};
  return Wait{Order::kGetConfigurationToEnd};
}

// Every step of the life at which the victim is there, and those at which it may be inside a call
// that waits.
std::vector<Death> Deaths(std::initializer_list<Role> victims, size_t from, size_t to) {
  const auto may_wait = [](Role victim, size_t step) {
    const std::string_view name = LifeCycle()[step].name;
    if (victim == Role::kPrimary && name == "Create") return true;
    for (const std::string_view one : {"EndConfiguration", "PrimaryOpenDevice", "AgentBeforeActive",
                                       "Active", "PrimaryHoldsFour", "ServerSawAll"}) {
      if (name == one) return victim != Role::kSecondary || step > StepNamed("SecondaryOpenDevice");
    }
    return false;
  };
  std::vector<Death> deaths;
  for (size_t step = from; step < to; ++step) {
    for (const Role victim : victims) {
      if (!IsIn(victim, step)) continue;
      deaths.push_back({step, victim, false});
      if (may_wait(victim, step)) deaths.push_back({step, victim, true});
    }
  }
  return deaths;
}

class KillTest : public testing::TestWithParam<Death> {
 protected:
  static size_t End() { return LifeCycle().size() - 1; }
  bool IsAfter(std::string_view step) const { return death_.step >= StepNamed(step); }

  // The calls that those left wait in when the victim dies.
  void BeginWaits(const std::vector<Role>& roles) {
    for (const Role role : roles) {
      const std::optional<Wait> wait = WaitOf(role, death_.step, scene_.control());
      if (!wait.has_value()) continue;
      scene_.actor(role).Begin(wait->order, wait->device, kForever);
      if (wait->event != nullptr) AwaitSleeper(*wait->event);
    }
  }

  void Kill() {
    killed_at_ = SteadyClock::now();
    scene_.actor(death_.victim).Kill();
    scene_.Leave(death_.victim);
  }

  // Every wait that was begun ends in time, with the code of an abort.
  void ExpectWaitsEnd(const std::vector<Role>& roles) {
    for (const Role role : roles) {
      const std::optional<Wait> wait = WaitOf(role, death_.step, scene_.control());
      if (!wait.has_value()) continue;
      SCOPED_TRACE(RoleName(role));
      const Answer answer = scene_.actor(role).End();
      ASSERT_TRUE(answer.came);
      EXPECT_LT(SteadyClock::now() - killed_at_, kHang);
      // S-EXE-01: an agent that ran returns NOERROR.
      EXPECT_EQ(answer.code, wait->order == Order::kJoinAgent ? kOk : kAbort);
    }
  }

  // Those left are in Abort, for this reason, and can close.
  void ExpectAborted(const std::vector<Role>& roles, VdiSimAbortReason reason) {
    EXPECT_EQ(scene_.control().abort_reason(), reason);
    for (const Role role : roles) {
      SCOPED_TRACE(RoleName(role));
      if (!IsIn(role, death_.step)) continue;
      if (role == Role::kServer) ExpectServerAborted(reason);
      const auto begun = SteadyClock::now();
      const Answer answer = scene_.actor(role).Do(Order::kCheckAborted);
      ASSERT_TRUE(answer.came);
      EXPECT_EQ(answer.code, kOk) << "of call " << answer.value << "; see standard error";
      EXPECT_LT(SteadyClock::now() - begun, kHang);
    }
  }

  void ExpectServerAborted(VdiSimAbortReason reason) {
    EXPECT_EQ(scene_.actor(Role::kServer).Do(Order::kGetAbortReason).value,
              static_cast<uint32_t>(reason));
    // AB-09: what is outstanding ends with 995, and all that was sent ends.
    const uint32_t sent = IsAfter("CommandsSentToBoth") ? 6 : IsAfter("CommandsSent") ? 4 : 0;
    const uint32_t completed = scene_.actor(Role::kServer).Do(Order::kAwaitCompleted).value;
    EXPECT_EQ(completed + scene_.actor(Role::kServer).Do(Order::kCountCancelled).value,
              sent + sent_since_);
  }

  void ExpectTheNextRunToSucceed() {
    Scene next(name_);
    ASSERT_NO_FATAL_FAILURE(next.PlayThrough(End()));
    EXPECT_THAT(scene_.Objects(), testing::IsEmpty());
    EXPECT_THAT(next.Objects(), testing::IsEmpty());
  }

  const Death death_ = GetParam();
  const std::string name_ =
      "kill matrix " + std::to_string(getpid()) + " " + testing::PrintToString(GetParam());
  Scene scene_{name_};
  SteadyClock::time_point killed_at_;
  uint32_t sent_since_ = 0;  // beyond the steps of the life
};

// The others of a set.
std::vector<Role> Without(Role victim) {
  std::vector<Role> left;
  for (const Role role : kAllRoles) {
    if (role != victim) left.push_back(role);
  }
  return left;
}

class DeathOfPrimaryOrServer : public KillTest {};

TEST_P(DeathOfPrimaryOrServer, AbortsTheSetForAllOthers) {
  CLAUSE("AB-14");
  ASSERT_NO_FATAL_FAILURE(scene_.PlayThrough(death_.step));
  const std::vector<Role> left = Without(death_.victim);
  ASSERT_NO_FATAL_FAILURE(BeginWaits(left));
  if (death_.blocked) {
    ASSERT_NO_FATAL_FAILURE(BeginWaits({death_.victim}));
  }
  Kill();
  ASSERT_NO_FATAL_FAILURE(ExpectWaitsEnd(left));

  const bool noticed = IsIn(left[0], death_.step) || IsIn(left[1], death_.step);
  if (!IsIn(Role::kSecondary, death_.step) && death_.victim != Role::kSecondary) {
    const HResult answer = scene_.actor(Role::kSecondary).Do(Order::kOpenInSecondary).code;
    if (death_.victim == Role::kServer) {
      EXPECT_EQ(answer, kAbort);  // C-OIL-03
    } else {
      // C-OIL-02: a dead primary's set is swept away by whoever comes first.
      EXPECT_TRUE(answer == kProtocol || (noticed && answer == kAbort)) << answer;
    }
  }
  if (noticed) {
    ASSERT_NO_FATAL_FAILURE(ExpectAborted(
        left, death_.victim == Role::kPrimary ? VdiSimPrimaryDied : VdiSimServerDied));
  }
  ExpectTheNextRunToSucceed();
}

INSTANTIATE_TEST_SUITE_P(Kill, DeathOfPrimaryOrServer,
                         testing::ValuesIn(Deaths({Role::kPrimary, Role::kServer}, 0,
                                                  StepNamed("AllDevicesClosed"))),
                         NameOf);

class DeathAfterTheNormalEnd : public KillTest {};

TEST_P(DeathAfterTheNormalEnd, DisturbsNobody) {
  CLAUSE("L-18");
  ASSERT_NO_FATAL_FAILURE(scene_.PlayThrough(death_.step));
  Kill();
  ASSERT_NO_FATAL_FAILURE(scene_.PlayThrough(End()));
  EXPECT_LT(SteadyClock::now() - killed_at_, kHang);
  EXPECT_EQ(scene_.control().abort_reason(), VdiSimNotAborted);
  ExpectTheNextRunToSucceed();
}

INSTANTIATE_TEST_SUITE_P(Kill, DeathAfterTheNormalEnd,
                         testing::ValuesIn(Deaths({Role::kPrimary, Role::kSecondary, Role::kServer},
                                                  StepNamed("SecondarySawClose"),
                                                  LifeCycle().size() - 1)),
                         NameOf);

class DeathOfSecondary : public KillTest {
 protected:
  bool HasNoCommandsQueued() const {
    return IsAfter("PrimaryOpenDevice") &&
           (!IsAfter("CommandsSent") ||
            (IsAfter("PrimaryHoldsFour") && !IsAfter("OneDeviceClosed")));
  }

  // The set works on: longer than anybody would need to notice a death.
  void ExpectNothingEnded() {
    if (HasNoCommandsQueued()) {
      EXPECT_EQ(scene_.actor(Role::kPrimary).Do(Order::kGetCommand, 0, 250).code, kTimeout);
    }
    EXPECT_EQ(scene_.control().abort_reason(), VdiSimNotAborted);
    if (IsAfter("Active") && !IsAfter("OneDeviceClosed")) {
      EXPECT_EQ(scene_.actor(Role::kServer).Do(Order::kSendWrites, 0, 1).code, kOk);
      EXPECT_EQ(scene_.actor(Role::kPrimary).Do(Order::kGetCommand, 0, kForever).code, kOk);
      EXPECT_EQ(scene_.actor(Role::kPrimary).Do(Order::kCompleteCommand, 0).code, kOk);
      sent_since_ = 1;
    }
  }
};

TEST_P(DeathOfSecondary, EndsNothingUntilThePrimaryAborts) {
  CLAUSE("MP-04");
  ASSERT_NO_FATAL_FAILURE(scene_.PlayThrough(death_.step));
  if (death_.blocked) {
    ASSERT_NO_FATAL_FAILURE(BeginWaits({Role::kSecondary}));
  }
  Kill();
  ExpectNothingEnded();

  if (!IsAfter("SecondaryOpenDevice")) {
    // Another process takes its place.
    scene_.Replace(Role::kSecondary);
    ASSERT_EQ(scene_.actor(Role::kSecondary).Do(Order::kOpenInSecondary).code, kOk);
    scene_.Return(Role::kSecondary);
    ASSERT_NO_FATAL_FAILURE(scene_.PlayThrough(End()));
  } else {
    ASSERT_NO_FATAL_FAILURE(BeginWaits({Role::kServer}));
    EXPECT_EQ(scene_.actor(Role::kPrimary).Do(Order::kSignalAbort).code, kOk);
    ASSERT_NO_FATAL_FAILURE(ExpectWaitsEnd({Role::kServer}));
    ASSERT_NO_FATAL_FAILURE(ExpectAborted({Role::kPrimary, Role::kServer}, VdiSimClientAborted));
  }
  ExpectTheNextRunToSucceed();
}

INSTANTIATE_TEST_SUITE_P(Kill, DeathOfSecondary,
                         testing::ValuesIn(Deaths({Role::kSecondary}, 0,
                                                  StepNamed("SecondarySawClose"))),
                         NameOf);

}  // namespace
}  // namespace vdisim::itest
