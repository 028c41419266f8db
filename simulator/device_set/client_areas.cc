#include "simulator/device_set/client_areas.h"

#include <utility>

#include "simulator/device_set/configuration.h"
#include "simulator/device_set/limits.h"

namespace vdisim {

HResult ClientAreas::Find(BufferPlace place, BufferArea** area) {
  if (place.area >= kAreasMax) return kInvalid;
  BufferArea* found = mapped_[place.area].load(std::memory_order_acquire);
  if (found == nullptr) {
    if (HResult hr = Map(place.area); !hr.ok()) return hr;
    found = mapped_[place.area].load(std::memory_order_acquire);
  }
  if (place.index >= found->geometry().buffer_count) return kInvalid;
  *area = found;
  return kOk;
}

HResult ClientAreas::Map(uint32_t index) {
  const std::lock_guard lock(mapping_);
  if (owned_[index] != nullptr) return kOk;
  const ServerBlock& server = control_.server();
  if (index >= server.area_count.load(std::memory_order_acquire)) return kInvalid;
  const uint32_t alignment = server.area_alignment[index].load(std::memory_order_relaxed);
  if (!IsPowerOfTwo(alignment) || alignment > kBufferAlignmentMax) return kInvalid;
  auto area = BufferArea::Open(control_.facts().incarnation, index, alignment);
  if (!area.ok()) return area.code();
  owned_[index] = std::move(area.value());
  mapped_[index].store(owned_[index].get(), std::memory_order_release);
  return kOk;
}

std::optional<BufferPlace> ClientAreas::PlaceOf(const uint8_t* address, BufferArea** area) const {
  for (uint32_t i = 0; i < kAreasMax; ++i) {
    BufferArea* const candidate = mapped_[i].load(std::memory_order_acquire);
    if (candidate == nullptr || !candidate->Contains(address)) continue;
    const std::optional<uint32_t> index = candidate->IndexOfStart(address);
    if (!index.has_value()) return std::nullopt;
    *area = candidate;
    return BufferPlace{i, *index};
  }
  return std::nullopt;
}

}  // namespace vdisim
