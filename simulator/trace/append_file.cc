#include "simulator/trace/append_file.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>
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
  const int errno_of_caller = errno;
  const bool torn = last_line_is_torn_.exchange(false, std::memory_order_relaxed);
  const std::string bytes = (torn ? "\n" : "") + line + "\n";
  ssize_t written = -1;
  do {
    written = write(descriptor_, bytes.data(), bytes.size());
  } while (written < 0 && errno == EINTR);
  const bool whole = written == static_cast<ssize_t>(bytes.size());
  if (written > 0 ? !whole : torn) last_line_is_torn_.store(true, std::memory_order_relaxed);
  errno = errno_of_caller;
  return whole;
}

uint32_t CurrentProcessNumber() { return static_cast<uint32_t>(getpid()); }

uint32_t CurrentThreadNumber() { return static_cast<uint32_t>(syscall(SYS_gettid)); }

}  // namespace vdisim
