#include "conformance/watch/scoreboard.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/history.h"
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

std::string Bytes(int64_t bytes) {
  constexpr double kMiB = 1024.0 * 1024.0;
  if (bytes < static_cast<int64_t>(kMiB)) return fmt::format("{} bytes", bytes);
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / kMiB);
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
  }
  score.idle_cpu_share = evidence.idle_cpu_share;
  score.descriptors_left = evidence.descriptors_left;
  score.peak_memory_kib = evidence.peak_memory_kib;
  score.seconds = evidence.end.seconds;
  return score;
}

std::string ToText(const Scoreboard& score) {
  std::string text = fmt::format("{} devices in {} processes, {} threads; {:.2f} s\n",
                                 score.devices, score.processes, score.threads, score.seconds);
  text += fmt::format("{} commands, {} written, {} read; at most {} held at once on a device\n",
                      score.commands, Bytes(score.bytes_written), Bytes(score.bytes_read),
                      score.deepest_queue);
  text += fmt::format(
      "from GetCommand to CompleteCommand: {:.3f} ms in the middle, {:.3f} ms at "
      "worst\n",
      score.held_median_ms, score.held_worst_ms);
  text +=
      fmt::format("{} time-outs seen; {:.0f} % of a processor while waiting, in the worst job\n",
                  score.time_outs, score.idle_cpu_share * 100);
  if (score.syncs >= 0) text += fmt::format("{} syncs\n", score.syncs);
  if (score.peak_memory_kib > 0) {
    text += fmt::format("{} of memory at most\n", Bytes(score.peak_memory_kib * 1024));
  }
  if (score.descriptors_left >= 0) {
    text += fmt::format("{} descriptors left open\n", score.descriptors_left);
  }
  if (!score.never_called.empty()) {
    text += fmt::format("never called: {}\n", fmt::join(score.never_called, ", "));
  }
  return text;
}

}  // namespace conform
