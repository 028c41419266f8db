// Calls of stdio. The printf family is not interposed: what it writes is told when the stream is
// flushed or closed, and not at all when its buffer overflows before.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <atomic>

#include "conformance/witness/next.h"
#include "conformance/witness/process.h"
#include "conformance/witness/sink.h"
#include "conformance/witness/stdio_watch.h"
#include "conformance/witness/touch.h"

namespace witness {
namespace {

using OpenSignature = FILE*(const char*, const char*);
using PutSignature = int(int, FILE*);
using WriteSignature = size_t(const void*, size_t, size_t, FILE*);
using ReadSignature = size_t(void*, size_t, size_t, FILE*);

constinit Next<OpenSignature> next_fopen{"fopen"};
constinit Next<OpenSignature> next_fopen64{"fopen64"};
constinit Next<FILE*(int, const char*)> next_fdopen{"fdopen"};
constinit Next<int(FILE*)> next_fclose{"fclose"};
constinit Next<WriteSignature> next_fwrite{"fwrite"};
constinit Next<WriteSignature> next_fwrite_unlocked{"fwrite_unlocked"};
constinit Next<ReadSignature> next_fread{"fread"};
constinit Next<ReadSignature> next_fread_unlocked{"fread_unlocked"};
constinit Next<PutSignature> next_fputc{"fputc"};
constinit Next<PutSignature> next_putc{"putc"};
constinit Next<int(const char*, FILE*)> next_fputs{"fputs"};
constinit Next<int(FILE*)> next_fflush{"fflush"};
constinit Next<int(FILE*)> next_fflush_unlocked{"fflush_unlocked"};
constinit Next<int(FILE*, long, int)> next_fseek{"fseek"};
constinit Next<int(FILE*, off64_t, int)> next_fseeko{"fseeko64"};
constinit Next<void(FILE*)> next_rewind{"rewind"};

// Smaller ones that reach no file are not told: a program may put bytes one by one.
constexpr size_t kWorthALine = 512;

// The streams that are open, for fflush(NULL). More than these are not known.
constexpr size_t kStreamsMax = 256;
struct KnownStream {
  std::atomic<FILE*> stream;
  std::atomic<int> fd;
};
KnownStream streams[kStreamsMax];

FILE* Remember(FILE* stream) {
  if (stream == nullptr || !IsOn()) return stream;
  for (KnownStream& known : streams) {
    FILE* nobody = nullptr;
    if (!known.stream.compare_exchange_strong(nobody, stream)) continue;
    known.fd.store(fileno_unlocked(stream));
    break;
  }
  return stream;
}

void Forget(FILE* stream) {
  if (stream == nullptr || !IsOn()) return;
  for (KnownStream& known : streams) {
    FILE* expected = stream;
    if (known.stream.compare_exchange_strong(expected, nullptr)) return;
  }
}

FILE* Opened(int64_t began, const char* path, const char* mode, FILE* stream) {
  if (!IsOn()) return stream;
  const int error = errno;
  File file;
  const bool writes = mode != nullptr && strpbrk(mode, "wa+") != nullptr;
  const int fd = stream == nullptr ? -1 : fileno_unlocked(stream);
  if (stream != nullptr ? Look(fd, &file) : writes && AbsolutePath(AT_FDCWD, path, file.path)) {
    if (writes) NoteLibrary();
    const char* const flags = !writes                        ? "O_RDONLY"
                              : strchr(mode, '+') != nullptr ? "O_RDWR"
                                                             : "O_WRONLY";
    Line line("open", began);
    line.Text("by", "fopen");
    file.Describe(line);
    line.Text("flags", flags).Text("mode", mode == nullptr ? "" : mode);
    line.Answer(fd, stream == nullptr, error).Append();
  }
  errno = error;
  return Remember(stream);
}

// Why a call of stdio came short can only be told from an errno that was 0 before.
template <typename Call>
size_t CallWithErrno(const Call& call, int* error) {
  const int errno_of_caller = errno;
  errno = 0;
  const size_t result = call();
  *error = errno;
  if (errno == 0) errno = errno_of_caller;
  return result;
}

size_t Write(Next<WriteSignature>& next, const char* function, const void* bytes, size_t size,
             size_t count, FILE* stream) {
  const size_t total = size * count;
  if (total < kWorthALine) {
    const PendingWatch watch(stream, function);
    const size_t written = next(bytes, size, count, stream);
    watch.Handed(size * written);
    return written;
  }
  StdioWatch watch(stream, function);
  if (!watch.On()) return next(bytes, size, count, stream);
  int error = 0;
  const size_t written = CallWithErrno([&] { return next(bytes, size, count, stream); }, &error);
  watch.Wrote(total, written * size, error);
  if (written < count && error == EFAULT) TouchBarred(bytes, total, false);
  return written;
}

size_t Read(Next<ReadSignature>& next, const char* function, void* bytes, size_t size, size_t count,
            FILE* stream) {
  const size_t total = size * count;
  if (total < kWorthALine) return next(bytes, size, count, stream);
  StdioWatch watch(stream, function);
  if (!watch.On()) return next(bytes, size, count, stream);
  int error = 0;
  const size_t taken = CallWithErrno([&] { return next(bytes, size, count, stream); }, &error);
  watch.Took(total, taken * size, error);
  if (taken < count && error == EFAULT) TouchBarred(bytes, total, true);
  return taken;
}

int Put(Next<PutSignature>& next, const char* function, int byte, FILE* stream) {
  const PendingWatch watch(stream, function);
  const int result = next(byte, stream);
  watch.Handed(result == EOF ? 0 : 1);
  return result;
}

int Flush(Next<int(FILE*)>& next, FILE* stream) {
  if (stream != nullptr) {
    StdioWatch watch(stream, "fflush");
    const int result = next(stream);
    watch.Flushed(result);
    return result;
  }
  // The descriptors are asked, not the streams, which another thread may close meanwhile.
  int descriptors[kStreamsMax];
  off64_t before[kStreamsMax];
  size_t count = 0;
  const int64_t began = Now();
  const int errno_of_caller = errno;
  for (const KnownStream& known : streams) {
    if (!IsOn() || known.stream.load() == nullptr) continue;
    descriptors[count] = known.fd.load();
    before[count] = lseek64(descriptors[count], 0, SEEK_CUR);
    ++count;
  }
  errno = errno_of_caller;
  const int result = next(nullptr);
  const int error = errno;
  for (size_t i = 0; i < count; ++i) {
    TellWrite("fflush", began, descriptors[i], before[i],
              lseek64(descriptors[i], 0, SEEK_CUR) - before[i]);
  }
  errno = error;
  return result;
}

}  // namespace

extern "C" {

FILE* WitnessFopen(const char* path, const char* mode) WITNESS_EXPORT("fopen");
FILE* WitnessFopen64(const char* path, const char* mode) WITNESS_EXPORT("fopen64");
FILE* WitnessFdopen(int fd, const char* mode) WITNESS_EXPORT("fdopen");
int WitnessFclose(FILE* stream) WITNESS_EXPORT("fclose");
size_t WitnessFwrite(const void* bytes, size_t size, size_t count, FILE* stream)
    WITNESS_EXPORT("fwrite");
size_t WitnessFwriteUnlocked(const void* bytes, size_t size, size_t count, FILE* stream)
    WITNESS_EXPORT("fwrite_unlocked");
size_t WitnessFread(void* bytes, size_t size, size_t count, FILE* stream) WITNESS_EXPORT("fread");
size_t WitnessFreadUnlocked(void* bytes, size_t size, size_t count, FILE* stream)
    WITNESS_EXPORT("fread_unlocked");
int WitnessFputc(int byte, FILE* stream) WITNESS_EXPORT("fputc");
int WitnessPutc(int byte, FILE* stream) WITNESS_EXPORT("putc");
int WitnessFputs(const char* text, FILE* stream) WITNESS_EXPORT("fputs");
int WitnessFflush(FILE* stream) WITNESS_EXPORT("fflush");
int WitnessFflushUnlocked(FILE* stream) WITNESS_EXPORT("fflush_unlocked");
int WitnessFseek(FILE* stream, long offset, int from) WITNESS_EXPORT("fseek");
int WitnessFseeko(FILE* stream, off64_t offset, int from) WITNESS_EXPORT("fseeko64");
int WitnessShortFseeko(FILE* stream, off64_t offset, int from) WITNESS_ALIAS("fseeko", "fseeko64");
void WitnessRewind(FILE* stream) WITNESS_EXPORT("rewind");

FILE* WitnessFopen(const char* path, const char* mode) {
  const int64_t began = Now();
  return Opened(began, path, mode, next_fopen(path, mode));
}

FILE* WitnessFopen64(const char* path, const char* mode) {
  const int64_t began = Now();
  return Opened(began, path, mode, next_fopen64(path, mode));
}

FILE* WitnessFdopen(int fd, const char* mode) { return Remember(next_fdopen(fd, mode)); }

int WitnessFclose(FILE* stream) {
  StdioWatch watch(stream, "fclose");
  Forget(stream);
  const int result = next_fclose(stream);
  watch.Closed(result);
  return result;
}

size_t WitnessFwrite(const void* bytes, size_t size, size_t count, FILE* stream) {
  return Write(next_fwrite, "fwrite", bytes, size, count, stream);
}

size_t WitnessFwriteUnlocked(const void* bytes, size_t size, size_t count, FILE* stream) {
  return Write(next_fwrite_unlocked, "fwrite_unlocked", bytes, size, count, stream);
}

size_t WitnessFread(void* bytes, size_t size, size_t count, FILE* stream) {
  return Read(next_fread, "fread", bytes, size, count, stream);
}

size_t WitnessFreadUnlocked(void* bytes, size_t size, size_t count, FILE* stream) {
  return Read(next_fread_unlocked, "fread_unlocked", bytes, size, count, stream);
}

int WitnessFputc(int byte, FILE* stream) { return Put(next_fputc, "fputc", byte, stream); }

int WitnessPutc(int byte, FILE* stream) { return Put(next_putc, "putc", byte, stream); }

int WitnessFputs(const char* text, FILE* stream) {
  const PendingWatch watch(stream, "fputs");
  const int result = next_fputs(text, stream);
  watch.Handed(result == EOF ? 0 : strlen(text));
  return result;
}

int WitnessFflush(FILE* stream) { return Flush(next_fflush, stream); }

int WitnessFflushUnlocked(FILE* stream) { return Flush(next_fflush_unlocked, stream); }

int WitnessFseek(FILE* stream, long offset, int from) {
  StdioWatch watch(stream, "fseek");
  const int result = next_fseek(stream, offset, from);
  watch.Moved();
  return result;
}

int WitnessFseeko(FILE* stream, off64_t offset, int from) {
  StdioWatch watch(stream, "fseek");
  const int result = next_fseeko(stream, offset, from);
  watch.Moved();
  return result;
}

void WitnessRewind(FILE* stream) {
  StdioWatch watch(stream, "rewind");
  next_rewind(stream);
  watch.Moved();
}

}  // extern "C"

}  // namespace witness
