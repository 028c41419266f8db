// How a backup's content is laid over the devices, as a pure function of a few sizes: the content
// is cut into extents, extent i goes to stripe i mod n, and on a stripe everything is padded to the
// block size. Writer and parser share nothing but this. A value; any thread.
#ifndef SIMULATOR_ENGINE_STRIPE_PLAN_H_
#define SIMULATOR_ENGINE_STRIPE_PLAN_H_

#include <cstdint>
#include <optional>

namespace vdisim {

// Room for the descriptor blocks at the start of a stripe, before it is padded to whole blocks.
inline constexpr uint32_t kMediaHeaderBytes = 4096;

struct StripePlan {
  uint64_t content_bytes = 0;
  uint32_t extent_bytes = 0;  // a multiple of block_bytes
  uint32_t block_bytes = 0;   // a power of 2, 512 to 65536 (CFG-26)
  uint32_t stripes = 1;       // 1 to 64

  friend bool operator==(const StripePlan&, const StripePlan&) = default;

  // The extent size the engine chooses: a transfer's worth, and at least sixteen blocks, so that an
  // extent's own block stays below 7 % of it.
  static uint32_t ExtentBytesFor(uint32_t block_bytes, uint32_t max_transfer_bytes);

  // Whether the sizes are ones this engine writes; asked of what comes from a medium.
  bool IsSane() const;

  uint64_t PadToBlock(uint64_t bytes) const {
    return (bytes + block_bytes - 1) / block_bytes * block_bytes;
  }
  uint64_t HeaderBytes() const { return PadToBlock(kMediaHeaderBytes); }

  uint64_t ExtentCount() const { return (content_bytes + extent_bytes - 1) / extent_bytes; }
  // Content bytes of an extent; only the last one is shorter than extent_bytes.
  uint64_t ExtentLength(uint64_t extent) const;

  uint32_t StripeOf(uint64_t extent) const { return static_cast<uint32_t>(extent % stripes); }
  // The extents of a stripe, and the k-th of them.
  uint64_t ExtentsOn(uint32_t stripe) const;
  uint64_t ExtentAt(uint32_t stripe, uint64_t k) const { return k * stripes + stripe; }

  // Everything that crosses the device of a stripe: header, extents with a block before each, and a
  // trailing block.
  uint64_t StreamBytes(uint32_t stripe) const;

  // Where in the content the first byte of it lies that a piece of a stripe's stream carries;
  // nothing if it carries none.
  std::optional<uint64_t> FirstContentIn(uint32_t stripe, uint64_t stream_offset,
                                         uint64_t bytes) const;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_STRIPE_PLAN_H_
