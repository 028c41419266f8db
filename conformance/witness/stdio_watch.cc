#include "conformance/witness/stdio_watch.h"

#include <errno.h>
#include <stdio_ext.h>
#include <unistd.h>

#include "conformance/witness/holdings.h"
#include "conformance/witness/sink.h"

namespace witness {
namespace {

// Gives the caller of a call its errno back.
class KeptErrno {
 public:
  KeptErrno() : kept_(errno) {}
  ~KeptErrno() { errno = kept_; }
  KeptErrno(const KeptErrno&) = delete;
  KeptErrno& operator=(const KeptErrno&) = delete;
  int value() const { return kept_; }

 private:
  const int kept_;
};

}  // namespace

void TellWrite(const char* function, int64_t began, int fd, off64_t offset, int64_t bytes) {
  File file;
  if (bytes <= 0 || !Look(fd, &file)) return;
  Line line("write", began);
  line.Text("by", function);
  file.Describe(line);
  line.Number("offset", offset).Number("bytes", bytes).Answer(bytes, false, 0);
  DescribeFirstTransfer(line);
  line.Append();
}

StdioWatch::StdioWatch(FILE* stream, const char* function)
    : stream_(stream), function_(function), began_(Now()) {
  const KeptErrno kept;
  if (!IsOn() || stream == nullptr) return;
  on_ = Look(fileno_unlocked(stream), &file_);
  if (!on_) return;
  position_ = lseek64(file_.fd, 0, SEEK_CUR);
  pending_ = __fpending(stream);
}

off64_t StdioWatch::Advance() const { return lseek64(file_.fd, 0, SEEK_CUR) - position_; }

// The place may be another now, but what is not kept back any more was written where it was.
void StdioWatch::Moved() {
  const KeptErrno kept;
  if (!on_) return;
  const size_t left = __fpending(stream_);
  TellWrite(function_, began_, file_.fd, position_, static_cast<int64_t>(pending_ - left));
}

void StdioWatch::Flushed(int result) {
  const KeptErrno kept;
  if (!on_) return;
  if (pending_ > 0) TellWrite(function_, began_, file_.fd, position_, Advance());
  Line line("fflush", began_);
  file_.Describe(line);
  line.Number("pending", static_cast<int64_t>(__fpending(stream_)));
  line.Answer(result, result != 0, kept.value()).Append();
}

void StdioWatch::Wrote(size_t bytes, size_t taken, int error) {
  const KeptErrno kept;
  if (!on_) return;
  TellWrite(function_, began_, file_.fd, position_, Advance());
  Line line("fwrite", began_);
  file_.Describe(line);
  line.Number("bytes", static_cast<int64_t>(bytes));
  line.Number("pending", static_cast<int64_t>(__fpending(stream_)));
  line.Answer(static_cast<int64_t>(taken), taken < bytes, error);
  DescribeFirstTransfer(line);
  line.Append();
}

void StdioWatch::Took(size_t bytes, size_t taken, int error) {
  const KeptErrno kept;
  if (!on_) return;
  Line line("fread", began_);
  file_.Describe(line);
  line.Number("bytes", static_cast<int64_t>(bytes));
  line.Answer(static_cast<int64_t>(taken), taken < bytes, error);
  DescribeFirstTransfer(line);
  line.Append();
}

void StdioWatch::Closed(int result) {
  const KeptErrno kept;
  if (!on_) return;
  // The descriptor is closed; the name is all that is left to tell it by.
  if (result == 0 && pending_ > 0) {
    const auto bytes = static_cast<int64_t>(pending_);
    Line line("write", began_);
    line.Text("by", function_);
    file_.Describe(line);
    line.Number("offset", position_).Number("bytes", bytes).Answer(bytes, false, 0).Append();
  }
  Line line("close", began_);
  line.Text("by", function_);
  file_.Describe(line);
  line.Answer(result, result != 0, kept.value()).Append();
}

PendingWatch::PendingWatch(FILE* stream, const char* function)
    : stream_(stream),
      function_(function),
      on_(stream != nullptr && IsOn()),
      pending_(on_ ? __fpending(stream) : 0) {}

void PendingWatch::Handed(size_t bytes) const {
  if (!on_) return;
  const size_t left = __fpending(stream_);
  if (left == pending_ + bytes) return;
  const KeptErrno kept;
  const int fd = fileno_unlocked(stream_);
  const auto written = static_cast<int64_t>(pending_ + bytes - left);
  TellWrite(function_, Now(), fd, lseek64(fd, 0, SEEK_CUR) - written, written);
}

}  // namespace witness
