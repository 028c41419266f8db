// The last calls of a set: VD_E_CLOSE, Close, and what ends a wait that has become senseless.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/seen.h"
#include "conformance/watch/statement_text.h"

namespace conform {
namespace {

using vdisim::CallRecord;

void CheckAfterEnd(const Seen& seen, Ledger* ledger) {
  for (const DeviceLife& device : seen.history.devices) {
    if (device.closed == 0) continue;
    ledger->Look("program/call-after-end");
    for (const CallRecord* call : seen.history.calls) {
      if (call->pid != device.pid || call->object != device.object) continue;
      if (call->method != "GetCommand" || call->start_ns < device.closed) continue;
      ledger->Break("program/call-after-end",
                    {.t = call->start_ns,
                     .expected = "no GetCommand after VD_E_CLOSE",
                     .actual = "GetCommand again: " + CodeOf(*call).name(),
                     .note = seen.Place(*call)});
    }
  }
}

// Sets that no statement names may be there for another purpose, as long as nothing of them is
// left.
bool IsOfJob(const Seen& seen, const SetLife& set) {
  const bool only = std::all_of(seen.history.sets.begin(), seen.history.sets.end(),
                                [&](const SetLife& other) { return other.name == set.name; });
  if (only || set.configured != 0) return true;
  return std::any_of(seen.statements.begin(), seen.statements.end(), [&](const auto& statement) {
    if (statement.statement == nullptr) return false;
    const std::vector<std::string> names = VirtualDevicesOf(statement.statement->text);
    return std::find(names.begin(), names.end(), set.name) != names.end();
  });
}

void CheckClosed(const Seen& seen, Ledger* ledger) {
  if (!seen.EndedByItself()) return;
  const bool part_was_killed = seen.evidence.job.killed == "secondary";
  for (const SetLife& set : seen.history.sets) {
    if (!IsOfJob(seen, set) || (set.secondary && part_was_killed)) continue;
    ledger->Look("program/closed");
    const bool tried = std::any_of(
        seen.history.calls.begin(), seen.history.calls.end(), [&](const CallRecord* call) {
          return call->method == "Close" && call->pid == set.pid && call->object == set.object &&
                 call->start_ns >= set.opened;
        });
    if (tried) continue;
    ledger->Break("program/closed",
                  {.expected = "Close before the program ends",
                   .actual = set.secondary ? "a secondary process ended without Close"
                                           : "the program ended without Close"});
  }
}

void CheckFailedFirst(const Seen& seen, Ledger* ledger) {
  const Evidence& evidence = seen.evidence;
  // Who waits for somebody else's statement cannot know that it failed.
  if (evidence.job.judge_statement || seen.statement == nullptr) return;
  const StatementSeen& statement = *seen.statement;
  if (statement.ended == nullptr || statement.succeeded() || statement.configured != nullptr)
    return;
  ledger->Look("program/statement-failed-first");
  const int64_t limit_ns = static_cast<int64_t>(evidence.client.end_limit_seconds * 1e9);
  const bool late = evidence.end.t != 0 && evidence.end.t - statement.ended->t > limit_ns;
  if (!evidence.hang.hung && !late) return;
  ledger->Break(
      "program/statement-failed-first",
      {.t = statement.ended->t,
       .expected =
           fmt::format("an end within {} s of the statement's", evidence.client.end_limit_seconds),
       .actual = fmt::format("the statement {} before the server opened the set, and the client "
                             "went on waiting for it",
                             statement.Outcome()),
       .note = evidence.hang.doing,
       .problem = evidence.hang.hung ? reports::Problem::kClientTimeout
                                     : reports::Problem::kProtocolViolation});
}

void CheckSecondaryDeath(const Seen& seen, Ledger* ledger) {
  const AskedJob& job = seen.evidence.job;
  if (job.killed != "secondary" || job.killed_ns == 0) return;
  for (const SetLife& set : seen.history.sets) {
    if (set.secondary || set.configured == 0) continue;
    const bool at_work = std::any_of(
        seen.history.devices.begin(), seen.history.devices.end(), [&](const DeviceLife& device) {
          return seen.history.sets[device.set].name == set.name && device.closed == 0;
        });
    if (!at_work) continue;
    ledger->Look("program/secondary-death");
    const bool closed = set.close != nullptr && set.close->start_ns >= job.killed_ns;
    if (set.aborted >= job.killed_ns || (closed && !seen.ReportsSuccess())) continue;
    const bool by_another =
        std::any_of(seen.history.sets.begin(), seen.history.sets.end(), [&](const SetLife& other) {
          return other.name == set.name && other.aborted >= job.killed_ns;
        });
    if (by_another) continue;
    ledger->Break("program/secondary-death",
                  {.t = job.killed_ns,
                   .expected = "SignalAbort by the primary, soon after a secondary has died",
                   .actual = "a secondary was killed, and nobody aborted the set"});
  }
}

void CheckCancel(const Seen& seen, Ledger* ledger) {
  const Evidence& evidence = seen.evidence;
  if (!evidence.job.cancelled) return;
  ledger->Look("program/cancel-in-time");
  const double limit = evidence.client.cancel_limit_seconds;
  const bool late = evidence.cancel_seconds && *evidence.cancel_seconds > limit;
  if (late || evidence.hang.hung || evidence.end.killed_by_us) {
    ledger->Break("program/cancel-in-time",
                  {.expected = fmt::format("an end within {} s of the cancel", limit),
                   .actual = "the program went on",
                   .note = evidence.hang.doing,
                   .problem = reports::Problem::kClientTimeout});
    return;
  }
  for (const SetLife& set : seen.history.sets) {
    if (set.secondary || set.close != nullptr || set.aborted != 0) continue;
    if (!IsOfJob(seen, set)) continue;
    ledger->Break("program/cancel-in-time",
                  {.expected = "SignalAbort or Close before a cancelled program ends",
                   .actual = "the program ended with neither"});
  }
}

}  // namespace

void CheckEndings(const Seen& seen, Ledger* ledger) {
  CheckAfterEnd(seen, ledger);
  CheckClosed(seen, ledger);
  CheckFailedFirst(seen, ledger);
  CheckSecondaryDeath(seen, ledger);
  CheckCancel(seen, ledger);
}

}  // namespace conform
