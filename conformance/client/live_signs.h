// What the files of a running job tell while they grow: whether anything goes on, which commands
// were handed out, which sets exist, which call does not return. It reads the lines as text and
// knows no rule; what they mean for a verdict is the business of conformance/watch. One thread.
#ifndef CONFORMANCE_CLIENT_LIVE_SIGNS_H_
#define CONFORMANCE_CLIENT_LIVE_SIGNS_H_

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace conform {

class LiveSigns {
 public:
  // Each returns whether the line is a sign of life. A call that fails as it did before is none, or
  // a program that polls for ever would live for ever; and a read or write of nothing is none.
  bool TakeTrace(const std::string& line);
  bool TakeJournal(const std::string& line);
  bool TakeWitness(const std::string& line);

  // Whether, since the last question, a call was made or one has not returned: it waits for the
  // server, or asks again and again.
  bool TakeWaiting();

  // Whether "Write#3" has been handed out, over all devices, or "idle" reached: the first call of
  // GetConfiguration began. An unknown point is never reached.
  bool Reached(const std::string& point) const;

  const std::vector<std::string>& sets() const { return sets_; }  // created, in order
  bool create_called() const { return create_called_; }
  // What Create gave the server as serverTimeOut; 0: nothing, or there was no Create yet.
  int64_t server_timeout_ms() const { return server_timeout_ms_; }
  // Processes that called the interface.
  const std::set<pid_t>& callers() const { return callers_; }
  // Those that opened a device and did not create the set.
  std::vector<pid_t> Secondaries() const;
  // Statements that the server has begun and not ended.
  int RunningStatements() const { return begun_ - ended_; }
  int begun() const { return begun_; }
  // The libsqlvdi.so that the witness saw loaded.
  const std::set<std::string>& libraries() const { return libraries_; }
  // The commands that the witness saw, of processes other than `program`; each once.
  std::vector<std::string> CommandsBeside(pid_t program) const;
  // "GetCommand on d, since 10.2 s (process 4711)": the calls that have not returned; or what was
  // called last.
  std::string Doing(int64_t now_ns) const;

 private:
  struct Begun {
    std::string call;
    std::string where;
    int64_t t = 0;
  };

  std::map<int, int> handed_out_;  // by command code
  bool called_ = false;            // since the last TakeWaiting
  bool configuration_began_ = false;
  bool create_called_ = false;
  int64_t server_timeout_ms_ = 0;
  std::vector<std::string> sets_;
  std::set<pid_t> callers_;
  std::set<pid_t> creators_;
  std::set<pid_t> openers_;
  std::set<std::string> libraries_;
  std::set<std::pair<pid_t, std::string>> commands_;
  std::set<std::tuple<pid_t, std::string, int>> failures_;
  std::map<std::pair<pid_t, pid_t>, Begun> running_;  // by process and thread
  Begun last_;
  int begun_ = 0;
  int ended_ = 0;
};

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_LIVE_SIGNS_H_
