#include "conformance/watch/leftovers.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "conformance/watch/data_files.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

std::set<uint32_t> PidsWithSet(const History& history) {
  std::set<uint32_t> pids;
  for (const SetLife& set : history.sets) pids.insert(set.pid);
  return pids;
}

// Numbers of sockets, and the folder of the job, change from run to run.
std::string KindOf(const std::string& path, const std::filesystem::path& artefact_dir) {
  if (path.starts_with("socket:")) return "a socket";
  if (path.starts_with("pipe:")) return "a pipe";
  constexpr std::string_view kNameless = "anon_inode:";
  if (path.starts_with(kNameless)) return path.substr(kNameless.size());
  if (path.starts_with("/dev/shm/vdisim.")) return "shared memory of a device set";
  if (path.empty()) return "something without a name";
  if (!IsBelow(path, artefact_dir)) return path;
  return "{artefact_dir}/" + std::filesystem::path(path).lexically_relative(artefact_dir).string();
}

// all: of which the witness names the first only.
std::vector<std::string> MostFrequentFirst(const std::map<std::string, int>& kinds, int all) {
  std::vector<std::pair<std::string, int>> order(kinds.begin(), kinds.end());
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> lines;
  lines.reserve(order.size());
  for (const auto& [kind, count] : order) {
    lines.push_back(count == 1 ? kind : fmt::format("{} x {}", count, kind));
    all -= count;
  }
  if (!lines.empty() && all > 0) lines.push_back(fmt::format("{} more", all));
  return lines;
}

int64_t MovedBy(uint32_t pid, const History& history) {
  int64_t bytes = 0;
  for (const FetchedCommand& command : history.commands) {
    const bool moves = command.code == kVdcRead || command.code == kVdcWrite;
    if (moves && history.devices[command.device].pid == pid) bytes += command.bytes;
  }
  return bytes;
}

}  // namespace

std::vector<Leftovers> LeftoversOf(const Evidence& evidence, const History& history) {
  struct Process {
    int64_t at_first_transfer_kib = -1;
    std::map<std::string, int> kinds;
    bool has_helpers = false;  // threads of the C library or the system, for aio and io_uring
  };
  const std::set<uint32_t> pids = PidsWithSet(history);
  std::map<uint32_t, Process> processes;
  std::vector<Leftovers> ends;
  for (const WitnessEvent& event : evidence.system) {
    if (pids.count(event.pid) == 0) continue;
    Process& process = processes[event.pid];
    if (event.call == "start") {
      process = {};
    } else if (event.call == "unseen") {
      process.has_helpers = true;
    } else if (event.call == "left") {
      ++process.kinds[KindOf(event.path, evidence.artefact_dir)];
    } else if (event.call != "exit") {
      if (event.memory_kib >= 0) process.at_first_transfer_kib = event.memory_kib;
    } else {
      Leftovers one;
      one.pid = event.pid;
      one.t = event.t;
      one.descriptors = event.left;
      one.open = MostFrequentFirst(process.kinds, event.left);
      const bool known = event.threads >= 0 && !process.has_helpers;
      one.threads = known ? std::max(event.threads - 1, 0) : -1;
      one.mappings = event.mappings;
      if (event.memory_kib >= 0 && process.at_first_transfer_kib >= 0) {
        one.grown_kib = std::max<int64_t>(event.memory_kib - process.at_first_transfer_kib, 0);
      }
      one.moved = MovedBy(event.pid, history);
      one.peak_kib = event.peak_kib;
      ends.push_back(std::move(one));
    }
  }
  return ends;
}

int ProcessesWithSet(const History& history) {
  return static_cast<int>(PidsWithSet(history).size());
}

}  // namespace conform
