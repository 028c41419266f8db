#include "conformance/client/growing_file.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace conform {

GrowingLines::~GrowingLines() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::vector<std::string> GrowingLines::Take() {
  if (descriptor_ < 0) descriptor_ = open(file_.c_str(), O_RDONLY | O_CLOEXEC);
  std::vector<std::string> lines;
  if (descriptor_ < 0) return lines;
  std::array<char, 65536> bytes{};
  for (ssize_t n = 0; (n = read(descriptor_, bytes.data(), bytes.size())) != 0;) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    pending_.append(bytes.data(), static_cast<size_t>(n));
  }
  size_t begin = 0;
  for (size_t end = 0; (end = pending_.find('\n', begin)) != std::string::npos; begin = end + 1) {
    if (end > begin) lines.push_back(pending_.substr(begin, end - begin));
  }
  pending_.erase(0, begin);
  return lines;
}

FolderWatch::FolderWatch(const std::filesystem::path& folder)
    : descriptor_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (descriptor_ < 0 ||
      inotify_add_watch(descriptor_, folder.c_str(), IN_CREATE | IN_MODIFY | IN_DELETE) < 0) {
    const int error = errno;
    if (descriptor_ >= 0) close(descriptor_);
    throw std::system_error(error, std::generic_category(), folder.string());
  }
}

FolderWatch::~FolderWatch() { close(descriptor_); }

void FolderWatch::Clear() const {
  std::array<char, 8192> events{};
  while (read(descriptor_, events.data(), events.size()) > 0) {
  }
}

}  // namespace conform
