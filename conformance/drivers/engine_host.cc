#include "conformance/drivers/engine_host.h"

#include <chrono>

#include "conformance/drivers/com_library.h"
#include "conformance/drivers/provider_host.h"
#include "simulator/base/hresult.h"

namespace conform {

// A command on its way, kept until the host ends: the library may touch it until its routine ran.
struct EngineHost::Sent {
  VDS_Command command = {};
  EngineHost* host = nullptr;
  bool completed = false;
};

namespace {

Json Code(HRESULT code) {
  Json answer = Json::object();
  answer["code"] = code;
  return answer;
}

Json CodeWith(HRESULT code, const char* key, Json value) {
  Json answer = Code(code);
  answer["out"] = Json::object();
  answer["out"][key] = std::move(value);
  return answer;
}

DWORD Word(const Json& request, const char* key, int64_t otherwise = 0) {
  return static_cast<DWORD>(IntegerOr(Arguments(request), key, otherwise));
}

// The name or the instance of a call; none is a NULL pointer.
WideName NameIn(const Json& request, const char* key) {
  return WideName(TextOrNull(Arguments(request), key));
}

bool OutIsNull(const Json& request) { return IsNull(Arguments(request), "out"); }

}  // namespace

EngineHost::EngineHost(IServerVirtualDeviceSet2* set, IVdiSimServerControl* control,
                       AdvanceByName advance_by_name)
    : set_(set), control_(control), advance_by_name_(std::move(advance_by_name)) {
  methods_ = {
      {"Open",
       [this](const Json& r) {
         return Code(set_->Open(NameIn(r, "instance").get(), NameIn(r, "name").get()));
       }},
      {"GetConfiguration",
       [this](const Json& r) {
         if (OutIsNull(r)) return Code(set_->GetConfiguration(nullptr));
         VDConfig configuration = {};
         Json answer = Code(set_->GetConfiguration(&configuration));
         answer["out"] = ToJson(configuration);
         return answer;
       }},
      {"BeginConfiguration",
       [this](const Json& r) {
         return Code(set_->BeginConfiguration(
             Word(r, "features"), Word(r, "blockSize", 512), Word(r, "alignment"),
             Word(r, "maxTransferSize", 65536), Word(r, "timeout")));
       }},
      {"EndConfiguration", [this](const Json&) { return Code(set_->EndConfiguration()); }},
      {"RequestBuffers",
       [this](const Json& r) {
         return Code(
             set_->RequestBuffers(Word(r, "size"), Word(r, "alignment"), Word(r, "count", 1)));
       }},
      {"QueryAvailableBuffers",
       [this](const Json& r) {
         DWORD count = 0;
         const HRESULT code = set_->QueryAvailableBuffers(Word(r, "size"), Word(r, "alignment"),
                                                          OutIsNull(r) ? nullptr : &count);
         if (OutIsNull(r)) return Code(code);
         return CodeWith(code, "count", count);
       }},
      {"ExecuteCompletionAgent",
       [this](const Json&) { return Code(set_->ExecuteCompletionAgent()); }},
      {"OpenDevice",
       [this](const Json& r) {
         IServerVirtualDevice* device = nullptr;
         const HRESULT code =
             set_->OpenDevice(NameIn(r, "name").get(), OutIsNull(r) ? nullptr : &device);
         if (device != nullptr) {
           const std::lock_guard lock(mutex_);
           IServerVirtualDevice*& named = devices_[Text(Arguments(r), "device")];
           if (named != nullptr) replaced_.push_back(named);
           named = device;
         }
         return Code(code);
       }},
      {"AllocateBuffer",
       [this](const Json& r) {
         BYTE* buffer = nullptr;
         const HRESULT code = set_->AllocateBuffer(OutIsNull(r) ? nullptr : &buffer,
                                                   Word(r, "size"), Word(r, "alignment", 1));
         if (code == 0) buffers_.Name(Text(r, "into"), buffer);
         return Code(code);
       }},
      {"FreeBuffer",
       [this](const Json& r) {
         return Code(set_->FreeBuffer(buffers_.Find(Arguments(r)), Word(r, "size")));
       }},
      {"IsSharedBuffer",
       [this](const Json& r) { return Code(set_->IsSharedBuffer(buffers_.Find(Arguments(r)))); }},
      {"SendCommand", [this](const Json& r) { return SendCommand(r); }},
      {"CloseDevice", [this](const Json& r) { return Code(Device(r)->CloseDevice()); }},
      {"SignalAbort", [this](const Json&) { return Code(set_->SignalAbort()); }},
      {"Close", [this](const Json&) { return Code(set_->Close()); }},
      {"WaitForActive",
       [this](const Json& r) {
         if (control_ == nullptr) throw RequestError("this engine cannot wait for Active");
         return Code(control_->WaitForActive(Word(r, "timeout")));
       }},
      {"WaitForAgent",
       [this](const Json& r) {
         if (control_ == nullptr) throw RequestError("this engine cannot wait for its agent");
         return Code(control_->WaitForAgent(Word(r, "timeout")));
       }},
  };
}

EngineHost::~EngineHost() {
  for (auto& [name, device] : devices_) device->Release();
  for (IServerVirtualDevice* device : replaced_) device->Release();
  if (control_ != nullptr) control_->Release();
  set_->Release();
}

void EngineHost::LetGo() { (void)set_->Close(); }

Json EngineHost::Handle(const Json& request) {
  const std::string op = Text(request, "op");
  Json answer;
  if (op == "call") return Call(request);
  if (op == "completion") return AwaitCompletion(request);
  if (op == "advance") return Advance(request);
  if (buffers_.Handle(op, request, &answer)) return answer;
  throw RequestError("unknown operation \"" + op + "\"");
}

Json EngineHost::Call(const Json& request) {
  const std::string method = Text(request, "method");
  const auto found = methods_.find(method);
  if (found == methods_.end()) throw RequestError("unknown method \"" + method + "\"");
  return found->second(request);
}

IServerVirtualDevice* EngineHost::Device(const Json& request) {
  const std::string name = Text(Arguments(request), "device");
  const std::lock_guard lock(mutex_);
  const auto found = devices_.find(name);
  if (found == devices_.end()) throw RequestError("device \"" + name + "\" is not open here");
  return found->second;
}

Json EngineHost::SendCommand(const Json& request) {
  const Json& arguments = Arguments(request);
  auto sent = std::make_unique<Sent>();
  sent->host = this;
  sent->command.commandCode = static_cast<int32_t>(Integer(arguments, "command"));
  sent->command.size = static_cast<int32_t>(IntegerOr(arguments, "size", 0));
  sent->command.inPosition = IntegerOr(arguments, "position", 0);
  if (arguments.contains("buffer")) sent->command.buffer = buffers_.Find(arguments);
  if (!IsNull(arguments, "routine")) {
    sent->command.completionRoutine = reinterpret_cast<uint8_t*>(&EngineHost::OnCompleted);
  }
  sent->command.completionContext = reinterpret_cast<uint8_t*>(sent.get());
  IServerVirtualDevice* device = Device(request);
  VDS_Command* command = &sent->command;
  {
    const std::lock_guard lock(mutex_);
    const bool fresh = commands_.try_emplace(Text(request, "into"), std::move(sent)).second;
    if (!fresh) throw RequestError("a command of this name was sent already");
  }
  return Code(device->SendCommand(IsNull(arguments, "command-pointer") ? nullptr : command));
}

void EngineHost::OnCompleted(VDS_Command* command) {
  auto* sent = reinterpret_cast<Sent*>(command->completionContext);
  EngineHost* host = sent->host;
  const std::lock_guard lock(host->mutex_);
  sent->completed = true;
  host->completed_.notify_all();
}

Json EngineHost::Advance(const Json& request) {
  if (control_ == nullptr) throw RequestError("this engine has no clock that could be moved");
  const DWORD waiting = Word(request, "waiting");
  const DWORD timeout_ms = Word(request, "timeout");
  const DWORD ms = Word(request, "ms");
  HRESULT code = control_->WaitForWaiters(waiting, timeout_ms);
  if (code == 0) {
    code = control_->AdvanceClock(ms);
  } else if (code == VD_E_PROTOCOL && advance_by_name_) {
    code = advance_by_name_(Text(Arguments(request), "name"), waiting, timeout_ms, ms);
  }
  if (code != 0 && code != VD_E_TIMEOUT) {
    throw RequestError("the clock cannot be moved: " + vdisim::HResult(code).ToString());
  }
  Json answer = Json::object();
  answer["out"] = Json::object();
  answer["out"]["moved"] = code == 0;
  return answer;
}

Json EngineHost::AwaitCompletion(const Json& request) {
  const Json& arguments = Arguments(request);
  const std::string name = Text(arguments, "command");
  std::unique_lock lock(mutex_);
  const auto found = commands_.find(name);
  if (found == commands_.end()) throw RequestError("no command \"" + name + "\" was sent");
  const Sent& sent = *found->second;
  const bool completed =
      completed_.wait_for(lock, std::chrono::milliseconds(Integer(arguments, "timeout")),
                          [&] { return sent.completed; });
  Json answer = Json::object();
  answer["out"] = Json::object();
  answer["out"]["completed"] = completed;
  if (completed) {
    answer["out"]["completion"] = sent.command.completionCode;
    answer["out"]["bytes"] = sent.command.bytesTransferred;
    answer["out"]["position"] = sent.command.outPosition;
  }
  return answer;
}

}  // namespace conform
