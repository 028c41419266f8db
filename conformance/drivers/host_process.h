// A Driver that is a program started by the runner, speaking the driver protocol on its standard
// input and output. It has a process group of its own and does not outlive this object.
#ifndef CONFORMANCE_DRIVERS_HOST_PROCESS_H_
#define CONFORMANCE_DRIVERS_HOST_PROCESS_H_

#include <sys/types.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/drivers/driver.h"

namespace conform {

class HostProcess final : public Driver {
 public:
  // Starts the program, which is looked for as a shell looks for it. `environment` ("NAME=value")
  // is added to ours. Throws std::system_error when it cannot be started.
  explicit HostProcess(const std::vector<std::string>& command,
                       const std::vector<std::string>& environment = {});
  // Kills what is left of the process group.
  ~HostProcess() override;
  HostProcess(const HostProcess&) = delete;
  HostProcess& operator=(const HostProcess&) = delete;

  int64_t Send(Json request) override;
  HostAnswer Await(int64_t id, vdisim::Timeout timeout) override;
  HostAnswer End(vdisim::Timeout timeout) override;
  void Kill() override;
  bool running() const override { return pid_ > 0; }
  std::string ErrorOutput() const override;

 private:
  HostAnswer ReadMore(vdisim::Deadline deadline);
  HostAnswer TakeLine(const std::string& line);
  HostAnswer Reap();
  void CloseInput();

  pid_t pid_ = -1;
  int input_ = -1;   // our end of its standard input
  int output_ = -1;  // our end of its standard output
  int errors_ = -1;  // a memory file
  int64_t last_id_ = 0;
  std::set<int64_t> unanswered_;  // requests sent and not answered yet
  std::string pending_;           // an answer that has not ended yet
  std::map<int64_t, Json> answers_;
};

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_HOST_PROCESS_H_
