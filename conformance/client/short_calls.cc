#include "conformance/client/short_calls.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstddef>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

namespace conform {
namespace {

using Pieces = std::vector<iovec>;

// More is not moved at once, though it were half.
constexpr size_t kBytesMax = size_t{16} << 20;

// A descriptor that is closed at the end.
class Descriptor {
 public:
  explicit Descriptor(long fd) : fd_(static_cast<int>(fd)) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

struct Transfer {
  bool writes = false;
  Pieces pieces;  // in the memory of the process
  std::optional<off_t> offset;
};

// The process that a thread belongs to; a pidfd is had of whole processes.
pid_t ProcessOf(pid_t task) {
  std::ifstream status(fmt::format("/proc/{}/status", task));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("Tgid:")) return static_cast<pid_t>(std::stol(line.substr(5)));
  }
  return -1;
}

void* Address(uint64_t value) {
  return reinterpret_cast<void*>(value);  // NOLINT(performance-no-int-to-ptr): of another process
}

// The list of pieces that a call of the v kind points to; empty: it cannot be read.
Pieces PiecesOf(const CallOfAnother& call) {
  if (call.arguments[2] == 0 || call.arguments[2] > IOV_MAX) return {};
  Pieces pieces(call.arguments[2]);
  const size_t bytes = pieces.size() * sizeof(iovec);
  const iovec here = {.iov_base = pieces.data(), .iov_len = bytes};
  const iovec there = {.iov_base = Address(call.arguments[1]), .iov_len = bytes};
  const ssize_t got = process_vm_readv(call.task, &here, 1, &there, 1, 0);
  return got == static_cast<ssize_t>(bytes) ? pieces : Pieces();
}

std::optional<Transfer> TransferOf(const CallOfAnother& call) {
  const Pieces one = {{.iov_base = Address(call.arguments[1]), .iov_len = call.arguments[2]}};
  const auto place = static_cast<off_t>(call.arguments[3]);
  switch (call.number) {
    case __NR_write:
      return Transfer{true, one, std::nullopt};
    case __NR_pwrite64:
      return Transfer{true, one, place};
    case __NR_writev:
      return Transfer{true, PiecesOf(call), std::nullopt};
    case __NR_pwritev:
      return Transfer{true, PiecesOf(call), place};
    case __NR_read:
      return Transfer{false, one, std::nullopt};
    case __NR_pread64:
      return Transfer{false, one, place};
    case __NR_readv:
      return Transfer{false, PiecesOf(call), std::nullopt};
    case __NR_preadv:
      return Transfer{false, PiecesOf(call), place};
    default:
      return std::nullopt;
  }
}

// Leaves the first half of the bytes; its size.
size_t Halve(Pieces* pieces) {
  size_t bytes = 0;
  for (const iovec& piece : *pieces) bytes += piece.iov_len;
  const size_t half = std::min(bytes / 2, kBytesMax);
  size_t left = half;
  for (iovec& piece : *pieces) {
    piece.iov_len = std::min(piece.iov_len, left);
    left -= piece.iov_len;
  }
  return half;
}

std::optional<int64_t> WriteHalf(pid_t task, int fd, const Transfer& transfer, size_t bytes) {
  std::vector<std::byte> data(bytes);
  const iovec here = {.iov_base = data.data(), .iov_len = bytes};
  if (process_vm_readv(task, &here, 1, transfer.pieces.data(), transfer.pieces.size(), 0) !=
      static_cast<ssize_t>(bytes)) {
    return std::nullopt;
  }
  const ssize_t moved = transfer.offset ? pwrite(fd, data.data(), bytes, *transfer.offset)
                                        : write(fd, data.data(), bytes);
  if (moved <= 0) return std::nullopt;
  return moved;
}

std::optional<int64_t> ReadHalf(pid_t task, int fd, const Transfer& transfer, size_t bytes) {
  std::vector<std::byte> data(bytes);
  const ssize_t moved = transfer.offset ? pread(fd, data.data(), bytes, *transfer.offset)
                                        : read(fd, data.data(), bytes);
  if (moved <= 0) return std::nullopt;
  const iovec here = {.iov_base = data.data(), .iov_len = static_cast<size_t>(moved)};
  if (process_vm_writev(task, &here, 1, transfer.pieces.data(), transfer.pieces.size(), 0) ==
      moved) {
    return moved;
  }
  if (!transfer.offset) lseek(fd, -moved, SEEK_CUR);
  return std::nullopt;
}

// Which of the calls that MoveHalf makes of another process is refused, with errno; NULL: none.
const char* RefusedOf(pid_t child, int its_descriptor) {
  static const int kKnown = 4711;  // stands in the child as well
  const Descriptor process(syscall(SYS_pidfd_open, child, 0));
  if (process.get() < 0) return "pidfd_open";
  const Descriptor file(syscall(SYS_pidfd_getfd, process.get(), its_descriptor, 0));
  if (file.get() < 0) return "pidfd_getfd";
  int seen = 0;
  const iovec here = {.iov_base = &seen, .iov_len = sizeof(seen)};
  const iovec there = {.iov_base = const_cast<int*>(&kKnown), .iov_len = sizeof(kKnown)};
  const bool is_read = process_vm_readv(child, &here, 1, &there, 1, 0) == sizeof(seen);
  return is_read ? nullptr : "process_vm_readv";
}

}  // namespace

std::optional<int64_t> MoveHalf(const CallOfAnother& call,
                                const std::function<bool()>& still_there) {
  std::optional<Transfer> transfer = TransferOf(call);
  if (!transfer) return std::nullopt;
  const size_t bytes = Halve(&transfer->pieces);
  if (bytes == 0) return std::nullopt;
  // Not /proc/N/fd: what is opened there is another open file, with a place of its own.
  const Descriptor process(syscall(SYS_pidfd_open, ProcessOf(call.task), 0));
  const Descriptor file(syscall(SYS_pidfd_getfd, process.get(), call.arguments[0], 0));
  if (file.get() < 0 || (fcntl(file.get(), F_GETFL) & O_DIRECT) != 0) return std::nullopt;
  if (!still_there()) return std::nullopt;
  return transfer->writes ? WriteHalf(call.task, file.get(), *transfer, bytes)
                          : ReadHalf(call.task, file.get(), *transfer, bytes);
}

const std::string& WhyNoCallCanBeMadeForAnother() {
  static const std::string kWhy = [] {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::string("there is no descriptor left");
    const pid_t child = fork();
    if (child == 0) {
      // Until the other end is closed, should we be killed before it is.
      close(ends[1]);
      char nothing = 0;
      _exit(read(ends[0], &nothing, 1) == 0 ? 0 : 1);
    }
    const char* const refused = child < 0 ? "a child" : RefusedOf(child, ends[0]);
    const int error = errno;
    for (const int end : ends) close(end);
    if (child > 0) {
      kill(child, SIGKILL);
      while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
    if (refused == nullptr) return std::string();
    return fmt::format("short reads and writes need {}, which this system refuses: {}", refused,
                       std::generic_category().message(error));
  }();
  return kWhy;
}

}  // namespace conform
