// Follows the processes of a client while it runs: how many threads and how much memory they had at
// most, how they were called, and how much of a processor they burnt while nothing happened. One
// thread.
#ifndef CONFORMANCE_CLIENT_IDLE_METER_H_
#define CONFORMANCE_CLIENT_IDLE_METER_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace conform {

class IdleMeter {
 public:
  using Clock = std::chrono::steady_clock;

  // root: whose descendants are followed. program: the one of them that was started first.
  IdleMeter(pid_t root, pid_t program) : root_(root), program_(program) {}

  // Looks at the processes now. quiet: nothing has happened since the last look. waiting: and a
  // call waits for the server, or is repeated.
  void Look(Clock::time_point now, bool quiet, bool waiting);

  // Of one processor, while it waited; 0 if that was too short to tell.
  double IdleShare() const { return waited_.Share(); }
  // The same since anything happened, whatever it did.
  double SilentShare() const { return silent_.Share(); }
  // How long that was; 0 if it was too short to tell.
  double IdleSeconds() const { return waited_.Seconds(); }
  double SilentSeconds() const { return silent_.Seconds(); }
  int threads() const { return threads_; }
  int64_t peak_memory_kib() const { return peak_memory_kib_; }
  // Of what the program started, as the system shows them, each once; not its own.
  const std::vector<std::string>& command_lines() const { return command_lines_; }
  // Every libsqlvdi.so that a process had mapped.
  const std::set<std::string>& libraries() const { return libraries_; }

 private:
  const pid_t root_;
  const pid_t program_;
  Clock::time_point last_look_{};
  double last_cpu_ = 0;
  bool looked_ = false;
  struct Burnt {
    double cpu = 0;
    double seconds = 0;
    double Share() const;
    double Seconds() const;
  };
  Burnt waited_;
  Burnt silent_;
  int threads_ = 0;
  int64_t peak_memory_kib_ = 0;
  std::vector<std::string> command_lines_;
  std::set<std::string> libraries_;
};

// What the threads of a process are doing: gdb's stacks if it is there and can attach, else where
// the system says that they wait. Takes up to `patience`.
std::string StacksOf(pid_t pid, const std::string& keeper, std::chrono::milliseconds patience);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_IDLE_METER_H_
