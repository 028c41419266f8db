// Actors are the processes of a device set under test: clients, which use the classes of vdi.h as a
// vendor's program does, and a server. Each is a real process that obeys one order after the other
// and answers with the code of the call, so that a test says exactly how far each of them has come
// when one is killed. For one thread.
#ifndef SIMULATOR_ITEST_ACTOR_H_
#define SIMULATOR_ITEST_ACTOR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "simulator/base/hresult.h"
#include "simulator/base/test_process.h"

namespace vdisim::itest {

enum class Order : uint8_t {
  // A client.
  kCreate,
  kOpenInSecondary,
  kGetConfiguration,  // argument: milliseconds, kForever
  kOpenDevice,        // also a server's
  kGetCommand,        // argument: milliseconds; value: the buffer's first byte
  kCompleteCommand,   // the oldest that is held
  kGetBufferHandle,   // of the oldest that is held; value: the handle
  kMapBufferHandle,   // argument: a handle; value: the buffer's first byte
  kReadMapped,        // value: the first byte of what was mapped last
  kWriteMapped,       // argument: what to write to it and to the prefix zone before it
  kReadBuffer,        // value: the first byte of the oldest command's buffer
  kGetCommandsToEnd,  // takes commands until GetCommand refuses; its last code
  kOpenDeviceToEnd,   // asks for a device that nobody has until the state refuses
  // A server.
  kOpen,
  kBeginConfiguration,
  kRequestBuffers,  // argument: how many, of 64 KiB
  kEndConfiguration,
  kStartAgent,  // on a thread of its own
  kWaitForActive,
  kSendWrites,      // argument: how many
  kAwaitCompleted,  // waits until so many callbacks have run, or 10 s; value: how many successful
  kCountCancelled,  // value: callbacks with 995
  kCloseDevice,
  kJoinAgent,              // code: what ExecuteCompletionAgent returned
  kGetConfigurationToEnd,  // asks until the state refuses
  kGetAbortReason,         // value
  kAdvanceClock,           // argument: milliseconds
  // Both.
  kCpuMilliseconds,  // value: what the process has used so far
  kSignalAbort,
  kClose,
  kCheckAborted,  // every call answers as the tables say for Abort, and Close works
};

inline constexpr uint32_t kForever = UINT32_MAX;

struct Answer {
  HResult code{};
  uint32_t value = 0;
  bool came = false;  // false: the process died, or was silent for 30 s
};

// What all actors of a set know.
struct Cast {
  std::string name;
  uint32_t devices = 2;
  uint32_t server_time_out_ms = 0;
  uint32_t prefix_bytes = 0;
  bool virtual_clock = false;
  std::string DeviceName(uint32_t device) const {
    return device == 0 ? name : name + "/" + std::to_string(device);
  }
};

class Actor {
 public:
  static std::unique_ptr<Actor> Client(const Cast& cast);
  static std::unique_ptr<Actor> Server(const Cast& cast);

  Answer Do(Order order, uint32_t device = 0, uint32_t argument = 0);
  // The two halves of Do, for calls that wait.
  void Begin(Order order, uint32_t device = 0, uint32_t argument = 0);
  Answer End();
  // kill -9, and the end is awaited.
  void Kill() { process_.Kill(); }
  // Lets the actor end by itself, without closing anything. Returns its exit code.
  int Dismiss();

 private:
  using Obey = std::function<Answer(Order, uint32_t device, uint32_t argument)>;
  explicit Actor(const std::function<Obey()>& part);

  TestProcess process_;
};

// The parts, played in the child.
std::function<Answer(Order, uint32_t, uint32_t)> PlayClient(const Cast& cast);
std::function<Answer(Order, uint32_t, uint32_t)> PlayServer(const Cast& cast);

}  // namespace vdisim::itest

#endif  // SIMULATOR_ITEST_ACTOR_H_
