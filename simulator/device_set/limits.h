// Every maximum of a device set, in one place. Values that travel through shared memory are checked
// against these before they are used.
#ifndef SIMULATOR_DEVICE_SET_LIMITS_H_
#define SIMULATOR_DEVICE_SET_LIMITS_H_

#include <chrono>
#include <cstdint>

namespace vdisim {

inline constexpr uint32_t kDevicesMax = 64;  // CFG-01

// Names are UTF-8. The documents give no limit (N-09); an object's name is hashed when long, so
// these bound only what the control segment stores.
inline constexpr uint32_t kNameBytesMax = 1024;
inline constexpr uint32_t kInstanceBytesMax = 256;

// Commands that one device may have outstanding: sent and not yet completed (G-59).
inline constexpr uint32_t kOutstandingMax = 64;
inline constexpr uint32_t kOutstandingLeast = 4;
// A ring holds what is outstanding, and beside it the commands that IO-ERROR has taken back and the
// client has not skipped yet.
inline constexpr uint32_t kRingEntries = 128;
static_assert(kRingEntries >= 2 * kOutstandingMax);
static_assert((kRingEntries & (kRingEntries - 1)) == 0);

// Buffers: a handle has 6 bits for the area and 11 for the buffer in it.
inline constexpr uint32_t kAreasMax = 64;
inline constexpr uint32_t kAreaBuffersMax = 2048;
inline constexpr uint32_t kBufferBytesMax = 0x7FFFFFFF;  // G-74
inline constexpr uint32_t kBufferAlignmentMax = 4U << 20;
inline constexpr uint64_t kSetBytesMax = uint64_t{16} << 30;

// Configuration (CFG-25 to CFG-27, G-56).
inline constexpr uint32_t kPrefixBytesMax = 1U << 20;
inline constexpr uint32_t kAlignmentMax = 64U << 10;
inline constexpr uint32_t kBlockBytesLeast = 512;
inline constexpr uint32_t kBlockBytesMax = 64U << 10;
inline constexpr uint32_t kTransferBytesUnit = 64U << 10;
inline constexpr uint32_t kTransferBytesMax = 4U << 20;

// How long OpenDevice waits for a server that has not named all its devices yet, on the set's
// clock.
inline constexpr std::chrono::seconds kNamesWait{10};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_LIMITS_H_
