#include "simulator/front/unix_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "simulator/base/check.h"

namespace vdisim {
namespace {

constexpr int kBacklog = 64;
constexpr mode_t kOwnerOnly = 0600;

// The address of folder/name, short whatever the folder: it leads through our own handle of it.
class FolderAddress {
 public:
  FolderAddress(const std::filesystem::path& folder, const std::string& name)
      : folder_(open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    const std::string path = fmt::format("/proc/self/fd/{}/{}", folder_.get(), name);
    address_.sun_family = AF_UNIX;
    VDI_CHECK(path.size() < sizeof address_.sun_path, "socket names are ours, and short");
    std::memcpy(address_.sun_path, path.c_str(), path.size() + 1);
  }

  bool ok() const { return folder_.ok(); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  static constexpr socklen_t size() { return sizeof(sockaddr_un); }

 private:
  Descriptor folder_;
  sockaddr_un address_{};
};

Descriptor Failed(int* error_number) {
  *error_number = errno;
  return {};
}

Descriptor NewSocket() { return Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    Reset();
    fd_ = other.Release();
  }
  return *this;
}

void Descriptor::Reset() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

int Descriptor::Release() { return std::exchange(fd_, -1); }

Descriptor ListenAt(const std::filesystem::path& folder, const std::string& name,
                    int* error_number) {
  const FolderAddress address(folder, name);
  if (!address.ok()) return Failed(error_number);
  Descriptor listener = NewSocket();
  if (!listener.ok()) return Failed(error_number);
  // The file takes its mode from the socket, so that it is never open to others, not even briefly.
  if (fchmod(listener.get(), kOwnerOnly) != 0 ||
      bind(listener.get(), address.get(), FolderAddress::size()) != 0 ||
      listen(listener.get(), kBacklog) != 0) {
    return Failed(error_number);
  }
  return listener;
}

Descriptor ConnectTo(const std::filesystem::path& folder, const std::string& name,
                     int* error_number) {
  const FolderAddress address(folder, name);
  if (!address.ok()) return Failed(error_number);
  Descriptor socket = NewSocket();
  if (!socket.ok()) return Failed(error_number);
  if (connect(socket.get(), address.get(), FolderAddress::size()) != 0) {
    return Failed(error_number);
  }
  return socket;
}

Descriptor AcceptFrom(const Descriptor& listener, int* error_number) {
  Descriptor socket(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  return socket.ok() ? std::move(socket) : Failed(error_number);
}

Descriptor LockFile(const std::filesystem::path& file, int* error_number) {
  Descriptor lock(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly));
  if (!lock.ok() || flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return Failed(error_number);
  const std::string owner = fmt::format("{}\n", getpid());
  if (ftruncate(lock.get(), 0) != 0 ||
      write(lock.get(), owner.data(), owner.size()) != static_cast<ssize_t>(owner.size())) {
    return Failed(error_number);
  }
  return lock;
}

LineConnection::LineConnection(Descriptor socket) : socket_(std::move(socket)) {
  const timeval limit{.tv_sec = kWriteSeconds, .tv_usec = 0};
  setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

LineConnection::ReadResult LineConnection::ReadLine(std::string* line) {
  while (true) {
    const size_t end = received_.find('\n', searched_);
    if (end != std::string::npos) {
      *line = received_.substr(0, end);
      received_.erase(0, end + 1);
      searched_ = 0;
      return ReadResult::kLine;
    }
    searched_ = received_.size();
    if (received_.size() > kLineBytesMax) return ReadResult::kTooLong;
    std::array<char, 65536> buffer;
    const ssize_t bytes = recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) return ReadResult::kEnd;
    received_.append(buffer.data(), static_cast<size_t>(bytes));
  }
}

bool LineConnection::WriteLine(std::string_view line) {
  const std::string whole = fmt::format("{}\n", line);
  const std::scoped_lock lock(write_mutex_);
  std::string_view rest = whole;
  while (!rest.empty()) {
    const ssize_t bytes = send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) {
      // Half a line may have gone out; nothing after it would make sense.
      Hangup();
      return false;
    }
    rest.remove_prefix(static_cast<size_t>(bytes));
  }
  return true;
}

void LineConnection::Hangup() { shutdown(socket_.get(), SHUT_RDWR); }

WakeEvent::WakeEvent() {
  std::array<int, 2> ends{-1, -1};
  VDI_CHECK(pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0, "no pipe for the control socket");
  read_end_ = Descriptor(ends[0]);
  write_end_ = Descriptor(ends[1]);
}

void WakeEvent::Set() {
  const char byte = 1;
  // A full pipe is as good as a written byte.
  [[maybe_unused]] const ssize_t written = write(write_end_.get(), &byte, 1);
}

bool WakeEvent::WaitForConnection(const Descriptor& listener) {
  std::array<pollfd, 2> waits{{{.fd = listener.get(), .events = POLLIN, .revents = 0},
                               {.fd = read_end_.get(), .events = POLLIN, .revents = 0}}};
  while (poll(waits.data(), waits.size(), -1) < 0) {
    VDI_CHECK(errno == EINTR, "poll of two descriptors of our own");
  }
  return waits[1].revents == 0;
}

}  // namespace vdisim
