// A child process of a benchmark, and a pipe as the event between the two: what a pair under
// measurement needs around it, and nothing that runs inside the measured part.
#ifndef SIMULATOR_BENCH_BENCH_PROCESS_H_
#define SIMULATOR_BENCH_BENCH_PROCESS_H_

#include <sched.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <new>
#include <span>
#include <string>
#include <thread>
#include <utility>

#include "simulator/shm/segment.h"

namespace vdisim::bench {

// Ends the benchmark: a figure measured on a broken pair would be worse than none.
[[noreturn]] inline void Die(const char* what) {
  std::perror(what);
  std::_Exit(3);
}

// Keeps the calling thread on one processor, so that both sides of a comparison are placed alike.
// Without a second processor everything stays where it is.
inline void PinThisThread(unsigned processor) {
  if (std::thread::hardware_concurrency() <= processor) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  sched_setaffinity(0, sizeof set, &set);
}

// One byte through a pipe: wakes exactly one waiter, in any process.
class Signal {
 public:
  Signal() {
    if (pipe(ends_) != 0) Die("pipe");
  }
  ~Signal() {
    close(ends_[0]);
    close(ends_[1]);
  }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;
  void Raise() const {
    const char byte = 1;
    if (write(ends_[1], &byte, 1) != 1) Die("write to a pipe");
  }
  void Await() const {
    char byte = 0;
    if (read(ends_[0], &byte, 1) != 1) Die("read from a pipe");
  }

 private:
  int ends_[2];
};

// Shared memory of `bytes` bytes, inherited by fork; its name is gone before anyone can see it.
inline shm::Segment ShareMemory(size_t bytes) {
  static std::atomic<uint32_t> number{0};
  Result<shm::Segment> segment = shm::Segment::Create(
      "vdisim.bench." + std::to_string(getpid()) + "." + std::to_string(number.fetch_add(1)), bytes,
      shm::Role::kOwner, {}, [](std::span<std::byte>) {},
      [](const shm::Segment&) { return false; });
  if (!segment.ok()) {
    std::fprintf(stderr, "benchmark: no shared memory of %zu bytes: %s\n", bytes,
                 segment.code().ToString().c_str());
    std::_Exit(3);
  }
  segment->Unlink();
  return std::move(segment.value());
}

// An object both processes see.
template <typename T>
class SharedObject {
 public:
  SharedObject() : memory_(ShareMemory(sizeof(T))), object_(new (memory_.bytes().data()) T()) {}
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }

 private:
  shm::Segment memory_;
  T* object_;
};

// Runs `body` in a child; the destructor kills a child that has not been joined.
class ChildProcess {
 public:
  explicit ChildProcess(const std::function<void()>& body) : pid_(fork()) {
    if (pid_ < 0) Die("fork");
    if (pid_ == 0) {
      body();
      std::_Exit(0);
    }
  }
  ~ChildProcess() {
    if (pid_ > 0) kill(pid_, SIGKILL);
    Join();
  }
  // Waits for the end of `body`.
  void Join() {
    if (pid_ > 0) waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

 private:
  pid_t pid_;
};

}  // namespace vdisim::bench

#endif  // SIMULATOR_BENCH_BENCH_PROCESS_H_
