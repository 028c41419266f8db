// A ControlSegment is one process's mapping of the object that holds a device set together
// (layout.h). It owns the mapping and the role lock taken through it. What it tells about the set's
// making was copied and checked when it was opened; everything that changes is read atomically and
// judged at each reading. Any thread.
#ifndef SIMULATOR_DEVICE_SET_CONTROL_SEGMENT_H_
#define SIMULATOR_DEVICE_SET_CONTROL_SEGMENT_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "simulator/base/clock.h"
#include "simulator/base/result.h"
#include "simulator/device_set/layout.h"
#include "simulator/device_set/set_transitions.h"
#include "simulator/include/vdi_sim.h"
#include "simulator/shm/segment.h"

namespace vdisim {

// What does not change over the life of a set.
struct SetFacts {
  uint64_t incarnation = 0;
  Nanoseconds created{0};
  shm::ProcessIdentity owner{};
  uint32_t handle_tag = 0;
  bool virtual_clock = false;
  bool own_pages = false;  // no two buffers share a page, so that a client can be guarded
  // While it lives, only it removes what the death of the owner left, or a set of the same name.
  shm::ProcessIdentity keeper{};
  uint32_t mode = 0600;
  VDConfig requested{};
  std::string instance;
  std::string name;
};

class ControlSegment {
 public:
  // Makes a set whose owner is this process; `facts` must be complete.
  // Returns 0x800700B7 if a living owner has the name; one whose owner is dead is replaced.
  static Result<std::unique_ptr<ControlSegment>> Create(const SetFacts& facts);
  // Opens a set by its names. Returns 0x80070002 (no such set), VD_E_INVALID (damaged), or what the
  // system says.
  static Result<std::unique_ptr<ControlSegment>> Open(std::string_view instance,
                                                      std::string_view name);
  // The same by the name of the object, whatever the set is called.
  static Result<std::unique_ptr<ControlSegment>> OpenObject(const std::string& object_name);

  const SetFacts& facts() const { return facts_; }
  uint32_t device_count() const { return facts_.requested.deviceCount; }
  shm::Segment& segment() { return segment_; }
  const shm::Segment& segment() const { return segment_; }
  // The set's clock; lives as long as this object.
  const Clock& clock() const { return *clock_; }

  SetState state() const { return StateOf(layout().state.word.load(std::memory_order_acquire)); }
  VdiSimAbortReason abort_reason() const;
  ClientView client_view() const;
  ServerView server_view() const { return ViewOfServer(state()); }

  // Takes the step that the table allows, from whatever state is found; true if this call took it.
  // Wakes every wait.
  bool Advance(SetEvent event);
  // Initializing becomes Active once every device is open on both sides and the agent runs (L-14).
  void AdvanceIfReady();
  // The first cause stays. Wakes every wait.
  void Abort(VdiSimAbortReason reason);
  void WakeAll();
  // Moves the virtual clock and returns when every call that has a time-out has looked at the new
  // time: one whose time is over will say so, whatever comes next. Waits no longer than a second
  // for waiters that were killed or stopped. One thread at a time. False for a set on real time.
  bool AdvanceClock(Nanoseconds step);

  // One call that waits, from when its deadline is known; one that waits for ever is counted like
  // the others. Counted only on a virtual clock, so that whoever moves the clock, or does what ends
  // the wait, can wait for the call first. A waiter that is killed stays counted. It is the clock
  // that the wait has to use: by it the mover learns that this wait has seen the new time.
  class ClockWait final : public Clock {
   public:
    ClockWait(ControlSegment& control, Deadline deadline);
    ~ClockWait() override;
    ClockWait(const ClockWait&) = delete;
    ClockWait& operator=(const ClockWait&) = delete;

    Nanoseconds Now() const override;
    bool IsReal() const override { return control_.clock().IsReal(); }

   private:
    void Saw(uint32_t moves) const;

    ControlSegment& control_;
    const bool counted_;
    const bool timed_;
    mutable uint32_t seen_ = 0;  // moves of the clock that this wait has answered to
  };
  uint32_t clock_waits() const;
  // Waits, in real time, until `count` calls wait on the virtual clock or `given_up` holds.
  // Returns NOERROR, VD_E_TIMEOUT, VD_E_NOTSUPPORTED (the set runs on real time).
  HResult WaitForClockWaits(uint32_t count, Timeout timeout, const std::function<bool()>& given_up);

  ServerBlock& server() { return layout().server; }
  SharedBlock& shared() { return layout().shared; }
  EventBlock& events() { return layout().events; }
  DeviceSlot& device(uint32_t index) { return devices()[index]; }
  const DeviceSlot& device(uint32_t index) const {
    return const_cast<ControlSegment*>(this)->devices()[index];
  }
  DeviceState server_device_state(uint32_t index) const;
  DeviceState client_device_state(uint32_t index) const;
  uint32_t CountClientDevices(DeviceState state) const;
  uint32_t CountServerDevices(DeviceState state) const;
  // The name of a device; empty while the server has not named it. The first has the set's name.
  std::string_view DeviceName(uint32_t index) const;

  void SetServer(const shm::ProcessIdentity& server);
  shm::ProcessIdentity server_identity() const;  // pid 0 while there is none
  bool OwnerIsAlive() const;
  bool ServerIsAlive() const;
  // One of the two that buffers live for leaves; true if the other has left or is dead, so that the
  // caller removes the areas.
  bool Depart(uint32_t who);

  void CountCall() { shared().calls.fetch_add(1, std::memory_order_relaxed); }
  uint64_t calls() const;

 private:
  class SetClock;
  ControlSegment(shm::Segment segment, SetFacts facts);
  static Result<std::unique_ptr<ControlSegment>> Adopt(shm::Segment segment);
  static SetState StateOf(uint32_t word);
  ControlLayout& layout() const {
    return *reinterpret_cast<ControlLayout*>(segment_.bytes().data());
  }
  DeviceSlot* devices() {
    return reinterpret_cast<DeviceSlot*>(segment_.bytes().data() + sizeof(ControlLayout));
  }

  shm::Segment segment_;
  const SetFacts facts_;
  std::unique_ptr<const Clock> clock_;
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_CONTROL_SEGMENT_H_
