#include "simulator/base/test_process.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "simulator/base/check.h"

namespace vdisim {
namespace {

constexpr int kSilenceMs = 30'000;
constexpr int kExceptionExit = 70;

std::array<int, 2> MakeLine() {
  std::array<int, 2> ends{};
  // Messages of one size that arrive whole.
  const int result = ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data());
  VDI_CHECK(result == 0, "no socket pair for a test process");
  return ends;
}

[[noreturn]] void RunChild(const std::function<int(TestLine& parent)>& body, int end,
                           pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0);  // it died before we asked to be told
  int code = kExceptionExit;
  try {
    TestLine line(end);
    code = body(line);
  } catch (...) {  // NOLINT(bugprone-empty-catch): the exit code tells
  }
  std::fflush(nullptr);
  ::_exit(code);
}

}  // namespace

TestLine::TestLine(TestLine&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

TestLine::~TestLine() {
  if (descriptor_ != -1) ::close(descriptor_);
}

void TestLine::Tell(uint64_t value) const {
  while (::send(descriptor_, &value, sizeof(value), MSG_NOSIGNAL) == -1 && errno == EINTR) {
  }
}

std::optional<uint64_t> TestLine::Hear() const {
  pollfd ready{.fd = descriptor_, .events = POLLIN, .revents = 0};
  int count = 0;
  do {
    count = ::poll(&ready, 1, kSilenceMs);
  } while (count == -1 && errno == EINTR);
  uint64_t value = 0;
  if (count != 1 || ::recv(descriptor_, &value, sizeof(value), 0) != sizeof(value)) return {};
  return value;
}

TestProcess::TestProcess(const std::function<int(TestLine& parent)>& body)
    : TestProcess(body, MakeLine()) {}

TestProcess::TestProcess(const std::function<int(TestLine& parent)>& body,
                         const std::array<int, 2>& ends)
    : line_(ends[0]) {
  std::fflush(nullptr);  // or both print what is buffered now
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  VDI_CHECK(pid_ != -1, "no test process");
  if (pid_ == 0) {
    ::close(ends[0]);
    RunChild(body, ends[1], parent);
  }
  ::close(ends[1]);
}

TestProcess::~TestProcess() { Kill(); }

void TestProcess::Signal(int signal) const {
  if (!status_) ::kill(pid_, signal);  // once it is reaped, the pid may be somebody else's
}

void TestProcess::WaitUntilZombie() const {
  if (status_) return;
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) == -1 &&
         errno == EINTR) {
  }
}

int TestProcess::Wait() {
  if (status_) return *status_;
  int status = 0;
  pid_t reaped = 0;
  do {
    reaped = ::waitpid(pid_, &status, 0);
  } while (reaped == -1 && errno == EINTR);
  VDI_CHECK(reaped == pid_, "a test process was reaped by somebody else");
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return *status_;
}

int TestProcess::Kill() {
  Signal(SIGKILL);
  return Wait();
}

}  // namespace vdisim
