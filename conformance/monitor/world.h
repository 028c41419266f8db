// One state of a device set that the returns so far allow. Values; the oracle copies them freely.
#ifndef CONFORMANCE_MONITOR_WORLD_H_
#define CONFORMANCE_MONITOR_WORLD_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/monitor/observation.h"
#include "conformance/rules/rules.h"

namespace conform {

// An answer may be certain, out of the question, or more than the oracle can know.
enum class Truth { kNo, kMaybe, kYes };
constexpr Truth TruthOf(bool holds) { return holds ? Truth::kYes : Truth::kNo; }

// A call from its beginning to its return.
struct OracleCall {
  CallSeen seen;
  Side side = Side::kClient;
  Platform platform = Platform::kLinux;
  std::string object;   // "primary/set": who calls, on which object
  int set = -1;         // the device set that the object stood for when the call began
  int object_set = -1;  // the same, of a call on a device of an earlier set; `set` is none then
  std::string device;   // the device's name, of a call that names one
  bool device_known = false;  // the device was opened by this object, in the set it stands for
  bool virtual_clock = false;
  std::int64_t began_ms = 0;      // of the virtual clock
  std::optional<State> began_in;  // the state that its side saw then, where that is certain

  std::int64_t Number(const char* key, std::int64_t otherwise) const;
  std::string Text(const char* key) const;
  bool Has(const char* key) const { return seen.arguments.contains(key); }
  // Some pointer among the arguments is NULL (G-62).
  bool HasNull() const;
};

struct DeviceWorld {
  std::string name;
  bool server_open = false;
  bool server_closed = false;
  bool client_open = false;
  bool saw_close = false;      // a GetCommand reported VD_E_CLOSE
  bool saw_error = false;      // a command was completed with an error: IO-ERROR may be near
  std::string opener;          // which client object opened it
  int queued = 0;              // sent and not fetched
  int outstanding = 0;         // sent and not completed
  std::set<std::string> held;  // "actor/name" of commands fetched and not completed
  friend bool operator==(const DeviceWorld&, const DeviceWorld&) = default;
};

// What a call in flight will return, once it has taken effect.
struct Applied {
  std::uint32_t code = 0;
  State state = State::kDoesNotExist;
  std::string clause;
  bool closes = false;
  std::string rests_on;  // the reading that decides about this situation; empty: the table does
  friend bool operator==(const Applied&, const Applied&) = default;
};

struct World {
  State client = State::kConfigurable;
  State server = State::kDoesNotExist;
  bool configured = false;          // the server has completed its configuration
  bool primary_configured = false;  // the primary's GetConfiguration took effect
  bool agent = false;
  bool may_abort = false;  // somebody died, or a time-out of the server may have passed
  std::vector<DeviceWorld> devices;
  std::set<std::string> closed_objects;
  std::set<std::int64_t> agents;  // calls of ExecuteCompletionAgent that have begun to run
  std::map<std::int64_t, Applied> applied;
  friend bool operator==(const World&, const World&) = default;

  DeviceWorld* Find(const std::string& name);
  const DeviceWorld* Find(const std::string& name) const;
  void Abort();
};

// What is the same in every world of a set, because it is known from returns.
struct SetFacts {
  std::string name;
  std::string label;  // the scenario's name of the set
  std::string primary;
  bool primary_there = true;
  std::string server;  // the object that has it open; empty: none
  std::size_t devices = 0;
  std::map<std::string, std::int64_t> buffers;  // "actor/name" of the server's -> size
  std::map<std::int64_t, std::string> handles;  // -> "actor/name" it was given for
  std::set<std::string> stale;                  // buffers whose commands are completed
};

}  // namespace conform

#endif  // CONFORMANCE_MONITOR_WORLD_H_
