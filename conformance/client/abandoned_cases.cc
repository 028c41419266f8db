#include "conformance/client/abandoned_cases.h"

#include <algorithm>
#include <exception>
#include <string>
#include <system_error>

#include "conformance/client/growing_file.h"
#include "conformance/client/live_signs.h"
#include "conformance/client/server_process.h"

namespace conform {
namespace {

namespace fs = std::filesystem;

// What the traces in a folder tell of its clients.
LiveSigns SignsIn(const fs::path& folder) {
  LiveSigns signs;
  std::error_code error;
  for (fs::recursive_directory_iterator
           entry(folder, fs::directory_options::skip_permission_denied, error),
       end;
       !error && entry != end; entry.increment(error)) {
    if (entry->path().filename() != JobFiles{}.trace().filename()) continue;
    for (const std::string& line : GrowingLines(entry->path()).Take()) signs.TakeTrace(line);
  }
  return signs;
}

// Whether none of the folder's sets is in use any more; those that are dead are removed.
bool RemoveSetsOf(const fs::path& folder, const ClientTools& tools) {
  const LiveSigns signs = SignsIn(folder);
  if (signs.sets().empty()) return true;
  bool in_use = false;
  for (const LeftSet& set : SetsOf(tools, signs.callers())) {
    // A number of a process may be another's by now; its set has another name.
    if (std::find(signs.sets().begin(), signs.sets().end(), set.name) == signs.sets().end()) {
      continue;
    }
    in_use |= set.owner_alive;
    if (!set.owner_alive) RemoveSet(set);
  }
  return !in_use;
}

}  // namespace

void ClearAbandonedCases(const ClientTools& tools) {
  RemoveAbandonedFolders([&](const fs::path& folder) {
    try {
      return RemoveSetsOf(folder, tools);
    } catch (const std::exception&) {
      return false;  // what others left must not hinder a run
    }
  });
}

}  // namespace conform
