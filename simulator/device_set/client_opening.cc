#include "simulator/device_set/client_opening.h"

#include <algorithm>
#include <utility>

#include "simulator/device_set/buffer_handle.h"
#include "simulator/device_set/configuration.h"
#include "simulator/device_set/limits.h"
#include "simulator/device_set/reclaim.h"
#include "simulator/device_set/set_identity.h"
#include "simulator/device_set/set_transitions.h"

namespace vdisim {
namespace {

constexpr HResult Gone(ClientCall call) { return ClientAnswer(call, ClientView::kDoesNotExist); }

bool IsSetName(std::string_view instance, std::string_view name) {
  return !name.empty() && name.size() <= kNameBytesMax && instance.size() <= kInstanceBytesMax &&
         name.find('\\') == std::string_view::npos;  // C-CRE-11
}

}  // namespace

ClientOpening::ClientOpening(std::unique_ptr<ControlSegment> control, Part part,
                             const GuardOptions& guard)
    : part_(part),
      process_(shm::ThisProcess()),
      control_(std::move(control)),
      areas_(std::make_unique<ClientAreas>(*control_)),
      guard_options_(guard),
      guard_(guard.mode == GuardMode::kOff
                 ? nullptr
                 : std::make_unique<BufferGuard>(guard_options_, control_->facts().name,
                                                 control_->facts().requested.prefixZoneSize)),
      watch_(*control_,
             part == Part::kPrimary ? PeerWatch::Self::kPrimary : PeerWatch::Self::kSecondary) {}

// Returns  VD_E_INVALID       the name cannot be one                           C-CRE-11
//          VD_E_NOTSUPPORTED  a field of the request                           C-CRL-02
//          VD_E_PROTOCOL      a living process has a set of that name          G-40
Result<std::shared_ptr<ClientOpening>> ClientOpening::Create(std::string_view instance,
                                                             std::string_view name,
                                                             const VDConfig& request,
                                                             const ClientOptions& options) {
  if (!IsSetName(instance, name)) return kInvalid;
  if (HResult hr = CheckRequest(request); !hr.ok()) return hr;

  // Whatever earlier runs left behind goes now, so that nothing outlives the next run.
  const Survey survey = RemoveDeadObjects();
  SetFacts facts;
  facts.incarnation = NewIncarnation();
  facts.created = MonotonicClock::Get().Now();
  facts.owner = shm::ThisProcess();
  facts.handle_tag = NewHandleTag(survey.living_tags);
  facts.virtual_clock = options.virtual_clock;
  facts.own_pages = options.guard.mode != GuardMode::kOff;
  facts.keeper = shm::ProcessOf(options.keeper);
  facts.mode = options.mode;
  facts.requested = request;
  facts.instance = instance;
  facts.name = name;
  auto control = ControlSegment::Create(facts);
  if (!control.ok()) return control.code() == kAlreadyExists ? kProtocol : control.code();
  control.value()->CountCall();
  return std::shared_ptr<ClientOpening>(
      new ClientOpening(std::move(control.value()), Part::kPrimary, options.guard));
}

// Returns  VD_E_PROTOCOL  no such set, or not ready for secondaries            C-OIL-02, C-OIS-20
//          VD_E_ABORT     aborted                                              C-OIL-03
Result<std::shared_ptr<ClientOpening>> ClientOpening::OpenInSecondary(
    std::string_view instance, std::string_view name, const ClientOptions& options) {
  auto control = ControlSegment::Open(instance, name);
  if (!control.ok()) {
    // G-41: a set that cannot be found, or is none, does not exist.
    const bool missing = control.code() == kFileNotFound || control.code() == kInvalid;
    return missing ? kProtocol : control.code();
  }
  ControlSegment& set = *control.value();
  if (set.state() != SetState::kAborted && !set.OwnerIsAlive()) return kProtocol;
  PeerWatch(set, PeerWatch::Self::kSecondary).LookNow();  // of the server
  const bool configured = set.shared().primary_configured.load(std::memory_order_acquire) == 1;
  if (HResult answer = SecondaryAnswer(set.state(), configured); !answer.ok()) return answer;
  set.CountCall();
  return std::shared_ptr<ClientOpening>(
      new ClientOpening(std::move(control.value()), Part::kSecondary, options.guard));
}

// Returns  VD_E_ABORT    aborted, before or while waiting   C-GCF-02
//          VD_E_TIMEOUT  not configured in time             C-GCF-03
HResult ClientOpening::GetConfiguration(Timeout timeout, VDConfig* configuration) {
  const CallGate::Pass pass(gate_);
  if (!pass) return Gone(ClientCall::kGetConfiguration);
  control_->CountCall();
  watch_.LookNow();  // a configured set answers at once, and has to know that its peers live
  if (HResult answer = ClientAnswer(ClientCall::kGetConfiguration, control_->client_view());
      !answer.ok()) {
    return answer;
  }
  if (configuration == nullptr) return kInvalid;

  const auto is_configured = [this] {
    return control_->client_view() != ClientView::kConfigurable || gate_.IsShut();
  };
  bool configured = is_configured();
  if (!configured && timeout.length().count() != 0) {
    shm::SpinBudget spin;
    const Deadline deadline = Deadline::After(control_->clock(), timeout);
    const ControlSegment::ClockWait counted(*control_, deadline);
    configured = shm::WaitUntil(control_->events().configuration, counted, deadline, spin,
                                is_configured, [this] { watch_.Look(); });
  }
  if (gate_.IsShut()) return Gone(ClientCall::kGetConfiguration);
  if (!configured) return kTimeout;
  if (control_->state() == SetState::kAborted) return kAbort;
  *configuration = control_->server().actual;
  if (part_ == Part::kPrimary) {
    control_->shared().primary_configured.store(1, std::memory_order_release);
  }
  return kOk;
}

// Returns  VD_E_ABORT     aborted                                              C-ODV-02
//          VD_E_OPEN      every device is open                                 C-ODV-03, G-08
//          VD_E_PROTOCOL  not Initializing, or this device is open             C-ODV-04
//          VD_E_INVALID   no device has this name                              C-ODV-05
HResult ClientOpening::OpenDevice(std::string_view name, std::shared_ptr<ClientDevice>* device) {
  if (device != nullptr) device->reset();
  const CallGate::Pass pass(gate_);
  if (!pass) return Gone(ClientCall::kOpenDevice);
  control_->CountCall();
  watch_.LookNow();

  std::optional<Deadline> deadline;
  shm::SpinBudget spin;
  while (true) {
    const uint32_t named = CountNamed();
    if (const std::optional<HResult> answer = TryOpenDevice(name, device)) return *answer;
    // The name may be one of those that the server has yet to give.
    if (!deadline.has_value()) {
      deadline = Deadline::After(
          control_->clock(), Timeout::Milliseconds(std::chrono::milliseconds(kNamesWait).count()));
    }
    const auto changed = [&] {
      return CountNamed() != named || control_->state() != SetState::kInitializing ||
             control_->CountClientDevices(DeviceState::kUnopened) == 0 || gate_.IsShut();
    };
    const ControlSegment::ClockWait counted(*control_, *deadline);
    if (!shm::WaitUntil(control_->events().configuration, counted, *deadline, spin, changed,
                        [this] { watch_.Look(); })) {
      return kInvalid;
    }
    if (gate_.IsShut()) return Gone(ClientCall::kOpenDevice);
  }
}

uint32_t ClientOpening::CountNamed() const {
  return control_->device_count() - control_->CountServerDevices(DeviceState::kUnopened);
}

std::optional<HResult> ClientOpening::TryOpenDevice(std::string_view name,
                                                    std::shared_ptr<ClientDevice>* device) {
  if (HResult answer = ClientAnswer(ClientCall::kOpenDevice, control_->client_view());
      !answer.ok()) {
    return answer;
  }
  if (control_->CountClientDevices(DeviceState::kUnopened) == 0) return kOpen;
  if (name.empty() || device == nullptr) return kInvalid;
  // How many names are known is read first: one that comes meanwhile is found on the next round.
  const bool all_named = CountNamed() == control_->device_count();
  for (uint32_t i = 0; i < control_->device_count(); ++i) {
    if (control_->DeviceName(i) == name) return Claim(i, device);
  }
  if (all_named) return kInvalid;
  return std::nullopt;
}

HResult ClientOpening::Claim(uint32_t index, std::shared_ptr<ClientDevice>* device) {
  DeviceClientLine& line = control_->device(index).client;
  const std::lock_guard lock(devices_mutex_);
  // Made before the claim: from the claim on nothing can fail.
  auto opened = std::make_shared<OpenedClientDevice>(*control_, *areas_, watch_, index);
  if (guard_ != nullptr) opened->Guard(guard_options_, *guard_);
  devices_.push_back(opened);
  auto expected = static_cast<uint32_t>(DeviceState::kUnopened);
  if (!line.state.compare_exchange_strong(expected, static_cast<uint32_t>(DeviceState::kOpened),
                                          std::memory_order_seq_cst)) {
    devices_.pop_back();
    return kProtocol;
  }
  line.pid.store(process_.pid, std::memory_order_relaxed);
  control_->AdvanceIfReady();
  control_->events().configuration.Signal();
  *device = std::move(opened);
  return kOk;
}

HResult ClientOpening::SignalAbort() {
  const CallGate::Pass pass(gate_);
  if (!pass) return Gone(ClientCall::kSignalAbort);
  control_->CountCall();
  control_->Abort(VdiSimClientAborted);
  return kOk;
}

// Returns  VD_E_INVALID  not the start of an allocated buffer of this set   C-GBH-03, G-20
HResult ClientOpening::GetBufferHandle(const uint8_t* buffer, uint32_t* handle) {
  const CallGate::Pass pass(gate_);
  if (!pass) return Gone(ClientCall::kGetBufferHandle);
  control_->CountCall();
  if (buffer == nullptr || handle == nullptr) return kInvalid;
  BufferArea* area = nullptr;
  std::optional<BufferPlace> place;
  if (guard_ != nullptr) place = guard_->PlaceOf(buffer);
  if (place.has_value()) {
    if (HResult hr = areas_->Find(*place, &area); !hr.ok()) return hr;
  } else {
    place = areas_->PlaceOf(buffer, &area);
  }
  if (!place.has_value()) return kInvalid;

  std::atomic<uint32_t>& word = area->word(place->index);
  uint32_t bits = word.load(std::memory_order_acquire);
  do {
    if ((bits & kBufferAllocated) == 0) return kInvalid;
  } while (
      !word.compare_exchange_weak(bits, bits | kBufferHandleIssued, std::memory_order_acq_rel));
  *handle = EncodeHandle(control_->facts().handle_tag, *place);
  return kOk;
}

// Returns  VD_E_INVALID  no handle that this set has given out for a buffer in use   C-MAP-03
HResult ClientOpening::MapBufferHandle(int32_t handle, uint8_t** buffer) {
  const CallGate::Pass pass(gate_);
  if (!pass) return Gone(ClientCall::kMapBufferHandle);
  control_->CountCall();
  if (buffer == nullptr) return kInvalid;
  const std::optional<BufferPlace> place = DecodeHandle(control_->facts().handle_tag, handle);
  if (!place.has_value()) return kInvalid;
  BufferArea* area = nullptr;
  if (HResult hr = areas_->Find(*place, &area); !hr.ok()) {
    return hr == kFileNotFound ? kInvalid : hr;
  }
  constexpr uint32_t kNeeded = kBufferAllocated | kBufferHandleIssued;
  if ((area->word(place->index).load(std::memory_order_acquire) & kNeeded) != kNeeded) {
    return kInvalid;
  }
  uint8_t* const lent = guard_ == nullptr ? nullptr : guard_->AddressOf(*place);
  *buffer = lent != nullptr ? lent : area->DataZone(place->index);
  return kOk;
}

// Devices that were opened and have not reported VD_E_CLOSE: of the whole set for the primary, its
// own for a secondary (G-10, G-19).
bool ClientOpening::LeavesDevicesOpen() {
  if (part_ == Part::kPrimary) return control_->CountClientDevices(DeviceState::kOpened) > 0;
  const std::lock_guard lock(devices_mutex_);
  return std::any_of(devices_.begin(), devices_.end(),
                     [](const auto& device) { return !device->IsClosed(); });
}

HResult ClientOpening::EndUse() {
  watch_.LookNow();
  const SetState state = control_->state();
  if (state == SetState::kAborted) return kOk;
  if (LeavesDevicesOpen()) {
    control_->Abort(VdiSimClientClosed);  // C-CLO-24
    return kOpen;
  }
  // L-17; a secondary without devices of its own disturbs nobody.
  if (part_ == Part::kPrimary && state != SetState::kNormallyTerminated) {
    control_->Abort(VdiSimClientClosed);
  }
  return kOk;
}

// Returns  VD_E_OPEN  devices were open; aborted, and released all the same   C-CLO-03
HResult ClientOpening::Close() {
  gate_.Shut();
  if (shm::ThisProcess() != process_) {
    // A child that inherited this object by fork has no part in the set, and its copies of the
    // devices may still be looked at: the mappings stay until it ends.
    static_cast<void>(guard_.release());
    static_cast<void>(areas_.release());
    static_cast<void>(control_.release());
    return kOk;
  }

  control_->CountCall();
  const HResult answer = EndUse();
  control_->events().configuration.Signal();
  gate_.Drain();
  for (const auto& device : devices_) device->Detach();
  if (guard_ != nullptr) guard_->Finish();
  if (part_ == Part::kPrimary) {
    // The name is free from here on; the areas stay while a server holds them (B-08).
    control_->segment().Unlink();
    if (control_->Depart(kPrimaryDeparted)) RemoveAreas(control_->facts().incarnation);
  }
  devices_.clear();
  guard_.reset();
  areas_.reset();
  control_.reset();
  return answer;
}

}  // namespace vdisim
