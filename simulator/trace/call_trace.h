// The switch of this process's call trace, and the way records take into the file. Off unless the
// environment variable VDISIM_TRACE names a file, or Start was called. While it is off a call pays
// one relaxed load and one branch that is predicted; nothing is built or measured.
//
// With VDISIM_TRACE_BEGIN=1 in the environment, too, calls that may wait leave a mark when they
// begin.
//
// Several processes may name the same file. A child made by fork goes on writing to the parent's,
// under its own process number. Any thread may call anything here.
#ifndef SIMULATOR_TRACE_CALL_TRACE_H_
#define SIMULATOR_TRACE_CALL_TRACE_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "simulator/trace/call_record.h"

namespace vdisim {

class CallTrace {
 public:
  static bool IsOn() {
    const Switch position = switch_.load(std::memory_order_relaxed);
    if (position == Switch::kOff) [[likely]] {
      return false;
    }
    return position == Switch::kOn || StartFromEnvironment();
  }

  // Records from now on to this file, added to what it holds. Returns false, with the reason in
  // *error, if it cannot be opened; the trace is off then.
  static bool Start(const std::string& path, std::string* error);
  static void Stop();

  // Fills in number, process and thread, and adds the record to the file; does nothing while off.
  // A record that cannot be written is reported once on standard error, and the caller goes on.
  static void Write(CallRecord record) noexcept;

  // Whether a call of this method leaves a mark; false while off.
  static bool TellsBegin(const char* method) noexcept;
  // Adds the mark of a call, whose start, face, object, set and device are filled in.
  static void WriteBegin(const CallRecord& record) noexcept;
  // Whether calls leave marks from now on, whatever the environment says.
  static void SetTellsBegin(bool tells);

  // A number for an object that records can name (CallRecord::object).
  static uint64_t NewObjectNumber();
  // Now, as CallRecord::start_ns counts.
  static int64_t NowNanoseconds();

 private:
  enum class Switch : int { kUnread, kOff, kOn };
  // Reads VDISIM_TRACE, once in the life of the process.
  static bool StartFromEnvironment() noexcept;

  static std::atomic<Switch> switch_;
  static std::atomic<bool> tells_begin_;
};

}  // namespace vdisim

#endif  // SIMULATOR_TRACE_CALL_TRACE_H_
