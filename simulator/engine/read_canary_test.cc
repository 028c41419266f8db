#include "simulator/engine/read_canary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace vdisim {
namespace {

constexpr uint64_t kSeed = 7;

std::vector<uint8_t> Covered(size_t size) {
  std::vector<uint8_t> buffer(size);
  SpreadCanary(kSeed, buffer);
  return buffer;
}

CanaryTrace After(std::vector<uint8_t>* buffer, size_t from, size_t to, uint32_t claimed) {
  std::fill(buffer->begin() + static_cast<ptrdiff_t>(from),
            buffer->begin() + static_cast<ptrdiff_t>(to), uint8_t{0x5A});
  return LookAtCanary(kSeed, *buffer, claimed);
}

TEST(ReadCanary, SeesNothingInAnUntouchedBuffer) {
  const std::vector<uint8_t> buffer = Covered(1000);
  EXPECT_EQ(LookAtCanary(kSeed, buffer, 1000).filled, 0U);
  EXPECT_EQ(LookAtCanary(kSeed, buffer, 0).touched, 0U);
  // Another seed is another pattern.
  EXPECT_EQ(LookAtCanary(kSeed + 1, buffer, 1000).filled, 1000U);
}

TEST(ReadCanary, CountsFromTheFront) {
  for (const size_t filled : {1U, 7U, 8U, 9U, 511U, 512U, 1000U}) {
    std::vector<uint8_t> buffer = Covered(1000);
    const CanaryTrace trace = After(&buffer, 0, filled, static_cast<uint32_t>(filled));
    EXPECT_EQ(trace.filled, filled);
    EXPECT_EQ(trace.touched, filled);
  }
}

TEST(ReadCanary, TellsWhatWasClaimedFromWhatWasDone) {
  std::vector<uint8_t> buffer = Covered(1000);
  EXPECT_EQ(After(&buffer, 0, 600, 1000).filled, 600U);
  EXPECT_EQ(LookAtCanary(kSeed, buffer, 100).filled, 600U);
}

TEST(ReadCanary, SeesAGap) {
  std::vector<uint8_t> buffer = Covered(1000);
  After(&buffer, 0, 100, 1000);
  const CanaryTrace trace = After(&buffer, 900, 950, 1000);
  EXPECT_EQ(trace.filled, 100U);
  EXPECT_EQ(trace.touched, 950U);
}

TEST(ReadCanary, TakesDataThatLooksLikeThePatternForData) {
  std::vector<uint8_t> buffer = Covered(1000);
  const std::vector<uint8_t> pattern = buffer;
  After(&buffer, 0, 600, 600);
  std::copy_n(pattern.begin() + 297, 5, buffer.begin() + 297);
  std::copy_n(pattern.begin() + 598, 2, buffer.begin() + 598);
  EXPECT_EQ(LookAtCanary(kSeed, buffer, 600).filled, 600U);
}

}  // namespace
}  // namespace vdisim
