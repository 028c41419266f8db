// What a client may be found doing to memory that it was lent, and how that is told. Answers for
// CMD-S06, C-GET-11 (a command is for reading), C-CMP-21 (nothing is touched after its completion),
// B-03 (the zones of a buffer).
#ifndef SIMULATOR_DEVICE_SET_GUARD_REPORT_H_
#define SIMULATOR_DEVICE_SET_GUARD_REPORT_H_

#include <cstdint>
#include <functional>
#include <string>

namespace vdisim {

enum class GuardMode {
  kOff,
  kDetect,  // what was written is found at CompleteCommand, at the next delivery, or at Close
  kFault,   // besides, a touch of what is not the client's now stops it at the instruction
};

enum class GuardBreach {
  kPastEnd,             // wrote behind the `size` bytes of a command's buffer
  kBeforeBegin,         // wrote before the buffer and its prefix zone
  kWriteBufferChanged,  // changed the data of a VDC_Write
  kCommandChanged,      // changed a VDC_Command
  kAfterCompletion,     // touched a buffer or a VDC_Command after its completion
};
// "past-end", as records have it.
const char* NameOf(GuardBreach breach);

struct GuardViolation {
  GuardBreach breach = GuardBreach::kPastEnd;
  bool of_command = false;        // the VDC_Command, not its buffer
  const void* command = nullptr;  // as GetCommand gave it; of a buffer, the last that it came with
  int32_t command_code = 0;
  int64_t size = 0;    // of that command, in bytes
  int64_t offset = 0;  // of the first byte, from the begin of the data zone or of the VDC_Command
  bool stops = false;  // the client is about to die of it
  std::string set;
  std::string device;
};

// "wrote behind the end of the buffer of ... "; for people.
std::string Describe(const GuardViolation& violation);

// Called by any thread of the client, with a lock of the guard held: it must not call the set.
using GuardReport = std::function<void(const GuardViolation&)>;

struct GuardOptions {
  GuardMode mode = GuardMode::kOff;
  GuardReport report;
};

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_GUARD_REPORT_H_
