#include "simulator/device_set/control_segment.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "simulator/device_set/configuration.h"
#include "simulator/shm/object_name.h"

namespace vdisim {
namespace {

constexpr uint32_t kStateBits = 8;

constexpr uint32_t WordOf(SetState state, VdiSimAbortReason reason) {
  return static_cast<uint32_t>(state) | static_cast<uint32_t>(reason) << kStateBits;
}

DeviceState DeviceStateOf(const std::atomic<uint32_t>& word) {
  const uint32_t value = word.load(std::memory_order_seq_cst);
  // A value that nobody writes counts as closed: such a device takes part in nothing.
  return value <= static_cast<uint32_t>(DeviceState::kClosed) ? static_cast<DeviceState>(value)
                                                              : DeviceState::kClosed;
}

// Copies the header once and believes only the copy.
Result<SetFacts> ReadFacts(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof(ControlLayout)) return kInvalid;
  // Pairs with the store that ends Create, for a reader in the same process.
  reinterpret_cast<const StateBlock*>(bytes.data() + offsetof(ControlLayout, state))
      ->word.load(std::memory_order_acquire);
  ControlHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != kControlMagic || header.layout_version != kLayoutVersion) return kInvalid;
  if (header.instance_bytes > kInstanceBytesMax || header.name_bytes > kNameBytesMax) {
    return kInvalid;
  }
  if (!CheckRequest(header.requested).ok()) return kInvalid;
  const size_t size = ControlBytes(header.requested.deviceCount);
  if (header.size_bytes != size || bytes.size() < size) return kInvalid;
  if (header.handle_tag == 0 || header.handle_tag >> 14 != 0) return kInvalid;
  if (header.clock_mode > static_cast<uint32_t>(ClockMode::kVirtual)) return kInvalid;

  SetFacts facts;
  facts.incarnation = header.incarnation;
  facts.created = Nanoseconds(static_cast<int64_t>(header.created_ns));
  facts.owner = header.owner;
  facts.handle_tag = header.handle_tag;
  facts.virtual_clock = header.clock_mode == static_cast<uint32_t>(ClockMode::kVirtual);
  facts.own_pages = header.own_pages == 1;
  facts.keeper = header.keeper;
  facts.mode = header.mode & 0666;
  facts.requested = WithoutServerFields(header.requested);
  facts.instance.assign(header.instance, header.instance_bytes);
  facts.name.assign(header.name, header.name_bytes);
  return facts;
}

void WriteFacts(const SetFacts& facts, std::span<std::byte> bytes) {
  ControlHeader header{};
  header.magic = kControlMagic;
  header.layout_version = kLayoutVersion;
  header.size_bytes = static_cast<uint32_t>(ControlBytes(facts.requested.deviceCount));
  header.incarnation = facts.incarnation;
  header.created_ns = static_cast<uint64_t>(facts.created.count());
  header.owner = facts.owner;
  header.handle_tag = facts.handle_tag;
  header.clock_mode =
      static_cast<uint32_t>(facts.virtual_clock ? ClockMode::kVirtual : ClockMode::kReal);
  header.own_pages = facts.own_pages ? 1 : 0;
  header.keeper = facts.keeper;
  header.mode = facts.mode;
  header.instance_bytes = static_cast<uint32_t>(facts.instance.size());
  header.name_bytes = static_cast<uint32_t>(facts.name.size());
  header.requested = WithoutServerFields(facts.requested);
  std::copy(facts.instance.begin(), facts.instance.end(), header.instance);
  std::copy(facts.name.begin(), facts.name.end(), header.name);
  std::memcpy(bytes.data(), &header, sizeof header);
  reinterpret_cast<StateBlock*>(bytes.data() + offsetof(ControlLayout, state))
      ->word.store(WordOf(SetState::kCreated, VdiSimNotAborted), std::memory_order_release);
}

// The owner of an object of that name is gone, whatever the object holds.
bool OwnerIsGone(const shm::Segment& existing) {
  const Result<SetFacts> facts = ReadFacts(existing.bytes());
  if (!facts.ok()) return !existing.RoleIsHeldElsewhere(shm::Role::kOwner);
  return !shm::IsAlive(existing, shm::Role::kOwner, facts.value().owner);
}

}  // namespace

// Reads the virtual time from the segment; real time from the machine.
class ControlSegment::SetClock final : public Clock {
 public:
  SetClock(const std::atomic<int64_t>& virtual_now_ns, bool is_virtual)
      : virtual_now_ns_(virtual_now_ns), virtual_(is_virtual) {}
  Nanoseconds Now() const override {
    return virtual_ ? Nanoseconds(virtual_now_ns_.load(std::memory_order_acquire))
                    : MonotonicClock::Get().Now();
  }
  bool IsReal() const override { return !virtual_; }

 private:
  const std::atomic<int64_t>& virtual_now_ns_;
  const bool virtual_;
};

ControlSegment::ControlSegment(shm::Segment segment, SetFacts facts)
    : segment_(std::move(segment)),
      facts_(std::move(facts)),
      clock_(std::make_unique<SetClock>(layout().shared.virtual_now_ns, facts_.virtual_clock)) {}

Result<std::unique_ptr<ControlSegment>> ControlSegment::Create(const SetFacts& facts) {
  shm::SegmentOptions options;
  options.mode = facts.mode;
  Result<shm::Segment> segment = shm::Segment::Create(
      shm::ControlObjectName(facts.instance, facts.name), ControlBytes(facts.requested.deviceCount),
      shm::Role::kOwner, options, [&](std::span<std::byte> bytes) { WriteFacts(facts, bytes); },
      OwnerIsGone);
  if (!segment.ok()) return segment.code();
  return Adopt(std::move(segment.value()));
}

Result<std::unique_ptr<ControlSegment>> ControlSegment::Open(std::string_view instance,
                                                             std::string_view name) {
  auto control = OpenObject(shm::ControlObjectName(instance, name));
  if (!control.ok()) return control.code();
  // Long names are hashed into the object's name; the segment has the whole.
  const SetFacts& facts = control.value()->facts();
  if (facts.instance != instance || facts.name != name) return kFileNotFound;
  return control;
}

Result<std::unique_ptr<ControlSegment>> ControlSegment::OpenObject(const std::string& object_name) {
  Result<shm::Segment> segment =
      shm::Segment::OpenExisting(object_name, sizeof(ControlLayout), shm::SegmentOptions{});
  if (!segment.ok()) return segment.code();
  return Adopt(std::move(segment.value()));
}

Result<std::unique_ptr<ControlSegment>> ControlSegment::Adopt(shm::Segment segment) {
  Result<SetFacts> facts = ReadFacts(segment.bytes());
  if (!facts.ok()) return facts.code();
  return std::unique_ptr<ControlSegment>(
      new ControlSegment(std::move(segment), std::move(facts.value())));
}

SetState ControlSegment::StateOf(uint32_t word) {
  const uint32_t value = word & ((1U << kStateBits) - 1);
  // A state that nobody writes means that the set cannot go on.
  return value >= static_cast<uint32_t>(SetState::kCreated) &&
                 value <= static_cast<uint32_t>(SetState::kAborted)
             ? static_cast<SetState>(value)
             : SetState::kAborted;
}

VdiSimAbortReason ControlSegment::abort_reason() const {
  const uint32_t word = layout().state.word.load(std::memory_order_acquire);
  if (StateOf(word) != SetState::kAborted) return VdiSimNotAborted;
  const uint32_t reason = word >> kStateBits;
  return reason >= VdiSimClientAborted && reason <= VdiSimDamaged
             ? static_cast<VdiSimAbortReason>(reason)
             : VdiSimDamaged;
}

ClientView ControlSegment::client_view() const {
  const SetState now = state();
  const bool every_close_reported = now == SetState::kNormallyTerminated &&
                                    CountClientDevices(DeviceState::kClosed) == device_count();
  return ViewOfClient(now, every_close_reported);
}

bool ControlSegment::Advance(SetEvent event) {
  std::atomic<uint32_t>& word = layout().state.word;
  uint32_t found = word.load(std::memory_order_acquire);
  while (true) {
    const std::optional<SetState> next = Next(StateOf(found), event);
    if (!next.has_value()) return false;
    if (word.compare_exchange_weak(found, WordOf(*next, VdiSimNotAborted),
                                   std::memory_order_acq_rel)) {
      WakeAll();
      return true;
    }
  }
}

void ControlSegment::AdvanceIfReady() {
  if (state() != SetState::kInitializing) return;
  // Each side stores its part before it looks (sequentially consistent), so the last one to come
  // sees everything.
  if (server().agent_runs.load(std::memory_order_seq_cst) != 1) return;
  if (CountClientDevices(DeviceState::kOpened) != device_count()) return;
  if (CountServerDevices(DeviceState::kOpened) != device_count()) return;
  Advance(SetEvent::kEverythingReady);
}

void ControlSegment::Abort(VdiSimAbortReason reason) {
  std::atomic<uint32_t>& word = layout().state.word;
  uint32_t found = word.load(std::memory_order_acquire);
  while ((found & ((1U << kStateBits) - 1)) != static_cast<uint32_t>(SetState::kAborted)) {
    if (word.compare_exchange_weak(found, WordOf(SetState::kAborted, reason),
                                   std::memory_order_acq_rel)) {
      break;
    }
  }
  WakeAll();
}

void ControlSegment::WakeAll() {
  events().configuration.Signal();
  events().active.Signal();
  events().agent.Signal();
  for (uint32_t i = 0; i < device_count(); ++i) device(i).command_event.Signal();
}

bool ControlSegment::AdvanceClock(Nanoseconds step) {
  if (!facts_.virtual_clock) return false;
  SharedBlock& block = shared();
  const uint32_t waits = block.clock_timed.load(std::memory_order_seq_cst);
  block.clock_seen.store(0, std::memory_order_seq_cst);
  block.virtual_now_ns.fetch_add(step.count(), std::memory_order_seq_cst);
  block.clock_moves.fetch_add(1, std::memory_order_seq_cst);
  WakeAll();
  const Clock& real = MonotonicClock::Get();
  shm::SpinBudget spin;
  (void)shm::WaitUntil(
      block.clock_event, real, Deadline::After(real, Timeout::Milliseconds(1000)), spin,
      [&] { return block.clock_seen.load(std::memory_order_seq_cst) >= waits; }, [] {});
  return true;
}

ControlSegment::ClockWait::ClockWait(ControlSegment& control, Deadline deadline)
    : control_(control),
      counted_(control.facts_.virtual_clock),
      timed_(counted_ && !deadline.never()) {
  if (!counted_) return;
  SharedBlock& block = control_.shared();
  // Read before it is counted: whoever counts it and then moves the clock is answered.
  seen_ = block.clock_moves.load(std::memory_order_seq_cst);
  if (timed_) block.clock_timed.fetch_add(1, std::memory_order_seq_cst);
  block.clock_waits.fetch_add(1, std::memory_order_seq_cst);
  block.clock_event.Signal();
}

ControlSegment::ClockWait::~ClockWait() {
  if (!counted_) return;
  SharedBlock& block = control_.shared();
  block.clock_waits.fetch_sub(1, std::memory_order_seq_cst);
  if (!timed_) return;
  block.clock_timed.fetch_sub(1, std::memory_order_seq_cst);
  Saw(block.clock_moves.load(std::memory_order_seq_cst));
}

Nanoseconds ControlSegment::ClockWait::Now() const {
  if (!timed_) return control_.clock().Now();
  const uint32_t moves = control_.shared().clock_moves.load(std::memory_order_seq_cst);
  const Nanoseconds now = control_.clock().Now();
  // What this time means for the wait is settled: its caller compares nothing but `now`.
  Saw(moves);
  return now;
}

void ControlSegment::ClockWait::Saw(uint32_t moves) const {
  if (moves == seen_) return;
  seen_ = moves;
  control_.shared().clock_seen.fetch_add(1, std::memory_order_seq_cst);
  control_.shared().clock_event.Signal();
}

uint32_t ControlSegment::clock_waits() const {
  return layout().shared.clock_waits.load(std::memory_order_seq_cst);
}

HResult ControlSegment::WaitForClockWaits(uint32_t count, Timeout timeout,
                                          const std::function<bool()>& given_up) {
  if (!facts_.virtual_clock) return kNotSupported;
  const Clock& real = MonotonicClock::Get();
  const auto enough = [&] { return clock_waits() >= count; };
  shm::SpinBudget spin;
  (void)shm::WaitUntil(
      shared().clock_event, real, Deadline::After(real, timeout), spin,
      [&] { return enough() || given_up(); }, [] {});
  return enough() ? kOk : kTimeout;
}

DeviceState ControlSegment::server_device_state(uint32_t index) const {
  return DeviceStateOf(device(index).server.state);
}

DeviceState ControlSegment::client_device_state(uint32_t index) const {
  return DeviceStateOf(device(index).client.state);
}

uint32_t ControlSegment::CountClientDevices(DeviceState wanted) const {
  uint32_t count = 0;
  for (uint32_t i = 0; i < device_count(); ++i) count += client_device_state(i) == wanted ? 1 : 0;
  return count;
}

uint32_t ControlSegment::CountServerDevices(DeviceState wanted) const {
  uint32_t count = 0;
  for (uint32_t i = 0; i < device_count(); ++i) count += server_device_state(i) == wanted ? 1 : 0;
  return count;
}

std::string_view ControlSegment::DeviceName(uint32_t index) const {
  if (index == 0) return facts_.name;  // N-02
  if (server_device_state(index) == DeviceState::kUnopened) return {};
  const DeviceSlot& slot = device(index);
  return {slot.name, std::min(slot.server.name_bytes, kNameBytesMax)};
}

void ControlSegment::SetServer(const shm::ProcessIdentity& identity) {
  server().start_time.store(identity.start_time, std::memory_order_relaxed);
  server().pid_namespace.store(identity.pid_namespace, std::memory_order_relaxed);
  server().pid.store(identity.pid, std::memory_order_release);
}

shm::ProcessIdentity ControlSegment::server_identity() const {
  const ServerBlock& block = layout().server;
  shm::ProcessIdentity identity{};
  identity.pid = block.pid.load(std::memory_order_acquire);
  identity.start_time = block.start_time.load(std::memory_order_relaxed);
  identity.pid_namespace = block.pid_namespace.load(std::memory_order_relaxed);
  return identity;
}

bool ControlSegment::OwnerIsAlive() const {
  return shm::IsAlive(segment_, shm::Role::kOwner, facts_.owner);
}

bool ControlSegment::ServerIsAlive() const {
  const shm::ProcessIdentity identity = server_identity();
  return identity.pid != 0 && shm::IsAlive(segment_, shm::Role::kServer, identity);
}

bool ControlSegment::Depart(uint32_t who) {
  const uint32_t before = shared().departed.fetch_or(who, std::memory_order_acq_rel);
  if (who == kPrimaryDeparted) return (before & kServerDeparted) != 0 || !ServerIsAlive();
  return (before & kPrimaryDeparted) != 0 || !OwnerIsAlive();
}

uint64_t ControlSegment::calls() const {
  uint64_t sum = layout().shared.calls.load(std::memory_order_relaxed);
  for (uint32_t i = 0; i < device_count(); ++i) {
    const DeviceClientLine& line = device(i).client;
    sum += line.fetched.load(std::memory_order_relaxed) +
           line.completed.load(std::memory_order_relaxed);
  }
  return sum;
}

}  // namespace vdisim
