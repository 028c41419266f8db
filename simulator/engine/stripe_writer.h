// A StripeWriter produces the stream of one stripe from front to back, in pieces of any size. It
// owns its reader of the content. One thread.
#ifndef SIMULATOR_ENGINE_STRIPE_WRITER_H_
#define SIMULATOR_ENGINE_STRIPE_WRITER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "simulator/engine/checksum.h"
#include "simulator/engine/data_source.h"
#include "simulator/engine/media_format.h"

namespace vdisim {

class StripeWriter {
 public:
  // descriptor.family says which stripe.
  StripeWriter(const MediaDescriptor& descriptor, std::unique_ptr<DataReader> content);

  uint64_t stream_bytes() const { return stream_bytes_; }
  uint64_t bytes_left() const { return stream_bytes_ - produced_; }

  // Fills `out` with the next bytes; out must not be longer than bytes_left().
  // False if the content could not be read.
  bool Produce(std::span<uint8_t> out);

 private:
  void NextPiece();
  size_t CopyFromPiece(std::span<uint8_t> out);
  bool CopyFromExtent(std::span<uint8_t> out, size_t* count);

  const MediaDescriptor descriptor_;
  const std::unique_ptr<DataReader> content_;
  const uint64_t stream_bytes_;
  uint64_t produced_ = 0;

  std::vector<uint8_t> piece_;  // a header or mark that is being given out
  size_t piece_at_ = 0;
  uint64_t next_extent_ = 0;  // counted on this stripe
  uint64_t data_at_ = 0;      // within the content
  uint64_t data_left_ = 0;
  uint64_t padding_left_ = 0;
  Crc32c crc_;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_STRIPE_WRITER_H_
