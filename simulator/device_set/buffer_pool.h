// The server's buffers: requests summed up while the set is configured, areas made from them, and
// which buffer is allocated. It owns the areas' mappings and keeps its own books: what clients
// write into an area's words changes nothing here. Any thread. Answers for S-REQ, S-QAB, S-ALC,
// S-FRE, S-ISB and the allocation of S-END.
#ifndef SIMULATOR_DEVICE_SET_BUFFER_POOL_H_
#define SIMULATOR_DEVICE_SET_BUFFER_POOL_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "simulator/base/hresult.h"
#include "simulator/device_set/buffer_area.h"
#include "simulator/device_set/buffer_handle.h"
#include "simulator/device_set/control_segment.h"

namespace vdisim {

class BufferPool {
 public:
  explicit BufferPool(ControlSegment& control) : control_(control) {}

  // The alignment that a request or an allocation gets at least (B-05).
  void SetBasicAlignment(uint32_t alignment) { basic_alignment_ = alignment; }

  // Remembers a request for MakeRequested; equal requests become one. Returns VD_E_INVALID (size or
  // count 0, size above 2^31-1, alignment not a power of 2 up to 4 MiB).
  HResult Sum(uint32_t size, uint32_t alignment, uint32_t count);
  // Makes the areas of all requests. Returns VD_E_MEMORY (the system has none, or it is beyond what
  // a set may have) with nothing made and the sums cleared (G-76).
  HResult MakeRequested();
  // Sum and MakeRequested for one request, at once.
  HResult Grow(uint32_t size, uint32_t alignment, uint32_t count);

  // How many buffers could still be had: of the requests while there are no areas, else of these.
  HResult Available(uint32_t size, uint32_t alignment, uint32_t* count) const;

  HResult Allocate(uint32_t size, uint32_t alignment, uint8_t** buffer);
  // size: as allocated.
  HResult Free(const uint8_t* buffer, uint32_t size);
  // The allocated buffer that begins at this address, and its size.
  struct Allocation {
    BufferPlace place;
    uint32_t size;
  };
  std::optional<Allocation> Find(const uint8_t* buffer) const;
  // Whether the address lies in a buffer that is allocated.
  bool Covers(const uint8_t* address) const;

  uint32_t total_buffers() const { return total_buffers_.load(std::memory_order_acquire); }
  void UnlinkAreas();

 private:
  struct Request {
    uint32_t size;
    uint32_t alignment;
    uint64_t count;
  };
  struct Area {
    std::unique_ptr<BufferArea> memory;
    std::vector<std::atomic<uint32_t>> allocated_bytes;  // 0 = free
    std::vector<uint32_t> free;                          // a stack of indexes
  };

  AreaGeometry GeometryOf(const Request& request, uint64_t count) const;
  HResult CheckShape(uint32_t size, uint32_t* alignment) const;
  HResult CheckSum(const Request& more) const;
  HResult MakeAreas(const std::vector<Request>& requests);
  const Area* AreaOf(const uint8_t* address, uint32_t* index) const;

  ControlSegment& control_;
  std::atomic<uint32_t> basic_alignment_{1};
  mutable std::mutex mutex_;
  std::vector<Request> requests_;
  uint64_t asked_bytes_ = 0;  // of data, during configuration
  bool too_much_ = false;     // that was more than a set may have
  std::array<Area, kAreasMax> areas_;
  std::atomic<uint32_t> area_count_{0};  // areas below it do not change place
  std::atomic<uint32_t> total_buffers_{0};
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_BUFFER_POOL_H_
