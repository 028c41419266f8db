#include "simulator/engine/stripe_parser.h"

#include <algorithm>
#include <utility>

namespace vdisim {

StripeParser::StripeParser(DataHandler on_data) : on_data_(std::move(on_data)) {}

uint64_t StripeParser::bytes_wanted() const {
  if (state_ == State::kHeader) return kMediaHeaderBytes - pending_.size();
  return descriptor_.plan.StreamBytes(descriptor_.family - 1) - taken_;
}

MediaError StripeParser::Feed(std::span<const uint8_t> bytes) {
  while (!bytes.empty() && error_ == MediaError::kNone) {
    size_t count = 0;
    switch (state_) {
      case State::kHeader:
        count = Collect(bytes, kMediaHeaderBytes);
        if (pending_.size() == kMediaHeaderBytes) TakeHeader();
        break;
      case State::kHeaderRest:
        count = Skip(bytes, State::kMark);
        break;
      case State::kMark:
        count = Collect(bytes, kExtentMarkBytes);
        if (pending_.size() == kExtentMarkBytes) TakeMark();
        break;
      case State::kMarkRest:
        count = Skip(bytes, extents_done_ < descriptor_.plan.ExtentsOn(descriptor_.family - 1)
                                ? State::kData
                                : State::kComplete);
        break;
      case State::kData:
        count = TakeData(bytes);
        break;
      case State::kPadding:
        count = TakePadding(bytes);
        break;
      case State::kComplete:
        // More than the header announced; a reader that asks by bytes_wanted never gets here.
        return error_;
    }
    bytes = bytes.subspan(count);
  }
  return error_;
}

MediaError StripeParser::EndOfData() {
  if (error_ != MediaError::kNone || state_ == State::kComplete) return error_;
  if (state_ == State::kHeader) {
    // Whatever begins like a tape is a medium that was cut short; anything else is none.
    MediaDescriptor ignored;
    const bool tape =
        DecodeMediaHeader(pending_, &ignored) != HeaderVerdict::kNotTape || pending_.empty();
    Fail(tape ? MediaError::kEmpty : MediaError::kNotTape, taken_);
  } else if (state_ == State::kMark && pending_.empty()) {
    Fail(MediaError::kIncomplete, taken_);
  } else {
    Fail(MediaError::kTruncated, taken_);
  }
  return error_;
}

void StripeParser::Fail(MediaError error, uint64_t offset) {
  error_ = error;
  error_offset_ = offset;
}

size_t StripeParser::Collect(std::span<const uint8_t> bytes, size_t wanted) {
  const size_t count = std::min(bytes.size(), wanted - pending_.size());
  pending_.insert(pending_.end(), bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(count));
  taken_ += count;
  return count;
}

void StripeParser::TakeHeader() {
  switch (DecodeMediaHeader(pending_, &descriptor_)) {
    case HeaderVerdict::kNotTape:
      Fail(MediaError::kNotTape, 0);
      return;
    case HeaderVerdict::kForeign:
      Fail(MediaError::kForeign, 0);
      return;
    case HeaderVerdict::kOurs:
      break;
  }
  left_ = descriptor_.plan.HeaderBytes() - kMediaHeaderBytes;
  state_ = State::kHeaderRest;
  if (left_ == 0) EnterMark();
}

void StripeParser::EnterMark() {
  pending_.clear();
  state_ = State::kMark;
}

size_t StripeParser::Skip(std::span<const uint8_t> bytes, State next) {
  const auto count = static_cast<size_t>(std::min<uint64_t>(bytes.size(), left_));
  left_ -= count;
  taken_ += count;
  if (left_ > 0) return count;
  if (next == State::kMark) {
    EnterMark();
  } else {
    state_ = next;
    if (next == State::kData) left_ = descriptor_.plan.ExtentLength(extent_);
  }
  return count;
}

void StripeParser::TakeMark() {
  const StripePlan& plan = descriptor_.plan;
  const uint32_t stripe = descriptor_.family - 1;
  const uint64_t mark_offset = taken_ - kExtentMarkBytes;
  const auto mark = DecodeExtentMark(descriptor_, pending_);
  if (!mark) return Fail(MediaError::kWrongMark, mark_offset);
  if (mark->previous_crc32c != previous_crc32c_) {
    return Fail(MediaError::kChecksum, extent_stream_offset_);
  }
  const bool last_expected = extents_done_ == plan.ExtentsOn(stripe);
  const uint64_t expected = last_expected ? extents_done_ : plan.ExtentAt(stripe, extents_done_);
  if (mark->last != last_expected || mark->extent != expected) {
    return Fail(MediaError::kWrongOrder, mark_offset);
  }
  if (!last_expected) {
    extent_ = expected;
    extent_stream_offset_ = mark_offset + plan.block_bytes;
    padding_ = plan.PadToBlock(plan.ExtentLength(extent_)) - plan.ExtentLength(extent_);
    crc_.Reset();
  }
  state_ = State::kMarkRest;
  left_ = plan.block_bytes - kExtentMarkBytes;
}

size_t StripeParser::TakeData(std::span<const uint8_t> bytes) {
  const auto count = static_cast<size_t>(std::min<uint64_t>(bytes.size(), left_));
  const uint64_t within = descriptor_.plan.ExtentLength(extent_) - left_;
  const std::span<const uint8_t> data = bytes.first(count);
  crc_.Add(data);
  on_data_(extent_ * descriptor_.plan.extent_bytes + within, taken_, data);
  left_ -= count;
  taken_ += count;
  if (left_ == 0) {
    left_ = padding_;
    state_ = State::kPadding;
    if (left_ == 0) TakePadding({});
  }
  return count;
}

size_t StripeParser::TakePadding(std::span<const uint8_t> bytes) {
  const auto count = static_cast<size_t>(std::min<uint64_t>(bytes.size(), left_));
  crc_.Add(bytes.first(count));
  left_ -= count;
  taken_ += count;
  if (left_ == 0) {
    previous_crc32c_ = crc_.Value();
    ++extents_done_;
    EnterMark();
  }
  return count;
}

}  // namespace vdisim
