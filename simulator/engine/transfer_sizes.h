// In which sizes a stripe is transferred: a sequence that a policy or a fault plan, and a seed,
// decide (CFG-33). One thread.
#ifndef SIMULATOR_ENGINE_TRANSFER_SIZES_H_
#define SIMULATOR_ENGINE_TRANSFER_SIZES_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "simulator/engine/checksum.h"
#include "simulator/engine/configuration.h"
#include "simulator/engine/fault_plan.h"
#include "simulator/engine/profile.h"

namespace vdisim {

class TransferSizer {
 public:
  // planned: goes before the policy.
  TransferSizer(ReadSizes policy, const std::optional<Planned<SizesFault>>& planned,
                const Configuration& configuration, uint64_t seed)
      : policy_(planned ? ReadSizes::kRandom : policy),
        list_(planned ? planned->value.bytes : std::vector<uint32_t>()),
        block_bytes_(configuration.block_bytes),
        blocks_most_(configuration.max_transfer_bytes / configuration.block_bytes),
        state_(seed) {}

  // The next size: at most the maximum transfer size and at most `left`, which is a multiple of
  // the block size. A multiple of the block size itself, unless a plan says otherwise.
  uint32_t Next(uint64_t left) {
    if (!list_.empty()) {
      return static_cast<uint32_t>(std::min<uint64_t>(list_[at_++ % list_.size()], left));
    }
    uint64_t blocks = blocks_most_;
    if (policy_ == ReadSizes::kSmallest) blocks = 1;
    if (policy_ == ReadSizes::kRandom) blocks = 1 + SplitMix64(&state_) % blocks_most_;
    return static_cast<uint32_t>(std::min<uint64_t>(blocks * block_bytes_, left));
  }

 private:
  const ReadSizes policy_;
  const std::vector<uint32_t> list_;
  const uint32_t block_bytes_;
  const uint64_t blocks_most_;
  uint64_t state_;
  size_t at_ = 0;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_TRANSFER_SIZES_H_
