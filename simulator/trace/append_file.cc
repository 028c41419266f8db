#include "simulator/trace/append_file.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace vdisim {
namespace {

// write() is where a cancelled thread would be unwound, through a caller that lets nothing out.
class ScopedNoCancellation {
 public:
  ScopedNoCancellation() { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_); }
  ~ScopedNoCancellation() { pthread_setcancelstate(before_, nullptr); }
  ScopedNoCancellation(const ScopedNoCancellation&) = delete;
  ScopedNoCancellation& operator=(const ScopedNoCancellation&) = delete;

 private:
  int before_ = 0;
};

// A program under a limit of file sizes must not die of the size of its trace: the signal is kept
// back, and taken away if the write has brought it.
class ScopedNoSizeSignal {
 public:
  ScopedNoSizeSignal() {
    sigemptyset(&signal_);
    sigaddset(&signal_, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &signal_, &before_);
    sigset_t waiting;
    sigpending(&waiting);
    was_waiting_ = sigismember(&waiting, SIGXFSZ) == 1;
  }
  ~ScopedNoSizeSignal() {
    if (exceeded_ && !was_waiting_) {
      const timespec at_once{0, 0};
      sigtimedwait(&signal_, nullptr, &at_once);
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  ScopedNoSizeSignal(const ScopedNoSizeSignal&) = delete;
  ScopedNoSizeSignal& operator=(const ScopedNoSizeSignal&) = delete;
  void Exceeded() { exceeded_ = true; }

 private:
  sigset_t signal_;
  sigset_t before_;
  bool was_waiting_ = false;
  bool exceeded_ = false;
};

}  // namespace

std::unique_ptr<AppendFile> AppendFile::Open(const std::string& path, std::string* error) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    *error = std::generic_category().message(errno);
    return nullptr;
  }
  return std::unique_ptr<AppendFile>(new AppendFile(descriptor));
}

AppendFile::~AppendFile() { close(descriptor_); }

bool AppendFile::AppendLine(const std::string& line) {
  const ScopedNoCancellation uncancelled;
  ScopedNoSizeSignal unsignalled;
  const int errno_of_caller = errno;
  const bool torn = last_line_is_torn_.exchange(false, std::memory_order_relaxed);
  const std::string bytes = (torn ? "\n" : "") + line + "\n";
  ssize_t written = -1;
  do {
    written = write(descriptor_, bytes.data(), bytes.size());
  } while (written < 0 && errno == EINTR);
  if (written < 0 && errno == EFBIG) unsignalled.Exceeded();
  const bool whole = written == static_cast<ssize_t>(bytes.size());
  if (written > 0 ? !whole : torn) last_line_is_torn_.store(true, std::memory_order_relaxed);
  errno = errno_of_caller;
  return whole;
}

uint32_t CurrentProcessNumber() { return static_cast<uint32_t>(getpid()); }

uint32_t CurrentThreadNumber() { return static_cast<uint32_t>(syscall(SYS_gettid)); }

}  // namespace vdisim
