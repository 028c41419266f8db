// A buffer area, byte by byte: an object of its own, made by the server, mapped by whoever gets a
// command with a buffer in it or a handle to one.
//
//   offset         size                written by     what
//   0                64                server, once   AreaHeader
//   64               4 * buffer_count  both, by RMW   a word for each buffer: kBuffer... bits
//   first_data       data_bytes        see B-07       data zone 0; its prefix zone ends here
//   + stride each    data_bytes                       data zones 1, 2, ... (B-03)
//
// stride = data_bytes + prefix_bytes, rounded up to `alignment`; first_data is a multiple of
// `alignment`, and so is the address at which every process maps the object, so each data zone is
// aligned everywhere (B-05).
#ifndef SIMULATOR_DEVICE_SET_AREA_LAYOUT_H_
#define SIMULATOR_DEVICE_SET_AREA_LAYOUT_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "simulator/shm/liveness.h"

namespace vdisim {

inline constexpr uint64_t kAreaMagic = 0x31415241'4D495356;  // "VSIMARA1"

struct AreaHeader {
  uint64_t magic;
  uint32_t layout_version;
  uint32_t index;  // of this area in its set
  uint64_t incarnation;
  shm::ProcessIdentity server;  // its life is the area's, see reclaim.h
  uint32_t buffer_count;
  uint32_t data_bytes;
  uint32_t alignment;  // power of 2
  uint32_t prefix_bytes;
};
static_assert(offsetof(AreaHeader, server) == 24);
static_assert(offsetof(AreaHeader, buffer_count) == 48);
static_assert(sizeof(AreaHeader) == 64);

// Bits of a buffer's word. The server keeps its own books; these tell the clients.
inline constexpr uint32_t kBufferAllocated = 1;
inline constexpr uint32_t kBufferHandleIssued = 2;

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_AREA_LAYOUT_H_
