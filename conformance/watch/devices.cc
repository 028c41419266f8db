// Names and number of the devices: of the statement, of Create, and of OpenDevice (N-02 to N-04).
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/reasons.h"
#include "conformance/watch/seen.h"
#include "conformance/watch/statement_text.h"

namespace conform {
namespace {

using vdisim::CallRecord;

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// The set that this statement should name: the youngest that was made before it.
const SetLife* SetOfStatement(const Seen& seen, const StatementSeen& statement) {
  const SetLife* found = nullptr;
  for (const SetLife& life : seen.history.sets) {
    const bool before = life.opened <= statement.statement->t;
    if (!life.secondary && (found == nullptr || before)) found = &life;
  }
  return found;
}

// What the client wrote behind VIRTUAL_DEVICE. Nothing is held against a variable.
void CheckStatementNames(const Seen& seen, Ledger* ledger) {
  if (seen.evidence.job.judge_statement || seen.statement == nullptr) return;
  const SetLife* const set = SetOfStatement(seen, *seen.statement);
  const std::vector<std::string> names = VirtualDevicesOf(seen.statement->statement->text);
  if (set == nullptr || names.empty()) return;
  if (std::any_of(names.begin(), names.end(), [](const auto& n) { return n.rfind('@', 0) == 0; })) {
    return;
  }
  const int64_t t = seen.statement->statement->t;
  const std::string note = seen.statement->statement->text;
  ledger->Look("program/device-names");
  if (names.front() != set->name) {
    const bool only_case = Lower(names.front()) == Lower(set->name);
    ledger->Break("program/device-names",
                  {.t = t,
                   .expected = "the name of the set behind the first VIRTUAL_DEVICE",
                   .actual = only_case ? "the name of the set in other case" : "another name",
                   .note = note + "\nThe set is " + set->name + ".",
                   .clause = "N-02"});
  } else if (std::set<std::string>(names.begin(), names.end()).size() != names.size()) {
    ledger->Break("program/device-names", {.t = t,
                                           .expected = "a name of its own for each device",
                                           .actual = "one name twice in the statement",
                                           .note = note});
  }
  ledger->Look("program/device-count");
  if (static_cast<int64_t>(names.size()) != set->device_count) {
    ledger->Break("program/device-count",
                  {.t = t,
                   .expected = fmt::format("{} VIRTUAL_DEVICE clauses, as deviceCount said",
                                           set->device_count),
                   .actual = fmt::format("{}", names.size()),
                   .note = note});
  }
}

void CheckOpenedNames(const Seen& seen, Ledger* ledger) {
  for (const CallRecord* call : seen.history.calls) {
    if (call->method != "OpenDevice" || IsInjected(*call)) continue;
    ledger->Look("program/device-names");
    const std::string name = TextOf(call->inputs, "name");
    if (CodeOf(*call) == vdisim::kInvalid) {
      ledger->Break("program/device-names",
                    {.t = call->start_ns,
                     .expected = "a name that the statement gave to a device",
                     .actual = "OpenDevice with a name that no device has: VD_E_INVALID",
                     .note = seen.Place(*call) + ", name " + name,
                     .clause = "C-ODV-05"});
    }
    // Asking until all are open is a way to open them (C-ODV-03), but by their names.
    const bool refused = CodeOf(*call) == vdisim::kProtocol || CodeOf(*call) == vdisim::kOpen;
    const bool is_open = std::any_of(
        seen.history.devices.begin(), seen.history.devices.end(), [&](const DeviceLife& device) {
          return device.name == name && seen.history.sets[device.set].name == call->set;
        });
    if (!refused || !is_open) continue;
    ledger->Break("program/device-names",
                  {.t = call->start_ns,
                   .expected = "each device opened by its own name, once",
                   .actual = "OpenDevice with the name of an open device: " + CodeOf(*call).name(),
                   .note = seen.Place(*call) + ", name " + name});
  }
}

// A configured set whose client neither opened all devices nor gave up. Whoever opened none may
// have had its reasons, and must then have given up as it should.
void CheckAllOpened(const Seen& seen, Ledger* ledger) {
  for (const SetLife& set : seen.history.sets) {
    if (set.secondary || set.configured == 0) continue;
    ledger->Look("program/devices-opened");
    std::set<std::string> opened;
    for (const DeviceLife& device : seen.history.devices) {
      if (seen.history.sets[device.set].name == set.name) opened.insert(device.name);
    }
    if (opened.empty() || static_cast<int64_t>(opened.size()) >= set.device_count) continue;
    // Who asks for commands must have opened all; who does not may have given up.
    const auto asked = std::find_if(
        seen.history.calls.begin(), seen.history.calls.end(), [&](const CallRecord* call) {
          return call->method == "GetCommand" && call->set == set.name &&
                 CodeOf(*call) == vdisim::kProtocol;
        });
    const bool refused = asked != seen.history.calls.end();
    const bool gave_up = seen.history.AbortedBefore(set.name, 0) &&
                         (set.aborted == 0 || HadReason(seen, set.aborted) ||
                          seen.evidence.job.expect != JobExpectation::kSuccess);
    if (!refused && gave_up) continue;
    const int64_t end = set.close == nullptr ? 0 : set.close->start_ns;
    ledger->Break("program/devices-opened",
                  {.t = refused ? (*asked)->start_ns : end,
                   .expected = fmt::format("{} devices opened", set.device_count),
                   .actual = fmt::format("{}", opened.size())});
  }
}

// Calls of a device object that no OpenDevice gave.
void CheckUsedUnopened(const Seen& seen, Ledger* ledger) {
  for (const CallRecord* call : seen.history.calls) {
    const bool of_device = call->method == "GetCommand" || call->method == "CompleteCommand";
    if (!of_device || IsInjected(*call) || seen.history.DeviceOf(*call) != nullptr) continue;
    ledger->Break("program/call-order",
                  {.t = call->start_ns,
                   .expected = "OpenDevice with NOERROR before a device is used",
                   .actual = fmt::format("{} of a device that was not opened: {}", call->method,
                                         CodeOf(*call).name()),
                   .note = seen.Place(*call),
                   .clause = "C-ODV-11"});
  }
}

}  // namespace

void CheckDevices(const Seen& seen, Ledger* ledger) {
  CheckStatementNames(seen, ledger);
  CheckOpenedNames(seen, ledger);
  CheckAllOpened(seen, ledger);
  CheckUsedUnopened(seen, ledger);
}

}  // namespace conform
