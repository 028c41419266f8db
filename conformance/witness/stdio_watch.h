// What a call of stdio did to the file behind its stream. The C library keeps bytes back, and hands
// them to the system by itself, past every interposer; how many it keeps, and where the descriptor
// stands, can be asked before and after. Streams are not locked for that: a program that writes to
// one stream in several threads at once may see a write told twice.
#ifndef CONFORMANCE_WITNESS_STDIO_WATCH_H_
#define CONFORMANCE_WITNESS_STDIO_WATCH_H_

#include <stdint.h>
#include <stdio.h>

#include "conformance/witness/files.h"

namespace witness {

// Tells that a function of stdio wrote so many bytes of a recorded file; nothing if bytes is not
// above 0. Changes errno.
void TellWrite(const char* function, int64_t began, int fd, off64_t offset, int64_t bytes);

class StdioWatch {
 public:
  // Before the call. Leaves errno, as all of these do.
  StdioWatch(FILE* stream, const char* function);

  // Whether there is a file that is recorded.
  bool On() const { return on_; }

  // After the call: one of these. They tell what was handed to the system meanwhile, as a write by
  // the function, and then the call itself. error: why it came short.
  void Flushed(int result);
  void Wrote(size_t bytes, size_t taken, int error);
  void Took(size_t bytes, size_t taken, int error);
  void Moved();             // to another place; no line of its own
  void Closed(int result);  // the stream is gone

 private:
  off64_t Advance() const;

  FILE* const stream_;
  const char* const function_;
  const int64_t began_;
  bool on_ = false;
  File file_;
  off64_t position_ = 0;
  size_t pending_ = 0;
};

// The same for small calls, which may be many: it asks the system nothing as long as the bytes stay
// in the stream, and only tells of writes.
class PendingWatch {
 public:
  PendingWatch(FILE* stream, const char* function);
  // bytes: that the stream has taken.
  void Handed(size_t bytes) const;

 private:
  FILE* const stream_;
  const char* const function_;
  const bool on_;
  const size_t pending_;
};

}  // namespace witness

#endif  // CONFORMANCE_WITNESS_STDIO_WATCH_H_
