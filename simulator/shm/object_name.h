// Names of shared objects, and finding them. A device set's instance and name become an object name
// without loss: bytes outside [A-Za-z0-9_-] are escaped as %xx, and a name too long for the system
// is shortened to a readable head and a hash of the whole (the full name lies in the segment and is
// compared when it is opened). The hash is Boost.Uuid's SHA-1 name generator, which needs no
// library in a vendor's process. Any thread.
#ifndef SIMULATOR_SHM_OBJECT_NAME_H_
#define SIMULATOR_SHM_OBJECT_NAME_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/base/clock.h"

namespace vdisim::shm {

// The object that holds the control segment of a set: vdisim.set.<instance>.<set>, at most 200
// bytes. instance: empty = the default one.
std::string ControlObjectName(std::string_view instance, std::string_view set_name);

// The object that holds buffer area `index` of one incarnation of a set:
// vdisim.area.<16 hex digits>.<index>. Begins with AreaObjectPrefix(incarnation).
std::string AreaObjectName(uint64_t incarnation, uint32_t index);
std::string AreaObjectPrefix(uint64_t incarnation);

enum class ObjectKind { kControl, kArea, kUnfinished };
struct ObjectInfo {
  std::string name;
  ObjectKind kind;
  uint64_t size_bytes;
  uint64_t incarnation;  // of a kArea
};
// Every object of the simulator on this machine that this user can see, in name order.
std::vector<ObjectInfo> ListObjects();

// Removes objects whose creation was cut short by the death of their maker; returns how many.
int PurgeUnfinished();

// Waits until an object appears or the deadline passes; true if it exists. Wakes by notification
// of the file system, not by looking again and again. Who waits for more than mere existence uses
// an ArrivalWatch (arrival_watch.h).
bool WaitForObject(const std::string& name, const Clock& clock, Deadline deadline);

}  // namespace vdisim::shm

#endif  // SIMULATOR_SHM_OBJECT_NAME_H_
