#include "conformance/agreement/simulated_set.h"

#include <algorithm>
#include <utility>

namespace conform {
namespace {

using vdisim::ClientCall;
using vdisim::ClientView;
using vdisim::HResult;
using vdisim::ServerCall;
using vdisim::ServerView;
using vdisim::SetEvent;
using vdisim::SetState;

constexpr std::uint32_t kTrue = 1;
// G-59: below this many outstanding commands a queue is never full.
constexpr int kQueueDepth = 4;
constexpr std::int64_t kBufferSize = 65536;

std::uint32_t Number(HResult code) { return static_cast<std::uint32_t>(code.value()); }

const std::map<std::string, ClientCall>& ClientCalls() {
  static const std::map<std::string, ClientCall> kCalls = {
      {"Create", ClientCall::kCreate},
      {"CreateEx", ClientCall::kCreate},
      {"GetConfiguration", ClientCall::kGetConfiguration},
      {"OpenDevice", ClientCall::kOpenDevice},
      {"GetCommand", ClientCall::kGetCommand},
      {"CompleteCommand", ClientCall::kCompleteCommand},
      {"SignalAbort", ClientCall::kSignalAbort},
      {"Close", ClientCall::kCloseSet},
      {"OpenInSecondary", ClientCall::kOpenInSecondary},
      {"OpenInSecondaryEx", ClientCall::kOpenInSecondary},
      {"GetBufferHandle", ClientCall::kGetBufferHandle},
      {"MapBufferHandle", ClientCall::kMapBufferHandle}};
  return kCalls;
}

const std::map<std::string, ServerCall>& ServerCalls() {
  static const std::map<std::string, ServerCall> kCalls = {
      {"Open", ServerCall::kOpenSet},
      {"GetConfiguration", ServerCall::kGetConfiguration},
      {"BeginConfiguration", ServerCall::kBeginConfiguration},
      {"RequestBuffers", ServerCall::kRequestBuffers},
      {"QueryAvailableBuffers", ServerCall::kQueryAvailableBuffers},
      {"EndConfiguration", ServerCall::kEndConfiguration},
      {"OpenDevice", ServerCall::kOpenDevice},
      {"ExecuteCompletionAgent", ServerCall::kExecuteCompletionAgent},
      {"AllocateBuffer", ServerCall::kAllocateBuffer},
      {"FreeBuffer", ServerCall::kFreeBuffer},
      {"SendCommand", ServerCall::kSendCommand},
      {"CloseDevice", ServerCall::kCloseDevice},
      {"SignalAbort", ServerCall::kSignalAbort},
      {"Close", ServerCall::kCloseSet},
      {"IsSharedBuffer", ServerCall::kIsSharedBuffer}};
  return kCalls;
}

// The state of the documents that a view of the simulator stands for.
State StateOf(ClientView view) {
  switch (view) {
    case ClientView::kDoesNotExist:
      break;
    case ClientView::kConfigurable:
      return State::kConfigurable;
    case ClientView::kInitializing:
      return State::kInitializing;
    case ClientView::kActive:
      return State::kActive;
    case ClientView::kNormallyTerminated:
      return State::kNormallyTerminated;
    case ClientView::kAborted:
      return State::kAbort;
  }
  return State::kDoesNotExist;
}

State StateOf(ServerView view) {
  switch (view) {
    case ServerView::kDoesNotExist:
      break;
    case ServerView::kConnected:
      return State::kConnected;
    case ServerView::kConfigurable:
      return State::kConfigurable;
    case ServerView::kInitializing:
      return State::kInitializing;
    case ServerView::kActive:
      return State::kActive;
    case ServerView::kNormallyTerminated:
      return State::kNormallyTerminated;
    case ServerView::kAborted:
      return State::kAbort;
  }
  return State::kDoesNotExist;
}

bool NeedsDevice(const std::string& method) {
  return method == "GetCommand" || method == "CompleteCommand" || method == "SendCommand" ||
         method == "CloseDevice";
}

std::string DeviceText(std::size_t device) { return "set/" + std::to_string(device); }

std::size_t DeviceNumber(const Json& arguments) {
  return std::stoul(arguments["device"].get<std::string>().substr(4));
}

}  // namespace

SimulatedSet::SimulatedSet(std::string name, bool com, std::uint64_t seed)
    : name_(std::move(name)), com_(com), random_(seed) {
  device_count_ = 1 + Draw(3);
  hurries_ = Chance(2);
}

ClientView SimulatedSet::ClientViewOf(const std::shared_ptr<Set>& set) const {
  if (set == nullptr) return ClientView::kDoesNotExist;
  const bool reported = std::all_of(set->devices.begin(), set->devices.end(),
                                    [](const Device& one) { return one.saw_close; });
  return vdisim::ViewOfClient(set->state, reported);
}

State SimulatedSet::StateOfOldDevice(const std::shared_ptr<Set>& set) const {
  const ClientView view = ClientViewOf(set);
  const bool untold = view == ClientView::kInitializing && !set->told;
  return view == ClientView::kConfigurable || untold ? State::kConfigurable : State::kDoesNotExist;
}

ServerView SimulatedSet::ServerViewOf(const std::shared_ptr<Set>& set) const {
  return set == nullptr ? ServerView::kDoesNotExist : vdisim::ViewOfServer(set->state);
}

void SimulatedSet::Happens(Set* set, SetEvent event) {
  const std::optional<SetState> next = vdisim::Next(set->state, event);
  if (!next) return;
  set->state = *next;
  if (*next == SetState::kActive) activated_ = true;
  // S-EXE-22: the agent ends by an abort, and by Close.
  if (*next == SetState::kAborted && agent_of_.get() == set) agent_ended_ = true;
}

void SimulatedSet::MaybeReady(Set* set) {
  const bool open = std::all_of(set->devices.begin(), set->devices.end(), [](const Device& one) {
    return one.server_open && one.client_open;
  });
  if (open && set->agent) Happens(set, SetEvent::kEverythingReady);
}

bool SimulatedSet::TakeAgentEnd() {
  if (!agent_ended_) return false;
  agent_of_ = nullptr;
  agent_ended_ = false;
  return true;
}

bool SimulatedSet::TakeActivation() { return std::exchange(activated_, false); }

std::string SimulatedSet::UsefulMethod(Who who) {
  const std::shared_ptr<Set>& set = objects_[static_cast<std::size_t>(who)].set;
  if (who == Who::kEngine) {
    if (set == nullptr) return "Open";
    switch (set->state) {
      case SetState::kConnected:
        return "BeginConfiguration";
      case SetState::kConfigurable:
        return "EndConfiguration";
      case SetState::kInitializing:
        return set->agent || std::any_of(set->devices.begin(), set->devices.end(),
                                         [](const Device& one) { return !one.server_open; })
                   ? "OpenDevice"
                   : "ExecuteCompletionAgent";
      case SetState::kActive:
        return hurries_ && !Chance(3) ? "CloseDevice" : "SendCommand";
      default:
        return "GetConfiguration";
    }
  }
  if (set == nullptr) {
    if (who == Who::kSecondary) return com_ ? "OpenInSecondaryEx" : "OpenInSecondary";
    return com_ ? "CreateEx" : "Create";
  }
  switch (ClientViewOf(set)) {
    case ClientView::kConfigurable:
      return "GetConfiguration";
    case ClientView::kInitializing:
      return set->primary_configured ? "OpenDevice" : "GetConfiguration";
    case ClientView::kActive:
      return Chance(3) ? "CompleteCommand" : "GetCommand";
    default:
      return "GetCommand";
  }
}

SimulatedCall SimulatedSet::Next() {
  Call call;
  while (!DrawCall(&call)) {
  }
  call.side == Side::kClient ? Client(&call) : Server(&call);
  return call;
}

// False when nobody could make that call.
bool SimulatedSet::DrawCall(Call* call) {
  *call = Call();
  call->who = static_cast<Who>(Draw(kWhos));
  call->side = call->who == Who::kEngine ? Side::kServer : Side::kClient;
  Object& object = ObjectOf(call->who);
  if (!Chance(3)) {
    call->method = UsefulMethod(call->who);
  } else if (call->side == Side::kClient) {
    call->method = std::next(ClientCalls().begin(), static_cast<std::ptrdiff_t>(Draw(12)))->first;
    // A face has one spelling of each, but for the deprecated ones.
    const bool ex = call->method.size() > 2 && call->method.ends_with("Ex");
    const bool spelt = call->method.starts_with("Create") || call->method.starts_with("OpenIn");
    if (spelt && ex != com_) return false;
    if (call->method.starts_with("Create") && call->who == Who::kSecondary && !object.set)
      return false;
    if (call->method.starts_with("OpenIn") && call->who == Who::kPrimary && !object.set)
      return false;
  } else {
    call->method = std::next(ServerCalls().begin(), static_cast<std::ptrdiff_t>(Draw(15)))->first;
  }
  // What ends a set comes late, so that what lies behind is seen too.
  const bool ends = call->method == "SignalAbort" || call->method == "Close";
  if (ends && !Chance(6)) return false;
  if (NeedsDevice(call->method)) {
    if (object.devices.empty()) return false;
    const auto which =
        std::next(object.devices.begin(), static_cast<std::ptrdiff_t>(Draw(object.devices.size())));
    call->arguments["device"] = DeviceText(which->first);
  }
  // What a second agent does while the first one waits for devices is stated nowhere.
  const bool waits = object.set != nullptr && object.set->state == SetState::kInitializing;
  if (call->method == "ExecuteCompletionAgent" && agent_of_ != nullptr && waits) return false;
  return true;
}

void SimulatedSet::Client(Call* call) {
  Object& object = ObjectOf(call->who);
  std::shared_ptr<Set> set = object.set;
  Device* device = nullptr;
  if (NeedsDevice(call->method)) {
    const std::size_t number = DeviceNumber(call->arguments);
    if (object.devices[number] != set) set = nullptr;  // it stays with the set it was opened in
    if (set != nullptr) device = &set->devices[number];
  }
  const ClientView view = ClientViewOf(set);
  const ClientCall which = ClientCalls().at(call->method);
  call->state = set == object.set ? StateOf(view) : StateOfOldDevice(object.set);
  // Arguments are there whatever the state says.
  if (which == ClientCall::kCreate) {
    call->arguments = {{"name", name_}, {"devices", Chance(20) ? 65U : device_count_}};
  } else if (which == ClientCall::kOpenInSecondary) {
    call->arguments = {{"name", name_}};
  } else if (which == ClientCall::kGetConfiguration) {
    call->arguments = {{"timeout", 0}};
  } else if (which == ClientCall::kGetCommand) {
    call->arguments["timeout"] = 0;
    call->into = "c" + std::to_string(++last_name_);
  }
  const HResult answer = ClientAnswer(which, view);
  call->code = Number(answer);
  const bool goes_on = answer == vdisim::kOk;
  switch (which) {
    case ClientCall::kCreate:
      if (!goes_on) return;
      if (call->arguments["devices"] == 65U) {
        call->code = Number(vdisim::kNotSupported);
        return;
      }
      named_ = object.set = std::make_shared<Set>();
      for (std::size_t i = 0; i < device_count_; ++i) {
        named_->devices.emplace_back().name = i == 0 ? name_ : name_ + "-" + std::to_string(i);
      }
      return;
    case ClientCall::kGetConfiguration:
      if (!goes_on) return;
      if (view == ClientView::kConfigurable) {
        call->code = Number(vdisim::kTimeout);
      } else {
        set->told = true;
        set->primary_configured |= call->who == Who::kPrimary;
      }
      return;
    case ClientCall::kOpenDevice:
      return OpenDevice(call, goes_on ? set.get() : nullptr);
    case ClientCall::kGetCommand:
      if (goes_on) GetCommand(call, set.get(), device);
      return;
    case ClientCall::kCompleteCommand:
      return CompleteCommand(call, goes_on ? set.get() : nullptr, device);
    case ClientCall::kSignalAbort:
      if (goes_on) Happens(set.get(), SetEvent::kAborts);
      return;
    case ClientCall::kCloseSet:
      if (goes_on) CloseClient(call, &object);
      return;
    case ClientCall::kOpenInSecondary:
      if (goes_on) Join(call, &object);
      return;
    case ClientCall::kGetBufferHandle:
    case ClientCall::kMapBufferHandle:
      return Handles(call, goes_on ? set.get() : nullptr);
  }
}

void SimulatedSet::OpenDevice(Call* call, Set* set) {
  const std::size_t number = Draw(device_count_);
  const bool server = call->side == Side::kServer;
  call->arguments["device"] = DeviceText(number);
  call->arguments["name"] = number == 0 ? name_ : name_ + "-" + std::to_string(number);
  if (set == nullptr) return;
  const auto open = [&](const Device& one) { return server ? one.server_open : one.client_open; };
  if (std::all_of(set->devices.begin(), set->devices.end(), open)) {
    call->code = Number(vdisim::kOpen);
    return;
  }
  if (server) {
    // The server names the next one.
    std::size_t next = 0;
    while (set->devices[next].server_open) ++next;
    call->arguments["device"] = DeviceText(next);
    call->arguments["name"] = set->devices[next].name;
    set->devices[next].server_open = true;
    ObjectOf(call->who).devices[next] = ObjectOf(call->who).set;
    return MaybeReady(set);
  }
  const bool all_named = std::all_of(set->devices.begin(), set->devices.end(),
                                     [](const Device& one) { return one.server_open; });
  if (all_named && Chance(8)) {
    call->arguments["name"] = "no-such-device";
    call->code = Number(vdisim::kInvalid);
    return;
  }
  Device& device = set->devices[number];
  if (device.client_open) {
    call->code = Number(vdisim::kProtocol);
    return;
  }
  if (!device.server_open) {
    // It would wait until the server names its devices: an unknown name, in the end. The first
    // one's is known from Create (C-ODV-10).
    if (number == 0) call->arguments["name"] = "no-such-device";
    call->code = Number(vdisim::kInvalid);
    return;
  }
  set->told = true;
  device.client_open = true;
  device.opener = call->who;
  ObjectOf(call->who).devices[number] = ObjectOf(call->who).set;
  MaybeReady(set);
}

void SimulatedSet::GetCommand(Call* call, Set* set, Device* device) {
  const bool begun = set->state != SetState::kInitializing;  // nothing comes before (G-09)
  if (begun && device->queued > 0) {
    --device->queued;
    device->held[call->into] = call->who;
    call->out["size"] = kBufferSize;
  } else if (begun && device->server_closed) {
    device->saw_close = true;
    call->code = Number(vdisim::kClose);
  } else {
    call->code = Number(vdisim::kTimeout);
  }
}

void SimulatedSet::CompleteCommand(Call* call, Set* set, Device* device) {
  call->arguments["command"] = "foreign";
  if (set == nullptr) return;
  if (!device->held.empty() && !Chance(6)) call->arguments["command"] = device->held.begin()->first;
  const std::string command = call->arguments["command"].get<std::string>();
  if (device->saw_close) {
    call->code = Number(vdisim::kProtocol);
  } else if (device->held.erase(command) == 0) {
    call->code = Number(vdisim::kInvalid);
  } else {
    --device->outstanding;
  }
}

void SimulatedSet::CloseClient(Call* call, Object* object) {
  const std::shared_ptr<Set> set = std::exchange(object->set, nullptr);
  const bool primary = call->who == Who::kPrimary;
  // G-10, G-19: a primary answers for the devices of every process, a secondary for its own.
  const bool open = std::any_of(set->devices.begin(), set->devices.end(), [&](const Device& one) {
    return one.client_open && !one.saw_close && (primary || one.opener == call->who);
  });
  const bool left_open = open && set->state != SetState::kAborted;
  if (left_open) call->code = Number(vdisim::kOpen);
  if (primary && named_ == set) named_ = nullptr;
  // L-17: whoever leaves before the end aborts the set.
  const bool ended = set->state == SetState::kNormallyTerminated;
  if (left_open || (primary && !ended)) Happens(set.get(), SetEvent::kAborts);
}

void SimulatedSet::Join(Call* call, Object* object) {
  if (named_ == nullptr) {
    call->code = Number(vdisim::kProtocol);  // G-41
    return;
  }
  const HResult answer = vdisim::SecondaryAnswer(named_->state, named_->primary_configured);
  call->code = Number(answer);
  if (answer == vdisim::kOk) object->set = named_;
}

void SimulatedSet::Handles(Call* call, Set* set) {
  const bool map = call->method == "MapBufferHandle";
  if (map) {
    call->arguments["handle"] = 999999;
    call->into = "v" + std::to_string(++last_name_);
  } else {
    call->arguments["buffer"] = "foreign";
  }
  if (set != nullptr) call->code = Number(vdisim::kInvalid);
}

void SimulatedSet::Server(Call* call) {
  Object& object = ObjectOf(call->who);
  std::shared_ptr<Set> set = object.set;
  Device* device = nullptr;
  if (NeedsDevice(call->method)) {
    const std::size_t number = DeviceNumber(call->arguments);
    if (object.devices[number] != set) set = nullptr;
    if (set != nullptr) device = &set->devices[number];
  }
  const ServerView view = ServerViewOf(set);
  const ServerCall which = ServerCalls().at(call->method);
  call->state = StateOf(view);
  if (which == ServerCall::kOpenSet) call->arguments = {{"name", name_}};
  if (which == ServerCall::kSendCommand) call->arguments["command"] = 2;
  const HResult answer = ServerAnswer(which, view);
  call->code = Number(answer);
  const bool goes_on = answer == vdisim::kOk;
  switch (which) {
    case ServerCall::kOpenSet:
      if (!goes_on) return;
      if (named_ == nullptr || named_->has_server || named_->state != SetState::kCreated) {
        call->code = Number(vdisim::kInvalid);
        return;
      }
      object.set = named_;
      named_->has_server = true;
      return Happens(named_.get(), SetEvent::kServerOpens);
    case ServerCall::kBeginConfiguration:
      if (goes_on) Happens(set.get(), SetEvent::kConfigurationBegins);
      return;
    case ServerCall::kEndConfiguration:
      if (goes_on) Happens(set.get(), SetEvent::kConfigurationEnds);
      return;
    case ServerCall::kOpenDevice:
      return OpenDevice(call, goes_on ? set.get() : nullptr);
    case ServerCall::kExecuteCompletionAgent:
      if (!goes_on) return;
      call->agent = true;
      agent_of_ = set;
      set->agent = true;
      return MaybeReady(set.get());
    case ServerCall::kSendCommand:
      if (goes_on) SendCommand(call, device);
      return;
    case ServerCall::kCloseDevice:
      if (goes_on) CloseDevice(call, set.get(), device);
      return;
    case ServerCall::kSignalAbort:
      if (goes_on) Happens(set.get(), SetEvent::kAborts);
      return;
    case ServerCall::kCloseSet:
      if (goes_on) CloseServer(call, &object);
      return;
    case ServerCall::kAllocateBuffer:
    case ServerCall::kFreeBuffer:
    case ServerCall::kIsSharedBuffer:
      return Buffers(call, goes_on ? set.get() : nullptr);
    case ServerCall::kGetConfiguration:
    case ServerCall::kRequestBuffers:
    case ServerCall::kQueryAvailableBuffers:
      return;
  }
}

void SimulatedSet::SendCommand(Call* call, Device* device) {
  if (device->server_closed) {
    call->code = Number(vdisim::kProtocol);
  } else if (device->outstanding >= kQueueDepth) {
    call->code = Number(vdisim::kQueueFull);
  } else {
    ++device->queued;
    ++device->outstanding;
  }
}

void SimulatedSet::CloseDevice(Call* call, Set* set, Device* device) {
  if (std::exchange(device->server_closed, true)) {
    call->code = Number(vdisim::kClose);  // G-50
    return;
  }
  const bool last = std::all_of(set->devices.begin(), set->devices.end(),
                                [](const Device& one) { return one.server_closed; });
  if (last) Happens(set, SetEvent::kLastDeviceCloses);
}

void SimulatedSet::CloseServer(Call* call, Object* object) {
  const std::shared_ptr<Set> set = std::exchange(object->set, nullptr);
  const bool open = std::any_of(set->devices.begin(), set->devices.end(), [](const Device& one) {
    return one.server_open && !one.server_closed;
  });
  if (open && set->state != SetState::kAborted) call->code = Number(vdisim::kProtocol);
  if (set->state != SetState::kNormallyTerminated) Happens(set.get(), SetEvent::kAborts);
  if (agent_of_ == set) agent_ended_ = true;
}

void SimulatedSet::Buffers(Call* call, Set* set) {
  const bool allocates = call->method == "AllocateBuffer";
  const bool asks = call->method == "IsSharedBuffer";
  if (allocates) {
    const bool bad = Chance(6);
    call->arguments = {{"size", kBufferSize}, {"alignment", bad ? 3 : 0}};
    call->into = "b" + std::to_string(++last_name_);
    if (set == nullptr) return;
    if (bad) {
      call->code = Number(vdisim::kInvalid);
    } else {
      set->buffers.insert(call->into);
    }
    return;
  }
  call->arguments["buffer"] = "foreign";
  if (set != nullptr && !set->buffers.empty() && !Chance(3)) {
    call->arguments["buffer"] = *set->buffers.begin();
  }
  const std::string buffer = call->arguments["buffer"].get<std::string>();
  if (asks) {
    // Where the table refuses, the method has no other answer than FALSE.
    call->code = set != nullptr && set->buffers.count(buffer) > 0 ? kTrue : 0;
    return;
  }
  call->arguments["size"] = kBufferSize;
  if (set != nullptr && set->buffers.erase(buffer) == 0) call->code = Number(vdisim::kInvalid);
}

}  // namespace conform
