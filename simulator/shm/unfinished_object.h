// Objects in the making. A creator works under a name of its own that says who it is, so that
// whoever finds the object later can tell whether the maker still works on it. For segment.cc.
#ifndef SIMULATOR_SHM_UNFINISHED_OBJECT_H_
#define SIMULATOR_SHM_UNFINISHED_OBJECT_H_

#include <optional>
#include <string>
#include <string_view>

#include "simulator/shm/liveness.h"

namespace vdisim::shm {

inline constexpr std::string_view kUnfinishedPrefix = "vdisim.tmp.";

// A name that nobody else uses: maker and chance.
std::string NewUnfinishedName();
// Who makes the object of that name; nothing if the name is not one of ours.
std::optional<ProcessIdentity> MakerOf(std::string_view unfinished_name);

}  // namespace vdisim::shm

#endif  // SIMULATOR_SHM_UNFINISHED_OBJECT_H_
