// The order of the calls of a set (L-30 to L-37), as the library's answers and the calls before
// tell it.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/seen.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

using vdisim::CallRecord;

// The client's last words, for who wonders why there was nothing.
std::string LastWords(const ClientEnd& end) {
  const std::string& text = end.error.empty() ? end.output : end.error;
  constexpr size_t kMost = 400;
  return text.empty() ? std::string("It printed nothing.")
                      : "It printed: " + text.substr(text.size() > kMost ? text.size() - kMost : 0);
}

void CheckStarted(const Seen& seen, Ledger* ledger) {
  const Evidence& evidence = seen.evidence;
  if (!evidence.end.started) return;
  // Who has nothing to read, or nowhere to write, may say so and leave; what its word is worth is
  // another check.
  const bool nothing_to_read =
      evidence.job.operation == JobOperation::kRestore && evidence.before.empty();
  const bool may_refuse = evidence.job.expect != JobExpectation::kSuccess || nothing_to_read;
  const bool refused = seen.EndedByItself() && !seen.ReportsSuccess();
  if (evidence.job.expect == JobExpectation::kFailure || (may_refuse && refused)) return;
  ledger->Look("program/started");
  if (std::any_of(seen.history.calls.begin(), seen.history.calls.end(),
                  [](const CallRecord* call) { return IsCreate(*call); })) {
    return;
  }
  const bool silent = seen.history.calls.empty();
  ledger->Break("program/started",
                {.expected = "a call of Create",
                 .actual = silent ? "no call of the interface at all" : "calls, but no Create",
                 .note = LastWords(evidence.end)});
}

bool IsCreateOrOpen(const CallRecord& call) { return IsCreate(call) || IsOpenInSecondary(call); }

bool SameObject(const CallRecord& a, const CallRecord& b) {
  return a.pid == b.pid && a.object == b.object;
}

// Whether the set object asked for Create or OpenInSecondary before, with success or without.
bool AskedBefore(const Seen& seen, const CallRecord& call) {
  return std::any_of(seen.history.calls.begin(), seen.history.calls.end(),
                     [&](const CallRecord* other) {
                       return SameObject(*other, call) && IsCreateOrOpen(*other) &&
                              other->start_ns < call.start_ns;
                     });
}

// A Create of a set object that was refused: because it has a set, or because another has that
// name.
void CheckRefusedCreate(const Seen& seen, const CallRecord& call, Ledger* ledger) {
  const vdisim::HResult code = CodeOf(call);
  if (code == vdisim::kNotSupported) {
    ledger->Break("program/configuration-legal",
                  {.t = call.start_ns,
                   .expected = "1 to 64 devices, and features that fit together",
                   .actual = fmt::format(
                       "{} with deviceCount {} and features {:#x}: VD_E_NOTSUPPORTED", call.method,
                       NumberOf(call.inputs, "deviceCount"), NumberOf(call.inputs, "features")),
                   .note = seen.Place(call)});
    return;
  }
  if (code != vdisim::kProtocol && code != vdisim::kAlreadyExists) return;
  const SetLife* const life = seen.history.SetOf(call);
  const bool has_one = life != nullptr && life->opened <= call.start_ns &&
                       (life->close == nullptr || life->close->start_ns > call.start_ns);
  if (has_one) {
    ledger->Break("program/call-order",
                  {.t = call.start_ns,
                   .expected = "Close before another Create on the same object",
                   .actual = call.method + " while the object has a set: " + code.name(),
                   .note = seen.Place(call),
                   .clause = "C-CRL-03"});
  } else {
    ledger->Break("program/set-name-unique",
                  {.t = call.start_ns,
                   .expected = "a name of its own for the set of each start",
                   .actual = "Create with a name that is in use: " + code.name(),
                   .note = seen.Place(call)});
  }
}

void CheckCreate(const Seen& seen, const CallRecord& call, Ledger* ledger) {
  for (const char* check :
       {"program/set-name-unique", "program/configuration-legal", "program/server-fields"}) {
    ledger->Look(check);
  }
  if (!CodeOf(call).ok()) CheckRefusedCreate(seen, call, ledger);
  constexpr int64_t kServerBits = 0x70000;
  std::string filled;
  for (const char* name : {"blockSize", "maxIODepth", "maxTransferSize", "bufferAreaSize"}) {
    if (NumberOf(call.inputs, name) != 0) filled += fmt::format(" {}", name);
  }
  if ((NumberOf(call.inputs, "features") & kServerBits) != 0) filled += " features";
  if (!filled.empty()) {
    ledger->Break("program/server-fields", {.t = call.start_ns,
                                            .expected = "0 in what the server decides",
                                            .actual = "the client filled" + filled,
                                            .note = seen.Place(call)});
  }
}

// Whether any process of the client had read the configuration of the set by then.
bool ConfiguredBy(const Seen& seen, const std::string& set, int64_t t) {
  return std::any_of(seen.history.sets.begin(), seen.history.sets.end(), [&](const SetLife& life) {
    return life.name == set && life.configured != 0 && life.configured <= t;
  });
}

void CheckOpenDevice(const Seen& seen, const CallRecord& call, Ledger* ledger) {
  const SetLife* const life = seen.history.SetOf(call);
  if (life == nullptr) return;
  ledger->Look("program/configuration-read");
  if (ConfiguredBy(seen, life->name, call.start_ns)) return;
  const bool asked = std::any_of(
      seen.history.calls.begin(), seen.history.calls.end(), [&](const CallRecord* other) {
        return other->method == "GetConfiguration" && other->set == life->name;
      });
  if (CodeOf(call) == vdisim::kProtocol && asked) {
    ledger->Break("program/call-order",
                  {.t = call.start_ns,
                   .expected = "GetConfiguration with NOERROR before OpenDevice",
                   .actual = "OpenDevice before GetConfiguration has succeeded: VD_E_PROTOCOL",
                   .note = seen.Place(call),
                   .clause = "C-ODV-21"});
  } else {
    ledger->Break(
        "program/configuration-read",
        {.t = call.start_ns,
         .expected = "GetConfiguration, whose sizes and features decide how to go on",
         .actual = "OpenDevice, and nobody had read the configuration: " + CodeOf(call).name(),
         .note = seen.Place(call)});
  }
}

// F-13: a server that only writes was met by a client that was started to give it data, or the
// other way round, and the client went on.
void CheckDirection(const Seen& seen, Ledger* ledger) {
  constexpr uint32_t kWriteMedia = 0x10000;
  constexpr uint32_t kReadMedia = 0x20000;
  const bool backup = seen.evidence.job.operation == JobOperation::kBackup;
  const uint32_t other = backup ? kReadMedia : kWriteMedia;
  const int wrong = backup ? kVdcRead : kVdcWrite;
  for (const SetLife& set : seen.history.sets) {
    if ((set.granted & (kWriteMedia | kReadMedia)) != other) continue;
    for (const FetchedCommand& command : seen.history.commands) {
      const DeviceLife& device = seen.history.devices[command.device];
      if (command.code != wrong || seen.history.sets[device.set].name != set.name) continue;
      ledger->Break(
          "program/configuration-read",
          {.t = set.configured,
           .expected = "SignalAbort: the configuration says that the server runs the "
                       "other operation",
           .actual = fmt::format("a program started for a {} went on to fetch {}",
                                 backup ? "backup" : "restore", Seen::CommandName(command.code)),
           .note = seen.Place(*command.get),
           .clause = "CFG-20"});
      return;
    }
  }
}

// Calls of an object that has no set: before its first Create, or after Close.
void CheckHasSet(const Seen& seen, const CallRecord& call, Ledger* ledger) {
  const SetLife* const life = seen.history.SetOf(call);
  if (life == nullptr || call.start_ns < life->opened) {
    const bool of_device = call.method == "GetCommand" || call.method == "CompleteCommand";
    // To close what could not be created does no harm.
    const bool tidies =
        (call.method == "Close" || call.method == "SignalAbort") && AskedBefore(seen, call);
    if (CodeOf(call) == vdisim::kProtocol && !of_device && !tidies) {
      ledger->Break("program/call-order", {.t = call.start_ns,
                                           .expected = "Create before every other call of a set",
                                           .actual = call.method + " before Create: VD_E_PROTOCOL",
                                           .note = seen.Place(call)});
    }
    return;
  }
  if (life->close == nullptr) return;
  ledger->Look("program/call-after-close");
  // What began before Close had returned may have raced with it.
  if (&call == life->close || call.start_ns < EndOf(*life->close)) return;
  ledger->Break("program/call-after-close",
                {.t = call.start_ns,
                 .expected = "no call of the set or its devices after Close",
                 .actual = fmt::format("{} after Close: {}", call.method, CodeOf(call).name()),
                 .note = seen.Place(call)});
}

// Whoever aborts because a completion was refused may let each loop learn it from GetCommand.
bool AbortedItself(const Seen& seen, const CallRecord& told, int64_t until) {
  return told.method == "CompleteCommand" &&
         std::any_of(seen.history.calls.begin(), seen.history.calls.end(),
                     [&](const CallRecord* call) {
                       return call->method == "SignalAbort" && call->pid == told.pid &&
                              call->start_ns >= told.start_ns && EndOf(*call) <= until;
                     });
}

// A set that was aborted gives no more commands. A thread that was told asks no more; another one
// may not know yet, for a call or two.
void CheckAfterAbort(const Seen& seen, Ledger* ledger) {
  for (const DeviceLife& device : seen.history.devices) {
    const CallRecord* told = nullptr;
    constexpr int kMostOfOthers = 2;
    int of_others = 0;
    for (const CallRecord* call : seen.history.calls) {
      if (call->pid != device.pid || call->object != device.object) continue;
      if (told == nullptr) {
        if (CodeOf(*call) == vdisim::kAbort) told = call;
        continue;
      }
      ledger->Look("program/calls-after-abort");
      if (call->method != "GetCommand" || call->start_ns < EndOf(*told)) continue;
      if (call->tid != told->tid && ++of_others <= kMostOfOthers) continue;
      if (AbortedItself(seen, *told, call->start_ns)) {
        told = call;
        continue;
      }
      ledger->Break("program/calls-after-abort",
                    {.t = call->start_ns,
                     .expected = "Close, after a call has said VD_E_ABORT",
                     .actual = fmt::format("GetCommand after {} had said VD_E_ABORT", told->method),
                     .note = "Told by " + seen.Place(*told) + "\nand then " + seen.Place(*call)});
    }
  }
}

}  // namespace

void CheckCallOrder(const Seen& seen, Ledger* ledger) {
  CheckStarted(seen, ledger);
  for (const CallRecord* call : seen.history.calls) {
    if (IsInjected(*call) || IsObjectCare(*call)) continue;
    ledger->Look("program/call-order");
    if (IsCreateOrOpen(*call)) {
      if (IsCreate(*call)) CheckCreate(seen, *call, ledger);
      continue;
    }
    if (call->method == "OpenDevice") CheckOpenDevice(seen, *call, ledger);
    CheckHasSet(seen, *call, ledger);
  }
  CheckDirection(seen, ledger);
  CheckAfterAbort(seen, ledger);
}

}  // namespace conform
