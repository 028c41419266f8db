#include "simulator/device_set/set_directory.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "simulator/device_set/control_segment.h"
#include "simulator/device_set/reclaim.h"
#include "simulator/shm/arrival_watch.h"
#include "simulator/shm/object_name.h"

namespace vdisim {
namespace {

std::string_view ReasonName(VdiSimAbortReason reason) {
  switch (reason) {
    case VdiSimNotAborted:
      return "";
    case VdiSimClientAborted:
      return "aborted by the client";
    case VdiSimServerAborted:
      return "aborted by the server";
    case VdiSimClientClosed:
      return "closed early by the client";
    case VdiSimServerClosed:
      return "closed early by the server";
    case VdiSimPrimaryDied:
      return "the primary client died";
    case VdiSimServerDied:
      return "the server died";
    case VdiSimServerTimeOut:
      return "serverTimeOut";
    case VdiSimDamaged:
      return "damaged";
  }
  return "damaged";
}

SetDescription Describe(const ControlSegment& set) {
  SetDescription description;
  description.instance = set.facts().instance;
  description.name = set.facts().name;
  description.state = SetStateName(set.state());
  description.abort_reason = ReasonName(set.abort_reason());
  description.owner = shm::Describe(set.facts().owner);
  description.owner_alive = set.OwnerIsAlive();
  const shm::ProcessIdentity server = set.server_identity();
  if (server.pid != 0) {
    description.server = shm::Describe(server);
    description.server_alive = set.ServerIsAlive();
  }
  description.devices = set.device_count();
  description.devices_open = set.CountClientDevices(DeviceState::kOpened);
  description.calls = set.calls();
  description.age = std::chrono::duration_cast<std::chrono::seconds>(MonotonicClock::Get().Now() -
                                                                     set.facts().created);
  return description;
}

// Whether a set of that name exists and its primary lives.
bool HasLivingSet(std::string_view instance, std::string_view name) {
  auto set = ControlSegment::Open(instance, name);
  return set.ok() && set.value()->OwnerIsAlive();
}

}  // namespace

std::vector<SetDescription> ListSets() {
  const std::vector<shm::ObjectInfo> objects = shm::ListObjects();
  std::map<uint64_t, uint64_t> area_bytes;
  std::map<uint64_t, std::vector<std::string>> area_objects;
  for (const shm::ObjectInfo& object : objects) {
    if (object.kind != shm::ObjectKind::kArea) continue;
    area_bytes[object.incarnation] += object.size_bytes;
    area_objects[object.incarnation].push_back(object.name);
  }

  std::vector<SetDescription> sets;
  for (const shm::ObjectInfo& object : objects) {
    if (object.kind != shm::ObjectKind::kControl) continue;
    auto set = ControlSegment::OpenObject(object.name);
    if (set.code() == kFileNotFound) continue;  // gone since the list was made
    SetDescription description;
    if (set.ok()) {
      description = Describe(*set.value());
      description.bytes = area_bytes[set.value()->facts().incarnation];
      description.area_objects = area_objects[set.value()->facts().incarnation];
    } else {
      description.name = object.name;
      description.state = set.code() == kInvalid ? "damaged" : set.code().ToString();
    }
    description.object_name = object.name;
    description.bytes += object.size_bytes;
    sets.push_back(std::move(description));
  }
  std::sort(sets.begin(), sets.end(), [](const SetDescription& a, const SetDescription& b) {
    return std::tie(a.instance, a.name) < std::tie(b.instance, b.name);
  });
  return sets;
}

PurgeResult PurgeDeadSets() { return RemoveDeadObjects().removed; }

HResult WaitForSet(std::string_view instance, std::string_view name, Timeout timeout) {
  const Clock& clock = MonotonicClock::Get();
  const Deadline deadline = Deadline::After(clock, timeout);
  // An object of that name may exist already and belong to a dead owner, so arrivals count, not
  // existence.
  shm::ArrivalWatch arrivals;
  while (!HasLivingSet(instance, name)) {
    if (deadline.Expired(clock)) return kTimeout;
    arrivals.Wait(clock, deadline);
  }
  return kOk;
}

HResult WaitForClockWaits(std::string_view instance, std::string_view name, uint32_t count,
                          Timeout timeout) {
  auto set = ControlSegment::Open(instance, name);
  if (!set.ok()) return kInvalid;
  return set.value()->WaitForClockWaits(count, timeout, [] { return false; });
}

HResult AdvanceSetClock(std::string_view instance, std::string_view name, Nanoseconds step) {
  if (step.count() < 0) return kInvalid;
  auto set = ControlSegment::Open(instance, name);
  if (!set.ok()) return kInvalid;
  return set.value()->AdvanceClock(step) ? kOk : kNotSupported;
}

}  // namespace vdisim
