// Calls that move bytes between the program and a file, and those that make them last.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include "conformance/witness/files.h"
#include "conformance/witness/holdings.h"
#include "conformance/witness/next.h"
#include "conformance/witness/sink.h"
#include "conformance/witness/touch.h"

namespace witness {
namespace {

constexpr off64_t kAtItsPosition = -1;

constinit Next<ssize_t(int, const void*, size_t)> next_write{"write"};
constinit Next<ssize_t(int, const void*, size_t, off64_t)> next_pwrite{"pwrite64"};
constinit Next<ssize_t(int, const iovec*, int)> next_writev{"writev"};
constinit Next<ssize_t(int, const iovec*, int, off64_t)> next_pwritev{"pwritev64"};
constinit Next<ssize_t(int, const iovec*, int, off64_t, int)> next_pwritev2{"pwritev64v2"};
constinit Next<ssize_t(int, void*, size_t)> next_read{"read"};
constinit Next<ssize_t(int, void*, size_t, off64_t)> next_pread{"pread64"};
constinit Next<ssize_t(int, const iovec*, int)> next_readv{"readv"};
constinit Next<ssize_t(int, void*, size_t, size_t)> next_checked_read{"__read_chk"};
constinit Next<ssize_t(int, void*, size_t, off64_t, size_t)> next_checked_pread{"__pread64_chk"};
constinit Next<ssize_t(int, off64_t*, int, off64_t*, size_t, unsigned)> next_copy_file_range{
    "copy_file_range"};
constinit Next<ssize_t(int, off64_t*, int, off64_t*, size_t, unsigned)> next_splice{"splice"};
constinit Next<ssize_t(int, int, off64_t*, size_t)> next_sendfile{"sendfile64"};

// A transfer of regular files: others are not even looked at twice.
// at: the program's bytes, if there is one stretch of them.
ssize_t Moved(const char* call, const char* by, int64_t began, int fd, off64_t offset, size_t bytes,
              ssize_t result, const void* at = nullptr) {
  if (!IsOn()) return result;
  const int error = errno;
  File file;
  // A directory in the place of a file fails to be read, which is worth a line.
  const bool is_told = IsRegular(fd) || (result < 0 && error == EISDIR);
  if (is_told && Look(fd, &file)) {
    Line line(call, began);
    if (by != nullptr) line.Text("by", by);
    file.Describe(line);
    if (offset == kAtItsPosition && result >= 0) {
      const off64_t after = lseek64(fd, 0, SEEK_CUR);
      offset = after < result ? kAtItsPosition : after - result;
    }
    if (offset != kAtItsPosition) line.Number("offset", offset);
    line.Number("bytes", static_cast<int64_t>(bytes)).Answer(result, result < 0, error);
    DescribeFirstTransfer(line);
    line.Append();
    if (result < 0 && error == EFAULT && at != nullptr) {
      TouchBarred(at, bytes, strcmp(call, "read") == 0);
    }
  }
  errno = error;
  return result;
}

size_t BytesOf(const iovec* pieces, int count) {
  size_t bytes = 0;
  for (int i = 0; i < count; ++i) bytes += pieces[i].iov_len;
  return bytes;
}

// Where a call that may be given a place, and moves it on, has begun.
off64_t Began(const off64_t* place, ssize_t result) {
  return place == nullptr || result < 0 ? kAtItsPosition : *place - result;
}

}  // namespace

extern "C" {

ssize_t WitnessWrite(int fd, const void* buffer, size_t bytes) WITNESS_EXPORT("write");
ssize_t WitnessWriteAt(int fd, const void* buffer, size_t bytes, off64_t offset)
    WITNESS_EXPORT("pwrite64");
ssize_t WitnessWritePieces(int fd, const iovec* pieces, int count) WITNESS_EXPORT("writev");
ssize_t WitnessWritePiecesAt(int fd, const iovec* pieces, int count, off64_t offset)
    WITNESS_EXPORT("pwritev64");
ssize_t WitnessWritePiecesWith(int fd, const iovec* pieces, int count, off64_t offset, int flags)
    WITNESS_EXPORT("pwritev64v2");
ssize_t WitnessRead(int fd, void* buffer, size_t bytes) WITNESS_EXPORT("read");
ssize_t WitnessReadAt(int fd, void* buffer, size_t bytes, off64_t offset) WITNESS_EXPORT("pread64");
ssize_t WitnessReadPieces(int fd, const iovec* pieces, int count) WITNESS_EXPORT("readv");
ssize_t WitnessCheckedRead(int fd, void* buffer, size_t bytes, size_t room)
    WITNESS_EXPORT("__read_chk");
ssize_t WitnessCheckedReadAt(int fd, void* buffer, size_t bytes, off64_t offset, size_t room)
    WITNESS_EXPORT("__pread64_chk");
ssize_t WitnessCopyFileRange(int from, off64_t* from_place, int to, off64_t* to_place, size_t bytes,
                             unsigned flags) WITNESS_EXPORT("copy_file_range");
ssize_t WitnessSplice(int from, off64_t* from_place, int to, off64_t* to_place, size_t bytes,
                      unsigned flags) WITNESS_EXPORT("splice");
ssize_t WitnessSendFile(int to, int from, off64_t* place, size_t bytes)
    WITNESS_EXPORT("sendfile64");

ssize_t WitnessWrite(int fd, const void* buffer, size_t bytes) {
  const int64_t began = Now();
  return Moved("write", nullptr, began, fd, kAtItsPosition, bytes, next_write(fd, buffer, bytes),
               buffer);
}

ssize_t WitnessWriteAt(int fd, const void* buffer, size_t bytes, off64_t offset) {
  const int64_t began = Now();
  return Moved("write", "pwrite", began, fd, offset, bytes, next_pwrite(fd, buffer, bytes, offset),
               buffer);
}

ssize_t WitnessWritePieces(int fd, const iovec* pieces, int count) {
  const int64_t began = Now();
  const ssize_t result = next_writev(fd, pieces, count);
  return Moved("write", "writev", began, fd, kAtItsPosition, BytesOf(pieces, count), result,
               count > 0 ? pieces[0].iov_base : nullptr);
}

ssize_t WitnessWritePiecesAt(int fd, const iovec* pieces, int count, off64_t offset) {
  const int64_t began = Now();
  const ssize_t result = next_pwritev(fd, pieces, count, offset);
  return Moved("write", "pwritev", began, fd, offset, BytesOf(pieces, count), result,
               count > 0 ? pieces[0].iov_base : nullptr);
}

// flags may ask for the bytes to be synced, as RWF_DSYNC does.
ssize_t WitnessWritePiecesWith(int fd, const iovec* pieces, int count, off64_t offset, int flags) {
  const int64_t began = Now();
  const ssize_t result = next_pwritev2(fd, pieces, count, offset, flags);
  const bool synced = (flags & (RWF_DSYNC | RWF_SYNC)) != 0;
  return Moved("write", synced ? "pwritev2+RWF_DSYNC" : "pwritev2", began, fd, offset,
               BytesOf(pieces, count), result, count > 0 ? pieces[0].iov_base : nullptr);
}

ssize_t WitnessRead(int fd, void* buffer, size_t bytes) {
  const int64_t began = Now();
  return Moved("read", nullptr, began, fd, kAtItsPosition, bytes, next_read(fd, buffer, bytes),
               buffer);
}

ssize_t WitnessReadAt(int fd, void* buffer, size_t bytes, off64_t offset) {
  const int64_t began = Now();
  return Moved("read", "pread", began, fd, offset, bytes, next_pread(fd, buffer, bytes, offset),
               buffer);
}

ssize_t WitnessReadPieces(int fd, const iovec* pieces, int count) {
  const int64_t began = Now();
  const ssize_t result = next_readv(fd, pieces, count);
  return Moved("read", "readv", began, fd, kAtItsPosition, BytesOf(pieces, count), result,
               count > 0 ? pieces[0].iov_base : nullptr);
}

ssize_t WitnessCheckedRead(int fd, void* buffer, size_t bytes, size_t room) {
  const int64_t began = Now();
  return Moved("read", nullptr, began, fd, kAtItsPosition, bytes,
               next_checked_read(fd, buffer, bytes, room), buffer);
}

ssize_t WitnessCheckedReadAt(int fd, void* buffer, size_t bytes, off64_t offset, size_t room) {
  const int64_t began = Now();
  return Moved("read", "pread", began, fd, offset, bytes,
               next_checked_pread(fd, buffer, bytes, offset, room), buffer);
}

// What is told of the next three is the end that is written to.
ssize_t WitnessCopyFileRange(int from, off64_t* from_place, int to, off64_t* to_place, size_t bytes,
                             unsigned flags) {
  const int64_t began = Now();
  const ssize_t result = next_copy_file_range(from, from_place, to, to_place, bytes, flags);
  return Moved("write", "copy_file_range", began, to, Began(to_place, result), bytes, result);
}

ssize_t WitnessSplice(int from, off64_t* from_place, int to, off64_t* to_place, size_t bytes,
                      unsigned flags) {
  const int64_t began = Now();
  const ssize_t result = next_splice(from, from_place, to, to_place, bytes, flags);
  return Moved("write", "splice", began, to, Began(to_place, result), bytes, result);
}

ssize_t WitnessSendFile(int to, int from, off64_t* place, size_t bytes) {
  const int64_t began = Now();
  const ssize_t result = next_sendfile(to, from, place, bytes);
  return Moved("write", "sendfile", began, to, kAtItsPosition, bytes, result);
}

// Where off_t has 64 bits, the names without a number are the same functions.
static_assert(sizeof(off_t) == sizeof(off64_t));
ssize_t WitnessShortWriteAt(int, const void*, size_t, off64_t) WITNESS_ALIAS("pwrite", "pwrite64");
ssize_t WitnessShortWritePiecesAt(int, const iovec*, int, off64_t)
    WITNESS_ALIAS("pwritev", "pwritev64");
ssize_t WitnessShortWritePiecesWith(int, const iovec*, int, off64_t, int)
    WITNESS_ALIAS("pwritev2", "pwritev64v2");
ssize_t WitnessShortReadAt(int, void*, size_t, off64_t) WITNESS_ALIAS("pread", "pread64");
ssize_t WitnessShortCheckedReadAt(int, void*, size_t, off64_t, size_t)
    WITNESS_ALIAS("__pread_chk", "__pread64_chk");
ssize_t WitnessShortSendFile(int, int, off64_t*, size_t) WITNESS_ALIAS("sendfile", "sendfile64");

}  // extern "C"

}  // namespace witness
