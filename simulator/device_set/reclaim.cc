#include "simulator/device_set/reclaim.h"

#include <memory>
#include <optional>
#include <vector>

#include "simulator/device_set/area_layout.h"
#include "simulator/device_set/buffer_area.h"
#include "simulator/device_set/control_segment.h"
#include "simulator/shm/object_name.h"
#include "simulator/shm/segment.h"

namespace vdisim {
namespace {

Result<shm::Segment> Look(const shm::ObjectInfo& object) {
  return shm::Segment::OpenExisting(object.name, 1, shm::SegmentOptions{});
}

// Removes a control segment that nobody owns, nor keeps. A damaged one has an owner if its lock is
// held.
bool RemoveIfOwnerIsDead(const shm::ObjectInfo& object, Survey* survey,
                         std::set<uint64_t>* living) {
  auto control = ControlSegment::OpenObject(object.name);
  if (control.ok()) {
    ControlSegment& set = *control.value();
    const bool is_kept = shm::StateOf(set.facts().keeper) == shm::ProcessState::kAlive;
    if (is_kept || set.OwnerIsAlive()) {
      survey->living_tags.insert(set.facts().handle_tag);
      living->insert(set.facts().incarnation);
      return false;
    }
    return set.segment().Unlink();
  }
  if (control.code() != kInvalid) return false;  // gone, or not ours
  Result<shm::Segment> segment = Look(object);
  return segment.ok() && !segment->RoleIsHeldElsewhere(shm::Role::kOwner) && segment->Unlink();
}

bool RemoveIfServerIsDead(const shm::ObjectInfo& object) {
  Result<shm::Segment> segment = Look(object);
  if (!segment.ok()) return false;
  const std::optional<shm::ProcessIdentity> server = ServerOfArea(segment.value());
  const bool alive = server.has_value() ? shm::IsAlive(segment.value(), shm::Role::kServer, *server)
                                        : segment->RoleIsHeldElsewhere(shm::Role::kServer);
  return !alive && segment->Unlink();
}

}  // namespace

Survey RemoveDeadObjects() {
  Survey survey;
  std::set<uint64_t> living;
  const std::vector<shm::ObjectInfo> objects = shm::ListObjects();
  for (const shm::ObjectInfo& object : objects) {
    if (object.kind == shm::ObjectKind::kControl && RemoveIfOwnerIsDead(object, &survey, &living)) {
      ++survey.removed.sets;
    }
  }
  // Control segments were looked at after the list was made: an area in the list whose set was made
  // later does not exist, so an incarnation missing from `living` has no living owner.
  for (const shm::ObjectInfo& object : objects) {
    if (object.kind == shm::ObjectKind::kArea && living.count(object.incarnation) == 0 &&
        RemoveIfServerIsDead(object)) {
      ++survey.removed.areas;
    }
  }
  survey.removed.others = shm::PurgeUnfinished();
  return survey;
}

void RemoveAreas(uint64_t incarnation) {
  for (const shm::ObjectInfo& object : shm::ListObjects()) {
    if (object.kind != shm::ObjectKind::kArea || object.incarnation != incarnation) continue;
    Result<shm::Segment> segment = Look(object);
    if (segment.ok()) segment->Unlink();
  }
}

}  // namespace vdisim
