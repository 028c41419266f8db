// What the runner sees of a case, in order, as plain values, and as JSON lines: the format of a
// trace file. A line says everything that judging it again needs, so that a trace can be judged
// offline, by other rules, without a subject. Values; any thread.
#ifndef CONFORMANCE_MONITOR_OBSERVATION_H_
#define CONFORMANCE_MONITOR_OBSERVATION_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace conform {

using Json = nlohmann::json;

// An actor's process is there. {"e":"actor","actor":"primary","role":"primary","face":"linux",...}
struct ActorSeen {
  std::string actor;
  std::string role;  // "primary", "secondary", "engine", "sql-server"
  std::string face;  // "linux", "com"; an engine has the server interface, its face is "com"
  std::string set;   // the set that its calls mean when they name none
  std::string clock = "real";  // "virtual": time of its sets moves by AdvanceSeen alone
  std::string name = {};       // the real name of its set; empty: not known
  std::string instance = {};   // _VIRTUAL_SERVER_NAME_ in its environment; empty: none
  friend bool operator==(const ActorSeen&, const ActorSeen&) = default;
};

// A call was handed to an actor. {"e":"call","id":3,"ms":1.2,"actor":"primary","object":"set",...}
struct CallSeen {
  std::int64_t id = 0;  // unique in the case; its return has the same
  double ms = 0;        // since the case began
  std::string actor;
  std::string object;       // which set object of the process
  std::string method;       // "GetCommand"; "Release" for the end of an object or a device
  Json arguments;           // concrete values: numbers and texts
  std::string into;         // the name under which the actor keeps what the call gives
  bool concurrent = false;  // the runner does not wait for its return
  friend bool operator==(const CallSeen&, const CallSeen&) = default;
};

// {"e":"return","id":3,"ms":1.5,"code":0,"out":{...}}
struct ReturnSeen {
  std::int64_t id = 0;
  double ms = 0;
  std::int32_t code = 0;
  Json out;  // what the call gave besides its code
  friend bool operator==(const ReturnSeen&, const ReturnSeen&) = default;
};

// An actor's process is gone. {"e":"gone","ms":2.5,"actor":"primary","how":"killed"}
struct GoneSeen {
  double ms = 0;
  std::string actor;
  std::string how;  // "killed", "ended", or in words how it died
  friend bool operator==(const GoneSeen&, const GoneSeen&) = default;
};

// The virtual clock of a set moved. {"e":"advance","ms":2.6,"actor":"engine","set":"main",...}
struct AdvanceSeen {
  double ms = 0;
  std::string actor;
  std::string set;
  std::int64_t by_ms = 0;
  std::int64_t waiting = 0;  // so many calls had to wait on the clock before it moved
  friend bool operator==(const AdvanceSeen&, const AdvanceSeen&) = default;
};

// A step that is no call. {"e":"step","ms":2.7,"kind":"completed","actor":"engine","arguments":{}}
struct StepSeen {
  double ms = 0;
  std::string kind;  // the element's name in a scenario: "fill", "completed", "serve", ...
  std::string actor;
  Json arguments;
  friend bool operator==(const StepSeen&, const StepSeen&) = default;
};

using Seen = std::variant<ActorSeen, CallSeen, ReturnSeen, GoneSeen, AdvanceSeen, StepSeen>;

// A line that is no observation. The message says what is wrong, and in a file in which line.
class ObservationError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One line of JSON without its end. Members of a fixed order, so that equal runs give equal files.
std::string ToLine(const Seen& seen);

// Throws ObservationError.
Seen ParseObservation(std::string_view line);

// All lines of a trace; empty ones are skipped. Throws ObservationError: "line 12: ...".
std::vector<Seen> ParseObservations(std::string_view text);

}  // namespace conform

#endif  // CONFORMANCE_MONITOR_OBSERVATION_H_
