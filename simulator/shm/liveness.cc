#include "simulator/shm/liveness.h"

#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX, not C++
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <climits>
#include <optional>
#include <string_view>

namespace vdisim::shm {
namespace {

// What /proc/PID/stat says of a process.
struct ProcessStat {
  std::string command;
  char state = '?';
  uint64_t threads = 0;
  uint64_t start_time = 0;
};

// The files of /proc hold everything that they have to say in one read.
std::string ReadWhole(const std::string& path) {
  std::array<char, 4096> text{};
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd == -1) return {};
  ssize_t length = 0;
  do {
    length = ::read(fd, text.data(), text.size());
  } while (length == -1 && errno == EINTR);
  ::close(fd);
  return length <= 0 ? std::string() : std::string(text.data(), static_cast<size_t>(length));
}

// "4711 (a (very) odd name) S 1 ...": the command may contain anything, and ends at the last
// parenthesis. After it fields 3 and following, separated by spaces.
std::optional<ProcessStat> ParseStat(std::string_view line) {
  const size_t open = line.find('(');
  const size_t close = line.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return std::nullopt;
  }
  ProcessStat stat;
  stat.command = line.substr(open + 1, close - open - 1);
  std::string_view rest = line.substr(close + 1);
  constexpr int kState = 3;
  constexpr int kThreads = 20;
  constexpr int kStartTime = 22;
  for (int field = kState; field <= kStartTime; ++field) {
    const size_t begin = rest.find_first_not_of(' ');
    if (begin == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(begin);
    const std::string_view word = rest.substr(0, rest.find(' '));
    const char* const end = word.data() + word.size();
    if (field == kState) stat.state = word.front();
    if (field == kThreads) std::from_chars(word.data(), end, stat.threads);
    if (field == kStartTime) std::from_chars(word.data(), end, stat.start_time);
    rest.remove_prefix(word.size());
  }
  return stat;
}

std::optional<ProcessStat> ReadStat(const std::string& process_folder) {
  return ParseStat(ReadWhole(process_folder + "/stat"));
}

uint64_t OwnPidNamespace() {
  struct stat status {};
  return ::stat("/proc/self/ns/pid", &status) == 0 ? status.st_ino : 0;
}

bool IsOver(const ProcessStat& stat) {
  // A process whose first thread has ended shows the state of that thread, Z, for as long as its
  // other threads run.
  const bool zombie = stat.state == 'Z' || stat.state == 'X' || stat.state == 'x';
  return zombie && stat.threads <= 1;
}

bool PidExists(uint32_t pid) { return ::kill(static_cast<pid_t>(pid), 0) == 0 || errno != ESRCH; }

bool IsPid(uint32_t pid) { return pid > 0 && pid <= INT_MAX; }

// A command can be any bytes; what we print must not play with a terminal.
std::string Printable(std::string text) {
  for (char& c : text) {
    if (std::iscntrl(static_cast<unsigned char>(c)) != 0) c = '?';
  }
  return text;
}

}  // namespace

ProcessIdentity ThisProcess() {
  // The pid is written last and read first. After a fork it is the parent's, so that it is not
  // taken for ours; threads that find it wrong at the same time write the same values.
  static std::atomic<uint32_t> known_pid{0};
  static std::atomic<uint64_t> known_start_time{0};
  static std::atomic<uint64_t> known_namespace{0};

  const auto pid = static_cast<uint32_t>(::getpid());
  if (known_pid.load(std::memory_order_acquire) != pid) {
    const std::optional<ProcessStat> stat = ReadStat("/proc/self");
    known_start_time.store(stat ? stat->start_time : 0, std::memory_order_relaxed);
    known_namespace.store(OwnPidNamespace(), std::memory_order_relaxed);
    known_pid.store(pid, std::memory_order_release);
  }
  return {.pid = pid,
          .reserved = 0,
          .start_time = known_start_time.load(std::memory_order_relaxed),
          .pid_namespace = known_namespace.load(std::memory_order_relaxed)};
}

ProcessIdentity ProcessOf(uint32_t pid) {
  const std::optional<ProcessStat> stat =
      IsPid(pid) ? ReadStat("/proc/" + std::to_string(pid)) : std::nullopt;
  if (!stat) return {};
  return {.pid = pid,
          .reserved = 0,
          .start_time = stat->start_time,
          .pid_namespace = ThisProcess().pid_namespace};
}

ProcessState StateOf(const ProcessIdentity& process) {
  if (!IsPid(process.pid)) return ProcessState::kDead;  // nobody, or nonsense
  if (process.pid_namespace != ThisProcess().pid_namespace) return ProcessState::kUnknown;
  const std::optional<ProcessStat> stat = ReadStat("/proc/" + std::to_string(process.pid));
  if (!stat) {
    // Gone, or hidden from us (hidepid), or there is no /proc: then at least somebody has the pid.
    return PidExists(process.pid) ? ProcessState::kAlive : ProcessState::kDead;
  }
  if (IsOver(*stat)) return ProcessState::kDead;
  const bool same = process.start_time == 0 || stat->start_time == process.start_time;
  return same ? ProcessState::kAlive : ProcessState::kDead;
}

std::string Describe(const ProcessIdentity& process) {
  std::string text = "pid " + std::to_string(process.pid);
  switch (StateOf(process)) {
    case ProcessState::kUnknown:
      return text + " (of another pid namespace)";
    case ProcessState::kDead:
      return text;
    case ProcessState::kAlive:
      break;
  }
  const std::optional<ProcessStat> stat = ReadStat("/proc/" + std::to_string(process.pid));
  return stat ? text + " (" + Printable(stat->command) + ")" : text;
}

}  // namespace vdisim::shm
