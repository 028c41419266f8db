// The buffer areas that one client opening has mapped: each when a command or a handle first names
// it, all let go together. Any thread; looking up an area that is mapped takes no lock.
#ifndef SIMULATOR_DEVICE_SET_CLIENT_AREAS_H_
#define SIMULATOR_DEVICE_SET_CLIENT_AREAS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "simulator/base/result.h"
#include "simulator/device_set/buffer_area.h"
#include "simulator/device_set/buffer_handle.h"
#include "simulator/device_set/control_segment.h"

namespace vdisim {

class ClientAreas {
 public:
  explicit ClientAreas(ControlSegment& control) : control_(control) {}

  // Returns VD_E_INVALID (the set has no such buffer, or its area is damaged), 0x80070002 (the area
  // is gone), VD_E_MEMORY and the like (it cannot be mapped).
  HResult Find(BufferPlace place, BufferArea** area);
  // The buffer whose data zone begins at this address, among the areas mapped here.
  std::optional<BufferPlace> PlaceOf(const uint8_t* address, BufferArea** area) const;

 private:
  HResult Map(uint32_t index);

  ControlSegment& control_;
  std::mutex mapping_;
  std::array<std::unique_ptr<BufferArea>, kAreasMax> owned_;
  std::array<std::atomic<BufferArea*>, kAreasMax> mapped_{};
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_CLIENT_AREAS_H_
