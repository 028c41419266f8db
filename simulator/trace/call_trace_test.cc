#include "simulator/trace/call_trace.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "simulator/trace/append_file.h"
#include "simulator/trace/trace_reader.h"

namespace vdisim {
namespace {

class CallTraceTest : public testing::Test {
 protected:
  CallTraceTest() {
    std::string pattern = testing::TempDir() + "/trace.XXXXXX";
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ + "/calls.trace";
  }
  ~CallTraceTest() override {
    CallTrace::Stop();
    std::filesystem::remove_all(folder_);
  }

  void Start() {
    std::string error;
    ASSERT_TRUE(CallTrace::Start(path_, &error)) << error;
  }

  static CallRecord Record(const std::string& set) {
    CallRecord record;
    record.face = std::string(kClientFace);
    record.set = set;
    record.method = "Create";
    return record;
  }

  // Runs `body` in a child process and returns how it ended, as waitpid has it.
  template <typename Body>
  static int InChild(const Body& body) {
    const pid_t child = fork();
    if (child == 0) {
      body();
      _exit(0);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return status;
  }

  std::string folder_;
  std::string path_;
};

// The exit status of trace_probe: 0 if it recorded, 1 if it did not.
int RunProbe(const char* trace) {
  const pid_t child = fork();
  if (child == 0) {
    if (trace != nullptr) {
      setenv("VDISIM_TRACE", trace, 1);
    } else {
      unsetenv("VDISIM_TRACE");
    }
    execl(TRACE_PROBE, "trace_probe", nullptr);
    _exit(127);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(CallTraceTest, IsOffUnlessAskedFor) {
  EXPECT_EQ(RunProbe(nullptr), 1);
  EXPECT_EQ(RunProbe(""), 1);
}

TEST_F(CallTraceTest, StartsFromTheEnvironment) {
  EXPECT_EQ(RunProbe(path_.c_str()), 0);
  const Trace trace = ReadTraceFile(path_);
  ASSERT_EQ(trace.entries.size(), 1U);
  EXPECT_EQ(trace.entries[0].record.set, "from the environment");
}

TEST_F(CallTraceTest, MarksBeginningsIfTheEnvironmentSaysSo) {
  setenv("VDISIM_TRACE_BEGIN", "1", 1);
  EXPECT_EQ(RunProbe(path_.c_str()), 0);
  unsetenv("VDISIM_TRACE_BEGIN");
  EXPECT_EQ(RunProbe(path_.c_str()), 0);
  const Trace trace = ReadTraceFile(path_);
  EXPECT_TRUE(trace.damages.empty());
  EXPECT_EQ(trace.entries.size(), 2U);
  ASSERT_EQ(trace.begun.size(), 1U);
  EXPECT_EQ(trace.begun[0].method, "GetCommand");
}

TEST_F(CallTraceTest, AFileOfTheEnvironmentThatCannotBeOpenedLeavesItOff) {
  EXPECT_EQ(RunProbe("/nonexistent/calls.trace"), 1);
}

TEST_F(CallTraceTest, AFileThatCannotBeOpenedLeavesItOff) {
  std::string error;
  EXPECT_FALSE(CallTrace::Start(folder_ + "/no/such/folder", &error));
  EXPECT_FALSE(error.empty());
  EXPECT_FALSE(CallTrace::IsOn());
}

TEST_F(CallTraceTest, FillsInWhoCalled) {
  Start();
  CallTrace::Write(Record("s"));
  CallTrace::Write(Record("s"));
  const Trace trace = ReadTraceFile(path_);
  ASSERT_EQ(trace.entries.size(), 2U);
  EXPECT_EQ(trace.entries[0].record.pid, static_cast<uint32_t>(getpid()));
  EXPECT_EQ(trace.entries[0].record.tid, CurrentThreadNumber());
  EXPECT_EQ(trace.entries[0].record.number + 1, trace.entries[1].record.number);
}

TEST_F(CallTraceTest, AddsToWhatIsThere) {
  for (int i = 0; i < 2; ++i) {
    Start();
    CallTrace::Write(Record("s"));
    CallTrace::Stop();
    CallTrace::Write(Record("while off"));
  }
  EXPECT_EQ(ReadTraceFile(path_).entries.size(), 2U);
}

TEST_F(CallTraceTest, AKilledWriterLosesNothing) {
  const int status = InChild([this] {
    std::string error;
    CallTrace::Start(path_, &error);
    for (int i = 0; i < 500; ++i) CallTrace::Write(Record("killed"));
    kill(getpid(), SIGKILL);
  });
  EXPECT_TRUE(WIFSIGNALED(status));
  const Trace trace = ReadTraceFile(path_);
  EXPECT_EQ(trace.entries.size(), 500U);
  EXPECT_TRUE(trace.damages.empty());
}

TEST_F(CallTraceTest, TwoProcessesWithManyThreadsShareAFile) {
  constexpr int kThreads = 4;
  constexpr int kEach = 250;
  const auto write_all = [this](const std::string& who) {
    std::string error;
    if (!CallTrace::Start(path_, &error)) abort();
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&who] {
        for (int k = 0; k < kEach; ++k) CallTrace::Write(Record(who + std::string(700, 'x')));
      });
    }
    for (std::thread& thread : threads) thread.join();
  };
  const pid_t first = fork();
  if (first == 0) {
    write_all("a");
    _exit(0);
  }
  EXPECT_TRUE(WIFEXITED(InChild([&] { write_all("b"); })));
  int status = 0;
  ASSERT_EQ(waitpid(first, &status, 0), first);
  ASSERT_TRUE(WIFEXITED(status));

  const Trace trace = ReadTraceFile(path_);
  EXPECT_TRUE(trace.damages.empty());
  std::map<uint32_t, std::vector<uint64_t>> numbers;
  for (const TraceEntry& entry : trace.entries) {
    numbers[entry.record.pid].push_back(entry.record.number);
  }
  ASSERT_EQ(numbers.size(), 2U);
  for (auto& [pid, own] : numbers) {
    std::sort(own.begin(), own.end());
    EXPECT_EQ(own.size(), static_cast<size_t>(kThreads * kEach));
    EXPECT_EQ(std::adjacent_find(own.begin(), own.end()), own.end()) << "a number given twice";
  }
}

TEST_F(CallTraceTest, ALineThatDidNotFitCostsNoOther) {
  const int status = InChild([this] {
    std::string error;
    CallTrace::Start(path_, &error);
    CallTrace::Write(Record("first"));
    signal(SIGXFSZ, SIG_IGN);
    const auto size = static_cast<rlim_t>(std::filesystem::file_size(path_));
    rlimit limit{size + 20, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    CallTrace::Write(Record("torn"));
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
    CallTrace::Write(Record("last"));
  });
  EXPECT_TRUE(WIFEXITED(status));
  const Trace trace = ReadTraceFile(path_);
  ASSERT_EQ(trace.entries.size(), 2U);
  EXPECT_EQ(trace.entries[1].record.set, "last");
  EXPECT_EQ(trace.damages.size(), 1U);
}

TEST_F(CallTraceTest, TheTraceKillsNoProgramWithALimitOfFileSizes) {
  const int status = InChild([this] {
    std::string error;
    CallTrace::Start(path_, &error);
    const rlimit limit{1000, 1000};
    setrlimit(RLIMIT_FSIZE, &limit);
    for (int i = 0; i < 20; ++i) CallTrace::Write(Record("small"));
    sigset_t waiting;
    sigpending(&waiting);
    if (sigismember(&waiting, SIGXFSZ) != 0) _exit(1);
    // The program's own files have the limit all the same.
    const int file = open((path_ + ".own").c_str(), O_WRONLY | O_CREAT, 0600);
    for (int i = 0; i < 2; ++i) (void)!pwrite(file, "x", 1, 2000);
    _exit(2);
  });
  EXPECT_TRUE(WIFSIGNALED(status)) << status;
  EXPECT_EQ(WTERMSIG(status), SIGXFSZ);
}

TEST_F(CallTraceTest, ObjectNumbersAreNeverGivenTwice) {
  const uint64_t one = CallTrace::NewObjectNumber();
  EXPECT_LT(one, CallTrace::NewObjectNumber());
}

}  // namespace
}  // namespace vdisim
