#include "simulator/engine/profile.h"

#include <algorithm>
#include <array>

namespace vdisim {
namespace {

constexpr std::array kProfiles = {
    Profile{.name = "default",
            .description = "grants VDC_Complete; RESTORE reads in sizes of its own choosing"},
    Profile{.name = "no-complete",
            .description = "a server older than VDC_Complete: the request is not answered",
            .grants_complete = false},
    Profile{.name = "even-reads",
            .description = "RESTORE reads MAXTRANSFERSIZE at a time",
            .read_sizes = ReadSizes::kMaximum},
    Profile{.name = "small-reads",
            .description = "RESTORE reads one block at a time",
            .read_sizes = ReadSizes::kSmallest},
    Profile{.name = "session-18210",
            .description = "a build that sends message 18210 to the session as well",
            .logged_failures_in_session = true},
    Profile{.name = "linux-texts",
            .description = "system errors read 'error not found', as a Linux build prints them",
            .system_texts = false},
};

}  // namespace

const Profile* FindProfile(std::string_view name) {
  const auto* row = std::find_if(kProfiles.begin(), kProfiles.end(),
                                 [&](const Profile& profile) { return profile.name == name; });
  return row == kProfiles.end() ? nullptr : row;
}

std::string ProfileNames() {
  std::string names;
  for (const Profile& profile : kProfiles) {
    names.append(names.empty() ? "" : ", ").append(profile.name);
  }
  return names;
}

}  // namespace vdisim
