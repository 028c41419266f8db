#include "conformance/walk/shrink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace conform {
namespace {

using testing::ElementsAre;

bool Has(const std::vector<std::size_t>& elements, std::size_t one) {
  return std::find(elements.begin(), elements.end(), one) != elements.end();
}

TEST(Shrink, FindsExactlyTheElementsThatAreNeeded) {
  const auto shows = [](const std::vector<std::size_t>& elements) {
    return Has(elements, 3) && Has(elements, 17);
  };
  EXPECT_THAT(Shrink(40, shows), ElementsAre(3, 17));
}

TEST(Shrink, KeepsTheOrder) {
  const auto shows = [](const std::vector<std::size_t>& elements) {
    return std::is_sorted(elements.begin(), elements.end()) && Has(elements, 0) &&
           Has(elements, 8) && Has(elements, 9);
  };
  EXPECT_THAT(Shrink(10, shows), ElementsAre(0, 8, 9));
}

// Without 5 nobody needs 2, but 5 can only be left out when 7 is gone.
TEST(Shrink, TriesAgainWhatAnotherElementHeld) {
  const auto shows = [](const std::vector<std::size_t>& elements) {
    if (!Has(elements, 1)) return false;
    if (Has(elements, 7) && !Has(elements, 5)) return false;
    return !Has(elements, 5) || Has(elements, 2);
  };
  EXPECT_THAT(Shrink(8, shows), ElementsAre(1));
}

TEST(Shrink, KeepsAllOfWhatNeverShowsAgain) {
  const auto shows = [](const std::vector<std::size_t>& /*elements*/) { return false; };
  EXPECT_THAT(Shrink(3, shows), ElementsAre(0, 1, 2));
}

TEST(Shrink, AsksOnlyAFewTimesForALongSequence) {
  int asked = 0;
  const auto shows = [&](const std::vector<std::size_t>& elements) {
    ++asked;
    return Has(elements, 511);
  };
  EXPECT_THAT(Shrink(512, shows), ElementsAre(511));
  EXPECT_LT(asked, 40);
}

}  // namespace
}  // namespace conform
