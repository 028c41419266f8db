#include "simulator/device_set/server_opening.h"

#include <algorithm>
#include <utility>

#include "simulator/device_set/configuration.h"
#include "simulator/device_set/limits.h"
#include "simulator/device_set/set_transitions.h"

namespace vdisim {
namespace {

constexpr HResult Gone(ServerCall call) { return ServerAnswer(call, ServerView::kDoesNotExist); }

}  // namespace

// The view is read before the gate. Close shuts the gate and then aborts, so a call that is under
// way meanwhile never takes the Close of its own object for an abort by somebody else.
HResult ServerOpening::Answer(ServerCall call) const {
  const ServerView view = control_->server_view();
  return gate_.IsShut() ? Gone(call) : ServerAnswer(call, view);
}

ServerOpening::ServerOpening(std::unique_ptr<ControlSegment> control)
    : control_(std::move(control)),
      pool_(*control_),
      watch_(*control_, PeerWatch::Self::kServer),
      progress_(control_->clock(), control_->facts().requested.serverTimeOut) {}

ServerOpening::~ServerOpening() = default;

// Returns  VD_E_INVALID  no set of that name that a server can open: missing, damaged, its primary
//                        dead, aborted already, or with a server   S-OPN-02, G-17
Result<std::shared_ptr<ServerOpening>> ServerOpening::Open(std::string_view instance,
                                                           std::string_view name) {
  auto control = ControlSegment::Open(instance, name);
  if (!control.ok()) return control.code() == kFileNotFound ? kInvalid : control.code();
  ControlSegment& set = *control.value();
  if (!set.OwnerIsAlive()) return kInvalid;
  // The lock decides between two servers, and is held from before the state says "Connected".
  if (!set.segment().TakeRole(shm::Role::kServer).ok()) return kInvalid;
  if (set.state() != SetState::kCreated) return kInvalid;
  set.SetServer(shm::ThisProcess());
  if (!set.Advance(SetEvent::kServerOpens)) return kInvalid;
  set.CountCall();
  return std::shared_ptr<ServerOpening>(new ServerOpening(std::move(control.value())));
}

HResult ServerOpening::GetConfiguration(VDConfig* configuration) {
  const CallGate::Pass pass(gate_);
  if (!pass) return Gone(ServerCall::kGetConfiguration);
  control_->CountCall();
  watch_.LookNow();
  if (HResult answer = Answer(ServerCall::kGetConfiguration); !answer.ok()) return answer;
  if (configuration == nullptr) return kInvalid;
  *configuration = control_->facts().requested;  // S-GCF-20
  return kOk;
}

// Returns  VD_E_PROTOCOL  not Connected                                  S-BEG-03
//          VD_E_ABORT     aborted                                        S-BEG-02
//          VD_E_INVALID   values outside CFG-25 to CFG-27
HResult ServerOpening::BeginConfiguration(uint32_t features, uint32_t block_size,
                                          uint32_t alignment, uint32_t max_transfer_size) {
  const CallGate::Pass pass(gate_);
  if (!pass) return Gone(ServerCall::kBeginConfiguration);
  control_->CountCall();
  watch_.LookNow();
  const std::lock_guard lock(configuring_);
  if (HResult answer = Answer(ServerCall::kBeginConfiguration); !answer.ok()) return answer;
  VDConfig actual;
  if (HResult hr = Negotiate(control_->facts().requested, features, block_size, alignment,
                             max_transfer_size, &actual);
      !hr.ok()) {
    return hr;
  }

  actual_ = actual;
  pool_.SetBasicAlignment(actual.alignment);
  // Only an abort can have come between.
  return control_->Advance(SetEvent::kConfigurationBegins) ? kOk : kAbort;
}

// Returns  VD_E_PROTOCOL  not Configurable                               S-END-03
//          VD_E_ABORT     aborted                                        S-END-02
//          VD_E_MEMORY    no memory; still Configurable, sums cleared    S-END-04, G-76
HResult ServerOpening::EndConfiguration() {
  const CallGate::Pass pass(gate_);
  if (!pass) return Gone(ServerCall::kEndConfiguration);
  control_->CountCall();
  watch_.LookNow();
  const std::lock_guard lock(configuring_);
  if (HResult answer = Answer(ServerCall::kEndConfiguration); !answer.ok()) return answer;
  if (HResult hr = pool_.MakeRequested(); !hr.ok()) return hr;

  control_->server().actual = actual_;  // published by the state that follows
  return control_->Advance(SetEvent::kConfigurationEnds) ? kOk : kAbort;
}

HResult ServerOpening::RequestBuffers(uint32_t size, uint32_t alignment, uint32_t count) {
  const CallGate::Pass pass(gate_);
  if (!pass) return Gone(ServerCall::kRequestBuffers);
  control_->CountCall();
  watch_.LookNow();
  const std::lock_guard lock(configuring_);
  if (HResult answer = Answer(ServerCall::kRequestBuffers); !answer.ok()) return answer;
  return control_->server_view() == ServerView::kConfigurable
             ? pool_.Sum(size, alignment, count)
             : pool_.Grow(size, alignment, count);  // S-REQ-20
}

HResult ServerOpening::QueryAvailableBuffers(uint32_t size, uint32_t alignment, uint32_t* count) {
  const CallGate::Pass pass(gate_);
  if (!pass) return Gone(ServerCall::kQueryAvailableBuffers);
  control_->CountCall();
  watch_.LookNow();
  if (HResult answer = Answer(ServerCall::kQueryAvailableBuffers); !answer.ok()) return answer;
  if (count == nullptr) return kInvalid;
  return pool_.Available(size, alignment, count);
}

// N-02, N-03: the first device bears the set's name, the others any name not used yet.
HResult ServerOpening::CheckDeviceName(std::string_view name, uint32_t index) const {
  if (name.empty() || name.size() > kNameBytesMax) return kInvalid;
  if (index == 0) return name == control_->facts().name ? kOk : kInvalid;
  for (uint32_t i = 0; i < index; ++i) {
    if (control_->DeviceName(i) == name) return kInvalid;
  }
  return kOk;
}

// Returns  VD_E_OPEN      every device is open               S-ODV-02, G-08
//          VD_E_PROTOCOL  not Initializing                   S-ODV-03
//          VD_E_ABORT     aborted                            S-ODV-04
//          VD_E_INVALID   the name is not one for this device
HResult ServerOpening::OpenDevice(std::string_view name, std::shared_ptr<ServerDevice>* device) {
  if (device != nullptr) device->reset();
  const CallGate::Pass pass(gate_);
  if (!pass) return Gone(ServerCall::kOpenDevice);
  control_->CountCall();
  watch_.LookNow();
  const std::lock_guard lock(configuring_);
  if (HResult answer = Answer(ServerCall::kOpenDevice); !answer.ok()) return answer;
  const uint32_t index = device_count_.load(std::memory_order_relaxed);
  if (index == control_->device_count()) return kOpen;
  if (device == nullptr) return kInvalid;
  if (HResult hr = CheckDeviceName(name, index); !hr.ok()) return hr;

  auto opened = std::make_shared<OpenedServerDevice>(*control_, pool_, watch_, progress_, index);
  devices_[index] = opened;
  device_count_.store(index + 1, std::memory_order_release);
  DeviceSlot& slot = control_->device(index);
  std::copy(name.begin(), name.end(), slot.name);
  slot.server.name_bytes = static_cast<uint32_t>(name.size());
  slot.server.state.store(static_cast<uint32_t>(DeviceState::kOpened), std::memory_order_seq_cst);
  control_->AdvanceIfReady();
  control_->events().configuration.Signal();
  *device = std::move(opened);
  return kOk;
}

HResult ServerOpening::AllocateBuffer(uint8_t** buffer, uint32_t size, uint32_t alignment) {
  const CallGate::Pass pass(gate_);
  if (!pass) return Gone(ServerCall::kAllocateBuffer);
  control_->CountCall();
  watch_.LookNow();
  if (HResult answer = Answer(ServerCall::kAllocateBuffer); !answer.ok()) return answer;
  if (buffer == nullptr) return kInvalid;
  return pool_.Allocate(size, alignment, buffer);
}

// Returns  VD_E_INVALID  not an allocated buffer of that size, or a command holds it   S-FRE-02,
// B-14
HResult ServerOpening::FreeBuffer(uint8_t* buffer, uint32_t size) {
  const CallGate::Pass pass(gate_);
  if (!pass) return Gone(ServerCall::kFreeBuffer);
  control_->CountCall();
  watch_.LookNow();
  if (HResult answer = Answer(ServerCall::kFreeBuffer); !answer.ok()) return answer;
  const std::optional<BufferPool::Allocation> allocation = pool_.Find(buffer);
  if (!allocation.has_value()) return kInvalid;
  const uint32_t count = device_count_.load(std::memory_order_acquire);
  for (uint32_t i = 0; i < count; ++i) {
    if (devices_[i]->Holds(allocation->place)) return kInvalid;
  }
  return pool_.Free(buffer, size);
}

bool ServerOpening::IsSharedBuffer(const uint8_t* buffer) {
  const CallGate::Pass pass(gate_);
  if (!pass) return false;
  control_->CountCall();
  return pool_.Covers(buffer);
}

HResult ServerOpening::SignalAbort() {
  const CallGate::Pass pass(gate_);
  if (!pass) return Gone(ServerCall::kSignalAbort);
  control_->CountCall();
  control_->Abort(VdiSimServerAborted);
  return kOk;
}

HResult ServerOpening::WaitForActive(Timeout timeout) {
  return WaitUntilMoved(timeout, [this] { return control_->state() != SetState::kInitializing; });
}

HResult ServerOpening::WaitForAgent(Timeout timeout) {
  return WaitUntilMoved(timeout, [this] {
    return control_->state() == SetState::kAborted ||
           control_->server().agent_runs.load(std::memory_order_seq_cst) != 0;
  });
}

HResult ServerOpening::WaitUntilMoved(Timeout timeout, const std::function<bool()>& moved) {
  const CallGate::Pass pass(gate_);
  if (!pass) return kProtocol;
  control_->CountCall();
  watch_.LookNow();
  if (control_->state() < SetState::kInitializing) return kProtocol;

  const auto over = [&] { return moved() || gate_.IsShut(); };
  bool came = over();
  if (!came && timeout.length().count() == 0) {
    watch_.Look();
    came = over();
  } else if (!came) {
    shm::SpinBudget spin;
    const Deadline deadline = Deadline::After(control_->clock(), timeout);
    const ControlSegment::ClockWait counted(*control_, deadline);
    came = shm::WaitUntil(control_->events().active, counted, deadline, spin, over,
                          [this] { watch_.Look(); });
  }
  if (control_->state() == SetState::kAborted) return kAbort;
  if (gate_.IsShut()) return kProtocol;
  return came ? kOk : kTimeout;
}

HResult ServerOpening::AdvanceClock(Nanoseconds step) {
  const CallGate::Pass pass(gate_);
  if (!pass) return kProtocol;
  if (step.count() < 0) return kInvalid;
  return control_->AdvanceClock(step) ? kOk : kNotSupported;
}

HResult ServerOpening::WaitForWaiters(uint32_t count, Timeout timeout) {
  const CallGate::Pass pass(gate_);
  if (!pass) return kProtocol;
  return control_->WaitForClockWaits(count, timeout, [this] { return gate_.IsShut(); });
}

uint32_t ServerOpening::CountOpenDevices() const {
  return control_->CountServerDevices(DeviceState::kOpened);
}

// Returns  VD_E_PROTOCOL  devices were open; aborted, and released all the same   S-CLO-01,
// S-CLO-21
HResult ServerOpening::Close() {
  gate_.Shut();  // before the abort: see Answer
  control_->CountCall();
  watch_.LookNow();
  HResult answer = kOk;
  const SetState state = control_->state();
  if (state != SetState::kAborted && state != SetState::kNormallyTerminated) {
    if (CountOpenDevices() > 0) answer = kProtocol;
    control_->Abort(VdiSimServerClosed);  // L-17
  }

  const bool on_agent = agent_.load(std::memory_order_acquire) == std::this_thread::get_id();
  if (on_agent) closed_by_agent_.store(true, std::memory_order_release);
  control_->WakeAll();
  if (on_agent) return answer;  // the agent cannot be waited for here; it releases when it leaves
  gate_.Drain();
  Release();
  return answer;
}

void ServerOpening::Release() {
  const uint32_t count = device_count_.load(std::memory_order_acquire);
  for (uint32_t i = 0; i < count; ++i) {
    // Without an agent, commands can be outstanding only if none ever ran: then there are none.
    devices_[i]->EndOutstanding();
    devices_[i]->Detach();
  }
  // The areas stay while the primary has the set: a secondary may still map one.
  if (control_->Depart(kServerDeparted)) pool_.UnlinkAreas();
}

}  // namespace vdisim
