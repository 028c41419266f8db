// Reads what the witness of system calls wrote. A damaged line costs that line alone.
#ifndef CONFORMANCE_WATCH_WITNESS_READER_H_
#define CONFORMANCE_WATCH_WITNESS_READER_H_

#include <iosfwd>
#include <string>
#include <vector>

#include "conformance/watch/json_lines.h"
#include "conformance/watch/witness_event.h"

namespace conform {

struct Witnessed {
  std::vector<WitnessEvent> events;  // in the order of the file
  std::vector<LineDamage> damages;
};

// file: the name that damages are reported with.
Witnessed ReadWitness(std::istream& text, const std::string& file);

// A file that cannot be opened is a damage of line 0.
Witnessed ReadWitnessFile(const std::string& path);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_WITNESS_READER_H_
