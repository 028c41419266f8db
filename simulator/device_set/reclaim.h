// Removing what nobody needs any more: objects of dead owners, and the areas of a set when the last
// of its primary and its server leaves. Any thread, any number of processes at once.
#ifndef SIMULATOR_DEVICE_SET_RECLAIM_H_
#define SIMULATOR_DEVICE_SET_RECLAIM_H_

#include <cstdint>
#include <set>

#include "simulator/device_set/set_directory.h"

namespace vdisim {

// PurgeDeadSets, and the handle tags of the sets that live, from one look at the machine.
//
// A control segment goes when its owner is dead: a server still attached keeps its mapping, and the
// name has to be free. One with a keeper that lives stays, with its areas: the keeper wants to see
// what was left. An area goes when its server is dead and no living owner has its set. An
// area whose server lives is left to that server's Close.
struct Survey {
  PurgeResult removed;
  std::set<uint32_t> living_tags;
};
Survey RemoveDeadObjects();

// Removes every area of an incarnation.
void RemoveAreas(uint64_t incarnation);

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_RECLAIM_H_
