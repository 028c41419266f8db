#include "simulator/shm/object_file.h"

#include <fcntl.h>
#include <limits.h>  // NOLINT(modernize-deprecated-headers): NAME_MAX is POSIX, not C++
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace vdisim::shm {
namespace {

FileStatus FromStat(const struct stat& status) {
  return {.identity = {.device = status.st_dev, .inode = status.st_ino},
          .size_bytes = static_cast<uint64_t>(status.st_size),
          .changed_at = status.st_mtime,
          .is_object = S_ISREG(status.st_mode)};
}

struct flock LockOfByte(short type, uint32_t byte) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  return lock;
}

int Control(int descriptor, int operation, struct flock* lock) {
  int result = 0;
  do {
    result = ::fcntl(descriptor, operation, lock);
  } while (result == -1 && errno == EINTR);
  return result;
}

// Refuses an absurd size before anything is allocated for it. Whether a reasonable one really fits
// is seen when it is allocated.
bool IsMoreThanThereIs(int descriptor, size_t size) {
  const auto pages = static_cast<uint64_t>(std::max(0L, ::sysconf(_SC_PHYS_PAGES)));
  if (size / static_cast<uint64_t>(::sysconf(_SC_PAGESIZE)) > pages) return true;
  struct statvfs status {};
  // A file system without a limit has no blocks.
  return ::fstatvfs(descriptor, &status) == 0 && status.f_blocks != 0 && status.f_frsize != 0 &&
         size / status.f_frsize > status.f_bavail;
}

}  // namespace

bool IsObjectName(std::string_view name) {
  return !name.empty() && name.size() <= NAME_MAX && name.front() != '.' &&
         name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

std::string PathOf(std::string_view name) {
  std::string path(kObjectFolder);
  path += '/';
  path += name;
  return path;
}

std::optional<FileStatus> StatusOf(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return std::nullopt;
  return FromStat(status);
}

std::optional<FileStatus> StatusOf(std::string_view name) {
  struct stat status {};
  if (::lstat(PathOf(name).c_str(), &status) != 0) return std::nullopt;
  return FromStat(status);
}

LockResult TryLock(int descriptor, uint32_t byte) {
  struct flock lock = LockOfByte(F_WRLCK, byte);
  if (Control(descriptor, F_OFD_SETLK, &lock) == 0) return LockResult::kTaken;
  return errno == EAGAIN || errno == EACCES ? LockResult::kHeldElsewhere : LockResult::kFailed;
}

void Unlock(int descriptor, uint32_t byte) {
  struct flock lock = LockOfByte(F_UNLCK, byte);
  Control(descriptor, F_OFD_SETLK, &lock);
}

bool IsLockedElsewhere(int descriptor, uint32_t byte) {
  struct flock lock = LockOfByte(F_WRLCK, byte);
  return Control(descriptor, F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
}

int GiveMemory(int descriptor, size_t size) {
  if (size > static_cast<size_t>(INT64_MAX)) return EFBIG;
  if (IsMoreThanThereIs(descriptor, size)) return ENOSPC;
  const auto whole = static_cast<off_t>(size);
  if (::ftruncate(descriptor, whole) != 0) return errno;
  // In pieces: the kernel undoes a piece that a signal interrupts, and a vendor's interval timer
  // would otherwise keep a large object from ever being finished.
  constexpr off_t kPiece = off_t{4} << 20;
  for (off_t done = 0; done < whole;) {
    const off_t piece = std::min(kPiece, whole - done);
    const int error = ::posix_fallocate(descriptor, done, piece);
    if (error == EINTR) continue;
    if (error != 0) return error;
    done += piece;
  }
  return 0;
}

RemoveResult RemoveName(int descriptor, std::string_view name) {
  switch (TryLock(descriptor, kRemovalLock)) {
    case LockResult::kHeldElsewhere:
      return RemoveResult::kBusy;
    case LockResult::kFailed:
      return RemoveResult::kFailed;
    case LockResult::kTaken:
      break;
  }
  // The name cannot change its meaning from here on: who wants to remove it needs our lock, and
  // nobody puts an object in another's place.
  const std::optional<FileStatus> named = StatusOf(name);
  const std::optional<FileStatus> ours = StatusOf(descriptor);
  RemoveResult result = RemoveResult::kNotOurs;
  if (named && ours && named->identity == ours->identity) {
    result = ::unlink(PathOf(name).c_str()) == 0 ? RemoveResult::kRemoved : RemoveResult::kFailed;
  }
  const int error = errno;
  Unlock(descriptor, kRemovalLock);
  errno = error;
  return result;
}

}  // namespace vdisim::shm
