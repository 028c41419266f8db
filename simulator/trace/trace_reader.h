// Reads a trace back. A damaged line, as a full disk or a broken machine leaves it, costs that
// record alone: it is named, and the others are given.
#ifndef SIMULATOR_TRACE_TRACE_READER_H_
#define SIMULATOR_TRACE_TRACE_READER_H_

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "simulator/trace/call_record.h"

namespace vdisim {

struct TraceDamage {
  std::string file;
  uint64_t line;       // from 1
  std::string reason;  // a sentence's worth
  // "run.trace:17: reason".
  std::string ToString() const;
};

struct TraceEntry {
  uint64_t line;  // where in the file, from 1; a torn line may hold the next one's record
  CallRecord record;
};

struct Trace {
  std::vector<TraceEntry> entries;  // in the order of the file
  std::vector<BeginMark> begun;     // likewise; of calls that may wait, if the trace has marks
  std::vector<TraceDamage> damages;
};

// file: the name that damages are reported with.
Trace ReadTrace(std::istream& text, const std::string& file);

// A file that cannot be opened is a damage of line 0.
Trace ReadTraceFile(const std::string& path);

}  // namespace vdisim

#endif  // SIMULATOR_TRACE_TRACE_READER_H_
