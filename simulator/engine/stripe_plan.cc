#include "simulator/engine/stripe_plan.h"

#include <algorithm>
#include <bit>

namespace vdisim {

uint32_t StripePlan::ExtentBytesFor(uint32_t block_bytes, uint32_t max_transfer_bytes) {
  return std::max(max_transfer_bytes, 16 * block_bytes);
}

bool StripePlan::IsSane() const {
  constexpr uint64_t kContentMost = uint64_t{1} << 62;
  constexpr uint32_t kExtentMost = uint32_t{1} << 26;
  return std::has_single_bit(block_bytes) && block_bytes >= 512 && block_bytes <= 65536 &&
         extent_bytes >= block_bytes && extent_bytes <= kExtentMost &&
         extent_bytes % block_bytes == 0 && stripes >= 1 && stripes <= 64 &&
         content_bytes <= kContentMost;
}

uint64_t StripePlan::ExtentLength(uint64_t extent) const {
  return std::min<uint64_t>(extent_bytes, content_bytes - extent * extent_bytes);
}

uint64_t StripePlan::ExtentsOn(uint32_t stripe) const {
  const uint64_t extents = ExtentCount();
  return extents / stripes + (stripe < extents % stripes ? 1 : 0);
}

uint64_t StripePlan::StreamBytes(uint32_t stripe) const {
  const uint64_t extents = ExtentsOn(stripe);
  uint64_t bytes = HeaderBytes() + extents * block_bytes + block_bytes;
  if (extents == 0) return bytes;
  // All but the last extent of the content are whole, and whole extents need no padding.
  bytes += (extents - 1) * extent_bytes;
  return bytes + PadToBlock(ExtentLength(ExtentAt(stripe, extents - 1)));
}

std::optional<uint64_t> StripePlan::FirstContentIn(uint32_t stripe, uint64_t stream_offset,
                                                   uint64_t bytes) const {
  const uint64_t behind_header = std::max(stream_offset, HeaderBytes()) - HeaderBytes();
  const uint64_t unit = uint64_t{block_bytes} + extent_bytes;
  const uint64_t k = behind_header / unit;
  if (k >= ExtentsOn(stripe)) return std::nullopt;
  const uint64_t extent = ExtentAt(stripe, k);
  const uint64_t data = std::max<uint64_t>(behind_header % unit, block_bytes) - block_bytes;
  // Behind the data of the last extent there is nothing but padding and the last block.
  if (data >= ExtentLength(extent)) return std::nullopt;
  const uint64_t at = HeaderBytes() + k * unit + block_bytes + data;
  if (at >= stream_offset + bytes) return std::nullopt;
  return extent * extent_bytes + data;
}

}  // namespace vdisim
