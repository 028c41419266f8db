#include "simulator/engine/stripe_writer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "simulator/base/check.h"

namespace vdisim {

StripeWriter::StripeWriter(const MediaDescriptor& descriptor, std::unique_ptr<DataReader> content)
    : descriptor_(descriptor),
      content_(std::move(content)),
      stream_bytes_(descriptor.plan.StreamBytes(descriptor.family - 1)),
      piece_(EncodeMediaHeader(descriptor)) {}

bool StripeWriter::Produce(std::span<uint8_t> out) {
  VDI_CHECK(out.size() <= bytes_left(), "asked for more than the stripe's stream holds");
  produced_ += out.size();
  while (!out.empty()) {
    size_t count = 0;
    if (piece_at_ < piece_.size()) {
      count = CopyFromPiece(out);
    } else if (data_left_ > 0 || padding_left_ > 0) {
      if (!CopyFromExtent(out, &count)) return false;
    } else {
      NextPiece();
    }
    out = out.subspan(count);
  }
  return true;
}

size_t StripeWriter::CopyFromPiece(std::span<uint8_t> out) {
  const size_t count = std::min(out.size(), piece_.size() - piece_at_);
  std::memcpy(out.data(), piece_.data() + piece_at_, count);
  piece_at_ += count;
  return count;
}

bool StripeWriter::CopyFromExtent(std::span<uint8_t> out, size_t* count) {
  if (data_left_ > 0) {
    *count = static_cast<size_t>(std::min<uint64_t>(out.size(), data_left_));
    if (!content_->Read(data_at_, out.first(*count))) return false;
    data_at_ += *count;
    data_left_ -= *count;
  } else {
    *count = static_cast<size_t>(std::min<uint64_t>(out.size(), padding_left_));
    std::memset(out.data(), 0, *count);
    padding_left_ -= *count;
  }
  crc_.Add(out.first(*count));
  return true;
}

// Prepares the block before the next extent, and the extent behind it; or the last block.
void StripeWriter::NextPiece() {
  const uint32_t stripe = descriptor_.family - 1;
  const StripePlan& plan = descriptor_.plan;
  ExtentMark mark;
  mark.previous_crc32c = next_extent_ == 0 ? 0 : crc_.Value();
  crc_.Reset();
  if (next_extent_ < plan.ExtentsOn(stripe)) {
    mark.extent = plan.ExtentAt(stripe, next_extent_);
    data_at_ = mark.extent * plan.extent_bytes;
    data_left_ = plan.ExtentLength(mark.extent);
    padding_left_ = plan.PadToBlock(data_left_) - data_left_;
    ++next_extent_;
  } else {
    mark.last = true;
    mark.extent = next_extent_;
  }
  piece_.assign(plan.block_bytes, 0);
  piece_at_ = 0;
  EncodeExtentMark(descriptor_, mark, piece_);
}

}  // namespace vdisim
