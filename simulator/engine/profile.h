// What differs between servers, as data: a profile is a row that the engine reads and never
// changes. Which rows there are is told by ProfileNames. Values; any thread.
#ifndef SIMULATOR_ENGINE_PROFILE_H_
#define SIMULATOR_ENGINE_PROFILE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace vdisim {

// How a RESTORE cuts its reads (CFG-33); every size is a multiple of the block size.
enum class ReadSizes {
  kRandom,   // a seeded choice from one block to the maximum transfer size
  kMaximum,  // the maximum transfer size
  kSmallest  // one block
};

struct Profile {
  std::string_view name;
  std::string_view description;
  bool grants_complete = true;              // answers VDF_RequestComplete (VC-04, VC-06)
  uint32_t default_block_bytes = 512;       // CFG-28, G-54
  uint32_t default_transfer_bytes = 65536;  // CFG-29, G-54
  ReadSizes read_sizes = ReadSizes::kRandom;
  bool logged_failures_in_session = false;  // sends 18210 to the session too (M-08)
  bool system_texts = true;                 // false: "995(error not found)" (M-70)
};

// The profile of that name; NULL if there is none.
const Profile* FindProfile(std::string_view name);

// "default, no-complete, ...": for a message about a name that is none.
std::string ProfileNames();

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_PROFILE_H_
