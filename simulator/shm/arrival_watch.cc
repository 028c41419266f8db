#include "simulator/shm/arrival_watch.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string>

#include "simulator/shm/object_file.h"
#include "simulator/shm/object_name.h"

namespace vdisim::shm {
namespace {

// How often to look where nothing wakes us: a clock moved by hand, a system without watches.
constexpr std::chrono::milliseconds kLookInterval{100};

int OpenWatch() {
  const int descriptor = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (descriptor == -1) return -1;
  const std::string folder(kObjectFolder);
  // A finished object gets its name by link(), which is IN_CREATE.
  if (::inotify_add_watch(descriptor, folder.c_str(), IN_CREATE | IN_MOVED_TO) == -1) {
    ::close(descriptor);
    return -1;
  }
  return descriptor;
}

// What arrived does not matter, the waiter looks for itself.
void Drain(int descriptor) {
  alignas(inotify_event) std::array<char, 4096> events{};
  while (::read(descriptor, events.data(), events.size()) > 0) {
  }
}

int PollTimeout(std::chrono::nanoseconds left) {
  // Rounded up, or the last millisecond would be spent looking again and again.
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(
      std::min<std::chrono::nanoseconds>(left, std::chrono::hours(1)));
  return static_cast<int>(milliseconds.count());
}

}  // namespace

ArrivalWatch::ArrivalWatch() : descriptor_(OpenWatch()) {}

ArrivalWatch::~ArrivalWatch() {
  if (descriptor_ != -1) ::close(descriptor_);
}

void ArrivalWatch::Wait(const Clock& clock, Deadline deadline) {
  std::chrono::nanoseconds most = clock.IsReal() ? deadline.Left(clock) : kLookInterval;
  if (descriptor_ == -1) most = std::min<std::chrono::nanoseconds>(most, kLookInterval);
  pollfd watch{.fd = descriptor_, .events = POLLIN, .revents = 0};  // poll ignores a negative fd
  if (::poll(&watch, 1, PollTimeout(most)) > 0) Drain(descriptor_);
}

bool WaitForObject(const std::string& name, const Clock& clock, Deadline deadline) {
  const auto exists = [&] {
    const std::optional<FileStatus> status = StatusOf(name);
    return status && status->is_object;
  };
  if (exists()) return true;
  ArrivalWatch watch;
  while (!exists()) {
    if (deadline.Expired(clock)) return false;
    watch.Wait(clock, deadline);
  }
  return true;
}

}  // namespace vdisim::shm
