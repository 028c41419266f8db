// One process of a running backup kills itself at a call of its own that a seed chose, or is killed
// from outside when it has completed a number of commands that a seed chose: the others end in time
// with documented codes, and the same name works again at once. A failing run is repeated with
// VDISIM_SEED.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <vdi.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <string>

#include "simulator/base/test_clause.h"
#include "simulator/itest/conversation.h"
#include "simulator/shm/object_name.h"

namespace vdisim::itest {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr int kRounds = 60;
constexpr uint32_t kCommands = 12;
// Calls that a client makes in a whole conversation of two devices: two for each command and five
// around them. The server makes about as many for each device.
constexpr uint64_t kClientCalls = 2 * kCommands + 5;
constexpr uint64_t kServerCalls = 2 * kCommands + 20;
// Three processes have to notice one after the other, and the machine may be busy.
constexpr std::chrono::seconds kHang{2};

uint64_t Seed() {
  const char* const given = std::getenv("VDISIM_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

class RandomKill : public testing::Test {
 protected:
  RandomKill() { RecordProperty("seed", std::to_string(seed_)); }

  uint64_t UpTo(uint64_t most) { return std::uniform_int_distribution<uint64_t>(1, most)(chance_); }
  ConversationPlan Plan() const {
    ConversationPlan plan;
    plan.name = name_;
    plan.commands = kCommands;
    return plan;
  }

  // VDI does not notice the death of a secondary (MP-04); the application does and aborts.
  void AbortForTheApplication() {
    ClientVirtualDeviceSet set;
    std::string name = name_;
    if (set.OpenInSecondary(name.data()) != 0) return;  // it is over already
    EXPECT_EQ(set.SignalAbort(), 0);
  }

  void ExpectOthersToEnd(Conversation& conversation) {
    const auto begun = SteadyClock::now();
    const Conversation::Ends ends = conversation.Finish();
    EXPECT_LT(SteadyClock::now() - begun, kHang);
    EXPECT_FALSE(ends.HasWrong());
    silent_ += ends.primary.has_value() ? 0 : 1;
    silent_ += ends.server.has_value() || ends.secondaries.empty() ? 0 : 1;
    for (const auto& end : ends.secondaries) silent_ += end.has_value() ? 0 : 1;
  }

  // A whole run of the same name, after which nothing of it exists.
  void ExpectACleanRun() {
    Conversation conversation(Plan());
    ASSERT_TRUE(conversation.StartOthers());
    EXPECT_TRUE(conversation.Finish().AllNormal());
    const std::string control = shm::ControlObjectName("", name_);
    for (const shm::ObjectInfo& object : shm::ListObjects()) EXPECT_NE(object.name, control);
  }

  const uint64_t seed_ = Seed();
  std::mt19937_64 chance_{seed_};
  const std::string name_ =
      "random kill " + std::to_string(getpid()) + " seed " + std::to_string(seed_);
  int silent_ = 0;  // processes that ended without a word
};

TEST_F(RandomKill, AtAnyCallOfAnyProcessLetsTheOthersEnd) {
  CLAUSE("AB-14");
  SCOPED_TRACE("VDISIM_SEED=" + std::to_string(seed_));
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    ConversationPlan plan = Plan();
    const uint64_t victim = UpTo(3);
    if (victim == 1) plan.primary_dies_at = UpTo(kClientCalls);
    if (victim == 2) plan.secondary_dies_at = UpTo(kClientCalls);
    // Not before its Open: a primary that no server came to waits on, as it should.
    if (victim == 3) plan.server_dies_at = 1 + UpTo(kServerCalls);
    SCOPED_TRACE("round " + std::to_string(round) + ", dies at call " +
                 std::to_string(plan.primary_dies_at) + " of the primary, " +
                 std::to_string(plan.secondary_dies_at) + " of the secondary, " +
                 std::to_string(plan.server_dies_at) + " of the server");
    Conversation conversation(plan);
    if (conversation.StartOthers() && victim == 2) {
      conversation.secondary(1).WaitUntilZombie();  // it dies, or has ended before its last call
      AbortForTheApplication();
    }
    ExpectOthersToEnd(conversation);
    if (round % 10 == 9) ExpectACleanRun();
  }
  // Most of them did die, or this would have tested nothing.
  EXPECT_GT(silent_, kRounds / 2);
  ExpectACleanRun();
}

TEST_F(RandomKill, AfterAnyNumberOfCommandsLetsTheOthersEnd) {
  CLAUSE("AB-14");
  SCOPED_TRACE("VDISIM_SEED=" + std::to_string(seed_));
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    ConversationPlan plan = Plan();
    plan.tells_at = UpTo(kCommands);
    const uint64_t victim = UpTo(3);
    SCOPED_TRACE("round " + std::to_string(round) + ", victim " + std::to_string(victim) +
                 ", after " + std::to_string(plan.tells_at) + " commands");
    Conversation conversation(plan);
    ASSERT_TRUE(conversation.StartOthers());
    ASSERT_EQ(conversation.secondary(1).Hear(), kCounted);
    // It has gone on meanwhile: the signal meets it anywhere.
    if (victim == 1) conversation.primary().Kill();
    if (victim == 2) conversation.secondary(1).Kill();
    if (victim == 3) conversation.server().Kill();
    if (victim == 2) AbortForTheApplication();
    ExpectOthersToEnd(conversation);
    if (round % 10 == 9) ExpectACleanRun();
  }
  ExpectACleanRun();
}

}  // namespace
}  // namespace vdisim::itest
