// Calls that are short: real processes, real files.
#include "conformance/client/short_calls.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "conformance/client/testing/stopped_calls_test.h"

namespace conform {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class Short : public StoppedCallsTest {
 protected:
  void SetUp() override {
    if (!WhyCallsCannotBeShort().empty()) GTEST_SKIP() << WhyCallsCannotBeShort();
    StoppedCallsTest::SetUp();
    are_short_ = true;
  }

  // What the program under the filter found out, one byte each.
  std::vector<ssize_t> Results() const {
    std::ifstream stream(folder_.path() / "results", std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  // Outside of the directory whose files are looked at.
  void Tell(std::initializer_list<ssize_t> results) const {
    std::ofstream stream(folder_.path() / "results", std::ios::binary);
    for (const ssize_t result : results) stream.put(static_cast<char>(result));
  }
  std::string Content() const {
    std::ifstream stream(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  fs::path file_ = place_ / "f";
};

TEST_F(Short, HalveTheNthWriteAndThoseBehindIt) {
  EXPECT_EQ(RunHere("write#2x2",
                    [&] {
                      const int fd = open(file_.c_str(), O_RDWR | O_CREAT, 0600);
                      Tell({write(fd, "abcdef", 6), write(fd, "ghijkl", 6), write(fd, "mno", 3),
                            write(fd, "pq", 2)});
                      return 0;
                    }),
            0);
  EXPECT_THAT(Results(), ElementsAre(6, 3, 1, 2));
  EXPECT_EQ(Content(), "abcdefghimpq");
}

TEST_F(Short, KeepThePlaceOfACallThatNamesIt) {
  EXPECT_EQ(RunHere("write#1",
                    [&] {
                      const int fd = open(file_.c_str(), O_RDWR | O_CREAT, 0600);
                      Tell({pwrite(fd, "abcd", 4, 3), lseek(fd, 0, SEEK_CUR)});
                      return 0;
                    }),
            0);
  EXPECT_THAT(Results(), ElementsAre(2, 0));
  EXPECT_EQ(Content(), std::string("\0\0\0ab", 5));
}

TEST_F(Short, HalveAcrossPieces) {
  EXPECT_EQ(RunHere("write#1",
                    [&] {
                      const int fd = open(file_.c_str(), O_RDWR | O_CREAT, 0600);
                      std::string one = "ab";
                      std::string two = "cdefgh";
                      const std::array<iovec, 2> pieces = {
                          {{.iov_base = one.data(), .iov_len = one.size()},
                           {.iov_base = two.data(), .iov_len = two.size()}}};
                      Tell({writev(fd, pieces.data(), 2), pwritev(fd, pieces.data(), 2, 4)});
                      return 0;
                    }),
            0);
  EXPECT_THAT(Results(), ElementsAre(4, 4));
  EXPECT_EQ(Content(), "abcdabcd");
}

TEST_F(Short, HalveReadsAndTheNextOneGoesOnBehind) {
  std::ofstream(file_) << "abcdefghij";
  EXPECT_EQ(RunHere("read#1x3",
                    [&] {
                      const int fd = open(file_.c_str(), O_RDONLY);
                      std::array<char, 8> bytes{};
                      const iovec piece = {.iov_base = bytes.data(), .iov_len = 8};
                      const ssize_t first = read(fd, bytes.data(), 8);
                      const char last = bytes[3];
                      const char behind = bytes[4];
                      const ssize_t second = readv(fd, &piece, 1);
                      const char next = bytes[0];
                      const ssize_t third = pread(fd, bytes.data(), 4, 6);
                      Tell({first, last, behind, second, next, third, bytes[1],
                            read(fd, bytes.data(), 8), read(fd, bytes.data(), 8)});
                      return 0;
                    }),
            0);
  EXPECT_THAT(Results(), ElementsAre(4, 'd', 0, 4, 'e', 2, 'h', 2, 0));
}

// Nothing can be half of a byte, and what fails does so by itself. None of it counts.
TEST_F(Short, LeaveAloneWhatCannotBeHalved) {
  EXPECT_EQ(RunHere("write#1x1",
                    [&] {
                      const int fd = open(file_.c_str(), O_RDWR | O_CREAT, 0600);
                      const int closed = open(file_.c_str(), O_RDONLY);
                      const ssize_t refused = write(closed, "ab", 2);
                      void* const barred =
                          mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                      const ssize_t nowhere = write(fd, barred, 2);
                      Tell({write(fd, "a", 1), refused, nowhere, write(fd, "bc", 2)});
                      return 0;
                    }),
            0);
  EXPECT_THAT(Results(), ElementsAre(1, -1, -1, 1));
  EXPECT_EQ(Content(), "ab");
}

TEST_F(Short, AreNoTroubleForWhoGoesOn) {
  std::ofstream(folder_.path() / "source") << std::string(300'000, 'x') << "end";
  EXPECT_EQ(Run("write#1", "cat source >media/f; cmp source media/f && echo same"), "same\n");
  EXPECT_EQ(Run("read#1", "cat media/f >copy; cmp source copy && echo same"), "same\n");
}

// A thread has a number of its own, and a pidfd is had of processes.
TEST_F(Short, AreThoseOfAllThreads) {
  EXPECT_EQ(RunHere("write#1",
                    [&] {
                      const int fd = open(file_.c_str(), O_RDWR | O_CREAT | O_APPEND, 0600);
                      std::array<ssize_t, 4> moved{};
                      std::vector<std::thread> threads;
                      threads.reserve(moved.size());
                      for (ssize_t& one : moved) {
                        threads.emplace_back([&] { one = write(fd, "abcd", 4); });
                      }
                      for (std::thread& thread : threads) thread.join();
                      Tell({moved[0], moved[1], moved[2], moved[3]});
                      return 0;
                    }),
            0);
  EXPECT_THAT(Results(), ElementsAre(2, 2, 2, 2));
  EXPECT_EQ(Content(), "abababab");
}

}  // namespace
}  // namespace conform
