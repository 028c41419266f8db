#include "conformance/client/failing_calls.h"

#include <fmt/format.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <regex>
#include <system_error>
#include <utility>

#include "conformance/client/descriptor_passing.h"
#include "conformance/client/short_calls.h"
#include "conformance/client/stopped_calls.h"

namespace conform {
namespace {

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

constexpr std::array<std::pair<Kind, std::string_view>, 3> kNames = {
    {{Kind::kWrite, "write"}, {Kind::kSync, "sync"}, {Kind::kRead, "read"}}};

enum class Waits { kAny, kKillableOnly };

// Architecture, number, a comparison for each call, and two answers.
constexpr size_t kFilterMax = kStoppedCalls.size() + 5;

// The filter as the system takes it. Calls of another architecture, of which the program would have
// to be made on purpose, go on unseen.
size_t MakeFilter(Kind kind, std::array<sock_filter, kFilterMax>* filter) {
  const auto chosen = static_cast<size_t>(
      std::count_if(kStoppedCalls.begin(), kStoppedCalls.end(),
                    [&](const StoppedCall& call) { return call.kind == kind; }));
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
  for (const StoppedCall& call : kStoppedCalls) {
    if (call.kind != kind) continue;
    add(BPF_JMP | BPF_JEQ | BPF_K, call.number, left, 0);
    --left;
  }
  add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
  add(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF, 0, 0);
  return at;
}

// The listener, or -1 and errno. Safe behind fork.
int InstallFilter(Kind kind, Waits waits) {
  std::array<sock_filter, kFilterMax> filter{};
  sock_fprog program = {.len = static_cast<uint16_t>(MakeFilter(kind, &filter)),
                        .filter = filter.data()};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  const auto install = [&](unsigned long flags) {
    return static_cast<int>(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program));
  };
  const int listener = install(SECCOMP_FILTER_FLAG_NEW_LISTENER | kWaitKillable);
  if (listener >= 0 || errno != EINVAL || waits == Waits::kKillableOnly) return listener;
  return install(SECCOMP_FILTER_FLAG_NEW_LISTENER);
}

// errno of a child that installs a filter, or 0.
int TryToInstall(Waits waits) {
  const pid_t child = fork();
  // Only calls that are safe behind fork in a program with threads. Syncs are what is stopped
  // here: leaving makes none.
  if (child == 0) _exit(InstallFilter(Kind::kSync, waits) >= 0 ? 0 : errno);
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}

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
    const int error = TryToInstall(Waits::kAny);
    if (error == 0) return std::string();
    return fmt::format(
        "calls that fail with EIO need seccomp with a listener, which this system "
        "does not allow: {}",
        std::generic_category().message(error));
  }();
  return kWhy;
}

const std::string& WhyCallsCannotBeShort() {
  static const std::string kWhy = [] {
    if (!WhyCallsCannotFail().empty()) return WhyCallsCannotFail();
    if (TryToInstall(Waits::kKillableOnly) != 0)
      return std::string("short reads and writes need Linux 5.19 or later");
    return WhyNoCallCanBeMadeForAnother();
  }();
  return kWhy;
}

int StopCalls(Kind kind, int socket) {
  const int listener = InstallFilter(kind, Waits::kAny);
  if (listener < 0) return errno;
  // Nothing that is stopped may be called from here on until the descriptor is over there.
  const int error = SendDescriptor(socket, listener) ? 0 : errno;
  close(listener);
  return error;
}

}  // namespace conform
