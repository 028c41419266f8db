// How the process ended and what it left behind, and what it showed of its secrets.
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/leftovers.h"
#include "conformance/watch/seen.h"

namespace conform {
namespace {

// The calls that began and never returned, by their names, without what changes.
std::string WaitsIn(const Seen& seen) {
  std::set<std::string> waits;
  for (const BeginMark& mark : seen.evidence.begun) {
    const bool returned = std::any_of(
        seen.history.calls.begin(), seen.history.calls.end(), [&](const vdisim::CallRecord* call) {
          return call->pid == mark.pid && call->tid == mark.tid && call->method == mark.method &&
                 call->start_ns >= mark.start_ns;
        });
    if (returned) continue;
    std::string wait = mark.method;
    for (const DeviceLife& device : seen.history.devices) {
      if (device.pid == mark.pid && device.object == mark.object)
        wait += " of " + seen.LabelOf(device);
    }
    waits.insert(std::move(wait));
  }
  std::string text;
  for (const std::string& wait : waits) text += (text.empty() ? "" : ", ") + wait;
  return text.empty() ? "in no call of the interface" : "in " + text;
}

std::string LastCall(const Seen& seen) {
  const vdisim::CallRecord* last = nullptr;
  for (const vdisim::CallRecord* call : seen.history.calls) {
    if (last == nullptr || EndOf(*call) > EndOf(*last)) last = call;
  }
  return last == nullptr ? "It had called nothing."
                         : fmt::format("The last call that returned: {}: {}", seen.Place(*last),
                                       CodeOf(*last).name());
}

std::string Tail(const std::string& text) {
  constexpr size_t kMost = 1500;
  return text.size() <= kMost ? text : text.substr(text.size() - kMost);
}

void CheckCrash(const Seen& seen, Ledger* ledger) {
  const ClientEnd& end = seen.evidence.end;
  if (!end.started || end.killed_by_us || seen.evidence.hang.hung) return;
  ledger->Look("program/crash");
  if (!end.signalled || !seen.evidence.job.killed.empty()) return;
  const bool stopped = end.signal == SIGINT || end.signal == SIGTERM || end.signal == SIGHUP;
  if (seen.evidence.job.cancelled && stopped) return;
  const char* const name = sigabbrev_np(end.signal);
  ledger->Break(
      "program/crash",
      {.t = end.t,
       .expected = "an exit status",
       .actual = fmt::format("killed by SIG{}, {}", name == nullptr ? "?" : name, WaitsIn(seen)),
       .note = LastCall(seen) + (end.error.empty() ? "" : "\n" + Tail(end.error)),
       .problem = reports::Problem::kClientCrash});
}

void CheckHang(const Seen& seen, Ledger* ledger) {
  const Evidence& evidence = seen.evidence;
  if (!evidence.end.started) return;
  ledger->Look("program/hang");
  if (!evidence.hang.hung) return;
  std::string note = LastCall(seen);
  if (!evidence.hang.doing.empty()) note += "\nDoing: " + evidence.hang.doing;
  note += fmt::format("\nNo sign of life for {:.1f} s; {:.0f} % of a processor meanwhile.",
                      evidence.hang.silent_seconds, evidence.idle_cpu_share * 100);
  if (!evidence.hang.stack.empty()) note += "\n" + evidence.hang.stack;
  ledger->Break("program/hang", {.expected = "an end, or a sign of life",
                                 .actual = "no sign of life, " + WaitsIn(seen),
                                 .note = note,
                                 .problem = reports::Problem::kClientTimeout});
}

std::string Lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

// Whoever was killed leaves things behind, and is not blamed for it.
void CheckLeft(const Seen& seen, Ledger* ledger) {
  if (!seen.EndedByItself() || !seen.evidence.job.killed.empty()) return;
  ledger->Look("program/left-objects");
  if (!seen.evidence.left_objects.empty()) {
    ledger->Break("program/left-objects",
                  {.expected = "nothing in shared memory",
                   .actual = fmt::format("{} objects left", seen.evidence.left_objects.size()),
                   .note = Lines(seen.evidence.left_objects),
                   .problem = reports::Problem::kLeakedHandle});
  }
  ledger->Look("program/left-processes");
  if (!seen.evidence.left_processes.empty()) {
    ledger->Break("program/left-processes",
                  {.expected = "no process",
                   .actual = fmt::format("{} left", seen.evidence.left_processes.size()),
                   .note = Lines(seen.evidence.left_processes),
                   .problem = reports::Problem::kLeakedHandle});
  }
}

void CheckResources(const Seen& seen, Ledger* ledger) {
  if (!seen.EndedByItself()) return;
  for (const Leftovers& left : LeftoversOf(seen.evidence, seen.history)) {
    ledger->Look("program/left-resources");
    if (left.threads > 0) {
      ledger->Break("program/left-resources",
                    {.t = left.t,
                     .expected = "one thread when the process ends",
                     .actual = fmt::format("{} threads", left.threads + 1),
                     .problem = reports::Problem::kLeakedHandle});
    }
    // A log and the like may stay open until the system closes it, and so may a device's files;
    // what is opened for each command may not.
    constexpr int kOrdinary = 8;
    const int most = kOrdinary + 2 * static_cast<int>(seen.history.devices.size());
    if (left.descriptors > most) {
      ledger->Break("program/left-resources",
                    {.t = left.t,
                     .expected = "files, sockets and pipes closed when they are done with",
                     .actual = "many of them were open when the process ended",
                     .note = fmt::format("{} that it had opened: {}", left.descriptors,
                                         fmt::join(left.open, ", ")),
                     .problem = reports::Problem::kLeakedHandle});
    }
  }
}

// A thread that asks a device with a time-out of 0 and nothing else, mostly so soon again that it
// cannot have waited between; one that sleeps a millisecond meanwhile is none. The processor's time
// alone, and the time of all calls together, tell too little on a busy machine.
bool AsksWithoutWaiting(const Seen& seen) {
  constexpr int kMany = 100;
  constexpr int64_t kSoon_ns = 500000;
  struct Run {
    int64_t last = 0;
    int times = 0;
    int soon = 0;
  };
  std::map<std::tuple<uint32_t, uint32_t, uint64_t>, Run> runs;
  for (const vdisim::CallRecord* call : seen.history.calls) {
    Run& run = runs[{call->pid, call->tid, call->object}];
    const bool polls = call->method == "GetCommand" && CodeOf(*call) == vdisim::kTimeout &&
                       NumberOf(call->inputs, "timeOut") == 0 && !IsInjected(*call);
    if (!polls) {
      run = {};
      continue;
    }
    if (run.times++ > 0 && call->start_ns - run.last < kSoon_ns) ++run.soon;
    run.last = EndOf(*call);
    if (run.times > kMany && run.soon > run.times / 2) return true;
  }
  return false;
}

void CheckBusyWait(const Seen& seen, Ledger* ledger) {
  if (seen.history.sets.empty()) return;
  ledger->Look("program/busy-wait");
  if (AsksWithoutWaiting(seen)) {
    ledger->Break(
        "program/busy-wait",
        {.expected = "a wait inside GetCommand",
         .actual = "GetCommand with a time-out of 0, again and again",
         .note = fmt::format("{:.0f} % of a processor", seen.evidence.idle_cpu_share * 100)});
    return;
  }
  constexpr double kMuch = 0.4;  // a good client needs a hundredth of it
  // A client that reads what a talkative server tells is not idle.
  if (IsTalkative(seen.evidence.engine)) return;
  if (seen.evidence.idle_cpu_share < kMuch) return;
  ledger->Break(
      "program/busy-wait",
      {.expected = "a wait inside GetCommand or GetConfiguration",
       .actual = "much of a processor was burnt while there was nothing to do",
       .note = fmt::format("{:.0f} % of a processor", seen.evidence.idle_cpu_share * 100)});
}

void CheckSecret(const Seen& seen, Ledger* ledger) {
  const std::string& secret = seen.evidence.client.password;
  if (secret.empty()) return;
  ledger->Look("program/secret-shown");
  const auto shows = [&](const std::string& text) {
    return text.find(secret) != std::string::npos;
  };
  const auto& lines = seen.evidence.command_lines;
  const bool on_line = std::any_of(lines.begin(), lines.end(), shows);
  const bool printed = shows(seen.evidence.end.output) || shows(seen.evidence.end.error);
  if (!on_line && !printed) return;
  ledger->Break("program/secret-shown",
                {.expected = "the password in the environment, a file, or the server's own trust",
                 .actual = on_line ? "the password stands on the command line of a process"
                                   : "the program printed the password"});
}

}  // namespace

void CheckProcessEnd(const Seen& seen, Ledger* ledger) {
  CheckCrash(seen, ledger);
  CheckHang(seen, ledger);
  CheckLeft(seen, ledger);
  CheckResources(seen, ledger);
  CheckBusyWait(seen, ledger);
  CheckSecret(seen, ledger);
}

}  // namespace conform
