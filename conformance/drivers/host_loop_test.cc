// A child process serves requests as a host does; the test is its runner and speaks the bare lines.
#include "conformance/drivers/host_loop.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <set>

namespace conform {
namespace {

constexpr int kSilenceMs = 20'000;

// What the child's requests do. One object, in the child.
class Handler {
 public:
  Json Handle(const Json& request) {
    const std::string op = Text(request, "op");
    Json answer = Json::object();
    if (op == "echo") {
      answer["out"] = Arguments(request);
    } else if (op == "need-integer") {
      answer["out"] = Integer(Arguments(request), "number");
    } else if (op == "need-text") {
      answer["out"] = Text(Arguments(request), "text");
    } else if (op == "print") {
      std::puts("{\"id\":99}");
      (void)std::fflush(stdout);
    } else if (op == "wait") {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return released_; });
    } else if (op == "release") {
      Release();
    } else {
      throw RequestError("unknown operation \"" + op + "\"");
    }
    return answer;
  }
  void Release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool released_ = false;
};

class Host {
 public:
  Host() {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (pipe(in.data()) != 0 || pipe(out.data()) != 0) std::abort();
    pid_ = fork();
    if (pid_ == 0) {
      dup2(in[0], STDIN_FILENO);
      dup2(out[1], STDOUT_FILENO);
      for (const int fd : {in[0], in[1], out[0], out[1]}) close(fd);
      Handler handler;
      ServeRequests([&](const Json& request) { return handler.Handle(request); },
                    [&] { handler.Release(); });
      _exit(0);
    }
    close(in[0]);
    close(out[1]);
    input_ = in[1];
    output_ = out[0];
  }
  ~Host() {
    if (pid_ > 0) kill(pid_, SIGKILL);
    (void)End();
    close(output_);
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  void Say(const std::string& line) const {
    const std::string bytes = line + "\n";
    ASSERT_EQ(write(input_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  // The next answer; null when the host is silent or gone.
  Json Hear() {
    while (pending_.find('\n') == std::string::npos) {
      pollfd readable = {.fd = output_, .events = POLLIN, .revents = 0};
      if (poll(&readable, 1, kSilenceMs) <= 0) return {};
      std::array<char, 4096> bytes{};
      const ssize_t n = read(output_, bytes.data(), bytes.size());
      if (n <= 0) return {};
      pending_.append(bytes.data(), static_cast<size_t>(n));
    }
    const size_t end = pending_.find('\n');
    Json answer = Json::parse(pending_.substr(0, end), nullptr, false);
    pending_.erase(0, end + 1);
    return answer;
  }
  Json Ask(const std::string& line) {
    Say(line);
    return Hear();
  }
  void CloseInput() {
    if (input_ >= 0) close(input_);
    input_ = -1;
  }
  // Ends its input and waits for it; 0 if it ended well.
  int End() {
    CloseInput();
    int status = 0;
    if (pid_ > 0) waitpid(pid_, &status, 0);
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string pending_;
};

std::string ErrorOf(const Json& answer) {
  return answer.is_object() ? answer.value("error", "") : "no answer";
}

TEST(ServeRequests, AnswersUnderTheNumberOfTheRequest) {
  Host host;
  const Json answer = host.Ask(R"({"id":4000000000,"op":"echo","arguments":{"a":1}})");
  EXPECT_EQ(answer, Json::parse(R"({"id":4000000000,"out":{"a":1}})"));
  EXPECT_EQ(host.End(), 0);
}

TEST(ServeRequests, AnswersLinesThatAreNoRequestsAndGoesOn) {
  Host host;
  for (const char* line : {"nonsense", "[1]", "7", R"({"op":"echo"})",
                           R"({"id":"one","op":"echo"})", R"({"id":1.5,"op":"echo"})"}) {
    const Json answer = host.Ask(line);
    EXPECT_EQ(answer.value("id", -1), 0) << line;
    EXPECT_NE(ErrorOf(answer).find(line), std::string::npos) << answer;
  }
  for (const char* line :
       {R"({"id":5})", R"({"id":5,"op":6})", R"({"id":5,"op":"echo","concurrent":"yes"})"}) {
    const Json answer = host.Ask(line);
    EXPECT_EQ(answer.value("id", -1), 5) << line;
    EXPECT_NE(ErrorOf(answer), "") << line;
  }
  EXPECT_EQ(ErrorOf(host.Ask(R"({"id":6,"op":"echo"})")), "");
}

TEST(ServeRequests, SkipsEmptyLines) {
  Host host;
  EXPECT_EQ(host.Ask("\n\n"
                     R"({"id":1,"op":"echo"})")
                .value("id", 0),
            1);
}

TEST(ServeRequests, AnswersWhatCannotBeCarriedOutWithItsReason) {
  Host host;
  EXPECT_EQ(host.Ask(R"({"id":1,"op":"dance"})"),
            Json::parse(R"({"id":1,"error":"unknown operation \"dance\""})"));
  EXPECT_NE(ErrorOf(host.Ask(R"({"id":2,"op":"need-integer"})")).find("number"), std::string::npos);
  EXPECT_NE(ErrorOf(host.Ask(R"({"id":3,"op":"need-integer","arguments":{"number":"7"}})")), "");
  EXPECT_NE(ErrorOf(host.Ask(R"({"id":4,"op":"need-text","arguments":{"text":7}})")), "");
  EXPECT_NE(ErrorOf(host.Ask(R"({"id":5,"op":"need-text","arguments":[]})")), "");
  EXPECT_EQ(ErrorOf(host.Ask(R"({"id":6,"op":"need-text","arguments":{"text":"7"}})")), "");
}

TEST(ServeRequests, OneConcurrentRequestDoesNotHoldUpTheOthers) {
  Host host;
  host.Say(R"({"id":1,"op":"wait","concurrent":true})");
  host.Say(R"({"id":2,"op":"wait","concurrent":true})");
  EXPECT_EQ(host.Ask(R"({"id":3,"op":"echo"})").value("id", 0), 3);
  host.Say(R"({"id":4,"op":"release"})");
  std::set<int> answered;
  for (int i = 0; i < 3; ++i) answered.insert(host.Hear().value("id", 0));
  EXPECT_EQ(answered, (std::set<int>{1, 2, 4}));
}

TEST(ServeRequests, OtherRequestsAreAnsweredInOrder) {
  Host host;
  for (int id = 1; id <= 50; ++id) {
    host.Say(R"({"op":"echo","id":)" + std::to_string(id) + "}");
  }
  for (int id = 1; id <= 50; ++id) EXPECT_EQ(host.Hear().value("id", 0), id);
}

TEST(ServeRequests, EndLetsWaitingCallsReturnAndIsAnsweredLast) {
  Host host;
  host.Say(R"({"id":1,"op":"wait","concurrent":true})");
  host.Say(R"({"id":2,"op":"end"})");
  EXPECT_EQ(host.Hear().value("id", 0), 1);
  EXPECT_EQ(host.Hear(), Json::parse(R"({"id":2})"));
  EXPECT_EQ(host.End(), 0);
}

TEST(ServeRequests, EndOfInputLetsWaitingCallsReturn) {
  Host host;
  host.Say(R"({"id":1,"op":"wait","concurrent":true})");
  EXPECT_EQ(host.End(), 0);
  EXPECT_EQ(host.Hear().value("id", 0), 1);
}

TEST(ServeRequests, WhatTheSubjectPrintsIsNoAnswer) {
  Host host;
  EXPECT_EQ(host.Ask(R"({"id":1,"op":"print"})").value("id", 0), 1);
  EXPECT_EQ(host.Ask(R"({"id":2,"op":"echo"})").value("id", 0), 2);
}

}  // namespace
}  // namespace conform
