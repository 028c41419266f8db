#include "conformance/client/failing_calls.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <regex>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include "conformance/client/descriptor_passing.h"

namespace conform {
namespace {

namespace fs = std::filesystem;
using Kind = FailingCalls::Kind;

#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr uint32_t kArchitecture = 0;  // the numbers of its calls have not been looked at
#endif

// Once the supervisor has a call in hand, only what kills the process ends the wait: a write to a
// disk is not interrupted either. Since Linux 5.19; the header may be older.
constexpr unsigned long kWaitKillable = 1UL << 5;

constexpr int kOfAddress = -1;

struct StoppedCall {
  uint32_t number;
  Kind kind;
  int descriptor_at;  // which argument is the descriptor; kOfAddress: the first is an address
};

constexpr std::array<StoppedCall, 20> kCalls = {{
    {__NR_write, Kind::kWrite, 0},
    {__NR_pwrite64, Kind::kWrite, 0},
    {__NR_writev, Kind::kWrite, 0},
    {__NR_pwritev, Kind::kWrite, 0},
    {__NR_pwritev2, Kind::kWrite, 0},
    {__NR_copy_file_range, Kind::kWrite, 2},
    {__NR_sendfile, Kind::kWrite, 0},
    {__NR_splice, Kind::kWrite, 2},
    {__NR_fsync, Kind::kSync, 0},
    {__NR_fdatasync, Kind::kSync, 0},
    {__NR_sync_file_range, Kind::kSync, 0},
    {__NR_msync, Kind::kSync, kOfAddress},
    {__NR_read, Kind::kRead, 0},
    {__NR_pread64, Kind::kRead, 0},
    {__NR_readv, Kind::kRead, 0},
    {__NR_preadv, Kind::kRead, 0},
    {__NR_preadv2, Kind::kRead, 0},
    {__NR_copy_file_range, Kind::kRead, 0},
    {__NR_sendfile, Kind::kRead, 1},
    {__NR_splice, Kind::kRead, 0},
}};

constexpr std::array<std::pair<Kind, std::string_view>, 3> kNames = {
    {{Kind::kWrite, "write"}, {Kind::kSync, "sync"}, {Kind::kRead, "read"}}};

// Architecture, number, a comparison for each call, and two answers.
constexpr size_t kFilterMax = kCalls.size() + 5;

// The filter as the system takes it. Calls of another architecture, of which the program would have
// to be made on purpose, go on unseen.
size_t MakeFilter(Kind kind, std::array<sock_filter, kFilterMax>* filter) {
  const auto chosen = static_cast<size_t>(std::count_if(
      kCalls.begin(), kCalls.end(), [&](const StoppedCall& call) { return call.kind == kind; }));
  size_t at = 0;
  const auto add = [&](uint16_t code, uint32_t value, size_t if_equal, size_t if_not) {
    filter->at(at++) = {.code = code,
                        .jt = static_cast<uint8_t>(if_equal),
                        .jf = static_cast<uint8_t>(if_not),
                        .k = value};
  };
  add(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch), 0, 0);
  add(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 0, chosen + 1);
  add(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr), 0, 0);
  size_t left = chosen;
  for (const StoppedCall& call : kCalls) {
    if (call.kind != kind) continue;
    add(BPF_JMP | BPF_JEQ | BPF_K, call.number, left, 0);
    --left;
  }
  add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
  add(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF, 0, 0);
  return at;
}

// The listener, or -1 and errno. Safe behind fork.
int InstallFilter(Kind kind) {
  std::array<sock_filter, kFilterMax> filter{};
  sock_fprog program = {.len = static_cast<uint16_t>(MakeFilter(kind, &filter)),
                        .filter = filter.data()};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  const auto install = [&](unsigned long flags) {
    return static_cast<int>(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program));
  };
  const int listener = install(SECCOMP_FILTER_FLAG_NEW_LISTENER | kWaitKillable);
  if (listener >= 0 || errno != EINVAL) return listener;
  return install(SECCOMP_FILTER_FLAG_NEW_LISTENER);
}

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
    const bool fails =
        counts && number >= calls_.nth && (calls_.times == 0 || number < calls_.nth + calls_.times);
    // Whoever asked may have ended while we looked, and another have its number.
    if (ioctl(listener_, SECCOMP_IOCTL_NOTIF_ID_VALID, &asked.id) != 0) return;
    seccomp_notif_resp answer{};
    answer.id = asked.id;
    answer.error = fails ? -EIO : 0;
    answer.flags = fails ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    std::fill(answer_.begin(), answer_.end(), std::byte{0});
    std::memcpy(answer_.data(), &answer, sizeof(answer));
    // A call that was given up meanwhile, for a signal, comes again and counts then.
    if (ioctl(listener_, SECCOMP_IOCTL_NOTIF_SEND, answer_.data()) == 0 && counts) ++counted_;
  }

 private:
  bool IsOurs(const seccomp_notif& asked) const {
    const auto call = std::find_if(kCalls.begin(), kCalls.end(), [&](const StoppedCall& one) {
      return one.kind == calls_.kind && one.number == static_cast<uint32_t>(asked.data.nr);
    });
    if (call == kCalls.end()) return false;
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

std::optional<FailingCalls> ReadFailingCalls(const std::string& text) {
  static const std::regex kForm("(write|sync|read)#([1-9][0-9]{0,6})(?:x([1-9][0-9]{0,6}))?");
  std::smatch found;
  if (!std::regex_match(text, found, kForm)) return std::nullopt;
  FailingCalls calls;
  for (const auto& [kind, name] : kNames) {
    if (found.str(1) == name) calls.kind = kind;
  }
  calls.nth = std::stoll(found.str(2));
  calls.times = calls.kind == Kind::kSync ? 1 : 0;
  if (found[3].matched) calls.times = std::stoll(found.str(3));
  return calls;
}

std::string WriteFailingCalls(const FailingCalls& calls) {
  std::string text;
  for (const auto& [kind, name] : kNames) {
    if (kind == calls.kind) text = fmt::format("{}#{}", name, calls.nth);
  }
  return calls.times == 0 ? text : fmt::format("{}x{}", text, calls.times);
}

const std::string& WhyCallsCannotFail() {
  static const std::string kWhy = [] {
    if (kArchitecture == 0) return std::string("calls can fail on x86_64 and aarch64 only");
    const pid_t child = fork();
    // Only calls that are safe behind fork in a program with threads. Syncs are what is stopped
    // here: leaving makes none.
    if (child == 0) _exit(InstallFilter(Kind::kSync) >= 0 ? 0 : errno);
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) return std::string();
    const int error = child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
    return fmt::format(
        "calls that fail with EIO need seccomp with a listener, which this system "
        "does not allow: {}",
        std::generic_category().message(error));
  }();
  return kWhy;
}

int StopCalls(Kind kind, int socket) {
  const int listener = InstallFilter(kind);
  if (listener < 0) return errno;
  // Nothing that is stopped may be called from here on until the descriptor is over there.
  const int error = SendDescriptor(socket, listener) ? 0 : errno;
  close(listener);
  return error;
}

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
