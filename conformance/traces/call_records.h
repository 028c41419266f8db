// Call records of real programs as observations: processes become actors, addresses become names of
// buffers and commands, and calls that overlap become calls that go on. Pure.
#ifndef CONFORMANCE_TRACES_CALL_RECORDS_H_
#define CONFORMANCE_TRACES_CALL_RECORDS_H_

#include <nlohmann/json.hpp>
#include <vector>

#include "simulator/trace/trace_reader.h"

namespace conform {

// The events of all processes that shared the file, in the order in which they happened. A process
// that created a set is a primary, another client a secondary, a process with the server interface
// an engine. Where calls overlap, one that waits goes on until it returns; of the others, a
// success counts from its beginning, because it is the cause of what follows, and a failure from
// its end, because it is the consequence of what happened meanwhile.
std::vector<nlohmann::json> EventsOfCallRecords(const std::vector<vdisim::TraceEntry>& entries);

}  // namespace conform

#endif  // CONFORMANCE_TRACES_CALL_RECORDS_H_
