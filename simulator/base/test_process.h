// A TestProcess is a real child process for tests, which runs a function of the test after fork.
// The two talk by messages, so that a test says exactly when something happens and never sleeps. It
// owns the child: the destructor kills and reaps it, and the child dies with the thread that made
// it. For one thread; fork before the test starts threads, or ThreadSanitizer objects.
#ifndef SIMULATOR_BASE_TEST_PROCESS_H_
#define SIMULATOR_BASE_TEST_PROCESS_H_

#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGKILL and kill are POSIX, not C++
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

namespace vdisim {

// One end of the line between parent and child. It owns its descriptor.
class TestLine {
 public:
  explicit TestLine(int descriptor) : descriptor_(descriptor) {}
  TestLine(TestLine&& other) noexcept;
  TestLine& operator=(TestLine&&) = delete;
  ~TestLine();

  // Sends a value, or just an event; lost if the other side is gone.
  void Tell(uint64_t value = 1) const;
  // Waits for the next value; nothing if the other side is gone, or silent for 30 s.
  std::optional<uint64_t> Hear() const;

 private:
  int descriptor_;
};

class TestProcess {
 public:
  // Forks. The child calls body with its end of the line, and ends with what body returns, without
  // running destructors of anything outside body. An exception that leaves body is exit code 70.
  // EXPECT_ and ASSERT_ print in a child and do not fail the test: return a code instead.
  explicit TestProcess(const std::function<int(TestLine& parent)>& body);
  ~TestProcess();
  TestProcess(const TestProcess&) = delete;
  TestProcess& operator=(const TestProcess&) = delete;

  pid_t pid() const { return pid_; }
  TestLine& line() { return line_; }
  void Tell(uint64_t value = 1) const { line_.Tell(value); }
  std::optional<uint64_t> Hear() const { return line_.Hear(); }

  // Sends a signal and does not wait: after SIGKILL the child stays a zombie until Wait.
  void Signal(int signal) const;
  // Waits until the child has ended without reaping it: it is a zombie then.
  void WaitUntilZombie() const;
  // Waits for the end of the child and reaps it. Returns its exit code, or 128 + the signal that
  // ended it, as a shell does. The same again if it is called twice.
  int Wait();
  // Signal(SIGKILL) and Wait().
  int Kill();

 private:
  TestProcess(const std::function<int(TestLine& parent)>& body, const std::array<int, 2>& ends);

  TestLine line_;
  pid_t pid_;
  std::optional<int> status_;
};

}  // namespace vdisim

#endif  // SIMULATOR_BASE_TEST_PROCESS_H_
