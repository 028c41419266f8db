#include "conformance/drivers/provider_host.h"

#include <fmt/format.h>

namespace conform {
namespace {

// Negative values wait for ever (C-GET-10, C-GCF-10); the runner's deadline ends what hangs.
constexpr int64_t kForEver = -1;

NameArgument Name(const Json& request) {
  const Json& arguments = Arguments(request);
  if (!arguments.contains("name")) throw RequestError("the call lacks a \"name\"");
  return TextOrNull(arguments, "name");
}

NameArgument Instance(const Json& request) { return TextOrNull(Arguments(request), "instance"); }

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

ProviderHost::ProviderHost(std::unique_ptr<ClientFace> face) : face_(std::move(face)) {
  methods_ = {
      {"Create", [this](const Json& r) { return CreateSet(r, false); }},
      {"CreateEx", [this](const Json& r) { return CreateSet(r, true); }},
      {"GetConfiguration", [this](const Json& r) { return GetConfiguration(r); }},
      {"OpenInSecondary", [this](const Json& r) { return Code(Set(r)->OpenInSecondary(Name(r))); }},
      {"OpenInSecondaryEx",
       [this](const Json& r) { return Code(Set(r)->OpenInSecondaryEx(Instance(r), Name(r))); }},
      {"OpenDevice", [this](const Json& r) { return OpenDevice(r); }},
      {"GetCommand", [this](const Json& r) { return GetCommand(r); }},
      {"CompleteCommand", [this](const Json& r) { return CompleteCommand(r); }},
      {"GetBufferHandle", [this](const Json& r) { return GetBufferHandle(r); }},
      {"MapBufferHandle", [this](const Json& r) { return MapBufferHandle(r); }},
      {"Close", [this](const Json& r) { return Code(Set(r)->Close()); }},
      {"SignalAbort", [this](const Json& r) { return Code(Set(r)->SignalAbort()); }},
      {"RegisterDeviceClosed",
       [this](const Json& r) {
         Set(r)->RegisterDeviceClosed();
         return Code(0);
       }},
  };
}

// Where objects are counted, devices go first, as tidy clients do it; deleted sets end theirs.
ProviderHost::~ProviderHost() {
  for (const auto& device : replaced_) device->LetGo();
  for (auto& [name, device] : devices_) {
    const auto set = sets_.find(name.substr(0, name.rfind('/')));
    if (set == sets_.end() || set->second->OutlivedByItsDevices()) device->LetGo();
  }
  for (auto& [name, set] : sets_) set->LetGo();
}

void ProviderHost::LetGo() {
  const std::lock_guard lock(mutex_);
  for (auto& [name, set] : sets_) (void)set->Close();
}

Json ProviderHost::Handle(const Json& request) {
  const std::string op = Text(request, "op");
  Json answer;
  if (op == "call") return Call(request);
  if (op == "release") return Release(request);
  if (op == "serve") return Serve(request);
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
std::shared_ptr<ClientSetFace> ProviderHost::Set(const Json& request) {
  const std::string name = TextOr(request, "object", "set");
  const std::lock_guard lock(mutex_);
  const auto found = sets_.find(name);
  if (found != sets_.end()) return found->second;
  std::shared_ptr<ClientSetFace> set = face_->NewSet();
  sets_[name] = set;
  return set;
}

std::shared_ptr<ClientDeviceFace> ProviderHost::Device(const Json& request) {
  const std::string name = Text(Arguments(request), "device");
  const std::lock_guard lock(mutex_);
  const auto found = devices_.find(name);
  if (found == devices_.end()) throw RequestError("device \"" + name + "\" is not open here");
  return found->second;
}

// A device, if one is named, otherwise the set object. Names become free with their objects.
Json ProviderHost::Release(const Json& request) {
  if (Arguments(request).contains("device")) {
    const std::shared_ptr<ClientDeviceFace> device = Device(request);
    {
      const std::lock_guard lock(mutex_);
      devices_.erase(Text(Arguments(request), "device"));
    }
    device->LetGo();
    return Json::object();
  }
  const std::string name = TextOr(request, "object", "set");
  std::shared_ptr<ClientSetFace> set;
  {
    const std::lock_guard lock(mutex_);
    const auto found = sets_.find(name);
    if (found == sets_.end()) throw RequestError("no set object \"" + name + "\" is here");
    set = found->second;
    sets_.erase(found);
    if (!set->OutlivedByItsDevices()) {
      std::erase_if(devices_,
                    [&](const auto& device) { return device.first.starts_with(name + "/"); });
    }
  }
  set->LetGo();
  return Json::object();
}

// What is kept replaces a medium of that name when the device has said its last word.
Json ProviderHost::Serve(const Json& request) {
  const Json& arguments = Arguments(request);
  const std::shared_ptr<ClientDeviceFace> device = Device(request);
  std::shared_ptr<const Medium> replayed;
  if (arguments.contains("replay")) {
    const std::string name = Text(arguments, "replay");
    const std::lock_guard lock(mutex_);
    const auto found = media_.find(name);
    if (found == media_.end()) throw RequestError("no medium is called \"" + name + "\" here");
    replayed = found->second;
  }
  const auto kept = std::make_shared<Medium>();
  Served served =
      ServeCommands(*device, kept.get(), replayed.get(), IntegerOr(arguments, "commands", -1));
  if (arguments.contains("keep")) {
    const std::lock_guard lock(mutex_);
    media_[Text(arguments, "keep")] = kept;
  }
  Json out = Json::object();
  out["method"] = served.method;
  out["commands"] = served.commands;
  out["bytes"] = served.bytes;
  out["calls"] = std::move(served.calls);
  return CodeWith(served.code, std::move(out));
}

Json ProviderHost::CreateSet(const Json& request, bool with_instance) {
  const Json& arguments = Arguments(request);
  const auto field = [&](const char* key) {
    return static_cast<uint32_t>(IntegerOr(arguments, key, 0));
  };
  VDConfig configuration = {};
  configuration.deviceCount = field("devices");
  configuration.features = field("features");
  configuration.prefixZoneSize = field("prefix");
  configuration.alignment = field("alignment");
  configuration.softFileMarkBlockSize = field("softFileMarkBlockSize");
  configuration.EOMWarningSize = field("EOMWarningSize");
  configuration.serverTimeOut = field("serverTimeOut");
  configuration.blockSize = field("blockSize");
  configuration.maxIODepth = field("maxIODepth");
  configuration.maxTransferSize = field("maxTransferSize");
  configuration.bufferAreaSize = field("bufferAreaSize");
  VDConfig* given = IsNull(arguments, "configuration") ? nullptr : &configuration;
  const std::shared_ptr<ClientSetFace> set = Set(request);
  if (with_instance) return Code(set->CreateEx(Instance(request), Name(request), given));
  return Code(set->Create(Name(request), given));
}

Json ProviderHost::GetConfiguration(const Json& request) {
  const Json& arguments = Arguments(request);
  const bool null = IsNull(arguments, "out");
  VDConfig configuration = {};
  const int code = Set(request)->GetConfiguration(IntegerOr(arguments, "timeout", kForEver),
                                                  null ? nullptr : &configuration);
  return null ? Code(code) : CodeWith(code, ToJson(configuration));
}

Json ProviderHost::OpenDevice(const Json& request) {
  const Json& arguments = Arguments(request);
  const bool without_room = IsNull(arguments, "out");
  OpenedDevice opened;
  const std::shared_ptr<ClientSetFace> set = Set(request);
  const int code = set->OpenDevice(Name(request), without_room ? nullptr : &opened);
  if (opened.device != nullptr) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<ClientDeviceFace>& place = devices_[Text(arguments, "device")];
    // A call may still be waiting in the device that loses its name, so it is not let go of here.
    if (place != nullptr && set->OutlivedByItsDevices()) replaced_.push_back(std::move(place));
    place = std::move(opened.device);
  }
  if (without_room) return Code(code);
  Json out = Json::object();
  out["given"] = opened.given;
  return CodeWith(code, std::move(out));
}

Json ProviderHost::GetCommand(const Json& request) {
  const Json& arguments = Arguments(request);
  VDC_Command* command = nullptr;
  const int code = Device(request)->GetCommand(IntegerOr(arguments, "timeout", kForEver),
                                               IsNull(arguments, "out") ? nullptr : &command);
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

// "w1"; "null"; "foreign", memory that is no command; "copy:w1", a copy of the structure.
VDC_Command* ProviderHost::Command(const Json& arguments) {
  constexpr std::string_view kCopy = "copy:";
  std::string name = Text(arguments, "command");
  if (name == "null") return nullptr;
  if (name == "foreign") {
    return reinterpret_cast<VDC_Command*>(buffers_.Find(Json{{"buffer", "foreign"}}));
  }
  const bool copy = name.starts_with(kCopy);
  if (copy) name.erase(0, kCopy.size());
  const std::lock_guard lock(mutex_);
  const auto found = commands_.find(name);
  if (found == commands_.end()) throw RequestError("no command is called \"" + name + "\" here");
  return copy ? &copies_.emplace_back(*found->second) : found->second;
}

Json ProviderHost::CompleteCommand(const Json& request) {
  const Json& arguments = Arguments(request);
  VDC_Command* command = Command(arguments);
  return Code(Device(request)->CompleteCommand(
      command, static_cast<int>(IntegerOr(arguments, "completion", 0)),
      static_cast<uint64_t>(IntegerOr(arguments, "bytes", 0)),
      IntegerOr(arguments, "position", 0)));
}

Json ProviderHost::GetBufferHandle(const Json& request) {
  const Json& arguments = Arguments(request);
  const bool null = IsNull(arguments, "out");
  unsigned int handle = 0;
  uint8_t* buffer = buffers_.Find(arguments);
  const int code = Set(request)->GetBufferHandle(buffer, null ? nullptr : &handle);
  if (null) return Code(code);
  Json out = Json::object();
  out["handle"] = handle;
  return CodeWith(code, std::move(out));
}

Json ProviderHost::MapBufferHandle(const Json& request) {
  const Json& arguments = Arguments(request);
  const bool null = IsNull(arguments, "out");
  uint8_t* address = nullptr;
  const int code =
      Set(request)->MapBufferHandle(Integer(arguments, "handle"), null ? nullptr : &address);
  if (null) return Code(code);
  Json out = Json::object();
  out["given"] = address != nullptr;
  if (code == 0) buffers_.Name(Text(request, "into"), address);
  return CodeWith(code, std::move(out));
}

}  // namespace conform
