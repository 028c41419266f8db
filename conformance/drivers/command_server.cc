#include "conformance/drivers/command_server.h"

#include <algorithm>
#include <cstring>

#include "simulator/include/vdi_codes.h"

namespace conform {
namespace {

constexpr int64_t kForEver = -1;

struct Completion {
  int code = ERROR_NOT_SUPPORTED;
  uint64_t bytes = 0;
};

class Server {
 public:
  Server(Medium* kept, const Medium* replayed) : kept_(*kept), replayed_(replayed) {}

  Completion Perform(const VDC_Command& command) {
    const auto size = static_cast<uint64_t>(std::max(command.size, 0));
    switch (command.commandCode) {
      case VDC_Write:
        kept_.insert(kept_.end(), command.buffer, command.buffer + size);
        return {.code = ERROR_SUCCESS, .bytes = size};
      case VDC_Read:
        return Read(command.buffer, size);
      case VDC_Flush:
      case VDC_ClearError:
      case VDC_Complete:
        return {.code = ERROR_SUCCESS, .bytes = 0};
      default:
        return {};
    }
  }

 private:
  // A short read reports what it moved together with the end (CMD-Read-5).
  Completion Read(uint8_t* buffer, uint64_t size) {
    if (replayed_ == nullptr) return {};
    const uint64_t there = std::min<uint64_t>(size, replayed_->size() - at_);
    if (there > 0) std::memcpy(buffer, replayed_->data() + at_, there);
    at_ += there;
    return {.code = static_cast<int>(there == size ? ERROR_SUCCESS : ERROR_HANDLE_EOF),
            .bytes = there};
  }

  Medium& kept_;
  const Medium* const replayed_;
  uint64_t at_ = 0;
};

void Note(Served* served, const char* method, int code, nlohmann::json out) {
  served->code = code;
  served->method = method;
  if (served->calls.size() >= kCallsKeptMax) return;
  nlohmann::json call = nlohmann::json::object();
  call["method"] = method;
  call["code"] = code;
  call["out"] = std::move(out);
  served->calls.push_back(std::move(call));
}

nlohmann::json Describe(const VDC_Command* command) {
  nlohmann::json out = nlohmann::json::object();
  out["given"] = command != nullptr;
  if (command == nullptr) return out;
  out["command"] = command->commandCode;
  out["size"] = command->size;
  out["position"] = command->position;
  return out;
}

}  // namespace

Served ServeCommands(ClientDeviceFace& device, Medium* kept, const Medium* replayed,
                     int64_t commands_max) {
  Served served;
  Server server(kept, replayed);
  while (commands_max < 0 || served.commands < commands_max) {
    VDC_Command* command = nullptr;
    const int got = device.GetCommand(kForEver, &command);
    Note(&served, "GetCommand", got, got == 0 ? Describe(command) : nlohmann::json::object());
    if (got != 0 || command == nullptr) return served;
    const Completion completion = server.Perform(*command);
    const int completed = device.CompleteCommand(command, completion.code, completion.bytes, 0);
    nlohmann::json out = nlohmann::json::object();
    out["completion"] = completion.code;
    out["bytes"] = completion.bytes;
    Note(&served, "CompleteCommand", completed, std::move(out));
    if (completed != 0) return served;
    ++served.commands;
    served.bytes += static_cast<int64_t>(completion.bytes);
  }
  return served;
}

}  // namespace conform
