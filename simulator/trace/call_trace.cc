#include "simulator/trace/call_trace.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "simulator/base/clock.h"
#include "simulator/trace/append_file.h"

namespace vdisim {
namespace {

// The file that records go to. One that was opened is never closed: a record of another thread may
// be on its way to it. No lock, so that a child forked at any moment can go on writing.
std::atomic<AppendFile*> current_file{nullptr};

// Holds a file for the life of the process, and its threads that outlive main.
void Keep(std::unique_ptr<AppendFile> file) {
  static std::mutex* const mutex = new std::mutex;
  static auto* const kept = new std::vector<std::unique_ptr<AppendFile>>;
  const std::lock_guard lock(*mutex);
  kept->push_back(std::move(file));
}
std::atomic<uint64_t> records{0};
std::atomic<uint64_t> objects{0};
std::atomic<bool> loss_reported{false};

void ReportLoss() {
  if (loss_reported.exchange(true)) return;
  fputs("vdisim: a call record could not be written; the trace has a hole\n", stderr);
}

// Calls in which a client may be found when it hangs.
constexpr std::string_view kWaiting[] = {"GetCommand", "GetConfiguration", "OpenDevice",
                                         "Create",     "CreateEx",         "Close"};

}  // namespace

std::atomic<CallTrace::Switch> CallTrace::switch_{Switch::kUnread};
std::atomic<bool> CallTrace::tells_begin_{false};

bool CallTrace::Start(const std::string& path, std::string* error) {
  std::unique_ptr<AppendFile> file = AppendFile::Open(path, error);
  const bool opened = file != nullptr;
  current_file.store(file.get(), std::memory_order_release);
  if (opened) Keep(std::move(file));
  switch_.store(opened ? Switch::kOn : Switch::kOff, std::memory_order_relaxed);
  return opened;
}

void CallTrace::Stop() {
  current_file.store(nullptr, std::memory_order_release);
  switch_.store(Switch::kOff, std::memory_order_relaxed);
}

bool CallTrace::StartFromEnvironment() noexcept {
  try {
    static std::once_flag once;
    std::call_once(once, [] {
      // Start or Stop may have been called before the first traced call; they win.
      if (switch_.load(std::memory_order_relaxed) != Switch::kUnread) return;
      const char* const path = getenv("VDISIM_TRACE");
      if (path == nullptr || *path == '\0') return Stop();
      std::string error;
      if (!Start(path, &error)) {
        fprintf(stderr, "vdisim: VDISIM_TRACE: %s: %s\n", path, error.c_str());
      }
      const char* const begin = getenv("VDISIM_TRACE_BEGIN");
      if (begin != nullptr && std::string_view(begin) == "1") SetTellsBegin(true);
    });
    return switch_.load(std::memory_order_relaxed) == Switch::kOn;
  } catch (...) {
    return false;
  }
}

void CallTrace::Write(CallRecord record) noexcept {
  try {
    AppendFile* const file = current_file.load(std::memory_order_acquire);
    if (file == nullptr) return;
    record.number = records.fetch_add(1, std::memory_order_relaxed) + 1;
    record.pid = CurrentProcessNumber();
    record.tid = CurrentThreadNumber();
    if (!file->AppendLine(FormatRecord(record))) ReportLoss();
  } catch (...) {
    ReportLoss();
  }
}

bool CallTrace::TellsBegin(const char* method) noexcept {
  return tells_begin_.load(std::memory_order_relaxed) &&
         current_file.load(std::memory_order_relaxed) != nullptr &&
         std::find(std::begin(kWaiting), std::end(kWaiting), method) != std::end(kWaiting);
}

void CallTrace::WriteBegin(const CallRecord& record) noexcept {
  try {
    AppendFile* const file = current_file.load(std::memory_order_acquire);
    if (file == nullptr) return;
    const BeginMark mark{.method = record.method,
                         .start_ns = record.start_ns,
                         .pid = CurrentProcessNumber(),
                         .tid = CurrentThreadNumber(),
                         .face = record.face,
                         .object = record.object,
                         .set = record.set,
                         .device = record.device};
    if (!file->AppendLine(FormatBeginMark(mark))) ReportLoss();
  } catch (...) {
    ReportLoss();
  }
}

void CallTrace::SetTellsBegin(bool tells) { tells_begin_.store(tells, std::memory_order_relaxed); }

uint64_t CallTrace::NewObjectNumber() {
  return objects.fetch_add(1, std::memory_order_relaxed) + 1;
}

int64_t CallTrace::NowNanoseconds() { return MonotonicClock::Get().Now().count(); }

}  // namespace vdisim
