#include "simulator/shm/segment.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>
#include <vector>

#include "simulator/base/test_process.h"
#include "simulator/shm/test_object.h"

namespace vdisim::shm {
namespace {

bool NeverStale(const Segment&) { return false; }
bool AlwaysStale(const Segment&) { return true; }
void LeaveZeroed(std::span<std::byte>) {}

uint8_t ByteAt(const Segment& segment, size_t offset) {
  return static_cast<uint8_t>(segment.bytes()[offset]);
}

uintptr_t AddressOf(const Segment& segment) {
  return reinterpret_cast<uintptr_t>(segment.bytes().data());
}

Result<Segment> CreateAligned(const TestObject& object, size_t alignment) {
  return Segment::Create(object.name(), kTestSize, Role::kOwner, {.base_alignment = alignment},
                         LeaveZeroed, NeverStale);
}

TEST(SegmentCreate, GivesZeroedBytesToTheInitialiser) {
  const TestObject object;
  bool zeroed = false;
  const auto initialise = [&](std::span<std::byte> bytes) {
    zeroed = bytes.size() == kTestSize && std::ranges::count(bytes, std::byte{0}) == kTestSize;
    bytes[100] = std::byte{42};
  };
  Result<Segment> segment =
      Segment::Create(object.name(), kTestSize, Role::kOwner, {}, initialise, NeverStale);
  ASSERT_EQ(segment.code(), kOk);
  EXPECT_TRUE(zeroed);
  EXPECT_EQ(segment->name(), object.name());
  EXPECT_EQ(segment->bytes().size(), kTestSize);
  EXPECT_EQ(ByteAt(segment.value(), 100), 42);
}

TEST(SegmentCreate, PublishesOnlyAfterTheInitialiserHasRun) {
  const TestObject object;
  bool existed = true;
  const auto initialise = [&](std::span<std::byte>) { existed = object.Exists(); };
  Result<Segment> segment =
      Segment::Create(object.name(), kTestSize, Role::kOwner, {}, initialise, NeverStale);
  ASSERT_EQ(segment.code(), kOk);
  EXPECT_FALSE(existed);
  EXPECT_TRUE(object.Exists());
}

TEST(SegmentCreate, GivesExactlyTheModeAskedFor) {
  const mode_t old = ::umask(077);
  const TestObject object;
  Result<Segment> segment = Segment::Create(object.name(), kTestSize, Role::kOwner, {.mode = 0666},
                                            LeaveZeroed, NeverStale);
  ::umask(old);
  struct stat status {};
  ASSERT_EQ(::stat(object.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0666U);
}

TEST(SegmentCreate, RefusesTheNameOfALivingObject) {
  const TestObject object;
  Result<Segment> first = CreateOwned(object.name());
  ASSERT_EQ(first.code(), kOk);
  EXPECT_EQ(CreateOwned(object.name()).code(), kAlreadyExists);
  EXPECT_TRUE(first->IsLinked());
}

TEST(SegmentCreate, ReplacesAnObjectThatNobodyNeeds) {
  const TestObject object;
  Result<Segment> first = CreateOwned(object.name());
  ASSERT_EQ(first.code(), kOk);
  Result<Segment> second =
      Segment::Create(object.name(), kTestSize, Role::kOwner, {}, LeaveZeroed, AlwaysStale);
  ASSERT_EQ(second.code(), kOk);
  EXPECT_FALSE(first->IsLinked());
  EXPECT_TRUE(second->IsLinked());
}

TEST(SegmentCreate, ReplacesAnEmptyFile) {
  const TestObject object;
  std::ofstream(object.path()).close();
  EXPECT_EQ(CreateOwned(object.name()).code(), kOk);
}

TEST(SegmentCreate, LeavesAloneWhatIsNoObject) {
  const TestObject object;
  ASSERT_EQ(::mkfifo(object.path().c_str(), 0600), 0);
  EXPECT_EQ(
      Segment::Create(object.name(), kTestSize, Role::kOwner, {}, LeaveZeroed, AlwaysStale).code(),
      kAlreadyExists);
  EXPECT_TRUE(object.Exists());
}

TEST(SegmentCreate, ReportsVdEMemoryForAnAbsurdSize) {
  for (const size_t size : {size_t{1} << 46, size_t{1} << 60, SIZE_MAX}) {
    const TestObject object;
    EXPECT_EQ(
        Segment::Create(object.name(), size, Role::kOwner, {}, LeaveZeroed, NeverStale).code(),
        kMemory)
        << size;
    EXPECT_FALSE(object.Exists());
  }
}

TEST(SegmentCreate, RefusesWhatCannotBe) {
  const TestObject object;
  const auto create = [](const std::string& name, size_t size, const SegmentOptions& options) {
    return Segment::Create(name, size, Role::kOwner, options, LeaveZeroed, NeverStale).code();
  };
  EXPECT_EQ(create(object.name(), 0, {}), kInvalid);
  EXPECT_EQ(create("", kTestSize, {}), kInvalid);
  EXPECT_EQ(create("..", kTestSize, {}), kInvalid);
  EXPECT_EQ(create("a/b", kTestSize, {}), kInvalid);
  EXPECT_EQ(create(std::string(256, 'x'), kTestSize, {}), kInvalid);
  EXPECT_EQ(create(object.name(), kTestSize, {.base_alignment = 0}), kInvalid);
  EXPECT_EQ(create(object.name(), kTestSize, {.base_alignment = 12288}), kInvalid);
  EXPECT_EQ(create(object.name(), kTestSize, {.base_alignment = 8U << 20}), kInvalid);
  EXPECT_EQ(create(object.name(), kTestSize, {.mode = 04600}), kInvalid);
}

TEST(SegmentCreate, LeavesNothingBehindWhenTheInitialiserThrows) {
  const TestObject object;
  EXPECT_EQ(Segment::Create(
                object.name(), kTestSize, Role::kOwner, {},
                [](std::span<std::byte>) { throw std::bad_alloc(); }, NeverStale)
                .code(),
            kMemory);
  EXPECT_FALSE(object.Exists());
}

TEST(SegmentOpenExisting, SeesWhatTheOtherWrites) {
  const TestObject object;
  Result<Segment> creator = CreateOwned(object.name());
  ASSERT_EQ(creator.code(), kOk);
  Result<Segment> other = Segment::OpenExisting(object.name(), kTestSize, {});
  ASSERT_EQ(other.code(), kOk);
  creator->bytes()[4000] = std::byte{7};
  EXPECT_EQ(ByteAt(other.value(), 4000), 7);
  other->bytes()[4001] = std::byte{8};
  EXPECT_EQ(ByteAt(creator.value(), 4001), 8);
}

TEST(SegmentOpenExisting, MapsTheWholeObject) {
  const TestObject object;
  Result<Segment> creator = CreateOwned(object.name());
  Result<Segment> other = Segment::OpenExisting(object.name(), 1, {});
  ASSERT_EQ(other.code(), kOk);
  EXPECT_EQ(other->bytes().size(), kTestSize);
}

TEST(SegmentOpenExisting, ReportsFileNotFound) {
  const TestObject object;
  EXPECT_EQ(Segment::OpenExisting(object.name(), 1, {}).code(), kFileNotFound);
}

TEST(SegmentOpenExisting, RefusesAnObjectThatIsTooSmall) {
  const TestObject object;
  Result<Segment> creator = CreateOwned(object.name());
  EXPECT_EQ(Segment::OpenExisting(object.name(), kTestSize + 1, {}).code(), kInvalid);
}

TEST(SegmentOpenExisting, RefusesAnEmptyObject) {
  const TestObject object;
  std::ofstream(object.path()).close();
  EXPECT_EQ(Segment::OpenExisting(object.name(), 0, {}).code(), kInvalid);
}

TEST(SegmentOpenExisting, RefusesWhatIsNoObject) {
  const TestObject object;
  ASSERT_EQ(::mkfifo(object.path().c_str(), 0600), 0);
  EXPECT_EQ(Segment::OpenExisting(object.name(), 0, {}).code(), kInvalid);
}

TEST(Segment, IsNotOursToOpenOrReplaceWithoutPermission) {
  const TestObject object;
  Result<Segment> segment =
      Segment::Create(object.name(), kTestSize, Role::kOwner, {.mode = 0}, LeaveZeroed, NeverStale);
  ASSERT_EQ(segment.code(), kOk);
  // Root may open everything, so the child becomes nobody.
  TestProcess child([&](TestLine&) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) return 1;
    if (Segment::OpenExisting(object.name(), 1, {}).code() != kAccessDenied) return 2;
    const HResult hr =
        Segment::Create(object.name(), kTestSize, Role::kOwner, {}, LeaveZeroed, AlwaysStale)
            .code();
    return hr == kAccessDenied ? 0 : 3;
  });
  EXPECT_EQ(child.Wait(), 0);
}

class SegmentAlignment : public testing::TestWithParam<size_t> {};

TEST_P(SegmentAlignment, HoldsForCreatorAndOpener) {
  const TestObject object;
  Result<Segment> creator = CreateAligned(object, GetParam());
  ASSERT_EQ(creator.code(), kOk);
  Result<Segment> opener =
      Segment::OpenExisting(object.name(), kTestSize, {.base_alignment = GetParam()});
  ASSERT_EQ(opener.code(), kOk);
  EXPECT_EQ(AddressOf(creator.value()) % GetParam(), 0U);
  EXPECT_EQ(AddressOf(opener.value()) % GetParam(), 0U);
  creator->bytes().back() = std::byte{1};
  EXPECT_EQ(ByteAt(opener.value(), kTestSize - 1), 1);
}

INSTANTIATE_TEST_SUITE_P(Sizes, SegmentAlignment,
                         testing::Values(size_t{1}, size_t{4096}, size_t{64} << 10, size_t{1} << 20,
                                         size_t{4} << 20));

uint64_t AddressSpacePages() {
  uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages;
}

TEST(Segment, GivesBackTheAddressSpaceThatAlignmentCost) {
  const TestObject object;
  Result<Segment> creator = CreateAligned(object, 4096);
  const uint64_t before = AddressSpacePages();
  std::vector<Segment> held;
  for (int i = 0; i < 200; ++i) {
    held.push_back(std::move(
        Segment::OpenExisting(object.name(), kTestSize, {.base_alignment = 4U << 20}).value()));
  }
  // 200 reservations are 800 MiB; 200 mappings are 400 pages.
  EXPECT_LT(AddressSpacePages() - before, (200U << 20) / 4096);
}

TEST(Segment, KeepsTheObjectAliveWithoutItsName) {
  const TestObject object;
  Result<Segment> segment = CreateOwned(object.name());
  EXPECT_TRUE(segment->Unlink());
  EXPECT_FALSE(object.Exists());
  EXPECT_FALSE(segment->IsLinked());
  segment->bytes()[5] = std::byte{9};
  EXPECT_EQ(ByteAt(segment.value(), 5), 9);
}

TEST(Segment, DoesNotUnlinkItsSuccessor) {
  const TestObject object;
  Result<Segment> first = CreateOwned(object.name());
  ASSERT_TRUE(first->Unlink());
  Result<Segment> second = CreateOwned(object.name());
  ASSERT_EQ(second.code(), kOk);
  EXPECT_FALSE(first->Unlink());
  EXPECT_TRUE(second->IsLinked());
  EXPECT_FALSE(first->IsLinked());
}

TEST(Segment, IsUnlinkedByOneOfManyThreads) {
  for (int round = 0; round < 50; ++round) {
    const TestObject object;
    Result<Segment> segment = CreateOwned(object.name());
    Result<Segment> other = Segment::OpenExisting(object.name(), 1, {});
    std::atomic<int> removed{0};
    {
      std::vector<std::jthread> threads;
      for (Segment* each : {&segment.value(), &segment.value(), &other.value()}) {
        threads.emplace_back([&removed, each] { removed += each->Unlink() ? 1 : 0; });
      }
    }
    EXPECT_EQ(removed, 1);
  }
}

TEST(SegmentRole, IsTakenByCreate) {
  const TestObject object;
  Result<Segment> creator = CreateOwned(object.name());
  Result<Segment> other = Segment::OpenExisting(object.name(), 1, {});
  EXPECT_TRUE(creator->HoldsRole(Role::kOwner));
  EXPECT_FALSE(creator->RoleIsHeldElsewhere(Role::kOwner));
  EXPECT_FALSE(other->HoldsRole(Role::kOwner));
  EXPECT_TRUE(other->RoleIsHeldElsewhere(Role::kOwner));
  EXPECT_FALSE(other->RoleIsHeldElsewhere(Role::kServer));
}

TEST(SegmentRole, IsHeldByOneSegmentAtATime) {
  const TestObject object;
  Result<Segment> creator = CreateOwned(object.name());
  Result<Segment> other = Segment::OpenExisting(object.name(), 1, {});
  EXPECT_EQ(other->TakeRole(Role::kOwner), kAlreadyExists);
  EXPECT_EQ(creator->TakeRole(Role::kOwner), kAlreadyExists);
  EXPECT_EQ(other->TakeRole(Role::kServer), kOk);
  EXPECT_EQ(creator->TakeRole(Role::kServer), kAlreadyExists);
  other->ReleaseRole(Role::kServer);
  EXPECT_FALSE(other->HoldsRole(Role::kServer));
  EXPECT_EQ(creator->TakeRole(Role::kServer), kOk);
}

TEST(SegmentRole, OutlivesOtherOpeningsInTheSameProcess) {
  const TestObject object;
  Result<Segment> creator = CreateOwned(object.name());
  { Result<Segment> passing = Segment::OpenExisting(object.name(), 1, {}); }
  Result<Segment> other = Segment::OpenExisting(object.name(), 1, {});
  EXPECT_TRUE(other->RoleIsHeldElsewhere(Role::kOwner));
}

TEST(IsAlive, NeedsTheLockAndALivingHolder) {
  const TestObject object;
  Result<Segment> creator = CreateOwned(object.name());
  Result<Segment> other = Segment::OpenExisting(object.name(), 1, {});
  ProcessIdentity reused = ThisProcess();
  ++reused.start_time;
  EXPECT_TRUE(IsAlive(creator.value(), Role::kOwner, ThisProcess()));
  EXPECT_TRUE(IsAlive(other.value(), Role::kOwner, ThisProcess()));
  EXPECT_FALSE(IsAlive(other.value(), Role::kOwner, reused));
  EXPECT_FALSE(IsAlive(other.value(), Role::kServer, ThisProcess()));
}

TEST(IsAlive, TrustsTheLockOfAnotherPidNamespace) {
  const TestObject object;
  Result<Segment> creator = CreateOwned(object.name());
  Result<Segment> other = Segment::OpenExisting(object.name(), 1, {});
  ProcessIdentity foreign = ThisProcess();
  ++foreign.pid_namespace;
  EXPECT_TRUE(IsAlive(other.value(), Role::kOwner, foreign));
  EXPECT_FALSE(IsAlive(other.value(), Role::kServer, foreign));
}

TEST(ScopedSharedMappings, GiveOneAddressToAllSegmentsOfAnObject) {
  const TestObject object;
  const ScopedSharedMappings scope;
  Result<Segment> creator = CreateOwned(object.name());
  Result<Segment> opener = Segment::OpenExisting(object.name(), 1, {});
  EXPECT_EQ(AddressOf(creator.value()), AddressOf(opener.value()));
  EXPECT_TRUE(opener->RoleIsHeldElsewhere(Role::kOwner));  // the locks are not shared
}

TEST(ScopedSharedMappings, EndWithTheLastScope) {
  const TestObject object;
  { const ScopedSharedMappings scope; }
  Result<Segment> creator = CreateOwned(object.name());
  Result<Segment> opener = Segment::OpenExisting(object.name(), 1, {});
  EXPECT_NE(AddressOf(creator.value()), AddressOf(opener.value()));
}

TEST(ScopedSharedMappings, KeepObjectsOfOneNameApart) {
  const TestObject object;
  const ScopedSharedMappings scope;
  Result<Segment> first = CreateOwned(object.name());
  ASSERT_TRUE(first->Unlink());
  Result<Segment> second = CreateOwned(object.name());
  Result<Segment> opener = Segment::OpenExisting(object.name(), 1, {});
  EXPECT_NE(AddressOf(first.value()), AddressOf(opener.value()));
  EXPECT_EQ(AddressOf(second.value()), AddressOf(opener.value()));
}

// Under ThreadSanitizer this fails if finding an object does not order its initialisation before
// its use.
TEST(ScopedSharedMappings, OrderInitialisationBeforeUse) {
  const TestObject object;
  const ScopedSharedMappings scope;
  std::atomic<bool> used{false};
  const std::jthread creator([&] {
    Result<Segment> segment = CreateOwned(object.name());
    while (!used) std::this_thread::yield();
  });
  Result<Segment> opener(kFileNotFound);
  while (!opener.ok()) opener = Segment::OpenExisting(object.name(), kTestSize, {});
  EXPECT_FALSE(OwnerIsDead(opener.value()));
  used = true;
}

}  // namespace
}  // namespace vdisim::shm
