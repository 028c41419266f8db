// Somebody with access to the shared memory writes nonsense into it while a backup runs. Whatever
// the others then do, they do not crash, no call hangs, and each code is one that its method
// documents. A failing run is repeated with VDISIM_SEED.
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "simulator/device_set/area_layout.h"
#include "simulator/device_set/control_segment.h"
#include "simulator/itest/conversation.h"
#include "simulator/shm/object_name.h"
#include "simulator/shm/segment.h"

namespace vdisim::itest {
namespace {

constexpr int kConversations = 60;
// How often it is written in one of them: once, so that the nonsense works on for a while, or
// often.
constexpr int kScribbles[] = {1, 3, 20, 400};

uint64_t Seed() {
  const char* const given = std::getenv("VDISIM_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

// Writes into the control segment of a set and its buffer areas.
class Scribbler {
 public:
  Scribbler(const std::string& name, uint64_t seed) : chance_(seed) {
    auto control = ControlSegment::Open("", name);
    if (!control.ok()) return;
    control_ = std::move(control.value());
    targets_.push_back(control_->segment().bytes());
    for (uint32_t index = 0; index < kAreasMax; ++index) {
      auto area = shm::Segment::OpenExisting(
          shm::AreaObjectName(control_->facts().incarnation, index), sizeof(AreaHeader), {});
      if (!area.ok()) break;
      // The buffers hold data, which is anybody's; what counts is what stands before them.
      targets_.push_back(area->bytes().first(std::min<size_t>(area->bytes().size(), 4096)));
      areas_.push_back(std::move(area.value()));
    }
  }
  bool has_set() const { return control_ != nullptr; }

  void Scribble() {
    switch (UpTo(6)) {
      case 0:  // anywhere
        Fill(targets_[UpTo(targets_.size() - 1)]);
        break;
      case 1:  // the state, the server's block, the clock, the events
        Fill(targets_[0].subspan(offsetof(ControlLayout, state),
                                 sizeof(ControlLayout) - offsetof(ControlLayout, state)));
        break;
      case 2:  // what a device is
        Fill(Slot().first(offsetof(DeviceSlot, name)));
        break;
      case 3:
        Fill(Entry(offsetof(DeviceSlot, commands), sizeof(CommandEntry)));
        break;
      case 4:
        Fill(Entry(offsetof(DeviceSlot, completions), sizeof(CompletionEntry)));
        break;
      default:  // a plausible turn, so that what stands beside it is believed
        ForgeTurn();
    }
  }

 private:
  size_t UpTo(size_t most) { return std::uniform_int_distribution<size_t>(0, most)(chance_); }
  std::span<std::byte> Slot() {
    const size_t device = UpTo(control_->device_count() - 1);
    return targets_[0].subspan(sizeof(ControlLayout) + device * sizeof(DeviceSlot),
                               sizeof(DeviceSlot));
  }
  std::span<std::byte> Entry(size_t ring, size_t size) {
    return Slot().subspan(ring + size * UpTo(kRingEntries - 1), size);
  }
  // Some bytes in a row, often all alike; the writes are as careless as another program's.
  void Fill(std::span<std::byte> target) {
    const size_t at = UpTo(target.size() - 1);
    const size_t most = std::min(target.size() - at, size_t{1} << UpTo(4));
    const int kind = static_cast<int>(UpTo(2));
    for (size_t i = 0; i < most; ++i) {
      volatile std::byte& byte = target[at + i];
      byte = kind == 0   ? std::byte{0xFF}
             : kind == 1 ? std::byte{0}
                         : static_cast<std::byte>(UpTo(255));
    }
  }
  void ForgeTurn() {
    DeviceSlot& slot = *reinterpret_cast<DeviceSlot*>(Slot().data());
    const uint64_t position = UpTo(kRingEntries - 1);
    if (UpTo(1) == 0) {
      CommandEntry& entry = slot.commands[position];
      entry.code.store(static_cast<int32_t>(UpTo(20)));
      entry.size.store(static_cast<int32_t>(UpTo(1) == 0 ? 65536 : chance_()));
      entry.buffer.store(static_cast<uint32_t>(UpTo(1) == 0 ? UpTo(16) : chance_()));
      entry.slot.store(static_cast<uint32_t>(UpTo(80)));
      entry.turn.store(position + 1);
    } else {
      CompletionEntry& entry = slot.completions[position];
      entry.command.store(UpTo(kRingEntries));
      entry.fetched.store(UpTo(kRingEntries));
      entry.slot.store(static_cast<uint32_t>(UpTo(80)));
      entry.code.store(static_cast<int32_t>(UpTo(2)));
      entry.turn.store(position + 1);
    }
  }

  std::mt19937_64 chance_;
  std::unique_ptr<ControlSegment> control_;
  std::vector<shm::Segment> areas_;
  std::vector<std::span<std::byte>> targets_;
};

TEST(HostileSegment, NeitherCrashesNorHangsAnybody) {
  const uint64_t seed = Seed();
  RecordProperty("seed", std::to_string(seed));
  SCOPED_TRACE("VDISIM_SEED=" + std::to_string(seed));
  int aborted = 0;
  for (int round = 0; round < kConversations && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    ConversationPlan plan;
    plan.name = "hostile segment " + std::to_string(getpid());
    plan.commands = 2000;
    plan.check_data = false;
    plan.timeout_ms = 400;
    plan.tells_at = 1 + static_cast<uint64_t>(round) % 8;
    Conversation conversation(plan);
    ASSERT_TRUE(conversation.StartOthers());
    // From before Active in some rounds, amid the commands in others.
    if (round % 4 != 0) conversation.secondary(1).Hear();

    const uint64_t round_seed = seed + static_cast<uint64_t>(round);
    TestProcess scribbler([&](TestLine& parent) {
      Scribbler nonsense(plan.name, round_seed);
      if (!nonsense.has_set()) return 1;
      for (int i = kScribbles[round / 4 % 4]; i > 0; --i) {
        nonsense.Scribble();
        sched_yield();
      }
      parent.Tell();
      return 0;
    });
    const Conversation::Ends ends = conversation.Finish();
    EXPECT_TRUE(ends.primary.has_value() && ends.server.has_value() &&
                ends.secondaries.at(0).has_value())
        << "a process died or hung";
    EXPECT_FALSE(ends.HasWrong());
    aborted += ends.AllNormal() ? 0 : 1;
    scribbler.Kill();
  }
  EXPECT_GT(aborted, 0) << "the nonsense was never noticed";

  // The name works as if nothing had been.
  ConversationPlan plan;
  plan.name = "hostile segment " + std::to_string(getpid());
  Conversation conversation(plan);
  ASSERT_TRUE(conversation.StartOthers());
  EXPECT_TRUE(conversation.Finish().AllNormal());
  for (const shm::ObjectInfo& object : shm::ListObjects()) {
    EXPECT_NE(object.name, shm::ControlObjectName("", plan.name));
  }
}

}  // namespace
}  // namespace vdisim::itest
