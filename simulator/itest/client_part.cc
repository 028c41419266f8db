// The client's part: ClientVirtualDeviceSet and ClientVirtualDevice of the built library.
#include <vdi.h>
#include <vdi_codes.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <memory>

#include "simulator/itest/actor.h"
#include "simulator/itest/checked_answers.h"

namespace vdisim::itest {
namespace {

constexpr uint32_t kDevicesMost = 64;

time_t TimeoutOf(uint32_t milliseconds) {
  return milliseconds == kForever ? VDI_INFINITE : time_t{milliseconds};
}

class ClientPart {
 public:
  explicit ClientPart(const Cast& cast) : cast_(Announced(cast)) {}

  Answer Obey(Order order, uint32_t device, uint32_t argument) {
    switch (order) {
      case Order::kCreate:
        return Of(Create());
      case Order::kOpenInSecondary:
        return Of(set_.OpenInSecondary(cast_.name.data()));
      case Order::kGetConfiguration:
        return Of(set_.GetConfiguration(TimeoutOf(argument), &configuration_));
      case Order::kOpenDevice:
        return Of(OpenDevice(device));
      case Order::kGetCommand:
        return GetCommand(device, argument);
      case Order::kGetCommandsToEnd:
        return GetCommandsToEnd(device);
      case Order::kOpenDeviceToEnd:
        return OpenDeviceToEnd();
      case Order::kCompleteCommand:
        return Complete(device);
      case Order::kGetBufferHandle:
      case Order::kReadBuffer:
      case Order::kMapBufferHandle:
      case Order::kReadMapped:
      case Order::kWriteMapped:
        return Buffers(order, device, argument);
      case Order::kSignalAbort:
        return Of(set_.SignalAbort());
      case Order::kClose:
        return Of(set_.Close());
      case Order::kCheckAborted:
        return CheckAborted();
      default:
        return Of(kNotSupported.value());
    }
  }

 private:
  // The library reads its environment when the first object is made.
  static const Cast& Announced(const Cast& cast) {
    if (cast.virtual_clock) setenv("VDISIM_CLOCK", "virtual", 1);
    return cast;
  }

  static Answer Of(int code, uint32_t value = 0) {
    return {.code = HResult(code), .value = value, .came = true};
  }

  int Create() {
    VDConfig request{};
    request.deviceCount = cast_.devices;
    request.serverTimeOut = cast_.server_time_out_ms;
    request.prefixZoneSize = cast_.prefix_bytes;
    return set_.Create(cast_.name.data(), &request);
  }

  int OpenDevice(uint32_t device) {
    std::string name = cast_.DeviceName(device);
    return set_.OpenDevice(name.data(), &devices_[device]);
  }

  Answer GetCommand(uint32_t device, uint32_t timeout) {
    VDC_Command* command = nullptr;
    const int code = devices_[device]->GetCommand(TimeoutOf(timeout), &command);
    if (code != 0) return Of(code);
    held_[device].push_back(command);
    return Of(0, command->buffer == nullptr ? 0 : command->buffer[0]);
  }

  Answer GetCommandsToEnd(uint32_t device) {
    Answer answer = GetCommand(device, kForever);
    while (answer.code.ok()) answer = GetCommand(device, kForever);
    return answer;
  }

  // VD_E_INVALID says that all names are known and this is none of them: ask again.
  Answer OpenDeviceToEnd() {
    char name[] = "a device that nobody has";
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    ClientVirtualDevice* device = nullptr;
    int code = 0;
    do {
      code = set_.OpenDevice(name, &device);
    } while (code == kInvalid.value() && std::chrono::steady_clock::now() < end);
    return Of(code);
  }

  Answer Complete(uint32_t device) {
    if (held_[device].empty()) return Of(kUnexpected.value());
    VDC_Command* const command = held_[device].front();
    held_[device].pop_front();
    return Of(devices_[device]->CompleteCommand(
        command, ERROR_SUCCESS, static_cast<unsigned long>(command->size), command->position));
  }

  Answer Buffers(Order order, uint32_t device, uint32_t argument) {
    const auto oldest = [&] { return held_[device].front()->buffer; };
    switch (order) {
      case Order::kGetBufferHandle: {
        unsigned int handle = 0;
        const int code = set_.GetBufferHandle(oldest(), &handle);
        return Of(code, handle);
      }
      case Order::kMapBufferHandle: {
        const int code = set_.MapBufferHandle(static_cast<int>(argument), &mapped_);
        return Of(code, code == 0 ? mapped_[0] : 0U);
      }
      case Order::kReadBuffer:
        return Of(0, oldest()[0]);
      case Order::kReadMapped:
        return Of(0, mapped_[0]);
      default:
        mapped_[0] = static_cast<uint8_t>(argument);
        if (cast_.prefix_bytes > 0) mapped_[-1] = static_cast<uint8_t>(argument);
        return Of(0, mapped_[-static_cast<int>(cast_.prefix_bytes > 0)]);
    }
  }

  // L-30 to L-36 in the column Abort, G-16, and the same after Close.
  Answer CheckAborted() {
    CheckedAnswers answers;
    const auto expect = [&answers](const char* call, int got, HResult wanted) {
      answers.Expect(call, HResult(got), wanted);
    };
    expect("Create", Create(), kProtocol);
    expect("OpenInSecondary", set_.OpenInSecondary(cast_.name.data()), kProtocol);
    expect("GetConfiguration", set_.GetConfiguration(VDI_INFINITE, &configuration_), kAbort);
    ClientVirtualDevice* none = nullptr;
    expect("OpenDevice", set_.OpenDevice(cast_.name.data(), &none), kAbort);
    VDC_Command* command = nullptr;
    for (uint32_t i = 0; i < cast_.devices; ++i) {
      if (devices_[i] == nullptr) continue;
      expect("GetCommand", devices_[i]->GetCommand(VDI_INFINITE, &command), kAbort);
      for (VDC_Command* const held : held_[i]) {
        unsigned int handle = 0;
        expect("GetBufferHandle", set_.GetBufferHandle(held->buffer, &handle), kOk);
        expect("MapBufferHandle", set_.MapBufferHandle(static_cast<int>(handle), &mapped_), kOk);
        held->buffer[0] ^= 1;  // B-08: the buffer stays ours until Close
        expect("CompleteCommand", devices_[i]->CompleteCommand(held, 0, 0, 0), kAbort);
      }
    }
    expect("SignalAbort", set_.SignalAbort(), kOk);
    expect("Close", set_.Close(), kOk);
    expect("Close after Close", set_.Close(), kProtocol);
    expect("GetConfiguration after Close", set_.GetConfiguration(0, &configuration_), kProtocol);
    for (uint32_t i = 0; i < cast_.devices; ++i) {
      if (devices_[i] == nullptr) continue;
      expect("GetCommand after Close", devices_[i]->GetCommand(VDI_INFINITE, &command), kProtocol);
    }
    return answers.Sum();
  }

  Cast cast_;
  ClientVirtualDeviceSet set_;
  VDConfig configuration_{};
  std::array<ClientVirtualDevice*, kDevicesMost> devices_{};
  std::array<std::deque<VDC_Command*>, kDevicesMost> held_;
  uint8_t* mapped_ = nullptr;
};

}  // namespace

std::function<Answer(Order, uint32_t, uint32_t)> PlayClient(const Cast& cast) {
  const auto part = std::make_shared<ClientPart>(cast);
  return [part](Order order, uint32_t device, uint32_t argument) {
    return part->Obey(order, device, argument);
  };
}

}  // namespace vdisim::itest
