// A SetPair is a device set with both halves in this process, for tests: a primary client, a server
// and its completion agent on a thread, taken as far as a test wants. It owns them all and closes
// what is open. Segments of both halves share one mapping, so that ThreadSanitizer sees them meet.
#ifndef SIMULATOR_DEVICE_SET_SET_PAIR_FOR_TEST_H_
#define SIMULATOR_DEVICE_SET_SET_PAIR_FOR_TEST_H_

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "simulator/device_set/client_set.h"
#include "simulator/device_set/control_segment.h"
#include "simulator/device_set/server_set.h"
#include "simulator/include/vdi.h"

namespace vdisim {

// A name that no other test of this machine uses.
std::string FreshSetName();

VDConfig RequestOf(uint32_t devices);

// A command of the server with a callback that can be waited for. May end before its command does:
// what the callback touches stays until the process ends.
class SentCommand {
 public:
  explicit SentCommand(int32_t code, uint8_t* buffer = nullptr, int32_t size = 0,
                       int64_t position = 0);
  ~SentCommand();
  SentCommand(const SentCommand&) = delete;
  SentCommand& operator=(const SentCommand&) = delete;

  VDS_Command* get() { return &frame_->command; }
  const VDS_Command& raw() const { return frame_->command; }
  // Waits for the callback; its completion code, or nothing after ten seconds.
  std::optional<int32_t> Await();
  bool IsCompleted();
  std::thread::id callback_thread();
  // Makes it ready to be sent once more.
  void Rearm();

 private:
  struct Frame {
    VDS_Command command{};  // first, so that the callback finds the rest
    std::mutex mutex;
    std::condition_variable completed;
    bool done = false;
    std::thread::id thread;
  };
  static void OnCompletion(VDS_Command* command);

  std::unique_ptr<Frame> frame_;
};

class SetPair {
 public:
  struct Options {
    VDConfig request = RequestOf(1);
    bool virtual_clock = false;
    uint32_t buffers = 4;
    uint32_t buffer_bytes = 65536;
    uint32_t buffer_alignment = 0;
    GuardOptions guard{};
  };
  SetPair() : SetPair(Options()) {}
  explicit SetPair(const Options& options);
  ~SetPair();

  // Each goes on from the one before and stops the test on failure.
  SetPair& Create();
  SetPair& ServerOpen();
  SetPair& Begin();
  SetPair& End();           // Initializing
  SetPair& OpenDevices();   // on both sides; still Initializing
  SetPair& Activate();      // the agent runs: Active
  SetPair& CloseDevices();  // by the server
  SetPair& ReadCloses();    // by the client: Normally Terminated for it as well

  const std::string& name() const { return name_; }
  std::string DeviceName(uint32_t index) const;
  // A secondary on this set, in this process.
  std::unique_ptr<ClientSet> Secondary();
  // Another mapping of the control segment, to look at or to spoil.
  std::unique_ptr<ControlSegment> Spy();
  uint8_t* Allocate(uint32_t size = 65536);
  // Sends a Write with the buffer on the first device and fetches it: the client's address of the
  // data zone.
  uint8_t* Deliver(uint8_t* buffer, int32_t size, SentCommand* sent, VDC_Command** command);
  VdiSimAbortReason Reason();
  // Waits for the agent's end; what ExecuteCompletionAgent returned.
  HResult JoinAgent();
  void StartAgent();

  ClientSet client;
  ServerSet server;
  std::vector<std::shared_ptr<ClientDevice>> client_devices;
  std::vector<std::shared_ptr<ServerDevice>> server_devices;

 private:
  const Options options_;
  const std::string name_ = FreshSetName();
  std::optional<HResult> agent_result_;
  std::thread agent_;
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_SET_PAIR_FOR_TEST_H_
