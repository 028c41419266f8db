#include "conformance/client/idle_meter.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "conformance/client/client_tools.h"
#include "conformance/client/kept_process.h"
#include "conformance/client/process_table.h"

namespace conform {
namespace {

// Of less, a clock that counts hundredths of a second says nothing.
constexpr double kIdleSecondsMin = 0.3;
constexpr size_t kCommandLinesMax = 64;

// The program's own doing is measured, not that of our sqlcmd, which may have much to print.
bool IsStandIn(const std::string& command_line) {
  const std::string program = command_line.substr(0, command_line.find(' '));
  const std::string name = program.substr(program.rfind('/') + 1);
  return name == "sqlcmd" || name == "osql";
}

// Of gdb's output the threads and their frames.
std::string FramesOf(const std::string& output) {
  std::istringstream lines(output);
  std::string frames;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("Thread ") || line.starts_with("#")) frames += line + "\n";
  }
  return frames;
}

}  // namespace

void IdleMeter::Look(Clock::time_point now, bool quiet, bool waiting) {
  const std::vector<ProcessFact> processes = Descendants(root_);
  double cpu = 0;
  int threads = 0;
  for (const ProcessFact& one : processes) {
    if (!IsStandIn(one.command_line)) cpu += one.cpu_seconds;
    if (one.state == 'Z') continue;
    threads += one.threads;
    peak_memory_kib_ = std::max(peak_memory_kib_, one.peak_memory_kib);
    const bool known = std::find(command_lines_.begin(), command_lines_.end(), one.command_line) !=
                       command_lines_.end();
    if (one.pid != program_ && !known && !one.command_line.empty() &&
        command_lines_.size() < kCommandLinesMax) {
      command_lines_.push_back(one.command_line);
    }
    for (const std::string& library : LoadedLibraries(one.pid)) libraries_.insert(library);
  }
  threads_ = std::max(threads_, threads);
  const std::chrono::duration<double> since = now - last_look_;
  // A process that has ended takes its time along: the sum may fall.
  if (!quiet) silent_ = {};
  for (Burnt* burnt : {&waited_, &silent_}) {
    if (!looked_ || !quiet || cpu < last_cpu_ || (burnt == &waited_ && !waiting)) continue;
    burnt->cpu += cpu - last_cpu_;
    burnt->seconds += since.count();
  }
  looked_ = true;
  last_cpu_ = cpu;
  last_look_ = now;
}

double IdleMeter::Burnt::Seconds() const { return seconds < kIdleSecondsMin ? 0 : seconds; }

double IdleMeter::Burnt::Share() const { return Seconds() > 0 ? cpu / seconds : 0; }

std::string StacksOf(pid_t pid, const std::string& keeper, std::chrono::milliseconds patience) {
  Variables variables = CleanEnvironment();
  variables.erase("DEBUGINFOD_URLS");
  try {
    KeptProcess gdb(keeper, {.words = {"gdb", "-nx", "-batch", "-p", std::to_string(pid), "-ex",
                                       "thread apply all bt 24"},
                             .environment = Texts(variables),
                             .directory = "/",
                             .file_bytes_max = {},
                             .read_only = {},
                             .tmpfs = {},
                             .failing = {}});
    const bool ended = gdb.AwaitEnd(patience);
    gdb.Serve();
    std::string frames = FramesOf(gdb.Output());
    if (ended && !frames.empty()) return frames;
  } catch (const NotStarted&) {
    // There is no gdb on this machine.
  }
  return WaitPlaces(pid);
}

}  // namespace conform
