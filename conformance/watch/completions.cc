// Each command that was fetched is completed once, in time, and nothing else is (CMD-01, C-CMP-02).
#include <fmt/format.h>

#include <algorithm>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/seen.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

using vdisim::CallRecord;

// Whether the client asked the device for something after that time; a call that never returned has
// left a mark.
bool AskedAfter(const Seen& seen, const DeviceLife& device, int64_t t) {
  for (const CallRecord* call : seen.history.calls) {
    if (call->pid == device.pid && call->object == device.object && call->start_ns > t &&
        call->method == "GetCommand") {
      return true;
    }
  }
  return std::any_of(seen.evidence.begun.begin(), seen.evidence.begun.end(),
                     [&](const BeginMark& mark) {
                       return mark.pid == device.pid && mark.object == device.object &&
                              mark.start_ns > t && mark.method == "GetCommand";
                     });
}

std::string Describe(const Seen& seen, const FetchedCommand& command) {
  return fmt::format("{} of {} bytes, fetched by {}", Seen::CommandName(command.code), command.size,
                     seen.Place(*command.get));
}

// A client that hangs may be at work on the command, or hold it until more come: that is told
// elsewhere. But one that completed what came later has forgotten it, and so has one that waits for
// the next command with one in its hands that carries no data and waits for nothing.
bool IsForgotten(const Seen& seen, const FetchedCommand& command) {
  const DeviceLife& device = seen.history.devices[command.device];
  const bool may_wait = command.code == kVdcRead || command.code == kVdcWrite ||
                        command.code == kVdcFlush || command.code == kVdcComplete;
  if (!may_wait) return AskedAfter(seen, device, command.got);
  return std::any_of(
      seen.history.commands.begin(), seen.history.commands.end(), [&](const FetchedCommand& other) {
        return other.device == command.device && other.got > command.got && other.completed();
      });
}

void CheckEveryOne(const Seen& seen, Ledger* ledger) {
  for (const FetchedCommand& command : seen.history.commands) {
    const SetLife& set = seen.history.sets[seen.history.devices[command.device].set];
    ledger->Look("program/every-command-completed");
    if (command.completed() || seen.history.AbortedBefore(set.name, 0)) continue;
    const bool hung = seen.evidence.hang.hung;
    if (!seen.EndedByItself() && !(hung && IsForgotten(seen, command))) continue;
    const char* const end = hung                   ? "it was never completed"
                            : set.close != nullptr ? "the set was closed without it"
                                                   : "the program ended without it";
    ledger->Break("program/every-command-completed",
                  {.t = command.got,
                   .expected = "CompleteCommand for each command, or SignalAbort",
                   .actual = fmt::format("{}: {}", Seen::CommandName(command.code), end),
                   .note = Describe(seen, command)});
  }
}

void CheckStrays(const Seen& seen, Ledger* ledger) {
  for (const StrayCompletion& stray : seen.history.strays) {
    if (stray.command) {
      const FetchedCommand& command = seen.history.commands[*stray.command];
      ledger->Break(
          "program/completed-once",
          {.t = stray.call->start_ns,
           .expected = "one completion",
           .actual = Seen::CommandName(command.code) + " was completed twice: VD_E_INVALID",
           .note = Describe(seen, command) + "\nCompleted first by " +
                   (command.completed() ? seen.Place(*command.completion) : "?") +
                   "\nand again by " + seen.Place(*stray.call)});
      continue;
    }
    ledger->Break("program/completed-given",
                  {.t = stray.call->start_ns,
                   .expected = "the address that GetCommand of this device gave",
                   .actual = stray.of_other_device
                                 ? "CompleteCommand for a command of another device: VD_E_INVALID"
                                 : "CompleteCommand for an address that GetCommand never gave: "
                                   "VD_E_INVALID",
                   .note = seen.Place(*stray.call)});
  }
}

// T-05: the server waits for two intervals in which nothing is completed.
void CheckHeld(const Seen& seen, Ledger* ledger) {
  if (seen.statement == nullptr || seen.statement->configured == nullptr) return;
  const int64_t interval_ns = seen.statement->configured->server_timeout_ms * 1000000;
  if (interval_ns <= 0) return;
  ledger->Look("program/held-too-long");
  for (const FetchedCommand& command : seen.history.commands) {
    const int64_t until = command.completed() ? command.completion->start_ns
                                              : std::max(seen.history.last, command.got);
    const bool others = std::any_of(
        seen.history.commands.begin(), seen.history.commands.end(), [&](const auto& other) {
          return &other != &command && other.completed() &&
                 other.completion->start_ns > command.got && other.completion->start_ns < until;
        });
    // Whom the judge stopped meanwhile could not complete it.
    const int64_t paused = seen.evidence.job.paused_ns;
    const bool by_judge = paused >= command.got && paused <= until;
    if (until - command.got <= 2 * interval_ns || others || by_judge) continue;
    ledger->Break("program/held-too-long",
                  {.t = command.got + 2 * interval_ns,
                   .expected = fmt::format("a completion within twice {} ms",
                                           seen.statement->configured->server_timeout_ms),
                   .actual = Seen::CommandName(command.code) + " was held for longer",
                   .note = Describe(seen, command) +
                           fmt::format("\nHeld for {:.3f} s.",
                                       static_cast<double>(until - command.got) / 1e9)});
  }
}

}  // namespace

void CheckCompletions(const Seen& seen, Ledger* ledger) {
  if (!seen.history.commands.empty()) {
    ledger->Look("program/completed-once");
    ledger->Look("program/completed-given");
  }
  CheckEveryOne(seen, ledger);
  CheckStrays(seen, ledger);
  CheckHeld(seen, ledger);
}

}  // namespace conform
