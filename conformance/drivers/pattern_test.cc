#include "conformance/drivers/pattern.h"

#include <gtest/gtest.h>

#include <vector>

namespace conform {
namespace {

TEST(Pattern, IsRecognisedWhereItWasFilled) {
  std::vector<uint8_t> bytes(70000);
  FillPattern(bytes, 5);
  EXPECT_FALSE(FindMismatch(bytes, 5).has_value());
}

TEST(Pattern, NamesTheFirstByteThatDiffers) {
  std::vector<uint8_t> bytes(64);
  FillPattern(bytes, 1);
  bytes[40] ^= 0xFFU;
  const std::optional<Mismatch> mismatch = FindMismatch(bytes, 1);
  ASSERT_TRUE(mismatch.has_value());
  EXPECT_EQ(mismatch->offset, 40U);
  EXPECT_NE(mismatch->expected, mismatch->actual);
}

// A mapping that is off by a prefix zone, a sector, a page or a transfer shows other bytes.
class ShiftedPattern : public testing::TestWithParam<size_t> {};
TEST_P(ShiftedPattern, IsNotMistakenForTheRightOne) {
  const size_t shift = GetParam();
  std::vector<uint8_t> bytes(shift + 4096);
  FillPattern(bytes, 3);
  EXPECT_TRUE(FindMismatch(std::span(bytes).subspan(shift), 3).has_value());
}
INSTANTIATE_TEST_SUITE_P(Shifts, ShiftedPattern, testing::Values(1, 512, 4096, 65536, 65537));

TEST(Pattern, OtherNumbersGiveOtherBytes) {
  std::vector<uint8_t> bytes(512);
  FillPattern(bytes, 3);
  EXPECT_TRUE(FindMismatch(bytes, 4).has_value());
}

}  // namespace
}  // namespace conform
