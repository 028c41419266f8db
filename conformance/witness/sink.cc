#include "conformance/witness/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

#include "conformance/witness/files.h"
#include "conformance/witness/kernel.h"

namespace witness {
namespace {

// Programs that close all descriptors, or choose one by its number, hardly come so far.
constexpr int kHighDescriptors[] = {900, 200, 60, 3};

enum Switch : int { kUnread, kReading, kOff, kOn };

std::atomic<int> position{kUnread};
char path[kPathBytes];
char trace_path[kPathBytes];
std::atomic<int> descriptor{-1};
std::atomic<uint64_t> sink_device{0};
std::atomic<uint64_t> sink_inode{0};

// As an absolute path, because the program may go to another directory.
bool PathOfEnvironment(const char* variable, char (&absolute)[kPathBytes]) {
  const char* const name = getenv(variable);
  absolute[0] = '\0';
  return name != nullptr && *name != '\0' && AbsolutePath(AT_FDCWD, name, absolute);
}

bool IsTheSink(int fd) {
  struct stat facts;
  return fd >= 0 && fstat(fd, &facts) == 0 &&
         facts.st_ino == sink_inode.load(std::memory_order_relaxed) &&
         facts.st_dev == sink_device.load(std::memory_order_relaxed);
}

// The system is called directly: open() of this library would record itself.
int OpenSink() {
  const int low = static_cast<int>(
      Kernel(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  if (low < 0) return -1;
  int fd = -1;
  for (size_t i = 0; fd < 0 && i < sizeof kHighDescriptors / sizeof *kHighDescriptors; ++i) {
    fd = fcntl(low, F_DUPFD_CLOEXEC, kHighDescriptors[i]);
  }
  Kernel(SYS_close, low);
  return fd;
}

// The program may have closed the descriptor, or put another file in its place: then what would be
// written must not go there.
int CurrentDescriptor() {
  int known = descriptor.load(std::memory_order_acquire);
  if (IsTheSink(known)) return known;
  const int fresh = OpenSink();
  struct stat facts;
  if (fresh < 0 || fstat(fresh, &facts) != 0) return -1;
  sink_device.store(facts.st_dev, std::memory_order_relaxed);
  sink_inode.store(facts.st_ino, std::memory_order_relaxed);
  if (descriptor.compare_exchange_strong(known, fresh, std::memory_order_acq_rel)) return fresh;
  Kernel(SYS_close, fresh);  // another thread was first
  return known;
}

}  // namespace

bool IsOn() {
  const int now = position.load(std::memory_order_acquire);
  if (now >= kOff) return now == kOn;
  int expected = kUnread;
  if (!position.compare_exchange_strong(expected, kReading)) return false;
  const bool on = PathOfEnvironment("VDI_CONFORM_WITNESS", path);
  (void)PathOfEnvironment("VDISIM_TRACE", trace_path);
  position.store(on ? kOn : kOff, std::memory_order_release);
  return on;
}

bool IsOurs(const char* name) {
  return *name != '\0' && (strcmp(name, path) == 0 || strcmp(name, trace_path) == 0);
}

bool IsSinkDescriptor(int fd) {
  return fd >= 0 && fd == descriptor.load(std::memory_order_relaxed) && IsTheSink(fd);
}

void AppendToSink(const char* bytes, size_t length) {
  const int errno_of_caller = errno;
  sigset_t limit;
  sigset_t before;
  sigset_t waiting;
  sigemptyset(&limit);
  sigaddset(&limit, SIGXFSZ);
  sigprocmask(SIG_BLOCK, &limit, &before);  // of the calling thread, on Linux
  sigpending(&waiting);
  const int fd = CurrentDescriptor();
  if (fd >= 0 && Kernel(SYS_write, fd, bytes, length) < 0 && errno == EFBIG &&
      sigismember(&waiting, SIGXFSZ) == 0) {
    const timespec at_once{0, 0};
    Kernel(SYS_rt_sigtimedwait, &limit, nullptr, &at_once, static_cast<size_t>(_NSIG / 8));
  }
  sigprocmask(SIG_SETMASK, &before, nullptr);
  errno = errno_of_caller;
}

}  // namespace witness
