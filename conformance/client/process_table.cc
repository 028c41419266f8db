#include "conformance/client/process_table.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>

namespace conform {
namespace {

namespace fs = std::filesystem;

std::string Content(const fs::path& file) {
  // A process that ends while it is read is a failure of the stream, not an exception.
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

std::optional<pid_t> Number(const std::string& text) {
  pid_t number = 0;
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stopped != text.data() + text.size()) return std::nullopt;
  return number;
}

// The numbers in the names of a folder: processes of /proc, threads of a process.
std::vector<pid_t> Numbers(const fs::path& folder) {
  std::vector<pid_t> numbers;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (const auto number = Number(entry->path().filename().string())) numbers.push_back(*number);
  }
  return numbers;
}

std::optional<ProcessFact> Look(pid_t pid) {
  const std::string stat = Content(fmt::format("/proc/{}/stat", pid));
  // The name stands in parentheses and may hold anything, also a parenthesis.
  const size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(stat.substr(name_end + 1));
  ProcessFact fact;
  fact.pid = pid;
  fields >> fact.state >> fact.parent;
  std::string skipped;
  for (int field = 5; field <= 13; ++field) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  for (int field = 16; field <= 19; ++field) fields >> skipped;
  fields >> fact.threads;
  fact.cpu_seconds = (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return fact;
}

void LookCloser(ProcessFact* fact) {
  fact->command_line = Content(fmt::format("/proc/{}/cmdline", fact->pid));
  while (!fact->command_line.empty() && fact->command_line.back() == '\0') {
    fact->command_line.pop_back();
  }
  std::replace(fact->command_line.begin(), fact->command_line.end(), '\0', ' ');
  std::istringstream status(Content(fmt::format("/proc/{}/status", fact->pid)));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) fact->peak_memory_kib = std::atoll(line.c_str() + 6);
  }
}

}  // namespace

std::vector<ProcessFact> Descendants(pid_t root) {
  std::map<pid_t, ProcessFact> all;
  for (const pid_t pid : Numbers("/proc")) {
    if (const auto fact = Look(pid)) all[pid] = *fact;
  }
  std::vector<ProcessFact> found;
  for (auto& [pid, fact] : all) {
    pid_t above = fact.parent;
    // No deeper than there are processes, whatever was read while they came and went.
    for (size_t steps = 0; above != root && steps < all.size(); ++steps) {
      const auto parent = all.find(above);
      if (parent == all.end()) break;
      above = parent->second.parent;
    }
    if (above != root) continue;
    LookCloser(&fact);
    found.push_back(fact);
  }
  return found;
}

std::vector<std::string> LoadedLibraries(pid_t pid) {
  std::set<std::string> libraries;
  std::istringstream maps(Content(fmt::format("/proc/{}/maps", pid)));
  for (std::string line; std::getline(maps, line);) {
    const size_t path = line.find('/');
    if (path == std::string::npos) continue;
    const std::string file = line.substr(path);
    if (fs::path(file).filename().string().starts_with("libsqlvdi.so")) libraries.insert(file);
  }
  return {libraries.begin(), libraries.end()};
}

std::string WaitPlaces(pid_t pid) {
  std::string text;
  for (const pid_t thread : Numbers(fmt::format("/proc/{}/task", pid))) {
    const std::string folder = fmt::format("/proc/{}/task/{}", pid, thread);
    std::string call = Content(folder + "/syscall");
    call.resize(std::min(call.find_first_of(" \n"), call.size()));
    std::string place = Content(folder + "/wchan");
    if (place.empty() || place == "0") place = call == "running" ? "running" : "?";
    text +=
        fmt::format("thread {}: {}, system call {}\n", thread, place, call.empty() ? "?" : call);
  }
  return text;
}

}  // namespace conform
