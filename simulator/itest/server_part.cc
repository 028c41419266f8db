// The server's part: a ServerSet, its agent on a thread, and writes of 64 KiB whose first byte
// counts from 1 on each device.
#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "simulator/device_set/server_set.h"
#include "simulator/include/vdi_codes.h"
#include "simulator/itest/actor.h"
#include "simulator/itest/checked_answers.h"

namespace vdisim::itest {
namespace {

constexpr uint32_t kBufferBytes = 65536;
constexpr uint32_t kDevicesMost = 64;

class ServerPart {
 public:
  explicit ServerPart(const Cast& cast) : cast_(cast) {}
  ~ServerPart() {
    if (!agent_.joinable()) return;
    static_cast<void>(set_.Close());
    agent_.join();
  }

  Answer Obey(Order order, uint32_t device, uint32_t argument) {
    switch (order) {
      case Order::kOpen:
        return Of(set_.Open("", cast_.name));
      case Order::kBeginConfiguration:
        return Of(set_.BeginConfiguration(VDF_WriteMedia, 512, 0, kBufferBytes));
      case Order::kRequestBuffers:
        return Of(set_.RequestBuffers(kBufferBytes, 0, argument));
      case Order::kEndConfiguration:
        return Of(set_.EndConfiguration());
      case Order::kOpenDevice:
        return Of(set_.OpenDevice(cast_.DeviceName(device), &devices_[device]));
      case Order::kStartAgent:
        agent_ = std::thread([this] { agent_result_ = set_.ExecuteCompletionAgent(); });
        return Of(kOk);
      case Order::kWaitForActive:
        return Of(set_.WaitForActive(Timeout::Infinite()));
      case Order::kSendWrites:
        return Of(SendWrites(device, argument));
      case Order::kAwaitCompleted:
        return AwaitCompleted(argument);
      case Order::kCountCancelled: {
        const std::lock_guard lock(mutex_);
        return Of(kOk, cancelled_);
      }
      case Order::kCloseDevice:
        return Of(devices_[device]->CloseDevice());
      case Order::kJoinAgent:
        agent_.join();
        return Of(agent_result_);
      case Order::kGetConfigurationToEnd:
        return GetConfigurationToEnd();
      case Order::kGetAbortReason: {
        VdiSimAbortReason reason = VdiSimNotAborted;
        const HResult code = set_.GetAbortReason(&reason);
        return Of(code, static_cast<uint32_t>(reason));
      }
      case Order::kAdvanceClock:
        return Of(set_.AdvanceClock(std::chrono::milliseconds(argument)));
      case Order::kSignalAbort:
        return Of(set_.SignalAbort());
      case Order::kClose:
        return Of(Close());
      case Order::kCheckAborted:
        return CheckAborted();
      default:
        return Of(kNotSupported);
    }
  }

 private:
  static Answer Of(HResult code, uint32_t value = 0) {
    return {.code = code, .value = value, .came = true};
  }

  HResult SendWrites(uint32_t device, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
      uint8_t* buffer = nullptr;
      if (HResult hr = set_.AllocateBuffer(&buffer, kBufferBytes, 0); !hr.ok()) return hr;
      buffer[0] = static_cast<uint8_t>(++sent_[device]);
      VDS_Command& command = commands_.emplace_back();
      command.commandCode = VDC_Write;
      command.size = kBufferBytes;
      command.buffer = buffer;
      command.completionRoutine = reinterpret_cast<uint8_t*>(&ServerPart::OnCompletion);
      command.completionContext = reinterpret_cast<uint8_t*>(this);
      if (HResult hr = devices_[device]->SendCommand(&command); !hr.ok()) return hr;
    }
    return kOk;
  }

  static void OnCompletion(VDS_Command* command) {
    ServerPart& self = *reinterpret_cast<ServerPart*>(command->completionContext);
    // S-SND-20: the buffer is the server's again; refused where the set is being torn down.
    static_cast<void>(self.set_.FreeBuffer(command->buffer, kBufferBytes));
    const std::lock_guard lock(self.mutex_);
    if (command->completionCode == ERROR_SUCCESS) ++self.completed_;
    if (command->completionCode == ERROR_OPERATION_ABORTED) ++self.cancelled_;
    self.changed_.notify_all();
  }

  Answer AwaitCompleted(uint32_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10),
                      [&] { return completed_ + cancelled_ >= count; });
    return Of(kOk, completed_);
  }

  // A call that looks for the client's death, but not each time: ask again.
  Answer GetConfigurationToEnd() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    VDConfig configuration{};
    HResult code;
    do {
      code = set_.GetConfiguration(&configuration);
    } while (code.ok() && std::chrono::steady_clock::now() < end);
    return Of(code);
  }

  HResult Close() {
    const HResult code = set_.Close();
    if (agent_.joinable()) agent_.join();
    return code;
  }

  // L-40 to L-53 in the last column, and the same after Close.
  Answer CheckAborted() {
    CheckedAnswers answers;
    VDConfig configuration{};
    uint8_t* buffer = nullptr;
    uint32_t count = 0;
    std::shared_ptr<ServerDevice> none;
    answers.Expect("Open", set_.Open("", cast_.name), kProtocol);
    answers.Expect("GetConfiguration", set_.GetConfiguration(&configuration), kAbort);
    answers.Expect("BeginConfiguration", set_.BeginConfiguration(0, 512, 0, kBufferBytes), kAbort);
    answers.Expect("RequestBuffers", set_.RequestBuffers(kBufferBytes, 0, 1), kAbort);
    answers.Expect("QueryAvailableBuffers", set_.QueryAvailableBuffers(kBufferBytes, 0, &count),
                   kProtocol);
    answers.Expect("EndConfiguration", set_.EndConfiguration(), kAbort);
    answers.Expect("OpenDevice", set_.OpenDevice(cast_.name, &none), kAbort);
    answers.Expect("ExecuteCompletionAgent", set_.ExecuteCompletionAgent(), kAbort);
    answers.Expect("AllocateBuffer", set_.AllocateBuffer(&buffer, kBufferBytes, 0), kAbort);
    answers.Expect("FreeBuffer", set_.FreeBuffer(nullptr, 1), kAbort);
    for (const std::shared_ptr<ServerDevice>& device : devices_) {
      if (device == nullptr) continue;
      const uint32_t before = cancelled_;
      VDS_Command& command = commands_.emplace_back();
      command.commandCode = VDC_Flush;
      command.completionRoutine = reinterpret_cast<uint8_t*>(&ServerPart::OnCompletion);
      command.completionContext = reinterpret_cast<uint8_t*>(this);
      answers.Expect("SendCommand", device->SendCommand(&command), kAbort);
      answers.Expect("SendCommand's callback", cancelled_ == before + 1 ? kOk : kUnexpected, kOk);
      answers.Expect("CloseDevice", device->CloseDevice(), kAbort);
    }
    answers.Expect("WaitForActive", set_.WaitForActive(Timeout::Infinite()), kAbort);
    answers.Expect("SignalAbort", set_.SignalAbort(), kOk);
    answers.Expect("Close", Close(), kOk);
    answers.Expect("Close after Close", set_.Close(), kProtocol);
    return answers.Sum();
  }

  Cast cast_;
  ServerSet set_;
  std::array<std::shared_ptr<ServerDevice>, kDevicesMost> devices_;
  std::array<uint32_t, kDevicesMost> sent_{};
  std::deque<VDS_Command> commands_;  // stay where they are while they are outstanding
  HResult agent_result_;
  std::mutex mutex_;
  std::condition_variable changed_;
  uint32_t completed_ = 0;
  uint32_t cancelled_ = 0;
  std::thread agent_;
};

}  // namespace

std::function<Answer(Order, uint32_t, uint32_t)> PlayServer(const Cast& cast) {
  const auto part = std::make_shared<ServerPart>(cast);
  return [part](Order order, uint32_t device, uint32_t argument) {
    return part->Obey(order, device, argument);
  };
}

}  // namespace vdisim::itest
