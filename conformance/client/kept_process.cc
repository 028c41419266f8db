#include "conformance/client/kept_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace conform {
namespace {

using std::chrono::milliseconds;

// Of each end of what a program printed.
constexpr size_t kPrintedBytesMax = size_t{256} * 1024;
// A keeper answers at once; a machine that is busy beyond this is no place for verdicts.
constexpr milliseconds kKeeperAnswerMax{30'000};

[[noreturn]] void Fail(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

// Both ends of a pipe or a socket, closed unless they are taken.
struct Ends {
  std::array<int, 2> ends = {-1, -1};
  Ends() = default;
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;
  ~Ends() {
    for (const int end : ends) {
      if (end >= 0) close(end);
    }
  }
  int Take(size_t which) { return std::exchange(ends.at(which), -1); }
};

void MakePipe(Ends* pipe) {
  if (pipe2(pipe->ends.data(), O_CLOEXEC) != 0) Fail(errno, "pipe");
}

void NonBlocking(int descriptor) {
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

pid_t SpawnKeeper(const std::filesystem::path& keeper, int input, int output, int error,
                  int socket) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error, STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&actions, socket, kKeeperSocket);
  std::string word = keeper.string();
  std::array<char*, 2> argv = {word.data(), nullptr};
  std::array<char*, 1> envp = {nullptr};
  pid_t pid = -1;
  const int failure = posix_spawn(&pid, word.c_str(), &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) Fail(failure, word);
  return pid;
}

Json Order(const KeptSettings& settings) {
  Json order = {{"words", settings.words},
                {"environment", settings.environment},
                {"directory", settings.directory.string()}};
  if (settings.file_bytes_max) order["file_bytes_max"] = *settings.file_bytes_max;
  if (settings.read_only) order["read_only"] = settings.read_only->string();
  if (settings.tmpfs) {
    order["tmpfs"] = {{"path", settings.tmpfs->string()}, {"bytes", settings.tmpfs_bytes}};
  }
  if (settings.failing) {
    order["failing"] = {{"calls", WriteFailingCalls(*settings.failing)},
                        {"below", settings.failing->below.string()},
                        {"short", settings.failing->are_short}};
  }
  return order;
}

}  // namespace

void KeptProcess::Stream::Add(std::string_view text) {
  all += text.size();
  const size_t to_head = std::min(text.size(), kPrintedBytesMax - head.size());
  head += text.substr(0, to_head);
  tail += text.substr(to_head);
  if (tail.size() > 2 * kPrintedBytesMax) tail.erase(0, tail.size() - kPrintedBytesMax);
}

std::string KeptProcess::Stream::Text() const {
  const size_t left_out = all - head.size() - tail.size();
  if (left_out == 0) return head + tail;
  return fmt::format("{}\n[{} bytes left out]\n{}", head, left_out, tail);
}

KeptProcess::KeptProcess(const std::filesystem::path& keeper, const KeptSettings& settings) {
  Ends input;
  Ends output;
  Ends error;
  Ends socket;
  MakePipe(&input);
  MakePipe(&output);
  MakePipe(&error);
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, socket.ends.data()) != 0) {
    Fail(errno, "socketpair");
  }
  keeper_ = SpawnKeeper(keeper, input.ends[0], output.ends[1], error.ends[1], socket.ends[1]);
  input_ = input.Take(1);
  output_.descriptor = output.Take(0);
  error_.descriptor = error.Take(0);
  socket_ = socket.Take(0);
  close(socket.Take(1));
  NonBlocking(output_.descriptor);
  NonBlocking(error_.descriptor);
  began_ = Clock::now();
  Tell(Order(settings));
  const Json answer = AwaitMessage("started", kKeeperAnswerMax);
  if (answer.contains("started")) {
    pid_ = answer["started"].get<pid_t>();
    return;
  }
  Close();
  throw NotStarted(answer.is_null() ? "the keeper gave no answer"
                                    : answer.value("refused", "the keeper ended"));
}

KeptProcess::~KeptProcess() { Close(); }

void KeptProcess::Close() {
  for (int* descriptor : {&socket_, &input_, &output_.descriptor, &error_.descriptor}) {
    if (*descriptor >= 0) close(*descriptor);
    *descriptor = -1;
  }
  // Its socket has ended, so it kills what is below it, and ends.
  while (keeper_ > 0 && waitpid(keeper_, nullptr, 0) < 0 && errno == EINTR) {
  }
  keeper_ = -1;
}

int64_t KeptProcess::ended_ns() const {
  if (!ended_) return 0;
  return std::chrono::duration_cast<std::chrono::nanoseconds>(ended_at_.time_since_epoch()).count();
}

void KeptProcess::Tell(const Json& message) const {
  const std::string line = message.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
  size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t n = send(socket_, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // TakeMessages will see that nobody is there
    sent += static_cast<size_t>(n);
  }
}

void KeptProcess::TakeLine(const std::string& line) {
  const Json message = Json::parse(line, nullptr, false);
  if (!message.is_object()) return;
  if (!message.contains("ended")) {
    messages_.push_back(message);
    return;
  }
  ended_ = true;
  ended_at_ = Clock::now();
  status_ = message["ended"].value("status", 0);
  signal_ = message["ended"].value("signal", 0);
}

void KeptProcess::TakeMessages() {
  std::array<char, 65536> bytes{};
  while (!keeper_gone_) {
    const ssize_t n = recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (n <= 0) {
      keeper_gone_ = true;
      break;
    }
    pending_.append(bytes.data(), static_cast<size_t>(n));
  }
  for (size_t end = 0; (end = pending_.find('\n')) != std::string::npos;) {
    TakeLine(pending_.substr(0, end));
    pending_.erase(0, end + 1);
  }
  // Somebody killed the keeper: nothing more will be heard of the program.
  if (keeper_gone_ && pid_ > 0 && !ended_) {
    ended_ = true;
    ended_at_ = Clock::now();
    signal_ = SIGKILL;
  }
}

void KeptProcess::Drain(Stream* stream) {
  std::array<char, 65536> bytes{};
  while (stream->descriptor >= 0) {
    const ssize_t n = read(stream->descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n <= 0) {
      close(stream->descriptor);
      stream->descriptor = -1;
      return;
    }
    stream->Add({bytes.data(), static_cast<size_t>(n)});
  }
}

void KeptProcess::Watch(std::vector<pollfd>* descriptors) const {
  for (const int descriptor :
       {keeper_gone_ ? -1 : socket_, output_.descriptor, error_.descriptor}) {
    if (descriptor >= 0) descriptors->push_back({.fd = descriptor, .events = POLLIN, .revents = 0});
  }
}

void KeptProcess::Serve() {
  TakeMessages();
  Drain(&output_);
  Drain(&error_);
}

bool KeptProcess::AwaitEnd(milliseconds timeout) {
  const auto until = Clock::now() + timeout;
  for (Serve(); !ended_; Serve()) {
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
    if (left <= 0) return false;
    std::vector<pollfd> ready;
    Watch(&ready);
    poll(ready.data(), ready.size(), static_cast<int>(std::min<int64_t>(left, 60'000)));
  }
  return true;
}

Json KeptProcess::AwaitMessage(const char* key, milliseconds timeout) {
  const auto until = Clock::now() + timeout;
  while (true) {
    Serve();
    const auto found = std::find_if(messages_.begin(), messages_.end(), [&](const Json& one) {
      return one.contains(key) || one.contains("refused");
    });
    if (found != messages_.end()) {
      Json message = *found;
      messages_.erase(found);
      return message;
    }
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
    if (left <= 0 || keeper_gone_) return {};
    std::vector<pollfd> ready;
    Watch(&ready);
    poll(ready.data(), ready.size(), static_cast<int>(left));
  }
}

void KeptProcess::Signal(int signal) {
  if (!ended_) Tell({{"do", "signal"}, {"signal", signal}, {"pid", 0}});
}

void KeptProcess::SignalOne(pid_t pid, int signal) {
  Tell({{"do", "signal"}, {"signal", signal}, {"pid", pid}});
}

void KeptProcess::EndInput() {
  if (input_ >= 0) close(input_);
  input_ = -1;
}

std::vector<std::string> KeptProcess::Settle(milliseconds patience) {
  Tell({{"do", "settle"}, {"ms", patience.count()}});
  const Json answer = AwaitMessage("left", patience + kKeeperAnswerMax);
  Serve();
  if (!answer.contains("left")) return {};
  return answer["left"].get<std::vector<std::string>>();
}

}  // namespace conform
