#include "conformance/drivers/host_loop.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <deque>
#include <iostream>
#include <mutex>
#include <thread>
#include <vector>

namespace conform {
namespace {

void DieSoon(int /*signal*/) { alarm(kGraceSeconds); }

// The runner may be killed at any instant: the kernel tells us then, and standard input ends.
void FollowTheRunner() {
  struct sigaction action = {};
  action.sa_handler = DieSoon;
  action.sa_flags = SA_RESTART;
  sigaction(SIGHUP, &action, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGHUP);
  std::signal(SIGPIPE, SIG_IGN);
}

// Keeps standard output for answers and lets everything else print to standard error.
class AnswerChannel {
 public:
  AnswerChannel() : fd_(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)) {
    dup2(STDERR_FILENO, STDOUT_FILENO);
  }
  ~AnswerChannel() { close(fd_); }
  AnswerChannel(const AnswerChannel&) = delete;
  AnswerChannel& operator=(const AnswerChannel&) = delete;

  void Send(const Json& answer) {
    const std::string line = answer.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
    const std::lock_guard lock(mutex_);
    size_t written = 0;
    while (written < line.size()) {
      const ssize_t n = write(fd_, line.data() + written, line.size() - written);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return;  // nobody listens any more; the end of input follows
      written += static_cast<size_t>(n);
    }
  }

 private:
  int fd_;
  std::mutex mutex_;
};

// The requests that run in order, handed from the reading thread to the working one.
class RequestQueue {
 public:
  void Push(Json request) {
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(std::move(request));
    }
    changed_.notify_one();
  }
  void Finish() {
    {
      const std::lock_guard lock(mutex_);
      finished_ = true;
    }
    changed_.notify_one();
  }
  bool Pop(Json* request) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return finished_ || !requests_.empty(); });
    if (requests_.empty()) return false;
    *request = std::move(requests_.front());
    requests_.pop_front();
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Json> requests_;
  bool finished_ = false;
};

void Answer(const Json& request, const RequestHandler& handle, AnswerChannel& channel) {
  Json answer;
  try {
    answer = handle(request);
  } catch (const std::exception& error) {
    answer = Json::object();
    answer["error"] = error.what();
  }
  answer["id"] = request["id"];
  channel.Send(answer);
}

bool HasInteger(const Json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_number_integer();
}

// Why a line is no request; empty if it is one.
std::string Defect(const Json& line) {
  if (!line.is_object()) return "not a JSON object";
  if (!HasInteger(line, "id")) return "\"id\" is not an integer";
  if (!line.contains("op") || !line["op"].is_string()) return "\"op\" is not a text";
  if (line.contains("concurrent") && !line["concurrent"].is_boolean()) {
    return "\"concurrent\" is neither true nor false";
  }
  return {};
}

const Json& Member(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) throw RequestError(fmt::format("the request lacks \"{}\"", key));
  return *found;
}

}  // namespace

void ServeRequests(const RequestHandler& handle, const std::function<void()>& let_go) {
  FollowTheRunner();
  AnswerChannel channel;
  RequestQueue queue;
  std::thread worker([&] {
    Json request;
    while (queue.Pop(&request)) Answer(request, handle, channel);
  });
  std::vector<std::thread> concurrent;

  std::string line;
  Json farewell;
  while (std::getline(std::cin, line)) {
    if (line.empty()) continue;
    Json request = Json::parse(line, nullptr, false);
    if (const std::string defect = Defect(request); !defect.empty()) {
      Json answer = Json::object();
      answer["id"] = HasInteger(request, "id") ? request["id"] : Json(0);
      answer["error"] = fmt::format("{}: {}", defect, line);
      channel.Send(answer);
      continue;
    }
    if (request["op"] == "end") {
      farewell = std::move(request);
      break;
    }
    if (request.value("concurrent", false)) {
      concurrent.emplace_back([&handle, &channel, request] { Answer(request, handle, channel); });
    } else {
      queue.Push(std::move(request));
    }
  }

  alarm(kGraceSeconds);
  queue.Finish();
  worker.join();
  let_go();
  for (std::thread& thread : concurrent) thread.join();
  alarm(0);
  if (farewell.is_object()) {
    Answer(
        farewell, [](const Json&) { return Json::object(); }, channel);
  }
}

const Json& Arguments(const Json& request) {
  static const Json kNone = Json::object();
  const auto found = request.find("arguments");
  return found == request.end() ? kNone : *found;
}

int64_t Integer(const Json& object, const char* key) {
  const Json& value = Member(object, key);
  if (!value.is_number_integer()) {
    throw RequestError(fmt::format("\"{}\" is not an integer", key));
  }
  return value.get<int64_t>();
}

int64_t IntegerOr(const Json& object, const char* key, int64_t otherwise) {
  return object.contains(key) ? Integer(object, key) : otherwise;
}

std::string Text(const Json& object, const char* key) {
  const Json& value = Member(object, key);
  if (!value.is_string()) throw RequestError(fmt::format("\"{}\" is not a text", key));
  return value.get<std::string>();
}

std::string TextOr(const Json& object, const char* key, const std::string& otherwise) {
  return object.contains(key) ? Text(object, key) : otherwise;
}

std::optional<std::string> TextOrNull(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return std::nullopt;
  return Text(object, key);
}

bool IsNull(const Json& object, const char* key) {
  if (!object.contains(key)) return false;
  const std::string text = Text(object, key);
  if (text != "null") throw RequestError(fmt::format("\"{}\" is neither left out nor null", key));
  return true;
}

}  // namespace conform
