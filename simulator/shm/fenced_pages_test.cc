#include "simulator/shm/fenced_pages.h"

#include <gtest/gtest.h>

#include <cstring>

#include "simulator/shm/test_object.h"

namespace vdisim::shm {
namespace {

TEST(FencedPages, LieWhereTheAlignmentWantsThem) {
  for (const size_t alignment : {kPageBytes, size_t{65536}, size_t{4} << 20}) {
    const auto pages = FencedPages::Reserve(kPageBytes, 3 * kPageBytes, kPageBytes, alignment);
    ASSERT_NE(pages, nullptr);
    EXPECT_EQ((reinterpret_cast<uintptr_t>(pages->middle()) + kPageBytes) % alignment, 0U);
  }
}

TEST(FencedPages, EdgesAndMiddleCanBeWrittenAndTheFenceCannot) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto pages = FencedPages::Reserve(kPageBytes, kPageBytes);
  ASSERT_NE(pages, nullptr);
  ASSERT_EQ(pages->ShowZeros(), kOk);
  std::memset(pages->middle() - kPageBytes, 1, 3 * kPageBytes);
  EXPECT_DEATH(pages->begin()[kPageBytes - 1] = std::byte{1}, "");
  EXPECT_DEATH(pages->middle()[2 * kPageBytes] = std::byte{1}, "");
  ASSERT_EQ(pages->ShowZeros(), kOk);
  EXPECT_EQ(pages->middle()[5], std::byte{0});
  EXPECT_EQ(pages->middle()[-1], std::byte{1}) << "the edges stay";
  ASSERT_EQ(pages->Allow(pages->middle(), kPageBytes, FencedPages::Access::kRead), kOk);
  EXPECT_DEATH(pages->middle()[5] = std::byte{1}, "");
}

}  // namespace
}  // namespace vdisim::shm
