// Calls that fail: real processes, real files.
#include "conformance/client/failing_calls.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

#include "conformance/client/testing/stopped_calls_test.h"

namespace conform {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Kind = FailingCalls::Kind;

TEST(FailingCallsText, IsReadAndWritten) {
  EXPECT_EQ(ReadFailingCalls("write#3"), (FailingCalls{Kind::kWrite, 3, 0, {}}));
  EXPECT_EQ(ReadFailingCalls("write#3x1"), (FailingCalls{Kind::kWrite, 3, 1, {}}));
  EXPECT_EQ(ReadFailingCalls("read#40"), (FailingCalls{Kind::kRead, 40, 0, {}}));
  // A sync fails once, as it does on Linux.
  EXPECT_EQ(ReadFailingCalls("sync#1"), (FailingCalls{Kind::kSync, 1, 1, {}}));
  for (const char* const wrong :
       {"", "write", "write#", "write#0", "open#1", "write#3x0", "write#3 "})
    EXPECT_FALSE(ReadFailingCalls(wrong)) << wrong;
  for (const char* const text : {"write#3", "write#3x1", "sync#2x1", "read#4x7"})
    EXPECT_EQ(WriteFailingCalls(*ReadFailingCalls(text)), text);
}

class Failing : public StoppedCallsTest {
 protected:
  void SetUp() override {
    if (!WhyCallsCannotFail().empty()) GTEST_SKIP() << WhyCallsCannotFail();
    StoppedCallsTest::SetUp();
  }
};

TEST_F(Failing, FailTheNthWriteAndAllBehindIt) {
  EXPECT_EQ(Run("write#3",
                "dd if=/dev/zero of=media/f bs=4096 count=9 || echo failed\n"
                "dd if=/dev/zero of=media/g bs=4096 count=1 || echo again"),
            "failed\nagain\n");
  EXPECT_THAT(errors_, HasSubstr("Input/output error"));
  EXPECT_EQ(fs::file_size(place_ / "f"), 8192U);
}

// Several processes, one count; and as many fail as were asked for.
TEST_F(Failing, CountOverAllProcesses) {
  EXPECT_EQ(
      Run("write#3x1", "for i in 1 2 3 4; do echo $i >media/$i || echo no $i; done 2>/dev/null"),
      "no 3\n");
  EXPECT_EQ(Run("write#3x1",
                "for i in 1 2 3 4; do dd if=/dev/zero of=media/$i count=1 || echo no $i; done"),
            "no 3\n");
}

TEST_F(Failing, LeaveFilesElsewhereAlone) {
  EXPECT_EQ(
      Run("write#1",
          "mkdir media2; echo a >elsewhere && echo b >media2/f && echo c | cat && cat elsewhere"),
      "c\na\n");
}

// fsync fails once, and the next succeeds: the trap of Linux. Writes are none of its business.
TEST_F(Failing, FailOneSync) {
  EXPECT_EQ(
      Run("sync#2",
          "for i in 1 2 3; do dd if=/dev/zero of=media/f count=1 conv=fsync && echo ok; done"),
      "ok\nok\n");
  EXPECT_THAT(errors_, HasSubstr("Input/output error"));
}

TEST_F(Failing, FailReadsAndNoEndIsSeen) {
  EXPECT_EQ(Run("read#3",
                "dd if=/dev/zero of=media/f bs=4096 count=9\n"
                "dd if=media/f of=out bs=4096 || echo failed; wc -c <out"),
            "failed\n8192\n");
  EXPECT_THAT(errors_, HasSubstr("Input/output error"));
}

// What the system calls by the name of an old file is a new one all the same.
TEST_F(Failing, KnowTheFileByItsDescriptor) {
  const fs::path file = place_ / "f";
  EXPECT_EQ(RunHere("write#2",
                    [&] {
                      const int fd = open(file.c_str(), O_RDWR | O_CREAT, 0600);
                      const int other = dup(fd);
                      unlink(file.c_str());
                      if (pwrite(other, "x", 1, 0) != 1) return 1;
                      return pwrite(other, "x", 1, 0) == -1 && errno == EIO ? 0 : 2;
                    }),
            0);
}

TEST_F(Failing, FindTheFileOfAMapping) {
  const fs::path file = place_ / "f";
  EXPECT_EQ(RunHere("sync#1",
                    [&] {
                      const int fd = open(file.c_str(), O_RDWR | O_CREAT, 0600);
                      if (ftruncate(fd, 4096) != 0) return 1;
                      void* const here =
                          mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
                      void* const nowhere = mmap(nullptr, 4096, PROT_READ | PROT_WRITE,
                                                 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
                      if (msync(nowhere, 4096, MS_SYNC) != 0) return 2;
                      if (msync(here, 4096, MS_SYNC) != -1 || errno != EIO) return 3;
                      return msync(here, 4096, MS_SYNC) == 0 && fsync(fd) == 0 ? 0 : 4;
                    }),
            0);
}

// Of the writes of four threads exactly as many fail as were asked for, though signals come.
TEST_F(Failing, CountOverAllThreads) {
  const fs::path file = place_ / "f";
  EXPECT_EQ(RunHere("write#100x7",
                    [&] {
                      struct sigaction nothing {};
                      nothing.sa_handler = [](int) {};
                      nothing.sa_flags = SA_RESTART;
                      sigaction(SIGALRM, &nothing, nullptr);
                      const itimerval often = {{0, 500}, {0, 500}};
                      setitimer(ITIMER_REAL, &often, nullptr);
                      const int fd = open(file.c_str(), O_RDWR | O_CREAT, 0600);
                      std::atomic<int> failed = 0;
                      std::vector<std::thread> threads;
                      threads.reserve(4);
                      for (int t = 0; t < 4; ++t) {
                        threads.emplace_back([&] {
                          for (int i = 0; i < 100; ++i)
                            failed += pwrite(fd, "x", 1, i) == 1 ? 0 : 1;
                        });
                      }
                      for (std::thread& thread : threads) thread.join();
                      return failed.load();
                    }),
            7);
}

TEST_F(Failing, DoNotKeepAStoppedProcessAlive) {
  const FailingCalls failing = Calls("write#1000000");
  KeptSettings settings;
  settings.words = {"sh", "-c",
                    "(while :; do echo x >media/f; done) & while :; do echo y >media/g; done"};
  settings.environment = Texts(CleanEnvironment());
  settings.directory = folder_.path();
  settings.failing = failing;
  KeptProcess process(KEEPER, settings);
  process.Signal(SIGTERM);
  EXPECT_TRUE(process.AwaitEnd(kLong));
  (void)process.Settle(std::chrono::milliseconds(0));
}

TEST_F(Failing, TellWhyAProgramCannotBeStarted) {
  const FailingCalls failing = Calls("write#1");
  KeptSettings settings;
  settings.words = {"/nowhere/prog"};
  settings.directory = folder_.path();
  settings.failing = failing;
  EXPECT_THROW(KeptProcess(KEEPER, settings), NotStarted);
}

}  // namespace
}  // namespace conform
