#include "conformance/drivers/host_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to us

namespace conform {
namespace {

// Of each end of what a host printed on standard error.
constexpr size_t kErrorBytesMax = size_t{2} * 1024 * 1024;
constexpr size_t kLineBytesMax = size_t{1024} * 1024;

[[noreturn]] void Fail(int error, const char* what) {
  throw std::system_error(error, std::generic_category(), what);
}

struct Pipe {
  std::array<int, 2> ends = {-1, -1};
  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) Fail(errno, "pipe");
  }
};

// Our environment with other values of some variables.
std::vector<std::string> MergedEnvironment(const std::vector<std::string>& added) {
  std::vector<std::string> merged = added;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const std::string_view name = text.substr(0, text.find('='));
    const bool replaced = std::any_of(added.begin(), added.end(), [&](const std::string& one) {
      return one.starts_with(name) && one.size() > name.size() && one[name.size()] == '=';
    });
    if (!replaced) merged.emplace_back(text);
  }
  return merged;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string DescribeSignal(int signal) {
  const char* text = strsignal(signal);
  return fmt::format("killed by signal {} ({})", signal, text == nullptr ? "unknown" : text);
}

}  // namespace

HostProcess::HostProcess(const std::vector<std::string>& command,
                         const std::vector<std::string>& environment) {
  // A subject that dies must not take the runner along when it writes to the closed pipe.
  std::signal(SIGPIPE, SIG_IGN);
  Pipe input;
  Pipe output;
  errors_ = memfd_create("vdi-conform-stderr", MFD_CLOEXEC);
  if (errors_ < 0) Fail(errno, "memfd_create");

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.ends[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output.ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors_, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // A group of its own, and the signals as a fresh process has them.
  sigset_t none;
  sigemptyset(&none);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  sigaddset(&defaults, SIGINT);
  sigaddset(&defaults, SIGTERM);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::vector<std::string> words = command;
  std::vector<char*> argv = Pointers(words);
  std::vector<std::string> variables = MergedEnvironment(environment);
  std::vector<char*> envp = Pointers(variables);
  const int error = posix_spawnp(&pid_, argv[0], &actions, &attributes, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  close(input.ends[0]);
  close(output.ends[1]);
  input_ = input.ends[1];
  output_ = output.ends[0];
  if (error != 0) {
    close(input_);
    close(output_);
    close(errors_);
    Fail(error, argv[0]);
  }
}

HostProcess::~HostProcess() {
  if (running()) {
    kill(-pid_, SIGKILL);
    (void)Reap();
  }
  CloseInput();
  close(output_);
  close(errors_);
}

void HostProcess::CloseInput() {
  if (input_ >= 0) close(input_);
  input_ = -1;
}

int64_t HostProcess::Send(Json request) {
  const int64_t id = ++last_id_;
  request["id"] = id;
  unanswered_.insert(id);
  const std::string line = request.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
  size_t written = 0;
  while (input_ >= 0 && written < line.size()) {
    const ssize_t n = write(input_, line.data() + written, line.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    written += static_cast<size_t>(n);
  }
  return id;
}

HostAnswer HostProcess::Await(int64_t id, vdisim::Timeout timeout) {
  const auto deadline = vdisim::Deadline::After(vdisim::MonotonicClock::Get(), timeout);
  while (true) {
    const auto found = answers_.find(id);
    if (found != answers_.end()) {
      HostAnswer answer{
          .trouble = HostTrouble::kNone, .body = std::move(found->second), .what = {}};
      answers_.erase(found);
      return answer;
    }
    if (!running()) return {HostTrouble::kExited, {}, "the process has ended already"};
    HostAnswer more = ReadMore(deadline);
    if (more.trouble != HostTrouble::kNone) return more;
  }
}

HostAnswer HostProcess::ReadMore(vdisim::Deadline deadline) {
  const vdisim::MonotonicClock& clock = vdisim::MonotonicClock::Get();
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.Left(clock));
  pollfd readable = {.fd = output_, .events = POLLIN, .revents = 0};
  const int ready =
      poll(&readable, 1, static_cast<int>(std::min<int64_t>(left.count(), 3'600'000)));
  if (ready < 0 && errno != EINTR) Fail(errno, "poll");
  if (ready <= 0) {
    if (!deadline.Expired(clock)) return {};
    return {HostTrouble::kTimedOut, {}, "gave no answer in time"};
  }
  std::array<char, 65536> bytes{};
  const ssize_t n = read(output_, bytes.data(), bytes.size());
  if (n < 0 && errno == EINTR) return {};
  if (n <= 0) return Reap();
  pending_.append(bytes.data(), static_cast<size_t>(n));
  size_t end = 0;
  while ((end = pending_.find('\n')) != std::string::npos) {
    const std::string line = pending_.substr(0, end);
    pending_.erase(0, end + 1);
    HostAnswer taken = TakeLine(line);
    if (taken.trouble != HostTrouble::kNone) return taken;
  }
  if (pending_.size() > kLineBytesMax) {
    return {HostTrouble::kGarbage, {}, "answered a line without an end"};
  }
  return {};
}

// Every answer belongs to one request, and every request has one answer: a driver that mixes them
// up would give the code of one call for that of another.
HostAnswer HostProcess::TakeLine(const std::string& line) {
  const std::string shown = line.substr(0, 200);
  Json answer = Json::parse(line, nullptr, false);
  if (!answer.is_object() || !answer.contains("id") || !answer["id"].is_number_integer()) {
    return {HostTrouble::kGarbage, {}, "answered nonsense: " + shown};
  }
  const auto id = answer["id"].get<int64_t>();
  if (unanswered_.erase(id) == 0) {
    const bool twice = id >= 1 && id <= last_id_;
    return {HostTrouble::kGarbage,
            {},
            fmt::format("answered {}: {}",
                        twice ? "the same request twice" : "a request that was never made", shown)};
  }
  answers_[id] = std::move(answer);
  return {};
}

HostAnswer HostProcess::Reap() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  kill(-pid_, SIGKILL);  // what it may have started itself
  pid_ = -1;
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM) {
    return {HostTrouble::kTimedOut, {}, "did not end when it was asked to"};
  }
  if (WIFSIGNALED(status)) return {HostTrouble::kCrashed, {}, DescribeSignal(WTERMSIG(status))};
  return {HostTrouble::kExited, {}, fmt::format("exited with status {}", WEXITSTATUS(status))};
}

HostAnswer HostProcess::End(vdisim::Timeout timeout) {
  if (!running()) return {};
  const int64_t id = Send(Json{{"op", "end"}});
  CloseInput();
  HostAnswer answer = Await(id, timeout);
  if (answer.trouble == HostTrouble::kNone) {
    // The destructors of the host's objects come after its last words.
    const auto deadline = vdisim::Deadline::After(vdisim::MonotonicClock::Get(), timeout);
    while (answer.trouble == HostTrouble::kNone) answer = ReadMore(deadline);
    if (answer.trouble == HostTrouble::kExited && answer.what == "exited with status 0") {
      return {};
    }
  }
  return answer;
}

void HostProcess::Kill() {
  if (!running()) return;
  kill(-pid_, SIGKILL);
  (void)Reap();
}

std::string HostProcess::ErrorOutput() const {
  const auto read = [&](size_t from, size_t bytes) {
    std::string text(bytes, '\0');
    const ssize_t n = pread(errors_, text.data(), text.size(), static_cast<off_t>(from));
    text.resize(n < 0 ? 0 : static_cast<size_t>(n));
    return text;
  };
  struct stat file = {};
  const size_t all = fstat(errors_, &file) == 0 ? static_cast<size_t>(file.st_size) : 0;
  if (all <= 2 * kErrorBytesMax) return read(0, all);
  return read(0, kErrorBytesMax) +
         fmt::format("\n[{} bytes left out]\n", all - 2 * kErrorBytesMax) +
         read(all - kErrorBytesMax, kErrorBytesMax);
}

}  // namespace conform
