// A BufferArea is one process's mapping of one buffer area (area_layout.h). It owns the mapping.
// Its geometry was copied and checked against the size of the mapping when it was made, so no place
// in it lies outside. Any thread.
#ifndef SIMULATOR_DEVICE_SET_BUFFER_AREA_H_
#define SIMULATOR_DEVICE_SET_BUFFER_AREA_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "simulator/base/result.h"
#include "simulator/device_set/area_layout.h"
#include "simulator/shm/segment.h"

namespace vdisim {

struct AreaGeometry {
  uint32_t buffer_count = 0;
  uint32_t data_bytes = 0;
  uint32_t alignment = 1;
  uint32_t prefix_bytes = 0;

  uint64_t first_data() const;
  uint64_t stride() const;
  uint64_t size_bytes() const;  // of the object
  bool IsValid() const;         // every field within limits.h
};

class BufferArea {
 public:
  // Makes area `index` of a set; this process is the server.
  static Result<std::unique_ptr<BufferArea>> Create(uint64_t incarnation, uint32_t index,
                                                    const AreaGeometry& geometry, uint32_t mode);
  // Maps it. alignment: what the mapping's address must be a multiple of. Returns 0x80070002
  // (gone), VD_E_INVALID (damaged, or the alignment does not do), or what the system says.
  static Result<std::unique_ptr<BufferArea>> Open(uint64_t incarnation, uint32_t index,
                                                  uint32_t alignment);

  const AreaGeometry& geometry() const { return geometry_; }
  shm::Segment& segment() { return segment_; }
  const shm::Segment& segment() const { return segment_; }

  // index: below buffer_count.
  uint8_t* DataZone(uint32_t index) const { return first_data_ + stride_ * index; }
  std::atomic<uint32_t>& word(uint32_t index) const { return words_[index]; }
  bool Contains(const uint8_t* address) const { return address >= first_data_ && address < end_; }
  // Which buffer's data zone begins at, or else covers, an address that the area contains.
  std::optional<uint32_t> IndexOfStart(const uint8_t* address) const;
  uint32_t IndexCovering(const uint8_t* address) const;

 private:
  BufferArea(shm::Segment segment, const AreaGeometry& geometry);

  shm::Segment segment_;
  const AreaGeometry geometry_;
  const uint64_t stride_;
  uint8_t* const first_data_;
  uint8_t* const end_;
  std::atomic<uint32_t>* const words_;
};

// The server that an area belongs to; empty if the object is no area.
std::optional<shm::ProcessIdentity> ServerOfArea(const shm::Segment& segment);

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_BUFFER_AREA_H_
