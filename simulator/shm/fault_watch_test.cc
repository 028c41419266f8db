#include "simulator/shm/fault_watch.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "simulator/shm/fenced_pages.h"

namespace vdisim::shm {
namespace {

void Tell(void* context, const std::byte* address) {
  const auto* const pages = static_cast<const FencedPages*>(context);
  fprintf(stderr, "touched %td\n", address - pages->begin());
}

class FaultWatchTest : public testing::Test {
 protected:
  FaultWatchTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
  const std::unique_ptr<FencedPages> pages_ = FencedPages::Reserve(0, kPageBytes);
};

TEST_F(FaultWatchTest, TellsWhereAndWithWhichStack) {
  const FaultWatch watch(pages_->begin(), pages_->size(), Tell, pages_.get());
  EXPECT_TRUE(watch.IsOn());
  EXPECT_DEATH(pages_->begin()[17] = std::byte{1},
               "touched 17\nvdisim: the stack of the thread:\n.");
}

// What the program had installed before gets its own faults.
TEST_F(FaultWatchTest, LeavesOtherFaultsToWhoHandledThemBefore) {
  const auto other = FencedPages::Reserve(0, kPageBytes);
  const auto touch_another = [&] {
    signal(SIGSEGV, [](int) {
      (void)!write(STDERR_FILENO, "mine", 4);
      _exit(7);
    });
    { const FaultWatch watch(other->begin(), other->size(), Tell, other.get()); }
    const FaultWatch watch(pages_->begin(), pages_->size(), Tell, pages_.get());
    other->begin()[0] = std::byte{1};  // no longer watched
  };
  EXPECT_EXIT(touch_another(), testing::ExitedWithCode(7), "^mine$");
}

TEST_F(FaultWatchTest, HoldsThousandsOfRangesAtOnce) {
  std::vector<std::unique_ptr<FaultWatch>> watches;
  for (int i = 0; i < 5000; ++i) {
    watches.push_back(std::make_unique<FaultWatch>(pages_->begin(), 1, Tell, pages_.get()));
    EXPECT_TRUE(watches.back()->IsOn());
  }
}

}  // namespace
}  // namespace vdisim::shm
