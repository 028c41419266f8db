#include "simulator/shm/event.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <new>
#include <thread>

#include "simulator/base/test_process.h"
#include "simulator/shm/test_object.h"

namespace vdisim::shm {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// Two sides that answer each other: each counts its own word and waits for the other's.
struct Table {
  struct alignas(64) Side {
    std::atomic<uint32_t> word{0};
    Event event{};
  };
  std::array<Side, 2> sides;
};

// A wake-up that is lost shows as a wait that only its end ended.
constexpr seconds kLost{15};

// Plays `rounds` of ping-pong as side 0 (which serves) or 1. True if no wake-up was lost.
bool Play(Table& table, size_t me, uint32_t rounds, uint32_t spins) {
  Table::Side& mine = table.sides[me];
  Table::Side& theirs = table.sides[1 - me];
  for (uint32_t round = 1; round <= rounds; ++round) {
    if (me == 0) {
      mine.word.store(round, std::memory_order_release);
      mine.event.Signal();
    }
    const auto ready = [&] { return theirs.word.load(std::memory_order_acquire) >= round; };
    for (uint32_t spin = 0; spin < spins && !ready(); ++spin) SpinPause();
    while (true) {
      const uint32_t observed = theirs.event.Observe();
      if (ready()) break;
      const auto start = steady_clock::now();
      theirs.event.Wait(observed, kLost);
      if (steady_clock::now() - start >= kLost) return false;
    }
    if (me == 1) {
      mine.word.store(round, std::memory_order_release);
      mine.event.Signal();
    }
  }
  return true;
}

struct PingPong {
  uint32_t rounds;
  uint32_t spins;  // before each wait
};

class EventPingPong : public testing::TestWithParam<PingPong> {};

TEST_P(EventPingPong, LosesNoWakeUpBetweenProcesses) {
  const TestObject object;
  static_assert(sizeof(Table) <= kTestSize);
  Result<Segment> segment = Segment::Create(
      object.name(), kTestSize, Role::kOwner, {},
      [](std::span<std::byte> bytes) { new (bytes.data()) Table; },
      [](const Segment&) { return false; });
  ASSERT_EQ(segment.code(), kOk);
  auto& table = *std::launder(reinterpret_cast<Table*>(segment->bytes().data()));
  const uint32_t rounds = GetParam().rounds;
  const uint32_t spins = GetParam().spins;
  TestProcess other([&](TestLine&) { return Play(table, 1, rounds, spins) ? 0 : 1; });
  EXPECT_TRUE(Play(table, 0, rounds, spins));
  EXPECT_EQ(other.Wait(), 0);
}

TEST_P(EventPingPong, LosesNoWakeUpBetweenThreads) {
  auto table = std::make_unique<Table>();
  const uint32_t rounds = GetParam().rounds;
  const uint32_t spins = GetParam().spins;
  bool other = false;
  {
    const std::jthread thread([&] { other = Play(*table, 1, rounds, spins); });
    EXPECT_TRUE(Play(*table, 0, rounds, spins));
  }
  EXPECT_TRUE(other);
}

// Longer spins rarely sleep, short ones fall asleep just when the signal comes, none always sleep.
INSTANTIATE_TEST_SUITE_P(Spins, EventPingPong,
                         testing::Values(PingPong{100'000, 300}, PingPong{20'000, 20},
                                         PingPong{5'000, 0}));

TEST(EventSignal, WakesEverySleeper) {
  Event event{};
  std::atomic<int> woken{0};
  {
    std::vector<std::jthread> sleepers;
    for (int i = 0; i < 4; ++i) {
      sleepers.emplace_back([&, observed = event.Observe()] {
        while (event.Observe() == observed) event.Wait(observed, kLost);
        ++woken;
      });
    }
    while (event.Sleepers() < 4) std::this_thread::yield();
    event.Signal();
  }
  EXPECT_EQ(woken, 4);
  EXPECT_EQ(event.Sleepers(), 0U);
}

TEST(EventWait, DoesNotSleepAfterASignal) {
  Event event{};
  const uint32_t observed = event.Observe();
  event.Signal();
  const auto start = steady_clock::now();
  event.Wait(observed, kLost);
  EXPECT_LT(steady_clock::now() - start, kLost);
}

TEST(EventWait, EndsWithItsTime) {
  Event event{};
  const auto start = steady_clock::now();
  event.Wait(event.Observe(), milliseconds(20));
  EXPECT_GE(steady_clock::now() - start, milliseconds(20));
  event.Wait(event.Observe(), milliseconds(0));
  event.Wait(event.Observe(), milliseconds(-1));
  EXPECT_EQ(event.Sleepers(), 0U);
}

void IgnoreSignal(int) {}

TEST(EventWait, GoesOnAfterASignalHandler) {
  struct sigaction action {};
  action.sa_handler = IgnoreSignal;
  struct sigaction old {};
  ASSERT_EQ(::sigaction(SIGUSR1, &action, &old), 0);
  Event event{};
  std::chrono::nanoseconds waited{};
  std::jthread sleeper([&] {
    const auto start = steady_clock::now();
    event.Wait(event.Observe(), milliseconds(50));
    waited = steady_clock::now() - start;
  });
  while (event.Sleepers() == 0) std::this_thread::yield();
  for (int i = 0; i < 100; ++i) ::pthread_kill(sleeper.native_handle(), SIGUSR1);
  sleeper.join();
  EXPECT_GE(waited, milliseconds(50));
  ::sigaction(SIGUSR1, &old, nullptr);
}

TEST(EventWait, OfAKilledSleeperHarmsNobody) {
  const TestObject object;
  Result<Segment> segment = CreateOwned(object.name());
  auto& event = *new (segment->bytes().data() + 64) Event{};
  TestProcess sleeper([&](TestLine&) {
    event.Wait(event.Observe(), kLost);
    return 0;
  });
  while (event.Sleepers() == 0) std::this_thread::yield();
  sleeper.Kill();
  EXPECT_EQ(event.Sleepers(), 1U);
  const uint32_t observed = event.Observe();
  event.Signal();
  EXPECT_NE(event.Observe(), observed);
}

TEST(WaitUntil, SeesWhatLookingAroundFinds) {
  Event event{};
  SpinBudget spin;
  bool dead = false;
  EXPECT_TRUE(WaitUntil(
      event, MonotonicClock::Get(), Deadline::Never(), spin, [&] { return dead; },
      [&] { dead = true; }));
}

TEST(WaitUntil, EndsWithItsDeadline) {
  Event event{};
  SpinBudget spin;
  const Clock& clock = MonotonicClock::Get();
  const auto start = clock.Now();
  EXPECT_FALSE(WaitUntil(
      event, clock, Deadline::After(clock, Timeout::Milliseconds(30)), spin, [] { return false; },
      [] {}));
  EXPECT_GE(clock.Now() - start, milliseconds(30));
}

TEST(WaitUntil, LooksOnceMoreAndDoesNotSpinWhenItMayNotWait) {
  Event event{};
  SpinBudget spin;
  int looks = 0;
  const uint32_t rounds = spin.rounds();
  const Clock& clock = MonotonicClock::Get();
  EXPECT_FALSE(WaitUntil(
      event, clock, Deadline::After(clock, Timeout::Poll()), spin,
      [&] {
        ++looks;
        return false;
      },
      [] {}));
  EXPECT_EQ(looks, 2);
  EXPECT_EQ(spin.rounds(), rounds);
}

TEST(WaitUntil, EndsWhenTheClockIsMovedByHand) {
  Event event{};
  SpinBudget spin;
  ManualClock clock;
  const std::jthread mover([&] {
    while (event.Sleepers() == 0) std::this_thread::yield();
    clock.Advance(seconds(600));
    event.Signal();
  });
  EXPECT_FALSE(WaitUntil(
      event, clock, Deadline::After(clock, Timeout::Milliseconds(600'000)), spin,
      [] { return false; }, [] {}));
}

TEST(WaitUntil, SeesAClockMovedWithoutASignal) {
  Event event{};
  SpinBudget spin;
  ManualClock clock;
  EXPECT_FALSE(WaitUntil(
      event, clock, Deadline::After(clock, Timeout::Milliseconds(5)), spin, [] { return false; },
      [&] { clock.Advance(milliseconds(5)); }));
}

std::chrono::microseconds ProcessorTime() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         std::chrono::microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

TEST(WaitUntil, UsesNoProcessorWhileNothingHappens) {
  Event event{};
  SpinBudget spin;
  const Clock& clock = MonotonicClock::Get();
  const auto before = ProcessorTime();
  EXPECT_FALSE(WaitUntil(
      event, clock, Deadline::After(clock, Timeout::Milliseconds(500)), spin, [] { return false; },
      [] {}));
  EXPECT_LT(ProcessorTime() - before, milliseconds(10));  // 2 %
}

class SpinBudgetOnSeveral : public testing::Test {
 protected:
  void SetUp() override {
    if (SpinBudget().rounds() == 0) GTEST_SKIP() << "one processor only";
  }
  void TearDown() override { SpinBudget::LimitRounds(UINT32_MAX); }
};

TEST_F(SpinBudgetOnSeveral, ShrinksToAFloorAndGrowsAgain) {
  SpinBudget spin;
  const uint32_t most = spin.rounds();
  spin.SpinPaidOff();
  EXPECT_EQ(spin.rounds(), most);
  spin.SpinWasted();
  EXPECT_EQ(spin.rounds(), most / 2);
  for (int i = 0; i < 20; ++i) spin.SpinWasted();
  const uint32_t least = spin.rounds();
  EXPECT_EQ(least, most / 64);
  EXPECT_GT(least, 0U);
  spin.SpinPaidOff();
  EXPECT_EQ(spin.rounds(), least * 2);
  for (int i = 0; i < 20; ++i) spin.SpinPaidOff();
  EXPECT_EQ(spin.rounds(), most);
}

TEST_F(SpinBudgetOnSeveral, ProbesOnceInAWhile) {
  SpinBudget spin;
  const uint32_t most = spin.rounds();
  for (uint32_t i = 0; i < SpinBudget::kWastedPerProbe - 1; ++i) spin.SpinWasted();
  EXPECT_EQ(spin.rounds(), most / 64);
  spin.SpinWasted();
  EXPECT_EQ(spin.rounds(), most * 4);
  spin.SpinWasted();
  EXPECT_EQ(spin.rounds(), most / 64);
  for (uint32_t i = 0; i < SpinBudget::kWastedPerProbe - 1; ++i) spin.SpinWasted();
  EXPECT_EQ(spin.rounds(), most * 4);
  spin.SpinPaidOff();
  EXPECT_EQ(spin.rounds(), most);
}

TEST_F(SpinBudgetOnSeveral, KeepsToTheLimit) {
  SpinBudget spin;
  SpinBudget::LimitRounds(3);
  EXPECT_EQ(spin.rounds(), 3U);
  SpinBudget::LimitRounds(0);
  EXPECT_EQ(spin.rounds(), 0U);
}

// The number of processors is looked at once in a process, so this starts itself anew on one.
TEST(SpinBudget, NeverSpinsOnOneProcessor) {
  cpu_set_t usable;
  CPU_ZERO(&usable);
  ASSERT_EQ(::sched_getaffinity(0, sizeof(usable), &usable), 0);
  if (CPU_COUNT(&usable) > 1) {
    TestProcess child([&](TestLine&) {
      cpu_set_t one;
      CPU_ZERO(&one);
      for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu) {
        if (CPU_ISSET(cpu, &usable)) CPU_SET(cpu, &one);
      }
      if (::sched_setaffinity(0, sizeof(one), &one) != 0) return 1;
      ::execl("/proc/self/exe", "event_test", "--gtest_filter=SpinBudget.NeverSpinsOnOneProcessor",
              nullptr);
      return 1;
    });
    EXPECT_EQ(child.Wait(), 0);
    return;
  }
  SpinBudget spin;
  for (uint32_t i = 0; i < 2 * SpinBudget::kWastedPerProbe; ++i) {
    EXPECT_EQ(spin.rounds(), 0U);
    spin.SpinWasted();
  }
  spin.SpinPaidOff();
  EXPECT_EQ(spin.rounds(), 0U);
}

}  // namespace
}  // namespace vdisim::shm
