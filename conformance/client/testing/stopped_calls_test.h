// Of the tests of calls that are stopped on their way: real processes, real files.
#ifndef CONFORMANCE_CLIENT_TESTING_STOPPED_CALLS_TEST_H_
#define CONFORMANCE_CLIENT_TESTING_STOPPED_CALLS_TEST_H_

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include "conformance/client/call_supervisor.h"
#include "conformance/client/case_folder.h"
#include "conformance/client/client_tools.h"
#include "conformance/client/descriptor_passing.h"
#include "conformance/client/failing_calls.h"
#include "conformance/client/kept_process.h"

namespace conform {

inline constexpr std::chrono::milliseconds kLong{20'000};

class StoppedCallsTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(place_); }

  FailingCalls Calls(const std::string& text) const {
    FailingCalls calls = *ReadFailingCalls(text);
    calls.below = place_;
    calls.are_short = are_short_;
    return calls;
  }

  // What the script printed. calls: as in a scenario.
  std::string Run(const std::string& calls, const std::string& script) const {
    const FailingCalls failing = Calls(calls);
    KeptSettings settings;
    settings.words = {"sh", "-c", script};
    settings.environment = Texts(CleanEnvironment());
    settings.directory = folder_.path();
    settings.failing = failing;
    KeptProcess process(KEEPER, settings);
    EXPECT_TRUE(process.AwaitEnd(kLong));
    (void)process.Settle(std::chrono::milliseconds(0));
    errors_ = process.ErrorOutput();
    return process.Output();
  }

  // The exit status of a child of ours that does that under the filter.
  int RunHere(const std::string& calls, const std::function<int()>& what) const {
    const FailingCalls failing = Calls(calls);
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    const pid_t child = fork();
    if (child == 0) _exit(StopCalls(failing.kind, ends[1]) == 0 ? what() : 100);
    close(ends[1]);
    const CallSupervisor supervisor(TakeDescriptor(ends[0]), failing);
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  CaseFolder folder_;
  std::filesystem::path place_ = folder_.path() / "media";
  bool are_short_ = false;
  mutable std::string errors_;
};

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_TESTING_STOPPED_CALLS_TEST_H_
