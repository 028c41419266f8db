#include "conformance/client/call_supervisor.h"

#include <fmt/format.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "conformance/client/short_calls.h"
#include "conformance/client/stopped_calls.h"

namespace conform {
namespace {

namespace fs = std::filesystem;

// The regular file that is mapped at that address of the process; empty: none.
std::string FileMappedAt(uint32_t task, uint64_t address) {
  std::ifstream maps(fmt::format("/proc/{}/maps", task));
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    uint64_t begin = 0;
    uint64_t end = 0;
    char dash = 0;
    std::string skipped, path;
    words >> std::hex >> begin >> dash >> end;
    if (address < begin || address >= end) continue;
    for (int i = 0; i < 4; ++i) words >> skipped;  // permissions, offset, device, inode
    std::getline(words >> std::ws, path);
    return path;
  }
  return {};
}

std::string FileOfDescriptor(uint32_t task, int descriptor) {
  const std::string link = fmt::format("/proc/{}/fd/{}", task, descriptor);
  struct stat about {};
  if (stat(link.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return {};
  std::error_code unreadable;
  return fs::read_symlink(link, unreadable).string();
}

// One call at a time: asked about, and answered.
class Answerer {
 public:
  Answerer(int listener, const FailingCalls& calls) : listener_(listener), calls_(calls) {
    std::error_code missing;
    const fs::path whole = fs::weakly_canonical(calls.below, missing);
    prefix_ = (missing ? calls.below : whole).string() + "/";
    // The system's own records may be longer than those that we were built with.
    seccomp_notif_sizes sizes{};
    (void)syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes);
    question_.resize(std::max<size_t>(sizes.seccomp_notif, sizeof(seccomp_notif)));
    answer_.resize(std::max<size_t>(sizes.seccomp_notif_resp, sizeof(seccomp_notif_resp)));
  }

  void AnswerNext() {
    std::fill(question_.begin(), question_.end(), std::byte{0});
    if (ioctl(listener_, SECCOMP_IOCTL_NOTIF_RECV, question_.data()) != 0) return;
    seccomp_notif asked{};
    std::memcpy(&asked, question_.data(), sizeof(asked));
    const bool counts = IsOurs(asked);
    const int64_t number = counted_ + 1;
    const bool is_meant =
        counts && number >= calls_.nth && (calls_.times == 0 || number < calls_.nth + calls_.times);
    // Whoever asked may have ended while we looked, and another have its number.
    const auto still_there = [&] {
      return ioctl(listener_, SECCOMP_IOCTL_NOTIF_ID_VALID, &asked.id) == 0;
    };
    if (!still_there()) return;
    seccomp_notif_resp answer{};
    answer.id = asked.id;
    std::optional<int64_t> half;
    if (is_meant && calls_.are_short) half = MoveHalf(CallOf(asked), still_there);
    if (half) {
      answer.val = *half;
    } else if (is_meant && !calls_.are_short) {
      answer.error = -EIO;
    } else {
      answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    }
    std::fill(answer_.begin(), answer_.end(), std::byte{0});
    std::memcpy(answer_.data(), &answer, sizeof(answer));
    // A call that was given up meanwhile, for a signal, comes again and counts then.
    const bool is_sent = ioctl(listener_, SECCOMP_IOCTL_NOTIF_SEND, answer_.data()) == 0;
    const bool could_not = is_meant && calls_.are_short && !half;
    if (is_sent && counts && !could_not) ++counted_;
  }

 private:
  static CallOfAnother CallOf(const seccomp_notif& asked) {
    CallOfAnother call = {static_cast<pid_t>(asked.pid), asked.data.nr, {}};
    std::copy_n(asked.data.args, call.arguments.size(), call.arguments.begin());
    return call;
  }

  bool IsOurs(const seccomp_notif& asked) const {
    const auto call =
        std::find_if(kStoppedCalls.begin(), kStoppedCalls.end(), [&](const StoppedCall& one) {
          return one.kind == calls_.kind && one.number == static_cast<uint32_t>(asked.data.nr);
        });
    if (call == kStoppedCalls.end()) return false;
    const std::string file =
        call->descriptor_at == kOfAddress
            ? FileMappedAt(asked.pid, asked.data.args[0])
            : FileOfDescriptor(asked.pid, static_cast<int>(asked.data.args[call->descriptor_at]));
    return file.starts_with(prefix_);
  }

  const int listener_;
  const FailingCalls& calls_;
  std::string prefix_;
  int64_t counted_ = 0;
  std::vector<std::byte> question_, answer_;
};

}  // namespace

CallSupervisor::CallSupervisor(int listener, FailingCalls calls)
    : listener_(listener), stop_(eventfd(0, EFD_CLOEXEC)), calls_(std::move(calls)) {
  thread_ = std::thread([this] { Run(); });
}

CallSupervisor::~CallSupervisor() {
  eventfd_write(stop_, 1);
  thread_.join();
  close(listener_);
  close(stop_);
}

void CallSupervisor::Run() {
  Answerer answerer(listener_, calls_);
  while (true) {
    std::array<pollfd, 2> ready = {{{.fd = listener_, .events = POLLIN, .revents = 0},
                                    {.fd = stop_, .events = POLLIN, .revents = 0}}};
    if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return;
    if (ready[1].revents != 0) return;
    // POLLHUP alone: nobody is left who could ask.
    if ((ready[0].revents & POLLIN) != 0) {
      answerer.AnswerNext();
    } else if (ready[0].revents != 0) {
      return;
    }
  }
}

}  // namespace conform
