// The server of a conversation: writes that are sent again from their own callbacks, four of them
// in flight on each device.
#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "simulator/device_set/server_set.h"
#include "simulator/include/vdi_codes.h"
#include "simulator/itest/caller.h"
#include "simulator/itest/conversation.h"

namespace vdisim::itest {
namespace {

constexpr Method kOpenSet{"Open", {kOk, kInvalid, kProtocol}};
constexpr Method kBegin{"BeginConfiguration", {kOk, kAbort, kProtocol}};
constexpr Method kRequest{"RequestBuffers", {kOk, kAbort, kProtocol, kMemory}};
constexpr Method kEnd{"EndConfiguration", {kOk, kAbort, kProtocol, kMemory}};
constexpr Method kOpenDevice{"OpenDevice", {kOk, kOpen, kProtocol, kAbort}};
constexpr Method kAllocate{"AllocateBuffer", {kOk, kMemory, kInvalid, kProtocol, kAbort}};
constexpr Method kWaitForActiveMethod{"WaitForActive", {kOk, kTimeout, kAbort, kProtocol}};
// VD_E_UNEXPECTED stands for VD_E_IO_ERROR, which has no number (G-02).
constexpr Method kSend{"SendCommand", {kOk, kQueueFull, kUnexpected, kProtocol, kAbort}};
constexpr Method kCloseDeviceMethod{"CloseDevice", {kOk, kClose, kAbort, kProtocol}};
constexpr Method kCloseSetMethod{"Close", {kOk, kProtocol}};
constexpr std::array<HResult, 3> kAgentCodes{kOk, kProtocol, kAbort};

constexpr uint32_t kBufferBytes = 65536;
constexpr uint32_t kInFlight = 4;
constexpr int kTriesMost = 6;

class Server {
 public:
  Server(const ConversationPlan& plan, TestLine& parent)
      : plan_(plan), call_(plan.server_dies_at), parent_(parent), streams_(plan.devices) {}

  int Run() {
    Outcome outcome = Outcome::kAborted;
    if (Open()) {
      if (Prepare() && Talk()) outcome = Outcome::kNormal;
      const HResult closed = call_(kCloseSetMethod, [&] { return set_.Close().value(); });
      if (agent_.joinable()) agent_.join();
      if (!closed.ok()) outcome = Outcome::kAborted;
    }
    parent_.Tell(static_cast<uint64_t>(call_.content() ? outcome : Outcome::kWrong));
    return 0;
  }

 private:
  // One device: which commands were sent, and what is left to send.
  struct Stream {
    std::shared_ptr<ServerDevice> device;
    std::array<VDS_Command, kInFlight> commands{};
    Server* server = nullptr;
    uint32_t sent = 0;
    uint32_t ended = 0;
  };

  bool Open() {
    return call_(kOpenSet, [&] { return set_.Open("", plan_.name).value(); }).ok();
  }

  bool Prepare() {
    if (!call_(kBegin, [&] {
           return set_.BeginConfiguration(VDF_WriteMedia, 512, 0, kBufferBytes).value();
         }).ok()) {
      return false;
    }
    if (!call_(kRequest, [&] {
           return set_.RequestBuffers(kBufferBytes, 0, plan_.devices * kInFlight).value();
         }).ok()) {
      return false;
    }
    if (!call_(kEnd, [&] { return set_.EndConfiguration().value(); }).ok()) return false;
    for (uint32_t i = 0; i < plan_.devices; ++i) {
      const std::string name = i == 0 ? plan_.name : plan_.name + "/" + std::to_string(i);
      if (!call_(kOpenDevice, [&] {
             return set_.OpenDevice(name, &streams_[i].device).value();
           }).ok()) {
        return false;
      }
    }
    agent_ = std::thread([this] {
      const HResult code = set_.ExecuteCompletionAgent();
      if (std::find(kAgentCodes.begin(), kAgentCodes.end(), code) == kAgentCodes.end()) {
        call_.Complain("the agent answered something undocumented");
      }
    });
    HResult code = kTimeout;
    for (int i = 0; i < kTriesMost && code == kTimeout; ++i) {
      code = call_(kWaitForActiveMethod, [&] {
        return set_.WaitForActive(Timeout::Milliseconds(plan_.timeout_ms)).value();
      });
    }
    return code.ok();
  }

  // Sends everything and closes the devices once all of it is done.
  bool Talk() {
    for (Stream& stream : streams_) {
      stream.server = this;
      for (VDS_Command& command : stream.commands) {
        if (!call_(kAllocate, [&] {
               return set_.AllocateBuffer(&command.buffer, kBufferBytes, 0).value();
             }).ok()) {
          return false;
        }
        command.commandCode = VDC_Write;
        command.size = kBufferBytes;
        command.completionRoutine = reinterpret_cast<uint8_t*>(&Server::OnCompletion);
        command.completionContext = reinterpret_cast<uint8_t*>(&stream);
      }
    }
    {
      const std::lock_guard lock(mutex_);
      for (Stream& stream : streams_) {
        for (VDS_Command& command : stream.commands) SendNext(stream, command);
      }
    }
    if (!AwaitEnd()) return false;
    bool good = true;
    for (Stream& stream : streams_) {
      const HResult code =
          call_(kCloseDeviceMethod, [&] { return stream.device->CloseDevice().value(); });
      good = good && code.ok();
    }
    return good;
  }

  // mutex_ is held; it is recursive, for a refused command calls back at once.
  void SendNext(Stream& stream, VDS_Command& command) {
    if (stream.sent == plan_.commands || failed_) return;
    command.inPosition = stream.sent++;
    std::memset(command.buffer, static_cast<uint8_t>(stream.sent), kBufferBytes);
    if (!call_(kSend, [&] { return stream.device->SendCommand(&command).value(); }).ok()) Fail();
  }

  void Fail() {
    failed_ = true;
    changed_.notify_all();
  }

  static void OnCompletion(VDS_Command* command) {
    Stream& stream = *reinterpret_cast<Stream*>(command->completionContext);
    Server& self = *stream.server;
    const std::lock_guard lock(self.mutex_);
    if (command->completionCode != ERROR_SUCCESS) {
      self.Fail();
    } else {
      if (self.plan_.check_data && command->bytesTransferred != command->size) {
        self.call_.Complain("a completion is wrong");
      }
      ++stream.ended;
      self.SendNext(stream, *command);
      self.changed_.notify_all();
    }
  }

  // Bounded by silence: what was sent may be lost where the memory is being spoilt.
  bool AwaitEnd() {
    std::unique_lock<std::recursive_mutex> lock(mutex_);
    uint64_t before = UINT64_MAX;
    const auto count = [this] {
      uint64_t sum = 0;
      for (const Stream& stream : streams_) sum += stream.ended;
      return sum;
    };
    const uint64_t all = uint64_t{plan_.commands} * plan_.devices;
    const auto patience = plan_.timeout_ms < 0 ? std::chrono::seconds(30) : std::chrono::seconds(1);
    while (!failed_ && count() != all && count() != before) {
      before = count();
      changed_.wait_for(lock, patience,
                        [&] { return failed_ || count() == all || count() != before; });
    }
    return !failed_ && count() == all;
  }

  const ConversationPlan plan_;
  Caller call_;
  TestLine& parent_;
  ServerSet set_;
  std::vector<Stream> streams_;
  std::recursive_mutex mutex_;
  std::condition_variable_any changed_;
  bool failed_ = false;
  std::thread agent_;
};

}  // namespace

int RunServer(const ConversationPlan& plan, TestLine& parent) { return Server(plan, parent).Run(); }

}  // namespace vdisim::itest
