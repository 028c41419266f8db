#include "conformance/drivers/provider_host.h"

#include <fmt/format.h>

namespace conform {
namespace {

// Negative values wait for ever (C-GET-10, C-GCF-10); the runner's deadline ends what hangs.
constexpr int64_t kForEver = -1;

Json Code(int code) {
  Json answer = Json::object();
  answer["code"] = code;
  return answer;
}

Json CodeWith(int code, Json out) {
  Json answer = Code(code);
  answer["out"] = std::move(out);
  return answer;
}

}  // namespace

Json ToJson(const VDConfig& configuration) {
  Json out = Json::object();
  out["deviceCount"] = configuration.deviceCount;
  out["features"] = configuration.features;
  out["prefixZoneSize"] = configuration.prefixZoneSize;
  out["alignment"] = configuration.alignment;
  out["softFileMarkBlockSize"] = configuration.softFileMarkBlockSize;
  out["EOMWarningSize"] = configuration.EOMWarningSize;
  out["serverTimeOut"] = configuration.serverTimeOut;
  out["blockSize"] = configuration.blockSize;
  out["maxIODepth"] = configuration.maxIODepth;
  out["maxTransferSize"] = configuration.maxTransferSize;
  out["bufferAreaSize"] = configuration.bufferAreaSize;
  return out;
}

ProviderHost::ProviderHost(const ProviderFunctions& functions) : functions_(functions) {
  methods_ = {
      {"Create", [this](const Json& r) { return CreateSet(r); }},
      {"GetConfiguration", [this](const Json& r) { return GetConfiguration(r); }},
      {"OpenInSecondary", [this](const Json& r) { return OpenInSecondary(r); }},
      {"OpenDevice", [this](const Json& r) { return OpenDevice(r); }},
      {"GetCommand", [this](const Json& r) { return GetCommand(r); }},
      {"CompleteCommand", [this](const Json& r) { return CompleteCommand(r); }},
      {"GetBufferHandle", [this](const Json& r) { return GetBufferHandle(r); }},
      {"MapBufferHandle", [this](const Json& r) { return MapBufferHandle(r); }},
      {"Close", [this](const Json& r) { return Code(functions_.close(Set(r))); }},
      {"SignalAbort", [this](const Json& r) { return Code(functions_.signal_abort(Set(r))); }},
      {"RegisterDeviceClosed",
       [this](const Json& r) {
         functions_.register_device_closed(Set(r));
         return Code(0);
       }},
  };
}

ProviderHost::~ProviderHost() {
  for (auto& [name, set] : sets_) functions_.destroy_set(set.get());
}

void ProviderHost::LetGo() {
  const std::lock_guard lock(mutex_);
  for (auto& [name, set] : sets_) functions_.close(set.get());
}

Json ProviderHost::Handle(const Json& request) {
  const std::string op = Text(request, "op");
  Json answer;
  if (op == "call") return Call(request);
  if (buffers_.Handle(op, request, &answer)) return answer;
  throw RequestError("unknown operation \"" + op + "\"");
}

Json ProviderHost::Call(const Json& request) {
  const std::string method = Text(request, "method");
  const auto found = methods_.find(method);
  if (found == methods_.end()) throw RequestError("unknown method \"" + method + "\"");
  return found->second(request);
}

// An object is constructed when a step first names it, as a client constructs its own.
ProviderObject* ProviderHost::Set(const Json& request) {
  const std::string name = TextOr(request, "object", "set");
  const std::lock_guard lock(mutex_);
  std::unique_ptr<ProviderObject>& set = sets_[name];
  if (set == nullptr) {
    set = std::make_unique<ProviderObject>();
    functions_.construct_set(set.get());
  }
  return set.get();
}

ProviderObject* ProviderHost::Device(const Json& request) {
  const std::string name = Text(Arguments(request), "device");
  const std::lock_guard lock(mutex_);
  const auto found = devices_.find(name);
  if (found == devices_.end()) throw RequestError("device \"" + name + "\" is not open here");
  return found->second;
}

Json ProviderHost::CreateSet(const Json& request) {
  const Json& arguments = Arguments(request);
  const auto field = [&](const char* key) {
    return static_cast<uint32_t>(IntegerOr(arguments, key, 0));
  };
  std::string name = Text(arguments, "name");
  VDConfig configuration = {};
  configuration.deviceCount = field("devices");
  configuration.features = field("features");
  configuration.prefixZoneSize = field("prefix");
  configuration.alignment = field("alignment");
  configuration.serverTimeOut = field("serverTimeOut");
  return Code(functions_.create(Set(request), name.data(), &configuration));
}

Json ProviderHost::GetConfiguration(const Json& request) {
  VDConfig configuration = {};
  const int code = functions_.get_configuration(
      Set(request), static_cast<time_t>(IntegerOr(Arguments(request), "timeout", kForEver)),
      &configuration);
  return CodeWith(code, ToJson(configuration));
}

Json ProviderHost::OpenInSecondary(const Json& request) {
  std::string name = Text(Arguments(request), "name");
  return Code(functions_.open_in_secondary(Set(request), name.data()));
}

Json ProviderHost::OpenDevice(const Json& request) {
  std::string name = Text(Arguments(request), "name");
  ProviderObject* device = nullptr;
  const int code = functions_.open_device(Set(request), name.data(), &device);
  if (code == 0) {
    const std::lock_guard lock(mutex_);
    devices_[Text(Arguments(request), "device")] = device;
  }
  return Code(code);
}

Json ProviderHost::GetCommand(const Json& request) {
  VDC_Command* command = nullptr;
  const int code = functions_.get_command(
      Device(request), static_cast<time_t>(IntegerOr(Arguments(request), "timeout", kForEver)),
      &command);
  if (code != 0) return Code(code);
  Json out = Json::object();
  out["given"] = command != nullptr;
  if (command != nullptr) {
    out["command"] = command->commandCode;
    out["size"] = command->size;
    out["position"] = command->position;
    const std::string name = Text(request, "into");
    buffers_.Name(name, command->buffer);
    const std::lock_guard lock(mutex_);
    commands_[name] = command;
  }
  return CodeWith(code, std::move(out));
}

Json ProviderHost::CompleteCommand(const Json& request) {
  const Json& arguments = Arguments(request);
  const std::string name = Text(arguments, "command");
  VDC_Command* command = nullptr;
  {
    const std::lock_guard lock(mutex_);
    const auto found = commands_.find(name);
    if (found == commands_.end()) throw RequestError("no command is called \"" + name + "\" here");
    command = found->second;
  }
  return Code(functions_.complete_command(
      Device(request), command, static_cast<int>(IntegerOr(arguments, "completion", 0)),
      static_cast<unsigned long>(IntegerOr(arguments, "bytes", 0)),
      IntegerOr(arguments, "position", 0)));
}

Json ProviderHost::GetBufferHandle(const Json& request) {
  unsigned int handle = 0;
  const int code =
      functions_.get_buffer_handle(Set(request), buffers_.Find(Arguments(request)), &handle);
  Json out = Json::object();
  out["handle"] = handle;
  return CodeWith(code, std::move(out));
}

Json ProviderHost::MapBufferHandle(const Json& request) {
  // As in C: the lower 32 bits are what arrives (G-44).
  const auto handle = static_cast<int>(Integer(Arguments(request), "handle"));
  uint8_t* address = nullptr;
  const int code = functions_.map_buffer_handle(Set(request), handle, &address);
  Json out = Json::object();
  out["given"] = address != nullptr;
  if (code == 0) buffers_.Name(Text(request, "into"), address);
  return CodeWith(code, std::move(out));
}

}  // namespace conform
