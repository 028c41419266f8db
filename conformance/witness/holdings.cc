#include "conformance/witness/holdings.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>

#include "conformance/witness/files.h"
#include "conformance/witness/kernel.h"
#include "conformance/witness/memory_map.h"
#include "conformance/witness/sink.h"

namespace witness {
namespace {

// Who is born with more is not told what is left.
constexpr int kBornWithMax = 256;
constexpr int kToldMax = 32;
constexpr int kStandardDescriptors = 3;

// The number alone may have got another file meanwhile, and a file may have got another name.
struct Descriptor {
  int fd;
  dev_t device;
  ino_t inode;
};
Descriptor born_with[kBornWithMax];
int born_with_count = -1;
std::atomic<bool> transferred{false};

// Visits the numbers in the names of a directory of /proc, and with each the descriptor by which it
// is read; false: it cannot be.
template <typename Visit>
bool ForEachNumber(const char* directory, const Visit& visit) {
  struct Entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    unsigned char type;
    char name[1];
  };
  const long fd = Kernel(SYS_openat, AT_FDCWD, directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  alignas(Entry) char bytes[1024];
  for (long got = 0; (got = Kernel(SYS_getdents64, fd, bytes, sizeof bytes)) > 0;) {
    for (long at = 0; at < got; at += reinterpret_cast<const Entry*>(bytes + at)->length) {
      const char* const name = reinterpret_cast<const Entry*>(bytes + at)->name;
      if (name[0] < '0' || name[0] > '9') continue;  // the directory itself, and the one above
      int number = 0;
      for (const char* digit = name; *digit >= '0' && *digit <= '9'; ++digit) {
        number = number * 10 + (*digit - '0');
      }
      visit(number, static_cast<int>(fd));
    }
  }
  Kernel(SYS_close, fd);
  return true;
}

int CountThreads() {
  int count = 0;
  return ForEachNumber("/proc/self/task", [&](int, int) { ++count; }) ? count : -1;
}

// But for those of ours.
int CountDescriptors() {
  int count = 0;
  const bool known = ForEachNumber("/proc/self/fd", [&](int fd, int ours) {
    count += fd == ours || IsSinkDescriptor(fd) ? 0 : 1;
  });
  return known ? count : -1;
}

bool IsOf(int fd, Descriptor* facts) {
  struct stat status;
  if (fstat(fd, &status) != 0) return false;
  *facts = {fd, status.st_dev, status.st_ino};
  return true;
}

bool WasBornWith(int fd) {
  Descriptor now;
  if (!IsOf(fd, &now)) return false;
  for (int i = 0; i < born_with_count; ++i) {
    const Descriptor& one = born_with[i];
    if (one.fd == fd && one.device == now.device && one.inode == now.inode) return true;
  }
  return false;
}

// "VmHWM:	    4711 kB" of /proc/self/status; -1: it does not stand there.
int64_t StatusKib(const char* key) {
  char text[4096];
  const long fd = Kernel(SYS_openat, AT_FDCWD, "/proc/self/status", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  const long got = Kernel(SYS_read, fd, text, sizeof text - 1);
  Kernel(SYS_close, fd);
  if (got <= 0) return -1;
  text[got] = '\0';
  const char* at = strstr(text, key);
  if (at == nullptr) return -1;
  at += strlen(key);
  while (*at == ' ' || *at == '\t') ++at;
  int64_t kib = 0;
  for (; *at >= '0' && *at <= '9'; ++at) kib = kib * 10 + (*at - '0');
  return kib;
}

}  // namespace

void RememberDescriptors() {
  int count = 0;
  const bool known = ForEachNumber("/proc/self/fd", [&](int fd, int ours) {
    if (fd == ours) return;
    if (count < kBornWithMax && !IsOf(fd, &born_with[count])) return;
    ++count;
  });
  born_with_count = known && count <= kBornWithMax ? count : -1;
}

int TellLeftDescriptors() {
  if (born_with_count < 0) return -1;
  int left = 0;
  const bool known = ForEachNumber("/proc/self/fd", [&](int fd, int ours) {
    if (fd < kStandardDescriptors || fd == ours || IsSinkDescriptor(fd)) return;
    if (WasBornWith(fd)) return;
    char path[kPathBytes];
    (void)PathOfDescriptor(fd, path);
    if (IsOurs(path)) return;
    if (++left > kToldMax) return;
    Line line("left", Now(), false);
    line.Number("fd", fd).Text("path", path).Append();
  });
  return known ? left : -1;
}

int64_t OwnMemoryKib() { return StatusKib("RssAnon:"); }

void DescribeHoldings(Line& line) {
  line.Number("descriptors", CountDescriptors()).Number("threads", CountThreads());
  line.Number("mappings", CountMappings("/dev/shm/vdisim."));
  line.Number("memory", OwnMemoryKib()).Number("peak", StatusKib("VmHWM:"));
}

void DescribeFirstTransfer(Line& line) {
  if (transferred.load(std::memory_order_relaxed) || transferred.exchange(true)) return;
  line.Number("memory", OwnMemoryKib());
}

void AwaitFirstTransfer() { transferred.store(false); }

}  // namespace witness
