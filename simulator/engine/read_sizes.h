// In which sizes a RESTORE reads a stripe: a sequence that policy and seed decide (CFG-33).
// One thread.
#ifndef SIMULATOR_ENGINE_READ_SIZES_H_
#define SIMULATOR_ENGINE_READ_SIZES_H_

#include <algorithm>
#include <cstdint>

#include "simulator/engine/checksum.h"
#include "simulator/engine/profile.h"

namespace vdisim {

class ReadSizer {
 public:
  ReadSizer(ReadSizes policy, uint32_t block_bytes, uint32_t max_transfer_bytes, uint64_t seed)
      : policy_(policy),
        block_bytes_(block_bytes),
        blocks_most_(max_transfer_bytes / block_bytes),
        state_(seed) {}

  // The next size: a multiple of the block size, at most the maximum transfer size, and at most
  // `left`, which is a multiple of the block size itself.
  uint32_t Next(uint64_t left) {
    uint64_t blocks = blocks_most_;
    if (policy_ == ReadSizes::kSmallest) blocks = 1;
    if (policy_ == ReadSizes::kRandom) blocks = 1 + SplitMix64(&state_) % blocks_most_;
    return static_cast<uint32_t>(std::min<uint64_t>(blocks * block_bytes_, left));
  }

 private:
  const ReadSizes policy_;
  const uint32_t block_bytes_;
  const uint64_t blocks_most_;
  uint64_t state_;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_READ_SIZES_H_
