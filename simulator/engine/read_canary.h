// How much of a Read's buffer a client has really filled: the buffer is covered with a pattern
// before it is sent, and looked at when its completion comes. A pattern of 64-bit words that seed
// and place decide; data agrees with eight of its bytes by chance once in 2^64. Pure; any thread.
#ifndef SIMULATOR_ENGINE_READ_CANARY_H_
#define SIMULATOR_ENGINE_READ_CANARY_H_

#include <cstdint>
#include <span>

namespace vdisim {

// Covers the buffer.
void SpreadCanary(uint64_t seed, std::span<uint8_t> buffer);

struct CanaryTrace {
  uint32_t filled = 0;   // bytes from the front that were written without a gap
  uint32_t touched = 0;  // end of the last byte that was written
};
// Looks at a buffer that was covered with that seed. claimed: how many bytes the client says it
// filled. A gap shorter than eight bytes may be data that looks like the pattern, and is none.
CanaryTrace LookAtCanary(uint64_t seed, std::span<const uint8_t> buffer, uint32_t claimed);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_READ_CANARY_H_
