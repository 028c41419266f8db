// A program that the judge started under a keeper (vdi-client-keeper): it has a session of its own,
// what it prints is taken at once, and neither it nor anything it started outlives this object, or
// the judge. One thread at a time.
#ifndef CONFORMANCE_CLIENT_KEPT_PROCESS_H_
#define CONFORMANCE_CLIENT_KEPT_PROCESS_H_

#include <poll.h>
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/client/failing_calls.h"
#include "conformance/client/keeper_protocol.h"

namespace conform {

struct KeptSettings {
  std::vector<std::string> words;        // the first is looked for on the PATH of `environment`
  std::vector<std::string> environment;  // the whole of it, "NAME=value"
  std::filesystem::path directory;
  // Its surroundings; see keeper_protocol.h.
  std::optional<int64_t> file_bytes_max;
  std::optional<std::filesystem::path> read_only;
  std::optional<std::filesystem::path> tmpfs;
  int64_t tmpfs_bytes = 0;
  std::optional<FailingCalls> failing;
};

// The program could not be started: what() says why.
class NotStarted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class KeptProcess {
 public:
  using Clock = std::chrono::steady_clock;

  // Throws NotStarted, and std::system_error for trouble of our own.
  KeptProcess(const std::filesystem::path& keeper, const KeptSettings& settings);
  // Kills what is left.
  ~KeptProcess();
  KeptProcess(const KeptProcess&) = delete;
  KeptProcess& operator=(const KeptProcess&) = delete;

  pid_t pid() const { return pid_; }
  pid_t keeper() const { return keeper_; }
  bool ended() const { return ended_; }
  int status() const { return status_; }  // its exit status; 0 if a signal ended it
  int signal() const { return signal_; }  // the signal that ended it; 0: it exited
  Clock::time_point began() const { return began_; }
  Clock::time_point ended_at() const { return ended_at_; }
  int64_t ended_ns() const;  // of the machine's monotonic clock; 0: it has not ended

  // What it printed so far; of very much, the beginning and the end.
  std::string Output() const { return output_.Text(); }
  std::string ErrorOutput() const { return error_.Text(); }
  size_t bytes_printed() const { return output_.all + error_.all; }

  // Adds the descriptors that become readable when something has happened. Serve then takes it all,
  // without waiting.
  void Watch(std::vector<pollfd>* descriptors) const;
  void Serve();
  // Serves until it has ended or the time is over; whether it has ended.
  bool AwaitEnd(std::chrono::milliseconds timeout);

  void Signal(int signal);                // to its process group, while it runs
  void SignalOne(pid_t pid, int signal);  // to a process below it
  void EndInput();                        // its standard input ends
  // Waits so long until nothing of it is left, kills what is, and says what that was.
  std::vector<std::string> Settle(std::chrono::milliseconds patience);

 private:
  struct Stream {
    int descriptor = -1;
    size_t all = 0;
    std::string head;
    std::string tail;
    void Add(std::string_view text);
    std::string Text() const;
  };

  void Tell(const Json& message) const;
  void TakeMessages();
  void TakeLine(const std::string& line);
  void Drain(Stream* stream);
  Json AwaitMessage(const char* key, std::chrono::milliseconds timeout);
  void Close();

  pid_t keeper_ = -1;
  pid_t pid_ = -1;
  int socket_ = -1;
  int input_ = -1;
  Stream output_;
  Stream error_;
  std::string pending_;
  std::vector<Json> messages_;  // not asked for yet
  bool keeper_gone_ = false;
  bool ended_ = false;
  int status_ = 0;
  int signal_ = 0;
  Clock::time_point began_;
  Clock::time_point ended_at_;
};

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_KEPT_PROCESS_H_
