// The calls of a client, put in order: which sets and devices lived from when to when, and what
// became of each command. Pointers lead into the records it was made of. Pure.
#ifndef CONFORMANCE_WATCH_HISTORY_H_
#define CONFORMANCE_WATCH_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/trace/call_record.h"

namespace conform {

// A set as one process had it, from Create or OpenInSecondary to Close.
struct SetLife {
  uint32_t pid = 0;
  uint64_t object = 0;
  std::string name;
  bool secondary = false;
  int64_t opened = 0;         // when Create returned
  int64_t device_count = 0;   // that Create asked for; 0 in a secondary
  uint32_t features = 0;      // that Create asked for
  int64_t configured = 0;     // when GetConfiguration first succeeded; 0: never
  uint32_t granted = 0;       // features that it gave
  int64_t aborted = 0;        // when its first SignalAbort began; 0: never
  int64_t told_of_abort = 0;  // when a call of it, or of its devices, first said VD_E_ABORT
  const vdisim::CallRecord* close = nullptr;  // null: never closed
};

// A device as one process had it, from OpenDevice on.
struct DeviceLife {
  size_t set = 0;  // index into sets
  uint32_t pid = 0;
  uint64_t object = 0;
  std::string name;
  int64_t opened = 0;
  int64_t closed = 0;         // when GetCommand said VD_E_CLOSE; 0: never
  int64_t told_of_abort = 0;  // when a call of it first said VD_E_ABORT; 0: never
};

// A command that GetCommand gave.
struct FetchedCommand {
  size_t device = 0;  // index into devices
  int code = 0;       // VDC_Read is 1
  int64_t size = 0;
  int64_t got = 0;  // when GetCommand returned
  const vdisim::CallRecord* get = nullptr;
  // The call that completed it, or tried to; null: none did.
  const vdisim::CallRecord* completion = nullptr;
  int64_t completion_code = 0;
  int64_t bytes = 0;

  bool completed() const { return completion != nullptr; }
};

// A CompleteCommand of what was not there to be completed.
struct StrayCompletion {
  const vdisim::CallRecord* call = nullptr;
  std::optional<size_t> command;  // that it had been, the last of that address: completed before
  bool of_other_device = false;   // an open command of another device
};

struct History {
  std::vector<const vdisim::CallRecord*> calls;  // by the time they began; no guard violations
  std::vector<SetLife> sets;                     // by the time they were opened
  std::vector<DeviceLife> devices;
  std::vector<FetchedCommand> commands;  // by the time GetCommand returned
  std::vector<StrayCompletion> strays;
  int64_t first = 0;  // when the first call began; 0: there was none
  int64_t last = 0;   // when the last one returned

  // The life of the set, or of the device, that a call belonged to; null if it had none.
  const SetLife* SetOf(const vdisim::CallRecord& call) const;
  const DeviceLife* DeviceOf(const vdisim::CallRecord& call) const;
  // Whether the set of that name was aborted, by this client or as it was told, before that time.
  // 0 asks for any time.
  bool AbortedBefore(const std::string& set, int64_t t) const;
};

History HistoryOf(const std::vector<vdisim::CallRecord>& records);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_HISTORY_H_
