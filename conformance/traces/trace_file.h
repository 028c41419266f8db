// A trace of calls, read from a file of either kind: the observations of a case, as `vdi-conform
// run --trace` writes them (monitor/observation.h), or the call records that VDISIM_TRACE makes any
// program write (simulator/trace/call_record.h), which become observations here. Values.
#ifndef CONFORMANCE_TRACES_TRACE_FILE_H_
#define CONFORMANCE_TRACES_TRACE_FILE_H_

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace conform {

using Json = nlohmann::json;

// A file that is no trace: "backup.vdt:12: ...".
class TraceError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Trace {
  std::string name;  // of the file, without folder and ending
  // Observations in their order, each an object with the member "e": actor, call, return, gone,
  // advance, step, finding. The members of each are checked to be there, with the right type.
  std::vector<Json> events;
  std::vector<std::string> damages;  // lines that could not be read, of call records
};

// Throws TraceError when the file cannot be read, is of neither kind, or a line is wrong.
Trace ReadTraceFile(const std::string& path);
// name: as messages name it.
Trace ReadTrace(const std::string& text, const std::string& name);

// The role, face and set of an actor, and what else its "actor" event holds; an empty object for
// an actor without one.
Json ActorOf(const Trace& trace, const std::string& actor);

}  // namespace conform

#endif  // CONFORMANCE_TRACES_TRACE_FILE_H_
