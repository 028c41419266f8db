// One BACKUP or RESTORE as seen from the server interface, in the documented order (L-70 to L-76):
// Open, GetConfiguration, BeginConfiguration, RequestBuffers, EndConfiguration, OpenDevice for each
// clause, the completion agent, commands, CloseDevice, Close. Owns the server object, the agent's
// thread and the device threads. One thread drives it; it comes back from every call, whatever the
// client does, because it watches the limits and the stop token while the devices work.
#ifndef SIMULATOR_ENGINE_CONVERSATION_H_
#define SIMULATOR_ENGINE_CONVERSATION_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "simulator/base/com_ptr.h"
#include "simulator/engine/configuration.h"
#include "simulator/engine/device_commands.h"
#include "simulator/engine/engine.h"
#include "simulator/engine/run_state.h"
#include "simulator/engine/set_locator.h"
#include "simulator/engine/statement_watch.h"
#include "simulator/engine/transfer_buffers.h"
#include "simulator/include/vdi_com.h"
#include "simulator/include/vdi_sim.h"

namespace vdisim {

struct ConversationOptions {
  std::string instance;
  std::vector<std::string> devices;  // names of the clauses; the first is the set's (N-02)
  ConfigurationRequest request;
  const Profile* profile = nullptr;
  std::chrono::milliseconds wait{30'000};      // for the client's devices
  std::chrono::milliseconds set_wait{30'000};  // for its set
  std::chrono::milliseconds stall{120'000};
  ServerSetFactory factory;
  SetLocator* locator = nullptr;
  std::stop_token stop;
  // Called by the driving thread while devices work, about every 50 ms and once at the end.
  std::function<void(uint64_t bytes_done)> on_progress;
  // Faults and journal of the statement; NULL = none. Not owned.
  StatementWatch* watch = nullptr;
};

class Conversation {
 public:
  explicit Conversation(ConversationOptions options);
  ~Conversation();  // finishes
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  // Waits for the set, configures it, opens the devices and waits until they are open at the
  // client's side, too. False: failed.
  bool Start();

  const Configuration& configuration() const { return configuration_; }
  uint32_t device_count() const { return static_cast<uint32_t>(options_.devices.size()); }
  const std::vector<std::string>& device_names() const { return options_.devices; }
  StatementWatch& watch() { return *watch_; }

  // Runs `work` for every device, each on a thread of its own, and waits for all of them and for
  // the commands they left outstanding. False: failed, now or before.
  bool RunOnDevices(const std::function<void(DeviceCommands&)>& work);

  // Ends the statement with this failure, unless there is one already.
  void Fail(Failure failure) { run_.Fail(std::move(failure)); }
  bool failed() const { return run_.failed(); }
  // Ends it with the failure that the fault plan wants at this moment. True if there is one.
  bool FailsAt(FailMoment moment);
  std::optional<Failure> failure() const { return run_.failure(); }
  uint64_t bytes_done() const { return run_.bytes_done(); }

  // Closes devices and set: normally after success and after errors of commands (CMD-07), with
  // VDC_Discard before it where the client asked for that (G-31); by SignalAbort otherwise.
  // True if the statement has succeeded.
  bool Finish();

 private:
  bool OpenSet();
  bool Configure();
  bool ObtainBuffers();
  bool OpenDevices();
  bool AllocateBuffers();
  bool WaitUntilActive();
  void RunThreads(const std::function<void(DeviceCommands&)>& work);
  void Supervise(const std::atomic<uint32_t>& running);
  void EnforceLimits();
  bool CallFailed(HResult hr);
  void Abort();
  void ExplainAbort();
  void Discard();
  void CloseDevices();
  void StopAgent();
  const std::string& set_name() const { return options_.devices.front(); }

  const ConversationOptions options_;
  StatementWatch no_watch_;
  StatementWatch* const watch_;
  Configuration configuration_;
  RunState run_;
  TransferBufferPool pool_;
  ComPtr<IServerVirtualDeviceSet2> set_;
  ComPtr<IVdiSimServerControl> control_;
  std::vector<std::unique_ptr<DeviceCommands>> devices_;
  bool open_ = false;                 // set_ has a set
  std::atomic<bool> aborted_{false};  // by us
  bool finished_ = false;
  std::atomic<bool> agent_ended_{false};
  std::mutex mutex_;  // for waits of the driving thread
  std::condition_variable changed_;
  std::thread agent_;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_CONVERSATION_H_
