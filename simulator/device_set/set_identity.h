// What makes one incarnation of a device set different from every other: its number, which names
// its areas, and the tag in its buffer handles. Any thread.
#ifndef SIMULATOR_DEVICE_SET_SET_IDENTITY_H_
#define SIMULATOR_DEVICE_SET_SET_IDENTITY_H_

#include <cstdint>
#include <set>

namespace vdisim {

// Unique among all sets of this machine since it started: time, process and a counter, mixed.
uint64_t NewIncarnation();

// A tag from 1 to kHandleTagMax that is not in `living`, the tags of the sets on this machine.
//
// Two incarnations of one name must not share a tag either, or a handle kept from the first would
// reach a buffer of the second. The second may come from this process or from a later one, and the
// first has left nothing behind. So tags go up with the milliseconds of the machine's clock plus a
// counter of this process: no tag comes back within sixteen seconds on any process, and none of the
// last 256 of this process comes back at all. Beyond that chance has it, one in 16383.
uint32_t NewHandleTag(const std::set<uint32_t>& living);

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_SET_IDENTITY_H_
