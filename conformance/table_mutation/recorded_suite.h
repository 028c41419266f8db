// Runs vdi-conform over the whole suite, with the bundled library, and reads what was recorded.
#ifndef CONFORMANCE_TABLE_MUTATION_RECORDED_SUITE_H_
#define CONFORMANCE_TABLE_MUTATION_RECORDED_SUITE_H_

#include <vector>

#include "conformance/table_mutation/recording.h"

namespace conform {

// Takes as long as a run. Keeps no file. Throws std::runtime_error when the run is not green: then
// its recordings prove nothing.
std::vector<Recording> RecordSuite();

}  // namespace conform

#endif  // CONFORMANCE_TABLE_MUTATION_RECORDED_SUITE_H_
