#include "conformance/witness/files.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/witness/sink.h"

namespace witness {
namespace {

bool BeginsWith(const char* text, const char* head) {
  return strncmp(text, head, strlen(head)) == 0;
}

bool ReadLink(const char* link, char (&path)[kPathBytes]) {
  const ssize_t length = readlink(link, path, kPathBytes);
  if (length < 0 || static_cast<size_t>(length) == kPathBytes) {
    path[0] = '\0';
    return false;
  }
  path[length] = '\0';
  return true;
}

}  // namespace

bool PathOfDescriptor(int fd, char (&path)[kPathBytes]) {
  char link[32] = "/proc/self/fd/";
  char* const digits = link + strlen(link);
  int count = 0;
  for (int rest = fd; rest > 0 || count == 0; rest /= 10) ++count;
  for (int at = count - 1, rest = fd; at >= 0; --at, rest /= 10) {
    digits[at] = static_cast<char>('0' + rest % 10);
  }
  return ReadLink(link, path);
}

void File::Describe(Line& line) const {
  line.Number("fd", fd).Text("path", path).Number("inode", static_cast<int64_t>(inode));
  if (directory) line.True("directory");
}

bool IsRegular(int fd) {
  struct stat facts;
  return fd >= 0 && fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode);
}

bool Look(int fd, File* file) {
  struct stat facts;
  if (fd < 0 || fstat(fd, &facts) != 0) return false;
  if (!S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode)) return false;
  file->fd = fd;
  file->directory = S_ISDIR(facts.st_mode);
  file->inode = facts.st_ino;
  // A name that cannot be told belongs to a file all the same.
  return !PathOfDescriptor(fd, file->path) || IsRecorded(file->path);
}

bool AbsolutePath(int directory, const char* name, char (&path)[kPathBytes]) {
  size_t length = 0;
  path[0] = '\0';
  if (name == nullptr) return false;
  if (name[0] != '/') {
    const bool known = directory == AT_FDCWD ? ReadLink("/proc/self/cwd", path)
                                             : PathOfDescriptor(directory, path);
    if (!known) return false;
    length = strlen(path);
    if (length + 1 < kPathBytes && path[length - 1] != '/') path[length++] = '/';
  }
  const size_t rest = strlen(name);
  if (rest >= kPathBytes - length) {
    path[0] = '\0';
    return false;
  }
  memcpy(path + length, name, rest + 1);
  return true;
}

bool IsRecorded(const char* path) {
  if (BeginsWith(path, "/proc/") || BeginsWith(path, "/sys/")) return false;
  return !BeginsWith(path, "/dev/shm/vdisim.") && !IsOurs(path);
}

}  // namespace witness
