// A StripeParser reads the stream of one stripe in pieces of any size, checks all it says of
// itself, and hands its data on as it comes. What it reads was stored by a client: nothing of it is
// trusted. One thread.
#ifndef SIMULATOR_ENGINE_STRIPE_PARSER_H_
#define SIMULATOR_ENGINE_STRIPE_PARSER_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "simulator/engine/checksum.h"
#include "simulator/engine/media_format.h"

namespace vdisim {

enum class MediaError {
  kNone,
  kEmpty,       // no byte, or too few for a header: 3208
  kNotTape,     // 3242
  kForeign,     // 3241
  kTruncated,   // the stream ended within an extent or a mark: 3203 with 38
  kIncomplete,  // it ended where an extent or the last block should begin: 3256
  kWrongMark,   // the block between extents is damaged, or of another stream
  kWrongOrder,  // a mark is right, but of an extent that does not belong here
  kChecksum,    // the data of an extent is damaged
};

class StripeParser {
 public:
  // Called with data of the content: where it lies in the content, and where in this stripe's
  // stream. Pieces come in order and never cross extents.
  using DataHandler = std::function<void(uint64_t content_offset, uint64_t stream_offset,
                                         std::span<const uint8_t>)>;

  explicit StripeParser(DataHandler on_data);

  // Takes the next bytes. After an error it takes no more and keeps saying it.
  MediaError Feed(std::span<const uint8_t> bytes);
  // The device has no more data. kNone only for a complete stream.
  MediaError EndOfData();

  bool has_descriptor() const { return state_ != State::kHeader; }
  const MediaDescriptor& descriptor() const { return descriptor_; }
  bool complete() const { return state_ == State::kComplete; }

  // Bytes of the stream still to come; until the descriptor is known, of its header.
  uint64_t bytes_wanted() const;
  uint64_t bytes_taken() const { return taken_; }

  // After an error: where in the stream it lies, and for kChecksum, kWrongMark and kWrongOrder
  // which extent was being read and where its data begins in the content and in the stream.
  uint64_t error_offset() const { return error_offset_; }
  uint64_t error_extent() const { return extent_; }
  uint64_t extent_stream_offset() const { return extent_stream_offset_; }

 private:
  enum class State { kHeader, kHeaderRest, kMark, kMarkRest, kData, kPadding, kComplete };

  void Fail(MediaError error, uint64_t offset);
  size_t Collect(std::span<const uint8_t> bytes, size_t wanted);
  void TakeHeader();
  void TakeMark();
  void EnterMark();
  size_t TakeData(std::span<const uint8_t> bytes);
  size_t TakePadding(std::span<const uint8_t> bytes);
  size_t Skip(std::span<const uint8_t> bytes, State next);

  const DataHandler on_data_;
  State state_ = State::kHeader;
  MediaError error_ = MediaError::kNone;
  uint64_t error_offset_ = 0;
  uint64_t taken_ = 0;

  MediaDescriptor descriptor_;
  std::vector<uint8_t> pending_;  // a header or mark that is not whole yet
  uint64_t left_ = 0;             // bytes of the current part still to come
  uint64_t extents_done_ = 0;     // counted on this stripe
  uint64_t extent_ = 0;
  uint64_t extent_stream_offset_ = 0;
  uint64_t padding_ = 0;
  uint32_t previous_crc32c_ = 0;
  Crc32c crc_;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_STRIPE_PARSER_H_
