// Segments between processes that are killed.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "simulator/base/test_process.h"
#include "simulator/shm/event.h"
#include "simulator/shm/object_name.h"
#include "simulator/shm/segment.h"
#include "simulator/shm/test_object.h"
#include "simulator/shm/unfinished_object.h"

namespace vdisim::shm {
namespace {

// Owns an object of that name until it is killed.
int OwnForEver(const TestObject& object, TestLine& parent) {
  Result<Segment> segment = CreateOwned(object.name());
  parent.Tell(segment.ok() ? 1 : 0);
  parent.Hear();
  return 0;
}

std::vector<std::string> UnfinishedOf(pid_t maker) {
  std::vector<std::string> names;
  for (const ObjectInfo& object : ListObjects()) {
    const std::optional<ProcessIdentity> by = MakerOf(object.name);
    if (by && by->pid == static_cast<uint32_t>(maker)) names.push_back(object.name);
  }
  return names;
}

TEST(SegmentOfADeadProcess, LosesItsRoleAndIsReplaced) {
  const TestObject object;
  TestProcess owner([&](TestLine& parent) { return OwnForEver(object, parent); });
  ASSERT_EQ(owner.Hear(), 1U);
  Result<Segment> opened = Segment::OpenExisting(object.name(), kTestSize, {});
  ASSERT_EQ(opened.code(), kOk);
  EXPECT_TRUE(opened->RoleIsHeldElsewhere(Role::kOwner));
  EXPECT_FALSE(OwnerIsDead(opened.value()));
  EXPECT_EQ(CreateOwned(object.name()).code(), kAlreadyExists);

  owner.Signal(SIGKILL);
  owner.WaitUntilZombie();
  EXPECT_FALSE(opened->RoleIsHeldElsewhere(Role::kOwner));
  EXPECT_TRUE(OwnerIsDead(opened.value()));
  EXPECT_TRUE(opened->IsLinked());
  Result<Segment> successor = CreateOwned(object.name());
  EXPECT_EQ(successor.code(), kOk);
  EXPECT_FALSE(opened->IsLinked());
  EXPECT_FALSE(opened->Unlink());
  EXPECT_TRUE(successor->IsLinked());
}

TEST(SegmentOfADeadProcess, IsReplacedAlthoughAForkedChildHoldsItsLock) {
  const TestObject object;
  std::array<int, 2> end_of_test{};
  ASSERT_EQ(::pipe(end_of_test.data()), 0);
  TestProcess owner([&](TestLine& parent) {
    Result<Segment> segment = CreateOwned(object.name());
    if (::fork() == 0) {
      ::close(end_of_test[1]);
      parent.Tell();
      char nothing = 0;
      ::_exit(::read(end_of_test[0], &nothing, 1) == 0 ? 0 : 1);  // until the test closes it
    }
    ::close(end_of_test[1]);
    parent.Hear();
    return 0;
  });
  ASSERT_EQ(owner.Hear(), 1U);
  owner.Kill();

  Result<Segment> opened = Segment::OpenExisting(object.name(), kTestSize, {});
  ASSERT_EQ(opened.code(), kOk);
  EXPECT_TRUE(opened->RoleIsHeldElsewhere(Role::kOwner));
  EXPECT_TRUE(OwnerIsDead(opened.value()));
  EXPECT_EQ(CreateOwned(object.name()).code(), kOk);
  ::close(end_of_test[0]);
  ::close(end_of_test[1]);
}

TEST(SegmentInAForkedChild, LeavesTheParentsRoleAlone) {
  const TestObject object;
  Result<Segment> segment = CreateOwned(object.name());
  TestProcess child([&](TestLine&) {
    const Segment mine = std::move(segment.value());
    return 0;
  });
  ASSERT_EQ(child.Wait(), 0);
  Result<Segment> opened = Segment::OpenExisting(object.name(), kTestSize, {});
  EXPECT_TRUE(opened->RoleIsHeldElsewhere(Role::kOwner));
  EXPECT_FALSE(OwnerIsDead(opened.value()));
}

TEST(SegmentInAForkedChild, DoesNotProlongTheParentsRole) {
  const TestObject object;
  Result<Segment> segment = CreateOwned(object.name());
  TestProcess child([&](TestLine& parent) {
    parent.Tell();
    parent.Hear();
    return 0;
  });
  ASSERT_EQ(child.Hear(), 1U);
  Result<Segment> opened = Segment::OpenExisting(object.name(), kTestSize, {});
  { const Segment gone = std::move(segment.value()); }
  EXPECT_FALSE(opened->RoleIsHeldElsewhere(Role::kOwner));
  EXPECT_EQ(opened->TakeRole(Role::kOwner), kOk);
}

TEST(SegmentCreate, LeavesOnlyAnUnfinishedObjectWhenKilledInTheMiddle) {
  const TestObject object;
  TestProcess maker([&](TestLine& parent) {
    const auto stop_here = [&](std::span<std::byte>) {
      parent.Tell();
      parent.Hear();
    };
    (void)Segment::Create(object.name(), kTestSize, Role::kOwner, {}, stop_here, OwnerIsDead);
    return 0;
  });
  ASSERT_EQ(maker.Hear(), 1U);
  EXPECT_EQ(UnfinishedOf(maker.pid()).size(), 1U);
  PurgeUnfinished();
  EXPECT_EQ(UnfinishedOf(maker.pid()).size(), 1U) << "the maker lives";

  maker.Kill();
  EXPECT_FALSE(object.Exists());
  EXPECT_EQ(UnfinishedOf(maker.pid()).size(), 1U);
  PurgeUnfinished();
  EXPECT_EQ(UnfinishedOf(maker.pid()).size(), 0U);
}

// The child creates and unlinks without end and is killed at a moment that differs from round to
// round. Whatever it was doing, the name is free for a successor and nothing stays behind.
TEST(SegmentCreate, MayBeKilledAtAnyInstant) {
  const TestObject object;
  for (int round = 0; round < 60; ++round) {
    TestProcess maker([&](TestLine& parent) {
      while (true) {
        Result<Segment> segment = CreateOwned(object.name());
        if (!segment.ok()) return 1;
        parent.Tell();
        segment->Unlink();
      }
    });
    ASSERT_EQ(maker.Hear(), 1U);
    for (int pause = 0; pause < round * 50; ++pause) SpinPause();
    ASSERT_EQ(maker.Kill(), 128 + SIGKILL);
    Result<Segment> successor = CreateOwned(object.name());
    ASSERT_EQ(successor.code(), kOk);
    EXPECT_TRUE(successor->Unlink());
    PurgeUnfinished();
    EXPECT_EQ(UnfinishedOf(maker.pid()).size(), 0U);
  }
}

// Several processes that create one name at the same time, round after round.
class Rivals {
 public:
  explicit Rivals(const TestObject& object) {
    for (int i = 0; i < 3; ++i) {
      rivals_.push_back(std::make_unique<TestProcess>(
          [&object](TestLine& parent) { return Compete(object, parent); }));
    }
  }

  // One round; returns how many won, or -1 if somebody got a code that is neither.
  int Compete() {
    for (const auto& rival : rivals_) rival->Tell();
    int winners = 0;
    for (const auto& rival : rivals_) {
      const std::optional<uint64_t> hr = rival->Hear();
      if (hr == static_cast<uint32_t>(kOk.value())) {
        ++winners;
      } else if (hr != static_cast<uint32_t>(kAlreadyExists.value())) {
        return -1;
      }
    }
    return winners;
  }

  // Lets everybody go of what was won, with or without removing it.
  void LetGo(bool unlink) {
    for (const auto& rival : rivals_) rival->Tell(unlink ? 1 : 0);
    for (const auto& rival : rivals_) rival->Hear();
  }

 private:
  static int Compete(const TestObject& object, TestLine& parent) {
    while (parent.Hear()) {
      Result<Segment> segment = CreateOwned(object.name());
      parent.Tell(static_cast<uint32_t>(segment.code().value()));
      const std::optional<uint64_t> unlink = parent.Hear();
      if (segment.ok() && unlink == 1U) segment->Unlink();
      segment = kInvalid;
      parent.Tell();
    }
    return 0;
  }

  std::vector<std::unique_ptr<TestProcess>> rivals_;
};

TEST(SegmentCreate, LetsExactlyOneOfManyCreatorsWin) {
  const TestObject object;
  Rivals rivals(object);
  for (int round = 0; round < 200; ++round) {
    ASSERT_EQ(rivals.Compete(), 1) << round;
    rivals.LetGo(true);
  }
}

TEST(SegmentCreate, LetsExactlyOneOfManyReplaceAStaleObject) {
  const TestObject object;
  Rivals rivals(object);
  for (int round = 0; round < 200; ++round) {
    ASSERT_EQ(rivals.Compete(), 1) << round;
    rivals.LetGo(false);  // the winner's lock ends, its object stays: all three find it stale
    EXPECT_TRUE(object.Exists());
  }
}

}  // namespace
}  // namespace vdisim::shm
