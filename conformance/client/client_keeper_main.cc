// vdi-client-keeper: starts one program for the judge and sees to it that nothing of it outlives
// the case. It is the subreaper of everything below it, so that also a process which has left the
// program's group and session is found; and when the judge dies, the socket between them ends, and
// so does everything here. See keeper_protocol.h. One thread, so that it may enter a namespace;
// after that a second one, if calls of the program are to fail.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "conformance/client/call_supervisor.h"
#include "conformance/client/descriptor_passing.h"
#include "conformance/client/keeper_protocol.h"
#include "conformance/client/kept_surroundings.h"
#include "conformance/client/process_table.h"

namespace conform {
namespace {

using Clock = std::chrono::steady_clock;

// How long a process that was killed may take until it is gone: one that the system holds in a call
// to a device cannot be waited for.
constexpr std::chrono::milliseconds kDeathMax{2000};

std::string ErrnoText(const char* what) {
  return fmt::format("{}: {}", what, std::generic_category().message(errno));
}

// The calls that are to fail; nothing: none.
std::optional<FailingCalls> FailingOf(const Json& order) {
  if (!order.contains("failing")) return std::nullopt;
  const Json& failing = order.at("failing");
  std::optional<FailingCalls> calls = ReadFailingCalls(failing.at("calls").get<std::string>());
  if (!calls) return std::nullopt;
  calls->below = failing.at("below").get<std::string>();
  calls->are_short = failing.value("short", false);
  return calls;
}

class Keeper {
 public:
  int Main();

 private:
  bool ReadLine(std::string* line);
  void Say(const Json& message) const;
  bool Start(const Json& order);
  [[noreturn]] void BecomeProgram(const Json& order, int report, int supervisor) const;
  void Reap();
  void Obey(const Json& command);
  std::vector<std::string> Settle(std::chrono::milliseconds patience);
  void Wait(int timeout_ms);
  std::vector<ProcessFact> Alive() const;

  pid_t program_ = -1;
  bool ended_ = false;
  int signals_ = -1;
  std::string pending_;
  std::optional<CallSupervisor> supervisor_;
};

void Keeper::Say(const Json& message) const {
  const std::string line = message.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
  size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t n = send(kKeeperSocket, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // nobody listens; the next read says so
    sent += static_cast<size_t>(n);
  }
}

// Waits for a line. False: the judge is gone.
bool Keeper::ReadLine(std::string* line) {
  while (true) {
    if (const size_t end = pending_.find('\n'); end != std::string::npos) {
      *line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return true;
    }
    std::array<char, 65536> bytes{};
    const ssize_t n = read(kKeeperSocket, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    pending_.append(bytes.data(), static_cast<size_t>(n));
  }
}

// supervisor: a socket, whose other end gets the listener of calls that are to fail; -1: none are.
void Keeper::BecomeProgram(const Json& order, int report, int supervisor) const {
  const auto fail = [&](const std::string& why) {
    if (write(report, why.data(), why.size()) < 0) _exit(126);
    _exit(127);
  };
  setsid();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (int signal = 1; signal < NSIG; ++signal) std::signal(signal, SIG_DFL);
  if (const std::string why = LimitFiles(order); !why.empty()) fail(why);
  const auto directory = order.at("directory").get<std::string>();
  if (chdir(directory.c_str()) != 0) fail(ErrnoText(directory.c_str()));
  std::vector<std::string> words = order.at("words").get<std::vector<std::string>>();
  std::vector<std::string> variables = order.at("environment").get<std::vector<std::string>>();
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::vector<char*> envp;
  for (std::string& variable : variables) {
    envp.push_back(variable.data());
    // The program is looked for on its own PATH.
    if (variable.starts_with("PATH=")) setenv("PATH", variable.c_str() + 5, 1);
  }
  envp.push_back(nullptr);
  if (supervisor >= 0) {
    errno = StopCalls(FailingOf(order)->kind, supervisor);
    if (errno != 0) fail(ErrnoText("calls that fail"));
  }
  execvpe(argv[0], argv.data(), envp.data());
  fail(ErrnoText(argv[0]));
  _exit(127);
}

bool Keeper::Start(const Json& order) {
  if (const std::string why = EnterSurroundings(order); !why.empty()) {
    Say(Json{{"refused", why}});
    return false;
  }
  std::array<int, 2> report = {-1, -1};
  if (pipe2(report.data(), O_CLOEXEC) != 0) {
    Say(Json{{"refused", ErrnoText("pipe")}});
    return false;
  }
  const std::optional<FailingCalls> failing = FailingOf(order);
  std::array<int, 2> supervisor = {-1, -1};
  if (failing && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, supervisor.data()) != 0) {
    Say(Json{{"refused", ErrnoText("socketpair")}});
    return false;
  }
  program_ = fork();
  if (program_ == 0) BecomeProgram(order, report[1], supervisor[1]);
  close(report[1]);
  if (failing) {
    // Before anything else is heard of the program: all that it says may be a call that is stopped.
    close(supervisor[1]);
    if (const int listener = TakeDescriptor(supervisor[0]); listener >= 0) {
      supervisor_.emplace(listener, *failing);
    }
    close(supervisor[0]);
  }
  // The ends of the program's pipes are its own alone.
  for (const int end : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(nothing, end);
    if (nothing > STDERR_FILENO) close(nothing);
  }
  std::string why;
  std::array<char, 4096> bytes{};
  for (ssize_t n = 0; (n = read(report[0], bytes.data(), bytes.size())) != 0;) {
    if (n < 0 && errno != EINTR) break;
    if (n > 0) why.append(bytes.data(), static_cast<size_t>(n));
  }
  close(report[0]);
  if (program_ < 0 || !why.empty()) {
    Say(Json{{"refused", why.empty() ? ErrnoText("fork") : why}});
    return false;
  }
  Say(Json{{"started", program_}});
  return true;
}

void Keeper::Reap() {
  int status = 0;
  for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    if (pid != program_) continue;
    ended_ = true;
    Say(Json{{"ended",
              {{"status", WIFEXITED(status) ? WEXITSTATUS(status) : 0},
               {"signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0}}}});
  }
}

std::vector<ProcessFact> Keeper::Alive() const {
  std::vector<ProcessFact> alive = Descendants(getpid());
  std::erase_if(alive, [](const ProcessFact& one) { return one.state == 'Z'; });
  return alive;
}

// Until a child has ended, or the time is over.
void Keeper::Wait(int timeout_ms) {
  pollfd ready = {.fd = signals_, .events = POLLIN, .revents = 0};
  if (poll(&ready, 1, timeout_ms) > 0) {
    signalfd_siginfo info{};
    if (read(signals_, &info, sizeof(info)) < 0) return;
  }
  Reap();
}

std::vector<std::string> Keeper::Settle(std::chrono::milliseconds patience) {
  const auto left_ms = [](Clock::time_point until) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    return static_cast<int>(std::max<int64_t>(0, left.count()));
  };
  Reap();
  const auto until = Clock::now() + patience;
  std::vector<ProcessFact> alive = Alive();
  while (!alive.empty() && Clock::now() < until) {
    // The end of a grandchild wakes nobody here, so a look now and then.
    Wait(std::min(20, left_ms(until)));
    alive = Alive();
  }
  std::vector<std::string> left;
  left.reserve(alive.size());
  for (const ProcessFact& one : alive) {
    left.push_back(fmt::format("{} {}", one.pid, one.command_line));
  }
  const auto give_up = Clock::now() + kDeathMax;
  while (!alive.empty() && Clock::now() < give_up) {
    for (const ProcessFact& one : alive) kill(one.pid, SIGKILL);
    Wait(5);
    alive = Alive();
  }
  Reap();
  return left;
}

void Keeper::Obey(const Json& command) {
  const auto what = command.at("do").get<std::string>();
  if (what == "signal") {
    const auto pid = command.value("pid", 0);
    const auto signal = command.at("signal").get<int>();
    if (pid == 0 && !ended_) kill(-program_, signal);
    if (pid == 0) return;
    for (const ProcessFact& one : Alive()) {
      if (one.pid == pid) kill(pid, signal);
    }
  } else if (what == "settle") {
    Say(Json{{"left", Settle(std::chrono::milliseconds(command.value("ms", 0)))}});
  }
}

int Keeper::Main() {
  fcntl(kKeeperSocket, F_SETFD, FD_CLOEXEC);
  // What the judge happened to read when it started us is no business of the program.
  (void)syscall(SYS_close_range, kKeeperSocket + 1, ~0U, 0);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  sigset_t mine;
  sigemptyset(&mine);
  // Who interrupts the judge from a terminal does not mean its keepers: they end when it does.
  for (const int signal : {SIGCHLD, SIGINT, SIGTERM, SIGHUP}) sigaddset(&mine, signal);
  sigprocmask(SIG_BLOCK, &mine, nullptr);
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  signals_ = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
  std::string line;
  if (!ReadLine(&line) || !Start(Json::parse(line))) return 1;
  while (true) {
    std::array<pollfd, 2> ready = {{{.fd = kKeeperSocket, .events = POLLIN, .revents = 0},
                                    {.fd = signals_, .events = POLLIN, .revents = 0}}};
    const bool waiting_line = pending_.find('\n') != std::string::npos;
    if (!waiting_line && poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) break;
    Wait(0);
    if (!waiting_line && ready[0].revents == 0) continue;
    if (!ReadLine(&line)) break;
    Obey(Json::parse(line));
  }
  (void)Settle(std::chrono::milliseconds(0));
  return 0;
}

}  // namespace
}  // namespace conform

int main() {
  try {
    return conform::Keeper().Main();
  } catch (const std::exception&) {
    return 2;
  }
}
