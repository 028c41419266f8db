// Calls that make bytes last, and those that change the size of a file.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>

#include "conformance/witness/files.h"
#include "conformance/witness/memory_map.h"
#include "conformance/witness/next.h"
#include "conformance/witness/sink.h"

namespace witness {
namespace {

constinit Next<int(int)> next_fsync{"fsync"};
constinit Next<int(int)> next_fdatasync{"fdatasync"};
constinit Next<int(int)> next_syncfs{"syncfs"};
constinit Next<void()> next_sync{"sync"};
constinit Next<int(int, off64_t, off64_t, unsigned)> next_sync_file_range{"sync_file_range"};
constinit Next<int(void*, size_t, int)> next_msync{"msync"};
constinit Next<void*(void*, size_t, int, int, int, off64_t)> next_mmap{"mmap64"};
constinit Next<int(int, off64_t)> next_ftruncate{"ftruncate64"};
constinit Next<int(int, int, off64_t, off64_t)> next_fallocate{"fallocate64"};
constinit Next<int(int, off64_t, off64_t)> next_posix_fallocate{"posix_fallocate64"};

// A call about a file as a whole, or about `bytes` of it from `offset` if bytes is not negative.
int Done(const char* call, const char* by, int64_t began, int fd, off64_t offset, off64_t bytes,
         int result) {
  if (!IsOn()) return result;
  const int error = errno;
  File file;
  if (Look(fd, &file)) {
    Line line(call, began);
    if (by != nullptr) line.Text("by", by);
    file.Describe(line);
    if (bytes >= 0) line.Number("offset", offset).Number("bytes", bytes);
    line.Answer(result, result != 0, result > 0 ? result : error).Append();
  }
  errno = error;
  return result;
}

constexpr off64_t kWhole = -1;

}  // namespace

extern "C" {

int WitnessFsync(int fd) WITNESS_EXPORT("fsync");
int WitnessFdatasync(int fd) WITNESS_EXPORT("fdatasync");
int WitnessSyncfs(int fd) WITNESS_EXPORT("syncfs");
void WitnessSync() WITNESS_EXPORT("sync");
int WitnessSyncFileRange(int fd, off64_t offset, off64_t bytes, unsigned flags)
    WITNESS_EXPORT("sync_file_range");
int WitnessMsync(void* address, size_t bytes, int flags) WITNESS_EXPORT("msync");
void* WitnessMmap(void* address, size_t bytes, int protection, int flags, int fd, off64_t offset)
    WITNESS_EXPORT("mmap64");
int WitnessFtruncate(int fd, off64_t bytes) WITNESS_EXPORT("ftruncate64");
int WitnessFallocate(int fd, int mode, off64_t offset, off64_t bytes) WITNESS_EXPORT("fallocate64");
int WitnessPosixFallocate(int fd, off64_t offset, off64_t bytes)
    WITNESS_EXPORT("posix_fallocate64");

int WitnessFsync(int fd) {
  const int64_t began = Now();
  return Done("fsync", nullptr, began, fd, 0, kWhole, next_fsync(fd));
}

int WitnessFdatasync(int fd) {
  const int64_t began = Now();
  return Done("fdatasync", nullptr, began, fd, 0, kWhole, next_fdatasync(fd));
}

int WitnessSyncfs(int fd) {
  const int64_t began = Now();
  return Done("syncfs", nullptr, began, fd, 0, kWhole, next_syncfs(fd));
}

void WitnessSync() {
  const int64_t began = Now();
  next_sync();
  if (IsOn()) Line("sync", began).Answer(0, false, 0).Append();
}

int WitnessSyncFileRange(int fd, off64_t offset, off64_t bytes, unsigned flags) {
  const int64_t began = Now();
  return Done("sync_file_range", nullptr, began, fd, offset, bytes,
              next_sync_file_range(fd, offset, bytes, flags));
}

int WitnessMsync(void* address, size_t bytes, int flags) {
  const int64_t began = Now();
  const int result = next_msync(address, bytes, flags);
  if (!IsOn()) return result;
  const int error = errno;
  char path[kPathBytes];
  if (FileMappedAt(address, path) && IsRecorded(path)) {
    Line line("msync", began);
    line.Text("path", path).Text("flags", (flags & MS_SYNC) != 0 ? "MS_SYNC" : "MS_ASYNC");
    line.Number("bytes", static_cast<int64_t>(bytes)).Answer(result, result != 0, error).Append();
  }
  errno = error;
  return result;
}

// Only a mapping through which a file can be changed: what is written that way is not seen.
void* WitnessMmap(void* address, size_t bytes, int protection, int flags, int fd, off64_t offset) {
  const int64_t began = Now();
  void* const mapped = next_mmap(address, bytes, protection, flags, fd, offset);
  const bool shared = (flags & MAP_TYPE) == MAP_SHARED || (flags & MAP_TYPE) == MAP_SHARED_VALIDATE;
  if ((flags & MAP_ANONYMOUS) != 0 || !shared || (protection & PROT_WRITE) == 0) return mapped;
  const bool failed = mapped == MAP_FAILED;
  // Of persistent memory: what is stored there needs no msync.
  const char* const by = (flags & MAP_SYNC) != 0 ? "mmap+MAP_SYNC" : nullptr;
  (void)Done("mmap", by, began, fd, offset, static_cast<off64_t>(bytes), failed ? -1 : 0);
  return mapped;
}

int WitnessFtruncate(int fd, off64_t bytes) {
  const int64_t began = Now();
  return Done("ftruncate", nullptr, began, fd, 0, bytes, next_ftruncate(fd, bytes));
}

int WitnessFallocate(int fd, int mode, off64_t offset, off64_t bytes) {
  const int64_t began = Now();
  return Done("fallocate", nullptr, began, fd, offset, bytes,
              next_fallocate(fd, mode, offset, bytes));
}

// This one returns the error.
int WitnessPosixFallocate(int fd, off64_t offset, off64_t bytes) {
  const int64_t began = Now();
  return Done("fallocate", "posix_fallocate", began, fd, offset, bytes,
              next_posix_fallocate(fd, offset, bytes));
}

static_assert(sizeof(off_t) == sizeof(off64_t));
void* WitnessShortMmap(void*, size_t, int, int, int, off64_t) WITNESS_ALIAS("mmap", "mmap64");
int WitnessShortFtruncate(int, off64_t) WITNESS_ALIAS("ftruncate", "ftruncate64");
int WitnessShortFallocate(int, int, off64_t, off64_t) WITNESS_ALIAS("fallocate", "fallocate64");
int WitnessShortPosixFallocate(int, off64_t, off64_t)
    WITNESS_ALIAS("posix_fallocate", "posix_fallocate64");

}  // extern "C"

}  // namespace witness
