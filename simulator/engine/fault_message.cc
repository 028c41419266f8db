#include "simulator/engine/fault_message.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "simulator/engine/win32_text.h"
#include "simulator/include/vdi.h"

namespace vdisim {
namespace {

constexpr int kSeverity = 16;

constexpr std::array kOfDatabase = {911, 927, 3035, 3118, 3154, 4060};
constexpr std::array kOfDevice = {3206, 3229, 3230, 3241, 3242, 3256};
constexpr std::array kOfDeviceAndSystem = {3201, 3202, 3203, 3271};

template <size_t kCount>
bool Holds(const std::array<int, kCount>& numbers, int number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

}  // namespace

bool HasFaultMessage(int number) {
  const MessageTemplate* row = FindMessage(number);
  if (row == nullptr || row->severity <= 10) return false;
  return std::string_view(row->text).find('{') == std::string_view::npos ||
         number == kTerminatingAbnormally || Holds(kOfDatabase, number) ||
         Holds(kOfDevice, number) || Holds(kOfDeviceAndSystem, number);
}

std::optional<Message> FaultMessage(const FailFault& fault, const std::string& database,
                                    const std::string& device) {
  if (!fault.text.empty()) {
    return Message{
        .number = fault.message, .severity = kSeverity, .state = 1, .line = 1, .text = fault.text};
  }
  if (fault.message == kTerminatingAbnormally) return std::nullopt;
  if (Holds(kOfDatabase, fault.message)) return MakeMessage(fault.message, database);
  if (Holds(kOfDevice, fault.message)) return MakeMessage(fault.message, device);
  if (Holds(kOfDeviceAndSystem, fault.message)) {
    return MakeMessage(fault.message, device, OsErrorText(ERROR_OPERATION_ABORTED));
  }
  return MakeMessage(fault.message);
}

}  // namespace vdisim
