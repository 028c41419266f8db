// How a client leaves a set that is still at work: by mistake, because it took something for the
// end, or on purpose, and then so that the server knows (C-CLO-23, C-ABT-20, T-03).
#include <fmt/format.h>

#include <algorithm>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/reasons.h"
#include "conformance/watch/seen.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

using vdisim::CallRecord;

// Devices of that life that were open at the moment.
std::vector<const DeviceLife*> OpenDevices(const Seen& seen, const SetLife& set, int64_t t) {
  std::vector<const DeviceLife*> open;
  for (const DeviceLife& device : seen.history.devices) {
    if (&seen.history.sets[device.set] == &set && device.opened <= t &&
        (device.closed == 0 || device.closed > t)) {
      open.push_back(&device);
    }
  }
  return open;
}

// Nobody is left to be told.
bool ServerIsGone(const Seen& seen, int64_t t) {
  if (seen.statement == nullptr) return true;
  if (seen.statement->ended != nullptr) return seen.statement->ended->t <= t;
  return std::any_of(seen.statement->faults.begin(), seen.statement->faults.end(),
                     [&](const JournalEvent* fault) { return fault->text == "kill"; });
}

void CheckClose(const Seen& seen, const SetLife& set, Ledger* ledger) {
  ledger->Look("program/close-after-end");
  const int64_t t = set.close->start_ns;
  const std::vector<const DeviceLife*> open = OpenDevices(seen, set, t);
  if (open.empty() || seen.history.AbortedBefore(set.name, t) || ServerIsGone(seen, t)) return;
  const bool on_purpose = HadReason(seen, t);
  const std::string actual =
      fmt::format("Close with {} of its devices open: {}", open.size(), CodeOf(*set.close).name());
  if (on_purpose) {
    ledger->Break("program/abort-on-failure", {.t = t,
                                               .expected = "SignalAbort, then Close",
                                               .actual = actual + ", and no SignalAbort",
                                               .note = seen.Place(*set.close)});
  } else {
    ledger->Break("program/close-after-end",
                  {.t = t,
                   .expected = "VD_E_CLOSE from each device before Close",
                   .actual = actual,
                   .note = seen.Place(*set.close)});
  }
}

// A set that nobody closed or aborted before the program ended, with the server at work on it.
void CheckWalkedOff(const Seen& seen, const SetLife& set, Ledger* ledger) {
  if (!seen.EndedByItself() || set.secondary) return;
  ledger->Look("program/abort-on-failure");
  const int64_t end = seen.evidence.end.t == 0 ? seen.history.last : seen.evidence.end.t;
  if (set.close != nullptr || seen.history.AbortedBefore(set.name, 0)) return;
  if (ServerIsGone(seen, end) && seen.statement != nullptr && seen.statement->succeeded()) return;
  if (set.configured == 0) return;
  const auto& devices = seen.history.devices;
  const auto is_of_set = [&](const DeviceLife& device) {
    return seen.history.sets[device.set].name == set.name;
  };
  const bool all_closed = std::any_of(devices.begin(), devices.end(), is_of_set) &&
                          std::all_of(devices.begin(), devices.end(), [&](const auto& device) {
                            return !is_of_set(device) || device.closed != 0;
                          });
  if (all_closed) return;
  ledger->Break("program/abort-on-failure",
                {.expected = "SignalAbort and Close before the program ends",
                 .actual = "the program ended with the server at work, without either"});
}

// The client said that it gave up, and the server went on to success.
void CheckTold(const Seen& seen, Ledger* ledger) {
  const Evidence& evidence = seen.evidence;
  if (!evidence.job.cancelled || !seen.EndedByItself() || seen.ReportsSuccess()) return;
  if (seen.statement == nullptr || !seen.statement->succeeded()) return;
  ledger->Look("program/abort-on-failure");
  for (const SetLife& set : seen.history.sets) {
    if (set.configured == 0 || seen.history.AbortedBefore(set.name, 0)) continue;
    ledger->Break("program/abort-on-failure",
                  {.expected = "SignalAbort when the program is cancelled",
                   .actual = "the program says that it was cancelled, and the statement succeeded, "
                             "because nobody told the server"});
  }
}

// A device that the client left alone, while others of the set went on waiting.
void CheckAbandoned(const Seen& seen, Ledger* ledger) {
  if (!seen.evidence.hang.hung || seen.evidence.begun.empty()) return;
  for (const DeviceLife& device : seen.history.devices) {
    const std::string& set = seen.history.sets[device.set].name;
    if (device.closed != 0 || seen.history.AbortedBefore(set, 0)) continue;
    const CallRecord* last = nullptr;
    for (const CallRecord* call : seen.history.calls) {
      if (call->pid == device.pid && call->object == device.object) last = call;
    }
    const bool failed = last != nullptr && IsTrouble(CodeOf(*last));
    const bool reported = last != nullptr && last->method == "CompleteCommand" &&
                          NumberOf(last->inputs, "completionCode") != kWinSuccess &&
                          NumberOf(last->inputs, "completionCode") != kWinNotSupported &&
                          NumberOf(last->inputs, "completionCode") != kWinHandleEof;
    const bool waits = std::any_of(
        seen.evidence.begun.begin(), seen.evidence.begun.end(), [&](const BeginMark& mark) {
          return mark.pid == device.pid && mark.object == device.object &&
                 (last == nullptr || mark.start_ns > last->start_ns);
        });
    if (waits || !(failed || reported)) continue;
    ledger->Break("program/abort-on-failure",
                  {.t = last->start_ns,
                   .expected = "SignalAbort when one of the devices cannot go on",
                   .actual = "a device failed and was left alone, and the server waits for it",
                   .note = seen.Place(*last)});
  }
}

// Whether the client asked again, on the same object, after that call.
bool AskedAgain(const Seen& seen, const CallRecord& timed_out) {
  for (const CallRecord* call : seen.history.calls) {
    if (call->pid == timed_out.pid && call->object == timed_out.object &&
        call->method == timed_out.method && call->start_ns > timed_out.start_ns) {
      return true;
    }
  }
  return std::any_of(seen.evidence.begun.begin(), seen.evidence.begun.end(),
                     [&](const BeginMark& mark) {
                       return mark.pid == timed_out.pid && mark.object == timed_out.object &&
                              mark.method == timed_out.method && mark.start_ns > timed_out.start_ns;
                     });
}

// Since when the object has had nothing but time-outs.
int64_t SilentSince(const Seen& seen, const CallRecord& timed_out) {
  int64_t since = timed_out.start_ns;
  for (auto call = seen.history.calls.rbegin(); call != seen.history.calls.rend(); ++call) {
    if ((*call)->pid != timed_out.pid || (*call)->object != timed_out.object) continue;
    if ((*call)->start_ns > timed_out.start_ns) continue;
    if ((*call)->method != timed_out.method || CodeOf(**call) != vdisim::kTimeout) break;
    since = (*call)->start_ns;
  }
  return since;
}

void CheckTimeouts(const Seen& seen, Ledger* ledger) {
  const Evidence& evidence = seen.evidence;
  if (evidence.job.expect != JobExpectation::kSuccess || evidence.job.cancelled) return;
  for (const CallRecord* call : seen.history.calls) {
    if (CodeOf(*call) != vdisim::kTimeout) continue;
    ledger->Look("program/timeout-goes-on");
    // With a reason of another kind the client may stop anywhere; and nobody is asked to go on once
    // the program was stopped from outside.
    if (AskedAgain(seen, *call) || HadReason(seen, EndOf(*call)) || evidence.hang.hung ||
        evidence.end.killed_by_us || evidence.end.signalled ||
        seen.history.AbortedBefore(call->set, EndOf(*call))) {
      continue;
    }
    // Nobody came, and the client may know why; or it took the time-out for the end.
    const bool nobody = call->method == "GetConfiguration" && seen.statement == nullptr;
    const SetLife* const set = seen.history.SetOf(*call);
    const bool took_for_end = set != nullptr && set->close != nullptr &&
                              !seen.history.AbortedBefore(set->name, set->close->start_ns) &&
                              !OpenDevices(seen, *set, set->close->start_ns).empty();
    if (nobody || took_for_end) continue;
    const double waited = static_cast<double>(EndOf(*call) - SilentSince(seen, *call)) / 1e9;
    const double limit = evidence.client.idle_limit_seconds;
    constexpr double kNearly = 0.9;
    if (limit > 0 && waited >= limit * kNearly) continue;
    const int64_t asked =
        NumberOf(call->inputs, call->method == "GetCommand" ? "timeOut" : "timeout");
    std::string note = fmt::format("It had waited for {:.3f} s. {}", waited, seen.Place(*call));
    constexpr int64_t kLooksLikeSeconds = 1000;
    if (asked > 0 && asked < kLooksLikeSeconds && !IsInjected(*call)) {
      note +=
          fmt::format("\nTime-outs are milliseconds; {} may have been meant as seconds.", asked);
    }
    ledger->Break(
        "program/timeout-goes-on",
        {.t = EndOf(*call),
         .expected = limit > 0 ? fmt::format("the same call again, for the {} s that the client "
                                             "declares",
                                             limit)
                               : "the same call again: the client declares no limit",
         .actual = call->method + " said VD_E_TIMEOUT, and the client gave up",
         .note = note});
  }
}

}  // namespace

void CheckGivingUp(const Seen& seen, Ledger* ledger) {
  for (const SetLife& set : seen.history.sets) {
    if (set.close != nullptr) CheckClose(seen, set, ledger);
    CheckWalkedOff(seen, set, ledger);
  }
  CheckTold(seen, ledger);
  CheckAbandoned(seen, ledger);
  CheckTimeouts(seen, ledger);
}

}  // namespace conform
