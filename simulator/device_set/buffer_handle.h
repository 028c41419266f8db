// A buffer handle is a number of 31 bits that any process of the set can turn into the buffer
// (B-10, G-44): 14 bits name the set, 6 the area, 11 the buffer. The tag of the set is never 0, so
// no handle is 0; it differs from that of every other set on the machine, so that a foreign handle
// is seen to be foreign (C-MAP-20).
#ifndef SIMULATOR_DEVICE_SET_BUFFER_HANDLE_H_
#define SIMULATOR_DEVICE_SET_BUFFER_HANDLE_H_

#include <cstdint>
#include <optional>

#include "simulator/device_set/limits.h"

namespace vdisim {

inline constexpr uint32_t kHandleTagMax = (1U << 14) - 1;

struct BufferPlace {
  uint32_t area;
  uint32_t index;

  // The form in which rings carry a place.
  constexpr uint32_t Packed() const { return area * kAreaBuffersMax + index; }
  static constexpr BufferPlace Unpack(uint32_t packed) {
    return {packed / kAreaBuffersMax, packed % kAreaBuffersMax};
  }
  friend constexpr bool operator==(const BufferPlace&, const BufferPlace&) = default;
};
static_assert(kAreasMax == 1U << 6 && kAreaBuffersMax == 1U << 11);

constexpr uint32_t EncodeHandle(uint32_t tag, BufferPlace place) {
  return tag << 17 | place.Packed();
}

// The place a handle means in the set of that tag; empty if it is not one of that set.
constexpr std::optional<BufferPlace> DecodeHandle(uint32_t tag, int32_t handle) {
  if (handle <= 0) return std::nullopt;
  const auto bits = static_cast<uint32_t>(handle);
  if (bits >> 17 != tag) return std::nullopt;
  return BufferPlace::Unpack(bits & 0x1FFFF);
}

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_BUFFER_HANDLE_H_
