#include "simulator/device_set/buffer_pool.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "simulator/device_set/configuration.h"
#include "simulator/device_set/limits.h"

namespace vdisim {
namespace {

constexpr uint32_t kPageBytes = 4096;

}  // namespace

// B-05: the strictest of the basic alignment and the caller's.
HResult BufferPool::CheckShape(uint32_t size, uint32_t* alignment) const {
  if (size == 0 || size > kBufferBytesMax) return kInvalid;
  if (*alignment != 0 && (!IsPowerOfTwo(*alignment) || *alignment > kBufferAlignmentMax)) {
    return kInvalid;
  }
  *alignment = std::max(*alignment, basic_alignment_.load(std::memory_order_relaxed));
  return kOk;
}

AreaGeometry BufferPool::GeometryOf(const Request& request, uint64_t count) const {
  const SetFacts& facts = control_.facts();
  AreaGeometry geometry{
      .buffer_count = static_cast<uint32_t>(std::min<uint64_t>(count, kAreaBuffersMax)),
      .data_bytes = request.size,
      .alignment = request.alignment,
      .prefix_bytes = facts.requested.prefixZoneSize};
  if (facts.own_pages) {
    // What begins and ends at pages shares none.
    geometry.alignment = std::max(geometry.alignment, kPageBytes);
    geometry.prefix_bytes = static_cast<uint32_t>(AlignUp(geometry.prefix_bytes, kPageBytes));
  }
  return geometry;
}

HResult BufferPool::CheckSum(const Request& more) const {
  const auto areas_for = [](uint64_t count) {
    return (count + kAreaBuffersMax - 1) / kAreaBuffersMax;
  };
  const auto bytes_for = [&](const Request& request) {
    // One alignment more for the first zone of each area and the words before it.
    return (request.count + areas_for(request.count)) * GeometryOf(request, 1).stride();
  };

  uint64_t areas = areas_for(more.count);
  uint64_t bytes = bytes_for(more);
  for (uint32_t i = 0; i < area_count_.load(std::memory_order_relaxed); ++i) {
    ++areas;
    bytes += areas_[i].memory->geometry().size_bytes();
  }
  for (const Request& request : requests_) {
    if (request.size == more.size && request.alignment == more.alignment) {
      areas += areas_for(request.count + more.count) - areas_for(more.count);
    } else {
      areas += areas_for(request.count);
    }
    bytes += bytes_for(request);
  }
  return areas > kAreasMax || bytes > kSetBytesMax ? kMemory : kOk;
}

HResult BufferPool::Sum(uint32_t size, uint32_t alignment, uint32_t count) {
  if (HResult hr = CheckShape(size, &alignment); !hr.ok()) return hr;
  if (count == 0) return kInvalid;
  const std::lock_guard lock(mutex_);
  // S-REQ-04: what cannot even be counted is refused at once, and adds nothing.
  const uint64_t bytes = uint64_t{size} * count;
  if (bytes > std::numeric_limits<uint64_t>::max() - asked_bytes_) return kMemory;
  asked_bytes_ += bytes;
  const Request request{size, alignment, count};
  if (!CheckSum(request).ok()) {
    // S-REQ-20: memory is taken when the configuration ends, and a call before lacks none.
    too_much_ = true;
    return kOk;
  }

  for (Request& known : requests_) {
    if (known.size != size || known.alignment != alignment) continue;
    known.count += count;
    return kOk;
  }
  requests_.push_back(request);
  return kOk;
}

HResult BufferPool::MakeRequested() {
  const std::lock_guard lock(mutex_);
  const HResult hr = too_much_ ? kMemory : MakeAreas(requests_);
  requests_.clear();
  too_much_ = false;
  asked_bytes_ = 0;
  return hr;
}

HResult BufferPool::Grow(uint32_t size, uint32_t alignment, uint32_t count) {
  if (HResult hr = CheckShape(size, &alignment); !hr.ok()) return hr;
  if (count == 0) return kInvalid;
  const std::lock_guard lock(mutex_);
  const Request request{size, alignment, count};
  if (HResult hr = CheckSum(request); !hr.ok()) return hr;
  return MakeAreas({request});
}

HResult BufferPool::MakeAreas(const std::vector<Request>& requests) {
  // First everything that can fail: the areas are made, but not known to anybody.
  const SetFacts& facts = control_.facts();
  const uint32_t first = area_count_.load(std::memory_order_relaxed);
  std::vector<std::unique_ptr<BufferArea>> made;
  const auto undo = [&made] {
    for (const auto& area : made) area->segment().Unlink();
  };
  for (const Request& request : requests) {
    for (uint64_t left = request.count; left > 0;) {
      const AreaGeometry geometry = GeometryOf(request, left);
      const auto index = static_cast<uint32_t>(first + made.size());
      if (index >= kAreasMax) {
        undo();
        return kMemory;
      }
      auto area = BufferArea::Create(facts.incarnation, index, geometry, facts.mode);
      if (!area.ok()) {
        undo();
        // S-END-04 and S-REQ-04: whatever the system lacked, the memory was not to be had.
        return kMemory;
      }
      made.push_back(std::move(area.value()));
      left -= geometry.buffer_count;
    }
  }

  uint32_t total = total_buffers_.load(std::memory_order_relaxed);
  for (uint32_t i = 0; i < made.size(); ++i) {
    Area& area = areas_[first + i];
    const uint32_t buffers = made[i]->geometry().buffer_count;
    area.memory = std::move(made[i]);
    area.allocated_bytes = std::vector<std::atomic<uint32_t>>(buffers);
    area.free.resize(buffers);
    // The stack hands out low indexes first.
    for (uint32_t b = 0; b < buffers; ++b) area.free[b] = buffers - 1 - b;
    total += buffers;
    control_.server().area_alignment[first + i].store(area.memory->geometry().alignment,
                                                      std::memory_order_relaxed);
  }
  const auto count = static_cast<uint32_t>(first + made.size());
  total_buffers_.store(total, std::memory_order_release);
  area_count_.store(count, std::memory_order_release);
  control_.server().area_count.store(count, std::memory_order_release);
  return kOk;
}

HResult BufferPool::Available(uint32_t size, uint32_t alignment, uint32_t* count) const {
  if (HResult hr = CheckShape(size, &alignment); !hr.ok()) return hr;
  const std::lock_guard lock(mutex_);
  uint64_t found = 0;
  for (const Request& request : requests_) {
    if (request.size >= size && request.alignment >= alignment) found += request.count;
  }
  for (uint32_t i = 0; i < area_count_.load(std::memory_order_relaxed); ++i) {
    const AreaGeometry& geometry = areas_[i].memory->geometry();
    if (geometry.data_bytes >= size && geometry.alignment >= alignment) {
      found += areas_[i].free.size();
    }
  }
  *count = static_cast<uint32_t>(std::min<uint64_t>(found, UINT32_MAX));
  return kOk;
}

HResult BufferPool::Allocate(uint32_t size, uint32_t alignment, uint8_t** buffer) {
  if (HResult hr = CheckShape(size, &alignment); !hr.ok()) return hr;
  const std::lock_guard lock(mutex_);
  Area* best = nullptr;
  for (uint32_t i = 0; i < area_count_.load(std::memory_order_relaxed); ++i) {
    Area& area = areas_[i];
    const AreaGeometry& geometry = area.memory->geometry();
    if (area.free.empty() || geometry.data_bytes < size || geometry.alignment < alignment) continue;
    // Small buffers stay for small requests, aligned ones for those who need them.
    if (best == nullptr || geometry.data_bytes < best->memory->geometry().data_bytes ||
        (geometry.data_bytes == best->memory->geometry().data_bytes &&
         geometry.alignment < best->memory->geometry().alignment)) {
      best = &area;
    }
  }
  if (best == nullptr) return kMemory;

  const uint32_t index = best->free.back();
  best->free.pop_back();
  best->memory->word(index).store(kBufferAllocated, std::memory_order_release);
  best->allocated_bytes[index].store(size, std::memory_order_release);
  *buffer = best->memory->DataZone(index);
  return kOk;
}

const BufferPool::Area* BufferPool::AreaOf(const uint8_t* address, uint32_t* index) const {
  const uint32_t count = area_count_.load(std::memory_order_acquire);
  for (uint32_t i = 0; i < count; ++i) {
    if (areas_[i].memory->Contains(address)) {
      *index = i;
      return &areas_[i];
    }
  }
  return nullptr;
}

std::optional<BufferPool::Allocation> BufferPool::Find(const uint8_t* buffer) const {
  uint32_t area_index = 0;
  const Area* const area = AreaOf(buffer, &area_index);
  if (area == nullptr) return std::nullopt;
  const std::optional<uint32_t> index = area->memory->IndexOfStart(buffer);
  if (!index.has_value()) return std::nullopt;
  const uint32_t size = area->allocated_bytes[*index].load(std::memory_order_acquire);
  if (size == 0) return std::nullopt;
  return Allocation{{area_index, *index}, size};
}

bool BufferPool::Covers(const uint8_t* address) const {
  uint32_t area_index = 0;
  const Area* const area = AreaOf(address, &area_index);
  if (area == nullptr) return false;
  const uint32_t index = area->memory->IndexCovering(address);
  const uint32_t size = area->allocated_bytes[index].load(std::memory_order_acquire);
  return address < area->memory->DataZone(index) + size;
}

HResult BufferPool::Free(const uint8_t* buffer, uint32_t size) {
  const std::lock_guard lock(mutex_);
  const std::optional<Allocation> allocation = Find(buffer);
  if (!allocation.has_value() || allocation->size != size) return kInvalid;

  Area& area = areas_[allocation->place.area];
  const uint32_t index = allocation->place.index;
  area.allocated_bytes[index].store(0, std::memory_order_release);
  area.memory->word(index).store(0, std::memory_order_release);  // its handle ends with it
  area.free.push_back(index);
  return kOk;
}

void BufferPool::UnlinkAreas() {
  const std::lock_guard lock(mutex_);
  for (uint32_t i = 0; i < area_count_.load(std::memory_order_relaxed); ++i) {
    areas_[i].memory->segment().Unlink();
  }
}

}  // namespace vdisim
