// What was seen of a case, read back from its trace, to be judged again by other rules. Values.
#ifndef CONFORMANCE_TABLE_MUTATION_RECORDING_H_
#define CONFORMANCE_TABLE_MUTATION_RECORDING_H_

#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/monitor/observation.h"
#include "conformance/rules/rules.h"

namespace conform {

// Who called what: the same name may be a method of both interfaces.
using CalledMethod = std::pair<Side, std::string>;

struct Recording {
  std::string name;  // of the case
  std::vector<Seen> seen;
  std::set<CalledMethod> methods;  // all that were called in it
};

// text: lines of a trace; findings among them are left out. Throws ObservationError.
Recording ReadRecording(const std::string& name, const std::string& text);

// Every *.vdt of a folder that `vdi-conform run --trace` wrote, ordered by name. Throws
// ObservationError with the file, std::filesystem::filesystem_error.
std::vector<Recording> ReadRecordings(const std::filesystem::path& folder);

// What the rules find in a recording: each wrong return as they see it, "SIDE.METHOD: CODE", with
// how it was found. Empty if they take everything.
std::vector<std::string> Findings(const Rules& rules, const Recording& recording);

}  // namespace conform

#endif  // CONFORMANCE_TABLE_MUTATION_RECORDING_H_
