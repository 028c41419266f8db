#include "simulator/engine/stripe_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace vdisim {
namespace {

// What lies at every byte of a stripe's stream: its place in the content, or nothing.
std::vector<std::optional<uint64_t>> LayOut(const StripePlan& plan, uint32_t stripe) {
  std::vector<std::optional<uint64_t>> stream(plan.HeaderBytes());
  for (uint64_t k = 0; k < plan.ExtentsOn(stripe); ++k) {
    const uint64_t extent = plan.ExtentAt(stripe, k);
    stream.resize(stream.size() + plan.block_bytes);
    for (uint64_t i = 0; i < plan.PadToBlock(plan.ExtentLength(extent)); ++i) {
      stream.push_back(i < plan.ExtentLength(extent) ? std::optional(extent * plan.extent_bytes + i)
                                                     : std::nullopt);
    }
  }
  stream.resize(stream.size() + plan.block_bytes);
  return stream;
}

TEST(StripePlan, FindsTheFirstContentInAnyPieceOfAStream) {
  for (const uint64_t content : {0U, 1U, 8192U, 40'000U, 65'536U}) {
    const StripePlan plan = {
        .content_bytes = content, .extent_bytes = 8192, .block_bytes = 512, .stripes = 3};
    for (uint32_t stripe = 0; stripe < plan.stripes; ++stripe) {
      const auto stream = LayOut(plan, stripe);
      ASSERT_EQ(stream.size(), plan.StreamBytes(stripe));
      for (const uint64_t bytes : {1U, 511U, 512U, 4096U, 20'000U}) {
        for (uint64_t offset = 0; offset < stream.size(); offset += 173) {
          const auto begin = stream.begin() + static_cast<ptrdiff_t>(offset);
          const auto end =
              begin + static_cast<ptrdiff_t>(std::min<uint64_t>(bytes, stream.size() - offset));
          const auto found =
              std::find_if(begin, end, [](const auto& at) { return at.has_value(); });
          EXPECT_EQ(plan.FirstContentIn(stripe, offset, bytes),
                    found == end ? std::nullopt : *found)
              << content << " bytes, stripe " << stripe << ", " << bytes << " at " << offset;
        }
      }
    }
  }
}

}  // namespace
}  // namespace vdisim
