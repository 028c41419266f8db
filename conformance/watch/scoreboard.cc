#include "conformance/watch/scoreboard.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/history.h"
#include "conformance/watch/statements.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

// Of all devices, the most commands in the client's hands at once.
int DeepestQueue(const History& history) {
  int deepest = 0;
  for (size_t device = 0; device < history.devices.size(); ++device) {
    std::vector<std::pair<int64_t, int>> steps;
    for (const FetchedCommand& command : history.commands) {
      if (command.device != device) continue;
      steps.emplace_back(command.got, 1);
      if (command.completed()) steps.emplace_back(command.completion->start_ns, -1);
    }
    std::sort(steps.begin(), steps.end());
    int held = 0;
    for (const auto& [t, step] : steps) {
      held += step;
      deepest = std::max(deepest, held);
    }
  }
  return deepest;
}

void CountCommands(const History& history, Scoreboard* score) {
  std::vector<int64_t> held;
  for (const FetchedCommand& command : history.commands) {
    ++score->commands;
    if (!command.completed()) continue;
    held.push_back(command.completion->start_ns - command.got);
    const bool moved =
        command.completion_code == kWinSuccess || command.completion_code == kWinHandleEof;
    if (command.code == kVdcWrite && moved) score->bytes_written += command.bytes;
    if (command.code == kVdcRead && moved) score->bytes_read += command.bytes;
  }
  if (held.empty()) return;
  std::sort(held.begin(), held.end());
  constexpr double kMs = 1e6;
  score->held_median_ms = static_cast<double>(held[held.size() / 2]) / kMs;
  score->held_worst_ms = static_cast<double>(held.back()) / kMs;
}

void CountCalls(const History& history, Scoreboard* score) {
  std::set<std::string> called;
  std::set<uint32_t> processes;
  std::set<std::pair<uint32_t, uint32_t>> threads;
  for (const vdisim::CallRecord* call : history.calls) {
    called.insert(IsCreate(*call)            ? "Create"
                  : IsOpenInSecondary(*call) ? "OpenInSecondary"
                                             : call->method);
    processes.insert(call->pid);
    threads.emplace(call->pid, call->tid);
    if (CodeOf(*call) == vdisim::kTimeout) ++score->time_outs;
  }
  for (const char* method :
       {"Create", "GetConfiguration", "OpenDevice", "GetCommand", "CompleteCommand", "SignalAbort",
        "Close", "OpenInSecondary", "GetBufferHandle", "MapBufferHandle"}) {
    if (called.count(method) == 0) score->never_called.emplace_back(method);
  }
  score->processes = static_cast<int>(processes.size());
  score->threads = static_cast<int>(threads.size());
}

void CountIdleness(const Evidence& evidence, Scoreboard* score) {
  if (IsTalkative(evidence.engine)) return;
  score->idle_seconds = evidence.idle_seconds;
  score->idle_cpu_seconds = evidence.idle_cpu_share * evidence.idle_seconds;
  score->idle_cpu_worst = evidence.idle_cpu_share;
}

void CountEnds(const Evidence& evidence, const History& history, Scoreboard* score) {
  score->ends = ProcessesWithSet(history);
  score->peak_memory_kib = evidence.peak_memory_kib;
  for (const Leftovers& left : LeftoversOf(evidence, history)) {
    ++score->ends_seen;
    KeepWorse(left, &score->left);
    score->peak_memory_kib = std::max(score->peak_memory_kib, left.peak_kib);
  }
}

constexpr int64_t kKiB = 1024;
constexpr int64_t kMiB = kKiB * kKiB;

std::string Bytes(int64_t bytes) {
  if (bytes < kKiB) return fmt::format("{} bytes", bytes);
  if (bytes < kMiB) return fmt::format("{} KiB", bytes / kKiB);
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / static_cast<double>(kMiB));
}

// "1 thread", "2 threads".
std::string Count(int64_t number, const char* what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

// "1 process", "2 processes".
std::string Processes(int64_t number) {
  return fmt::format("{} {}", number, number == 1 ? "process" : "processes");
}

std::string IdleText(const Scoreboard& score) {
  if (score.idle_seconds <= 0) return "it never waited long enough for a figure";
  constexpr double kPercent = 100;
  std::string text =
      fmt::format("{:.1f} % of one processor, over {:.1f} s of waiting",
                  score.idle_cpu_seconds / score.idle_seconds * kPercent, score.idle_seconds);
  if (score.starts > 1) {
    text += fmt::format("; {:.1f} % in the worst start", score.idle_cpu_worst * kPercent);
  }
  return text;
}

const char* kUnseenEnds = "not seen: it is a static program, or leaves by _exit, or was killed";

std::string LeftText(const Scoreboard& score) {
  const Leftovers& left = score.left;
  if (score.ends_seen == 0 || left.descriptors < 0) return kUnseenEnds;
  std::string text = Count(left.descriptors, "descriptor");
  if (left.threads >= 0) text += fmt::format(", {}", Count(left.threads, "thread"));
  if (left.mappings >= 0) {
    text += fmt::format(", {} of shared memory", Count(left.mappings, "mapping"));
  }
  return text;
}

// The descriptors by what they lead to, most frequent first.
std::string OpenText(const Leftovers& left) {
  constexpr size_t kNamed = 3;
  const size_t named = std::min(kNamed, left.open.size());
  const std::vector<std::string> names(left.open.begin(),
                                       left.open.begin() + static_cast<std::ptrdiff_t>(named));
  return fmt::format("{}{}", fmt::join(names, ", "), named < left.open.size() ? ", ..." : "");
}

std::string GrownText(const Scoreboard& score) {
  const Leftovers& left = score.left;
  if (score.ends_seen == 0) return kUnseenEnds;
  if (left.grown_kib < 0) return "not seen: it moved no bytes of files by calls of the C library";
  return fmt::format("{} more heap and stack than when data began to flow; {} moved",
                     Bytes(left.grown_kib * kKiB), Bytes(left.moved));
}

std::string Line(const char* what, const std::string& figures) {
  return fmt::format("  {:<24}{}\n", what, figures);
}

std::string SyncText(const Scoreboard& score) {
  if (score.syncs < 0) return "not seen: its durability was not judged";
  if (score.unseen.empty()) return fmt::format("{}", score.syncs);
  return fmt::format("not all seen, for it uses {}: its durability was not judged", score.unseen);
}

}  // namespace

Scoreboard KeepScore(const Evidence& evidence) {
  Scoreboard score;
  const History history = HistoryOf(evidence.calls);
  CountCalls(history, &score);
  CountCommands(history, &score);
  score.devices = static_cast<int>(history.devices.size());
  score.deepest_queue = DeepestQueue(history);
  if (evidence.threads > 0) score.threads = evidence.threads;
  score.syncs = evidence.system.empty() ? -1 : 0;
  for (const WitnessEvent& event : evidence.system) {
    const bool sync = event.call == "fsync" || event.call == "fdatasync" || event.call == "msync" ||
                      event.call == "sync" || event.call == "syncfs";
    if (sync && event.error == 0) ++score.syncs;
    if (event.call == "unseen") score.unseen = event.by;
  }
  CountIdleness(evidence, &score);
  CountEnds(evidence, history, &score);
  score.seconds = evidence.end.seconds;
  return score;
}

void KeepWorse(const Leftovers& other, Leftovers* left) {
  if (other.descriptors > left->descriptors) {
    left->descriptors = other.descriptors;
    left->open = other.open;
  }
  left->threads = std::max(left->threads, other.threads);
  left->mappings = std::max(left->mappings, other.mappings);
  if (other.grown_kib > left->grown_kib) {
    left->grown_kib = other.grown_kib;
    left->moved = other.moved;
  }
  left->peak_kib = std::max(left->peak_kib, other.peak_kib);
}

std::string ToText(const Scoreboard& score) {
  const bool several = score.starts > 1;
  std::string text = Line(several ? "at most in one start" : "it used",
                          fmt::format("{}, {}, {}", Count(score.devices, "device"),
                                      Processes(score.processes), Count(score.threads, "thread")));
  text += Line("commands", fmt::format("{}; at most {} held at once on a device", score.commands,
                                       score.deepest_queue));
  text += Line("data", fmt::format("{} backed up, {} restored", Bytes(score.bytes_written),
                                   Bytes(score.bytes_read)));
  text +=
      Line("time for a command", fmt::format("{:.3f} ms median, {:.3f} ms worst, from GetCommand "
                                             "to CompleteCommand",
                                             score.held_median_ms, score.held_worst_ms));
  text += Line("VD_E_TIMEOUT seen", Count(score.time_outs, "time"));
  text += Line("syncs to disk", SyncText(score));
  text += Line("burnt while waiting", IdleText(score));
  text += Line("memory at most", score.peak_memory_kib > 0
                                     ? Bytes(score.peak_memory_kib * kKiB) +
                                           " resident in one process, what is shared included"
                                     : "not seen");
  text += Line("memory left at its end", GrownText(score));
  text += Line("left open at its end", LeftText(score));
  if (!score.left.open.empty()) text += Line("", "open: " + OpenText(score.left));
  if (score.ends_seen > 0 && score.ends_seen < score.ends) {
    text += Line("", fmt::format("seen at {} of {} ends: the others were killed, or left by _exit",
                                 score.ends_seen, score.ends));
  }
  text += Line("never called", score.never_called.empty()
                                   ? "nothing of the interface"
                                   : fmt::format("{}", fmt::join(score.never_called, ", ")));
  return text;
}

}  // namespace conform
