#include "simulator/device_set/buffer_area.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "simulator/device_set/configuration.h"
#include "simulator/device_set/layout.h"
#include "simulator/device_set/limits.h"
#include "simulator/shm/object_name.h"

namespace vdisim {
namespace {

constexpr uint32_t kPageBytes = 4096;

std::optional<AreaHeader> ReadHeader(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof(AreaHeader)) return std::nullopt;
  AreaHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != kAreaMagic || header.layout_version != kLayoutVersion) return std::nullopt;
  return header;
}

shm::SegmentOptions OptionsFor(uint32_t alignment, uint32_t mode) {
  shm::SegmentOptions options;
  options.mode = mode;
  options.base_alignment = std::max(kPageBytes, alignment);
  return options;
}

}  // namespace

uint64_t AreaGeometry::first_data() const {
  const uint64_t words_end = sizeof(AreaHeader) + uint64_t{buffer_count} * sizeof(uint32_t);
  return AlignUp(words_end + prefix_bytes, alignment);
}

uint64_t AreaGeometry::stride() const {
  return AlignUp(uint64_t{data_bytes} + prefix_bytes, alignment);
}

uint64_t AreaGeometry::size_bytes() const {
  return first_data() + stride() * (buffer_count - 1) + data_bytes;
}

bool AreaGeometry::IsValid() const {
  return buffer_count >= 1 && buffer_count <= kAreaBuffersMax && data_bytes >= 1 &&
         data_bytes <= kBufferBytesMax && IsPowerOfTwo(alignment) &&
         alignment <= kBufferAlignmentMax && prefix_bytes <= kPrefixBytesMax;
}

BufferArea::BufferArea(shm::Segment segment, const AreaGeometry& geometry)
    : segment_(std::move(segment)),
      geometry_(geometry),
      stride_(geometry.stride()),
      first_data_(reinterpret_cast<uint8_t*>(segment_.bytes().data()) + geometry.first_data()),
      end_(first_data_ + stride_ * (geometry.buffer_count - 1) + geometry.data_bytes),
      words_(
          reinterpret_cast<std::atomic<uint32_t>*>(segment_.bytes().data() + sizeof(AreaHeader))) {}

Result<std::unique_ptr<BufferArea>> BufferArea::Create(uint64_t incarnation, uint32_t index,
                                                       const AreaGeometry& geometry,
                                                       uint32_t mode) {
  const auto initialise = [&](std::span<std::byte> bytes) {
    AreaHeader header{};
    header.magic = kAreaMagic;
    header.layout_version = kLayoutVersion;
    header.index = index;
    header.incarnation = incarnation;
    header.server = shm::ThisProcess();
    header.buffer_count = geometry.buffer_count;
    header.data_bytes = geometry.data_bytes;
    header.alignment = geometry.alignment;
    header.prefix_bytes = geometry.prefix_bytes;
    std::memcpy(bytes.data(), &header, sizeof header);
  };
  Result<shm::Segment> segment = shm::Segment::Create(
      shm::AreaObjectName(incarnation, index), geometry.size_bytes(), shm::Role::kServer,
      OptionsFor(geometry.alignment, mode), initialise, [](const shm::Segment&) { return false; });
  if (!segment.ok()) return segment.code();
  return std::unique_ptr<BufferArea>(new BufferArea(std::move(segment.value()), geometry));
}

Result<std::unique_ptr<BufferArea>> BufferArea::Open(uint64_t incarnation, uint32_t index,
                                                     uint32_t alignment) {
  Result<shm::Segment> segment = shm::Segment::OpenExisting(
      shm::AreaObjectName(incarnation, index), sizeof(AreaHeader), OptionsFor(alignment, 0));
  if (!segment.ok()) return segment.code();
  const std::optional<AreaHeader> header = ReadHeader(segment->bytes());
  if (!header.has_value() || header->incarnation != incarnation || header->index != index) {
    return kInvalid;
  }
  const AreaGeometry geometry{header->buffer_count, header->data_bytes, header->alignment,
                              header->prefix_bytes};
  if (!geometry.IsValid() || geometry.alignment > alignment ||
      geometry.size_bytes() > segment->bytes().size()) {
    return kInvalid;
  }
  return std::unique_ptr<BufferArea>(new BufferArea(std::move(segment.value()), geometry));
}

std::optional<uint32_t> BufferArea::IndexOfStart(const uint8_t* address) const {
  const auto offset = static_cast<uint64_t>(address - first_data_);
  const uint64_t index = offset / stride_;
  if (index * stride_ != offset) return std::nullopt;
  return static_cast<uint32_t>(index);
}

uint32_t BufferArea::IndexCovering(const uint8_t* address) const {
  return static_cast<uint32_t>(static_cast<uint64_t>(address - first_data_) / stride_);
}

std::optional<shm::ProcessIdentity> ServerOfArea(const shm::Segment& segment) {
  const std::optional<AreaHeader> header = ReadHeader(segment.bytes());
  if (!header.has_value()) return std::nullopt;
  return header->server;
}

}  // namespace vdisim
