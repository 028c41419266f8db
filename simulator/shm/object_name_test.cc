#include "simulator/shm/object_name.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <thread>
#include <utility>

#include "simulator/base/test_process.h"
#include "simulator/shm/arrival_watch.h"
#include "simulator/shm/object_file.h"
#include "simulator/shm/test_object.h"
#include "simulator/shm/unfinished_object.h"

namespace vdisim::shm {
namespace {

constexpr size_t kMostNameBytes = 200;

TEST(ControlObjectName, KeepsPlainNamesReadable) {
  EXPECT_EQ(ControlObjectName("", "Backup_1-a"), "vdisim.set..Backup_1-a");
  EXPECT_EQ(ControlObjectName("SQL2019", "x"), "vdisim.set.SQL2019.x");
}

TEST(ControlObjectName, EscapesEverythingElse) {
  EXPECT_EQ(ControlObjectName("", "a b/c%d.e\"'\xC3\xBC"),
            "vdisim.set..a%20b%2fc%25d%2ee%22%27%c3%bc");
  EXPECT_EQ(ControlObjectName("", std::string_view("a\0b", 3)), "vdisim.set..a%00b");
}

TEST(ControlObjectName, KeepsCase) {
  EXPECT_NE(ControlObjectName("", "Set"), ControlObjectName("", "set"));
}

TEST(ControlObjectName, ShortensLongNamesToAReadableHead) {
  const std::string name = ControlObjectName("INST", std::string(300, 'x'));
  EXPECT_EQ(name.size(), kMostNameBytes);
  EXPECT_THAT(name, testing::StartsWith("vdisim.set.INST.xxxxxxxx"));
  EXPECT_NE(name, ControlObjectName("INST", std::string(301, 'x')));
  EXPECT_EQ(name, ControlObjectName("INST", std::string(300, 'x')));
}

// The expected hash is that of another implementation: Python's uuid.uuid5().
TEST(ControlObjectName, IsPinnedBecauseProgramsOfTwoBuildsMustAgree) {
  EXPECT_EQ(ControlObjectName("", std::string(200, 'y')).substr(kMostNameBytes - 33),
            "~61c18ddf019550ef8e22eff2784381cd");
}

// What a name can be told from: the escapes undone.
std::pair<std::string, std::string> Read(std::string_view name) {
  std::pair<std::string, std::string> parts;
  name.remove_prefix(std::string_view("vdisim.set.").size());
  std::string* part = &parts.first;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '.') {
      part = &parts.second;
    } else if (name[i] == '%') {
      part->push_back(
          static_cast<char>(std::stoi(std::string(name.substr(i + 1, 2)), nullptr, 16)));
      i += 2;
    } else {
      part->push_back(name[i]);
    }
  }
  return parts;
}

class RandomName {
 public:
  explicit RandomName(uint32_t seed) : random_(seed) {}

  // Few different characters, so that names which escaping could confuse come up; or any bytes.
  std::string Next() {
    static constexpr std::string_view kConfusing = ".%2e~a";
    const bool any = random_() % 2 == 0;
    std::string name(random_() % (random_() % 8 == 0 ? 260 : 6), '\0');
    for (char& c : name) {
      c = any ? static_cast<char>(random_() % 256) : kConfusing[random_() % kConfusing.size()];
    }
    return name;
  }

 private:
  std::mt19937 random_;
};

TEST(ControlObjectName, DiffersForDifferentSetsAndIsAlwaysLegal) {
  constexpr uint32_t kSeed = 20'261;
  RandomName random(kSeed);
  std::map<std::string, std::pair<std::string, std::string>> known;
  for (int i = 0; i < 20'000; ++i) {
    std::pair<std::string, std::string> set(random.Next(), random.Next());
    const std::string name = ControlObjectName(set.first, set.second);
    ASSERT_LE(name.size(), kMostNameBytes);
    ASSERT_TRUE(IsObjectName(name)) << name;
    ASSERT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789_-.%~"),
              std::string::npos)
        << name;
    if (name.find('~') == std::string::npos) {
      ASSERT_EQ(Read(name), set) << name;
    }
    const auto [known_name, is_new] = known.emplace(name, set);
    if (!is_new) {
      ASSERT_EQ(known_name->second, set) << name;
    }
  }
  EXPECT_GT(known.size(), 5'000U);
}

TEST(AreaObjectName, HoldsIncarnationAndIndex) {
  EXPECT_EQ(AreaObjectPrefix(0xABC), "vdisim.area.0000000000000abc.");
  EXPECT_EQ(AreaObjectName(UINT64_MAX, 17), "vdisim.area.ffffffffffffffff.17");
}

// An empty file by a name of the simulator's own, gone at the end.
class NamedFile {
 public:
  explicit NamedFile(std::string name) : name_(std::move(name)) {
    std::ofstream(PathOf(name_)) << "12345";
  }
  ~NamedFile() { ::unlink(PathOf(name_).c_str()); }
  NamedFile(const NamedFile&) = delete;
  NamedFile& operator=(const NamedFile&) = delete;

  const std::string& name() const { return name_; }
  bool Exists() const { return StatusOf(name_).has_value(); }
  std::optional<ObjectInfo> Listed() const {
    for (const ObjectInfo& object : ListObjects()) {
      if (object.name == name_) return object;
    }
    return {};
  }

 private:
  std::string name_;
};

std::string Own(std::string_view text) {
  return "shm-test-" + std::to_string(::getpid()) + "-" + std::string(text);
}

uint64_t OwnIncarnation() { return 0xFEED'0000'0000'0000 + static_cast<uint64_t>(::getpid()); }

TEST(ListObjects, FindsEachKind) {
  const NamedFile control(ControlObjectName("", Own("control")));
  const NamedFile area(AreaObjectName(OwnIncarnation(), 3));
  const NamedFile unfinished(NewUnfinishedName());
  ASSERT_TRUE(control.Listed() && area.Listed() && unfinished.Listed());
  EXPECT_EQ(control.Listed()->kind, ObjectKind::kControl);
  EXPECT_EQ(control.Listed()->size_bytes, 5U);
  EXPECT_EQ(area.Listed()->kind, ObjectKind::kArea);
  EXPECT_EQ(area.Listed()->incarnation, OwnIncarnation());
  EXPECT_EQ(unfinished.Listed()->kind, ObjectKind::kUnfinished);
}

TEST(ListObjects, IsInNameOrder) {
  const NamedFile b(ControlObjectName("", Own("b")));
  const NamedFile a(ControlObjectName("", Own("a")));
  EXPECT_TRUE(std::ranges::is_sorted(ListObjects(), {}, &ObjectInfo::name));
}

TEST(ListObjects, LeavesOutWhatOnlyLooksLikeOurs) {
  for (const std::string& name :
       {Own("x"), "vdisim." + Own("x"), "vdisim.area." + Own("x"), std::string("vdisim.area.12.1"),
        AreaObjectName(OwnIncarnation(), 1) + "x", AreaObjectPrefix(OwnIncarnation()),
        AreaObjectPrefix(OwnIncarnation()) + "01"}) {
    EXPECT_FALSE(NamedFile(name).Listed()) << name;
  }
}

TEST(MakerOf, ReadsTheNameOfAnUnfinishedObject) {
  EXPECT_EQ(MakerOf(NewUnfinishedName()), ThisProcess());
  EXPECT_NE(NewUnfinishedName(), NewUnfinishedName());
  for (const char* name :
       {"vdisim.tmp.", "vdisim.tmp.1.2.3", "vdisim.tmp.1.2.3.", "vdisim.set.a.b",
        "vdisim.tmp.1.2.3.4x", "vdisim.tmp.x.2.3.4", "vdisim.tmp.1.2.3.11112222333344445"}) {
    EXPECT_FALSE(MakerOf(name)) << name;
  }
}

TEST(PurgeUnfinished, LeavesLivingMakersAndStrangersAlone) {
  const NamedFile living(NewUnfinishedName());
  const NamedFile strange("vdisim.tmp." + Own("x"));
  PurgeUnfinished();
  EXPECT_TRUE(living.Exists());
  EXPECT_TRUE(strange.Exists());
}

TEST(PurgeUnfinished, LooksAtAgeAndLockWhereThePidMeansNothing) {
  char other_namespace[64];
  std::snprintf(other_namespace, sizeof(other_namespace), "vdisim.tmp.1.1.1.%x",
                static_cast<unsigned>(::getpid()));
  const NamedFile file(other_namespace);
  PurgeUnfinished();
  EXPECT_TRUE(file.Exists()) << "it is new";

  const std::array<timespec, 2> long_ago = {
      {{.tv_sec = 1000, .tv_nsec = 0}, {.tv_sec = 1000, .tv_nsec = 0}}};
  ASSERT_EQ(::utimensat(AT_FDCWD, PathOf(file.name()).c_str(), long_ago.data(), 0), 0);
  {
    Result<Segment> holder = Segment::OpenExisting(file.name(), 1, {});
    ASSERT_EQ(holder->TakeRole(Role::kServer), kOk);
    PurgeUnfinished();
    EXPECT_TRUE(file.Exists()) << "it is held";
  }
  PurgeUnfinished();
  EXPECT_FALSE(file.Exists());
}

TEST(WaitForObject, SeesAnObjectThatIsThere) {
  const TestObject object;
  Result<Segment> segment = CreateOwned(object.name());
  const Clock& clock = MonotonicClock::Get();
  EXPECT_TRUE(WaitForObject(object.name(), clock, Deadline::After(clock, Timeout::Poll())));
}

TEST(WaitForObject, EndsWithItsDeadline) {
  const TestObject object;
  const Clock& clock = MonotonicClock::Get();
  EXPECT_FALSE(WaitForObject(object.name(), clock, Deadline::After(clock, Timeout::Poll())));
  const auto start = clock.Now();
  EXPECT_FALSE(
      WaitForObject(object.name(), clock, Deadline::After(clock, Timeout::Milliseconds(20))));
  EXPECT_GE(clock.Now() - start, std::chrono::milliseconds(20));
}

TEST(WaitForObject, EndsWhenTheClockIsMovedByHand) {
  const TestObject object;
  ManualClock clock;
  const Deadline deadline = Deadline::After(clock, Timeout::Milliseconds(60'000));
  std::atomic<bool> ended{false};
  const std::jthread mover([&] {
    while (!ended) {
      clock.Advance(std::chrono::seconds(1));
      std::this_thread::yield();
    }
  });
  EXPECT_FALSE(WaitForObject(object.name(), clock, deadline));
  ended = true;
}

TEST(WaitForObject, IsWokenByAnotherProcess) {
  const TestObject object;
  TestProcess creator([&](TestLine& parent) {
    parent.Hear();
    Result<Segment> segment = CreateOwned(object.name());
    parent.Hear();
    return segment.ok() ? 0 : 1;
  });
  creator.Tell();
  const Clock& clock = MonotonicClock::Get();
  EXPECT_TRUE(
      WaitForObject(object.name(), clock, Deadline::After(clock, Timeout::Milliseconds(30'000))));
  creator.Tell();
  EXPECT_EQ(creator.Wait(), 0);
}

TEST(ArrivalWatch, DoesNotMissWhatCameBeforeWait) {
  const TestObject object;
  ArrivalWatch watch;
  Result<Segment> segment = CreateOwned(object.name());
  const Clock& clock = MonotonicClock::Get();
  const auto start = clock.Now();
  watch.Wait(clock, Deadline::After(clock, Timeout::Milliseconds(30'000)));
  EXPECT_LT(clock.Now() - start, std::chrono::seconds(15));
}

}  // namespace
}  // namespace vdisim::shm
