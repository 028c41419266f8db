#include "simulator/engine/media_format.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "simulator/base/utf16.h"
#include "simulator/engine/checksum.h"

namespace vdisim {
namespace {

// Where the descriptor blocks lie in the header.
constexpr size_t kTapeAt = 0;
constexpr size_t kSetAt = 1024;
constexpr size_t kVolumeAt = 2048;
constexpr size_t kDescriptorAt = 2560;
constexpr size_t kMtfHeaderBytes = 52;  // common to all MTF blocks
constexpr size_t kMtfChecksumAt = 50;
constexpr size_t kTextMost = 384;
constexpr uint64_t kMagic = 0x314D'4953'4456ULL;  // the bytes "VDSIM1"
constexpr uint32_t kFormatVersion = 1;

// Writes and reads little-endian numbers at a moving place. A reader that runs out of bytes gives
// zeros and remembers it.
class Packer {
 public:
  explicit Packer(std::span<uint8_t> out) : out_(out) {}
  template <typename T>
  void Put(T value) {
    for (size_t i = 0; i < sizeof(T); ++i) {
      out_[at_++] = static_cast<uint8_t>(static_cast<uint64_t>(value) >> (8 * i));
    }
  }
  void PutText(std::string_view text) {
    size_t length = std::min(text.size(), kTextMost);
    // Not in the middle of a UTF-8 character.
    while (length > 0 && length < text.size() &&
           (static_cast<uint8_t>(text[length]) & 0xC0) == 0x80) {
      --length;
    }
    Put(static_cast<uint16_t>(length));
    std::memcpy(&out_[at_], text.data(), length);
    at_ += length;
  }
  void Skip(size_t bytes) { at_ += bytes; }
  size_t at() const { return at_; }

 private:
  std::span<uint8_t> out_;
  size_t at_ = 0;
};

class Unpacker {
 public:
  explicit Unpacker(std::span<const uint8_t> in) : in_(in) {}
  template <typename T>
  T Get() {
    if (in_.size() - at_ < sizeof(T)) {
      broken_ = true;
      return T{};
    }
    uint64_t value = 0;
    for (size_t i = 0; i < sizeof(T); ++i) value |= uint64_t{in_[at_++]} << (8 * i);
    return static_cast<T>(value);
  }
  std::string GetText() {
    const size_t length = Get<uint16_t>();
    if (length > kTextMost || in_.size() - at_ < length) {
      broken_ = true;
      return {};
    }
    const auto* begin = reinterpret_cast<const char*>(in_.data() + at_);
    at_ += length;
    return std::string(begin, length);
  }
  void Skip(size_t bytes) { at_ = std::min(in_.size(), at_ + bytes); }
  size_t at() const { return at_; }
  bool broken() const { return broken_; }

 private:
  std::span<const uint8_t> in_;
  size_t at_ = 0;
  bool broken_ = false;
};

uint16_t MtfChecksum(std::span<const uint8_t> block) {
  uint16_t sum = 0;
  for (size_t at = 0; at < kMtfChecksumAt; at += 2) {
    sum = static_cast<uint16_t>(sum ^ (block[at] | block[at + 1] << 8));
  }
  return sum;
}

// The part that all MTF blocks share. `event_offset` is where the block's own data begins.
void PutMtfHeader(std::span<uint8_t> block, std::string_view type, uint16_t event_offset,
                  uint32_t control_block_id) {
  Packer pack(block);
  for (const char c : type) pack.Put(static_cast<uint8_t>(c));
  pack.Put(uint32_t{0});  // attributes
  pack.Put(event_offset);
  pack.Put(uint8_t{14});  // operating system id: Windows NT, as SQL Server writes
  pack.Put(uint8_t{1});
  pack.Put(uint64_t{0});  // displayable size
  pack.Put(uint64_t{0});  // format logical address
  pack.Skip(8);
  pack.Put(control_block_id);
  pack.Skip(8);
  pack.Put(uint8_t{2});  // strings are Unicode
  pack.Skip(1);
  pack.Put(MtfChecksum(block));
}

bool HasMtfHeader(std::span<const uint8_t> block, std::string_view type) {
  return block.size() >= kMtfHeaderBytes && std::memcmp(block.data(), type.data(), 4) == 0 &&
         MtfChecksum(block) == (block[kMtfChecksumAt] | block[kMtfChecksumAt + 1] << 8);
}

// Puts UTF-16 text at `at`, and its size and place into the block's tape address at `address`.
void PutMtfText(std::span<uint8_t> block, size_t address, size_t at, std::string_view text) {
  const std::u16string wide = Utf16FromUtf8(text).value_or(u"");
  const size_t units = std::min<size_t>(wide.size(), 128);
  Packer pack(block);
  pack.Skip(address);
  pack.Put(static_cast<uint16_t>(units * 2));
  pack.Put(static_cast<uint16_t>(at));
  Packer body(block);
  body.Skip(at);
  for (size_t i = 0; i < units; ++i) body.Put(static_cast<uint16_t>(wide[i]));
}

// TAPE and SSET fields that MTF readers look at; the offsets are MTF 1.00a's.
constexpr size_t kTapeSequenceAt = 60;
constexpr size_t kTapeSoftwareNameAt = 80;
constexpr size_t kTapeBlockSizeAt = 84;
constexpr size_t kTapeVersionAt = 93;
constexpr size_t kSetNumberAt = 62;
constexpr size_t kSetNameAt = 64;
constexpr size_t kVolumeNameAt = 60;
constexpr size_t kTextsAt = 140;

void PutTape(std::span<uint8_t> block, const MediaDescriptor& d) {
  PutMtfHeader(block, "TAPE", kTextsAt, 0);
  Packer pack(block);
  pack.Skip(kMtfHeaderBytes);
  pack.Put(static_cast<uint32_t>(d.media_set_id[0]));  // media family id
  Packer sequence(block);
  sequence.Skip(kTapeSequenceAt);
  sequence.Put(uint16_t{1});
  PutMtfText(block, kTapeSoftwareNameAt, kTextsAt, kSoftwareName);
  Packer size(block);
  size.Skip(kTapeBlockSizeAt);
  size.Put(static_cast<uint16_t>(d.plan.block_bytes == 65536 ? 0 : d.plan.block_bytes));
  block[kTapeVersionAt] = 1;
}

void PutSet(std::span<uint8_t> block, const MediaDescriptor& d) {
  PutMtfHeader(block, "SSET", kTextsAt, 1);
  Packer number(block);
  number.Skip(kSetNumberAt);
  number.Put(uint16_t{1});
  PutMtfText(block, kSetNameAt, kTextsAt, d.set_name);
}

void PutVolume(std::span<uint8_t> block, const MediaDescriptor& d) {
  PutMtfHeader(block, "VOLB", kTextsAt, 2);
  PutMtfText(block, kVolumeNameAt, kTextsAt, d.database);
}

// The descriptor itself, with a checksum after its last byte.
void PutDescriptor(std::span<uint8_t> block, const MediaDescriptor& d) {
  static_assert(
      kMtfHeaderBytes + 112 + 3 * (2 + kTextMost) + 4 <= kMediaHeaderBytes - kDescriptorAt,
      "numbers and texts of a descriptor fit its block");
  PutMtfHeader(block, "VDSD", kMtfHeaderBytes, 3);
  Packer pack(block);
  pack.Skip(kMtfHeaderBytes);
  pack.Put(kMagic);
  pack.Put(kFormatVersion);
  pack.Put(static_cast<uint32_t>(d.kind));
  pack.Put(d.media_set_id[0]);
  pack.Put(d.media_set_id[1]);
  pack.Put(d.family);
  pack.Put(d.plan.stripes);
  pack.Put(d.plan.content_bytes);
  pack.Put(d.plan.extent_bytes);
  pack.Put(d.plan.block_bytes);
  pack.Put(d.transfer_bytes);
  pack.Put(d.database_bytes);
  pack.Put(d.sequence);
  pack.Put(d.start_time_s);
  pack.Put(d.first_lsn);
  pack.Put(d.last_lsn);
  pack.Put(d.base_lsn);
  pack.PutText(d.database);
  pack.PutText(d.set_name);
  pack.PutText(d.server);
  pack.Put(Crc32c::Of(block.first(pack.at())));
}

bool GetDescriptor(std::span<const uint8_t> block, MediaDescriptor* d) {
  if (!HasMtfHeader(block, "VDSD")) return false;
  Unpacker unpack(block);
  unpack.Skip(kMtfHeaderBytes);
  if (unpack.Get<uint64_t>() != kMagic || unpack.Get<uint32_t>() != kFormatVersion) return false;
  const auto kind = unpack.Get<uint32_t>();
  d->kind = static_cast<BackupKind>(kind);
  d->media_set_id[0] = unpack.Get<uint64_t>();
  d->media_set_id[1] = unpack.Get<uint64_t>();
  d->family = unpack.Get<uint32_t>();
  d->plan.stripes = unpack.Get<uint32_t>();
  d->plan.content_bytes = unpack.Get<uint64_t>();
  d->plan.extent_bytes = unpack.Get<uint32_t>();
  d->plan.block_bytes = unpack.Get<uint32_t>();
  d->transfer_bytes = unpack.Get<uint32_t>();
  d->database_bytes = unpack.Get<uint64_t>();
  d->sequence = unpack.Get<uint64_t>();
  d->start_time_s = unpack.Get<int64_t>();
  d->first_lsn = unpack.Get<uint64_t>();
  d->last_lsn = unpack.Get<uint64_t>();
  d->base_lsn = unpack.Get<uint64_t>();
  d->database = unpack.GetText();
  d->set_name = unpack.GetText();
  d->server = unpack.GetText();
  if (unpack.broken()) return false;
  const uint32_t expected = Crc32c::Of(block.first(unpack.at()));
  if (unpack.Get<uint32_t>() != expected || unpack.broken()) return false;
  constexpr uint64_t kDatabaseMost = uint64_t{1} << 62;
  return kind >= 1 && kind <= 4 && d->plan.IsSane() && d->family >= 1 &&
         d->family <= d->plan.stripes && d->database_bytes <= kDatabaseMost;
}

}  // namespace

std::vector<uint8_t> EncodeMediaHeader(const MediaDescriptor& descriptor) {
  std::vector<uint8_t> header(descriptor.plan.HeaderBytes());
  const std::span<uint8_t> all(header);
  PutTape(all.subspan(kTapeAt, kSetAt - kTapeAt), descriptor);
  PutSet(all.subspan(kSetAt, kVolumeAt - kSetAt), descriptor);
  PutVolume(all.subspan(kVolumeAt, kDescriptorAt - kVolumeAt), descriptor);
  PutDescriptor(all.subspan(kDescriptorAt, kMediaHeaderBytes - kDescriptorAt), descriptor);
  return header;
}

HeaderVerdict DecodeMediaHeader(std::span<const uint8_t> header, MediaDescriptor* descriptor) {
  if (!HasMtfHeader(header, "TAPE")) return HeaderVerdict::kNotTape;
  if (header.size() < kMediaHeaderBytes) return HeaderVerdict::kForeign;
  MediaDescriptor read;
  if (!GetDescriptor(header.subspan(kDescriptorAt, kMediaHeaderBytes - kDescriptorAt), &read)) {
    return HeaderVerdict::kForeign;
  }
  *descriptor = std::move(read);
  return HeaderVerdict::kOurs;
}

// An MQDA mark is an MTF stream header (22 bytes) followed by our own fields; the ESET is an MTF
// block with the same fields behind its header.
void EncodeExtentMark(const MediaDescriptor& descriptor, const ExtentMark& mark,
                      std::span<uint8_t> block) {
  std::fill(block.begin(), block.end(), uint8_t{0});
  if (mark.last) {
    PutMtfHeader(block, "ESET", kExtentMarkBytes, 4);
  } else {
    Packer stream(block);
    for (const char c : std::string_view("MQDA")) stream.Put(static_cast<uint8_t>(c));
    stream.Put(uint32_t{0});  // attributes of file system and of medium
    stream.Put(descriptor.plan.ExtentLength(mark.extent));
  }
  Packer pack(block);
  pack.Skip(kMtfHeaderBytes + 12);
  pack.Put(descriptor.media_set_id[0]);
  pack.Put(descriptor.media_set_id[1]);
  pack.Put(descriptor.family);
  pack.Put(mark.extent);
  pack.Put(mark.previous_crc32c);
  pack.Put(Crc32c::Of(block.first(pack.at())));
}

std::optional<ExtentMark> DecodeExtentMark(const MediaDescriptor& descriptor,
                                           std::span<const uint8_t> bytes) {
  if (bytes.size() < kExtentMarkBytes) return std::nullopt;
  ExtentMark mark;
  mark.last = HasMtfHeader(bytes, "ESET");
  if (!mark.last && std::memcmp(bytes.data(), "MQDA", 4) != 0) return std::nullopt;
  Unpacker unpack(bytes);
  unpack.Skip(kMtfHeaderBytes + 12);
  const bool same_set = unpack.Get<uint64_t>() == descriptor.media_set_id[0] &&
                        unpack.Get<uint64_t>() == descriptor.media_set_id[1] &&
                        unpack.Get<uint32_t>() == descriptor.family;
  mark.extent = unpack.Get<uint64_t>();
  mark.previous_crc32c = unpack.Get<uint32_t>();
  const uint32_t expected = Crc32c::Of(bytes.first(unpack.at()));
  if (!same_set || unpack.Get<uint32_t>() != expected) return std::nullopt;
  return mark;
}

bool SameMediaSet(const MediaDescriptor& a, const MediaDescriptor& b) {
  MediaDescriptor same_family = a;
  same_family.family = b.family;
  return same_family == b;
}

}  // namespace vdisim
