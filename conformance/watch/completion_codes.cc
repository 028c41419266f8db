// The completion code of each command: legal for it, and not a refusal of what every client must do
// (CMD-02 to CMD-05, CMD-14, VC-02).
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/seen.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

using vdisim::CallRecord;

constexpr uint32_t kRequestComplete = 0x2000;
constexpr uint32_t kCompleteEnabled = 0x40000;

// Features at Create that make an optional command one that the client supports (CMD-C04 to C17).
uint32_t GateOf(int code) {
  switch (code) {
    case kVdcRewind:
      return 0x2;
    case kVdcWriteMark:
    case kVdcSkipMarks:
      return 0x100;
    case kVdcSkipBlocks:
      return 0x20;
    case kVdcLoad:
      return 0x1;
    case kVdcGetPosition:
    case kVdcSetPosition:
      return 0x10 | 0x200;
    case kVdcDiscard:
      return 0x80;
    case kVdcPrepareToFreeze:
      return 0x400;
    case kVdcComplete:
      return kRequestComplete;
    default:
      return 0;
  }
}

bool IsMandatory(int code) {
  return code == kVdcRead || code == kVdcWrite || code == kVdcClearError || code == kVdcFlush;
}

// Features that the primary asked for when it created the set.
uint32_t FeaturesOf(const Seen& seen, const FetchedCommand& command) {
  const std::string& name = seen.history.sets[seen.history.devices[command.device].set].name;
  for (const SetLife& set : seen.history.sets) {
    if (set.name == name && !set.secondary) return set.features;
  }
  return 0;
}

bool Granted(const Seen& seen, uint32_t feature) {
  return std::any_of(seen.history.sets.begin(), seen.history.sets.end(),
                     [&](const SetLife& set) { return (set.granted & feature) != 0; });
}

std::string Note(const Seen& seen, const FetchedCommand& command) {
  return seen.Place(*command.completion) + "\nFetched by " + seen.Place(*command.get);
}

// The codes that mean something else than what this command could have met.
bool IsLegal(int command, int64_t code) {
  // An HRESULT, or -1, is no Win32 code.
  if (code < 0 || code > 0xFFFF) return false;
  static const std::set<int64_t> kOfReads = {kWinHandleEof, kWinFilemark, kWinNoData};
  static const std::set<int64_t> kOfWrites = {kWinHandleDiskFull, kWinDiskFull, kWinEndOfMedia,
                                              kWinEomOverflow};
  if (command == kVdcRead) return kOfWrites.count(code) == 0;
  if (command == kVdcWrite || command == kVdcFlush || command == kVdcComplete) {
    return kOfReads.count(code) == 0;
  }
  return true;
}

void CheckCode(const Seen& seen, const FetchedCommand& command, Ledger* ledger) {
  ledger->Look("program/completion-code");
  if (IsLegal(command.code, command.completion_code)) return;
  ledger->Break("program/completion-code",
                {.t = command.completion->start_ns,
                 .expected = "a Win32 code that fits " + Seen::CommandName(command.code),
                 .actual = "completed with " + Win32Name(command.completion_code),
                 .note = Note(seen, command)});
}

void CheckMandatory(const Seen& seen, const FetchedCommand& command, Ledger* ledger) {
  // A client that was started for the other direction may refuse it.
  const bool is_backup = seen.evidence.job.operation == JobOperation::kBackup;
  if (command.code == (is_backup ? kVdcRead : kVdcWrite)) return;
  ledger->Look("program/mandatory-command");
  if (command.completion_code != kWinNotSupported) return;
  ledger->Break("program/mandatory-command",
                {.t = command.completion->start_ns,
                 .expected = Seen::CommandName(command.code) + " is carried out",
                 .actual = "completed with ERROR_NOT_SUPPORTED (50)",
                 .note = Note(seen, command)});
}

void CheckUnknown(const Seen& seen, const FetchedCommand& command, Ledger* ledger) {
  const bool snapshot = command.code == kVdcSnapshot || command.code == kVdcMountSnapshot;
  if (snapshot || (GateOf(command.code) & FeaturesOf(seen, command)) != 0) return;
  ledger->Look("program/unknown-command");
  if (command.completion_code == kWinNotSupported) return;
  ledger->Break("program/unknown-command",
                {.t = command.completion->start_ns,
                 .expected = "ERROR_NOT_SUPPORTED (50)",
                 .actual = fmt::format("{} was completed with {}", Seen::CommandName(command.code),
                                       Win32Name(command.completion_code)),
                 .note = Note(seen, command)});
}

void CheckComplete(const Seen& seen, const FetchedCommand& command, Ledger* ledger) {
  const bool asked = (FeaturesOf(seen, command) & kRequestComplete) != 0;
  if (!asked || !Granted(seen, kCompleteEnabled)) return;
  ledger->Look("program/complete-answered");
  if (command.completion_code != kWinNotSupported) return;
  ledger->Break("program/complete-answered",
                {.t = command.completion->start_ns,
                 .expected = "ERROR_SUCCESS once the backup is finished, or the error that it met",
                 .actual = "VDF_RequestComplete was asked for and granted, and VDC_Complete was "
                           "completed with ERROR_NOT_SUPPORTED (50)",
                 .note = Note(seen, command)});
}

void CheckClearError(const Seen& seen, const FetchedCommand& command, Ledger* ledger) {
  ledger->Look("program/clear-error");
  if (command.completion_code == kWinSuccess || command.completion_code == kWinNotSupported) return;
  ledger->Break("program/clear-error",
                {.t = command.completion->start_ns,
                 .expected = "ERROR_SUCCESS",
                 .actual = "completed with " + Win32Name(command.completion_code),
                 .note = Note(seen, command)});
}

// The first call of this client about that set which began after the refusal.
void CheckGoesOn(const Seen& seen, const FetchedCommand& command, Ledger* ledger) {
  if (command.completion_code != kWinNotSupported) return;
  const DeviceLife& device = seen.history.devices[command.device];
  for (const CallRecord* call : seen.history.calls) {
    if (call->start_ns <= command.completion->start_ns || call->pid != device.pid) continue;
    const bool next =
        call->object == device.object || call->method == "SignalAbort" || call->method == "Close";
    if (!next || IsInjected(*call)) continue;
    ledger->Look("program/unknown-command-fatal");
    if (call->method != "SignalAbort" && call->method != "Close") return;
    ledger->Break("program/unknown-command-fatal",
                  {.t = call->start_ns,
                   .expected = "the next GetCommand",
                   .actual = fmt::format("{} after {} was refused", call->method,
                                         Seen::CommandName(command.code)),
                   .note = seen.Place(*call)});
    return;
  }
}

}  // namespace

void CheckCodes(const Seen& seen, Ledger* ledger) {
  for (const FetchedCommand& command : seen.history.commands) {
    if (!command.completed()) continue;
    CheckCode(seen, command, ledger);
    if (command.code == kVdcClearError) CheckClearError(seen, command, ledger);
    if (command.code == kVdcComplete) CheckComplete(seen, command, ledger);
    if (IsMandatory(command.code)) {
      CheckMandatory(seen, command, ledger);
    } else {
      CheckUnknown(seen, command, ledger);
      CheckGoesOn(seen, command, ledger);
    }
  }
}

}  // namespace conform
