// The clients of a conversation, written against vdi.h as a vendor would.
#include <vdi.h>
#include <vdi_codes.h>

#include <algorithm>

#include "simulator/itest/caller.h"
#include "simulator/itest/conversation.h"

namespace vdisim::itest {
namespace {

constexpr Method kCreateMethod{"Create", {kOk, kNotSupported, kProtocol}};
constexpr Method kOpenInSecondary{"OpenInSecondary", {kOk, kProtocol, kAbort}};
constexpr Method kGetConfiguration{"GetConfiguration", {kOk, kAbort, kTimeout, kProtocol}};
constexpr Method kOpenDevice{"OpenDevice", {kOk, kAbort, kOpen, kProtocol, kInvalid}};
constexpr Method kGetCommand{"GetCommand", {kOk, kClose, kTimeout, kAbort, kProtocol}};
constexpr Method kCompleteCommand{"CompleteCommand", {kOk, kInvalid, kAbort, kProtocol}};
constexpr Method kCloseMethod{"Close", {kOk, kProtocol, kOpen}};

// Each wait is a step: how often one that timed out is tried again.
constexpr int kTriesMost = 6;

class Client {
 public:
  Client(const ConversationPlan& plan, uint64_t dies_at, TestLine& parent)
      : plan_(plan), call_(dies_at), parent_(parent) {}

  int RunPrimary() {
    VDConfig request{};
    request.deviceCount = plan_.devices;
    std::string name = plan_.name;
    Outcome outcome = Outcome::kAborted;
    if (call_(kCreateMethod, [&] { return set_.Create(name.data(), &request); }).ok()) {
      parent_.Tell(kCreated);
      if (WaitForConfiguration()) {
        parent_.Tell(kConfigured);
        outcome = plan_.primary_serves ? Serve(name) : Outcome::kNormal;
        // The secondaries' devices have to be closed before the set is (G-10); who has started
        // them knows when they are gone.
        if (outcome == Outcome::kNormal) {
          parent_.Tell(kServed);
          static_cast<void>(parent_.Hear());
        }
      }
      outcome = End(outcome);
    }
    return Report(outcome);
  }

  int RunSecondary(uint32_t device) {
    std::string name = plan_.name;
    Outcome outcome = Outcome::kAborted;
    if (call_(kOpenInSecondary, [&] { return set_.OpenInSecondary(name.data()); }).ok()) {
      outcome = End(Serve(device == 0 ? name : name + "/" + std::to_string(device)));
    }
    return Report(outcome);
  }

 private:
  bool WaitForConfiguration() {
    VDConfig configuration{};
    HResult code = kTimeout;
    for (int i = 0; i < kTriesMost && code == kTimeout; ++i) {
      code = call_(kGetConfiguration,
                   [&] { return set_.GetConfiguration(plan_.timeout_ms, &configuration); });
    }
    return code.ok();
  }

  Outcome Serve(std::string name) {
    ClientVirtualDevice* device = nullptr;
    if (!call_(kOpenDevice, [&] { return set_.OpenDevice(name.data(), &device); }).ok()) {
      return Outcome::kAborted;
    }
    int silent = 0;
    while (true) {
      VDC_Command* command = nullptr;
      const HResult code =
          call_(kGetCommand, [&] { return device->GetCommand(plan_.timeout_ms, &command); });
      if (code == kClose) return Outcome::kNormal;
      if (code == kTimeout && ++silent < kTriesMost) continue;
      if (!code.ok()) return Outcome::kAborted;
      silent = 0;
      CheckData(*command);
      const auto size = static_cast<unsigned long>(command->size);
      if (!call_(kCompleteCommand, [&] {
             return device->CompleteCommand(command, ERROR_SUCCESS, size, 0);
           }).ok()) {
        return Outcome::kAborted;
      }
      if (++completed_ == plan_.tells_at) parent_.Tell(kCounted);
    }
  }

  void CheckData(const VDC_Command& command) {
    if (!plan_.check_data) return;
    const auto wanted = static_cast<uint8_t>(completed_ + 1);
    const bool right = command.commandCode == VDC_Write &&
                       command.position == static_cast<int64_t>(completed_) &&
                       std::all_of(command.buffer, command.buffer + command.size,
                                   [wanted](uint8_t byte) { return byte == wanted; });
    if (!right) call_.Complain("a command or its bytes are wrong");
  }

  Outcome End(Outcome outcome) {
    const HResult code = call_(kCloseMethod, [&] { return set_.Close(); });
    return code.ok() ? outcome : Outcome::kAborted;
  }

  int Report(Outcome outcome) {
    parent_.Tell(static_cast<uint64_t>(call_.content() ? outcome : Outcome::kWrong));
    return 0;
  }

  const ConversationPlan plan_;
  Caller call_;
  TestLine& parent_;
  ClientVirtualDeviceSet set_;
  uint64_t completed_ = 0;
};

}  // namespace

int RunPrimary(const ConversationPlan& plan, TestLine& parent) {
  return Client(plan, plan.primary_dies_at, parent).RunPrimary();
}

int RunSecondary(const ConversationPlan& plan, uint32_t device, TestLine& parent) {
  return Client(plan, device == 1 ? plan.secondary_dies_at : 0, parent).RunSecondary(device);
}

}  // namespace vdisim::itest
