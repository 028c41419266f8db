#include "conformance/witness/memory_map.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "conformance/witness/kernel.h"

namespace witness {
namespace {

// The lines of /proc/self/maps, one after the other.
class MapLines {
 public:
  MapLines()
      : fd_(static_cast<int>(
            Kernel(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC))) {}
  ~MapLines() {
    if (fd_ >= 0) Kernel(SYS_close, fd_);
  }
  MapLines(const MapLines&) = delete;
  MapLines& operator=(const MapLines&) = delete;

  // A line longer than the room comes without its end. NULL: no more.
  const char* Next() {
    size_t length = 0;
    for (char byte = 0; NextByte(&byte);) {
      if (byte == '\n') {
        line_[length] = '\0';
        return line_;
      }
      if (length + 1 < sizeof line_) line_[length++] = byte;
    }
    return nullptr;
  }

 private:
  bool NextByte(char* byte) {
    if (at_ == filled_) {
      const long got = fd_ < 0 ? 0 : Kernel(SYS_read, fd_, bytes_, sizeof bytes_);
      if (got <= 0) return false;
      filled_ = static_cast<size_t>(got);
      at_ = 0;
    }
    *byte = bytes_[at_++];
    return true;
  }

  const int fd_;
  size_t at_ = 0;
  size_t filled_ = 0;
  char bytes_[1024];
  char line_[kPathBytes + 128];
};

uintptr_t ReadHex(const char** text) {
  uintptr_t number = 0;
  for (;; ++*text) {
    const char digit = **text;
    if (digit >= '0' && digit <= '9') {
      number = number * 16 + static_cast<uintptr_t>(digit - '0');
    } else if (digit >= 'a' && digit <= 'f') {
      number = number * 16 + static_cast<uintptr_t>(digit - 'a' + 10);
    } else {
      return number;
    }
  }
}

// Nothing before the path has a slash.
bool CopyPath(const char* line, char (&path)[kPathBytes]) {
  const char* const name = strchr(line, '/');
  if (name == nullptr || strlen(name) >= kPathBytes) return false;
  memcpy(path, name, strlen(name) + 1);
  return true;
}

}  // namespace

bool FileMappedAt(const void* address, char (&path)[kPathBytes]) {
  const auto wanted = reinterpret_cast<uintptr_t>(address);
  MapLines lines;
  while (const char* const line = lines.Next()) {
    const char* at = line;
    const uintptr_t begin = ReadHex(&at);
    if (*at != '-') continue;
    ++at;
    const uintptr_t end = ReadHex(&at);
    if (wanted >= begin && wanted < end) return CopyPath(line, path);
  }
  return false;
}

bool FindMappedFile(const char* head, char (&path)[kPathBytes]) {
  MapLines lines;
  while (const char* const line = lines.Next()) {
    const char* const slash = strrchr(line, '/');
    if (slash == nullptr || strncmp(slash + 1, head, strlen(head)) != 0) continue;
    if (CopyPath(line, path)) return true;
  }
  return false;
}

int CountMappings(const char* head) {
  int count = 0;
  char before[kPathBytes] = "";
  MapLines lines;
  while (const char* const line = lines.Next()) {
    char path[kPathBytes];
    if (!CopyPath(line, path)) path[0] = '\0';
    const bool counts = strncmp(path, head, strlen(head)) == 0;
    if (counts && strcmp(path, before) != 0) ++count;
    memcpy(before, path, sizeof path);
  }
  return count;
}

}  // namespace witness
