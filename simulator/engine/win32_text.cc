#include "simulator/engine/win32_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace vdisim {
namespace {

struct SystemText {
  uint32_t code;
  const char* text;
};

constexpr std::array kTexts = {
    SystemText{0, "The operation completed successfully."},
    SystemText{1, "Incorrect function."},
    SystemText{2, "The system cannot find the file specified."},
    SystemText{3, "The system cannot find the path specified."},
    SystemText{5, "Access is denied."},
    SystemText{6, "The handle is invalid."},
    SystemText{7, "The storage control blocks were destroyed."},
    SystemText{8, "Not enough memory resources are available to process this command."},
    SystemText{13, "The data is invalid."},
    SystemText{14, "Not enough memory resources are available to complete this operation."},
    SystemText{19, "The media is write protected."},
    SystemText{21, "The device is not ready."},
    SystemText{22, "The device does not recognize the command."},
    SystemText{23, "Data error (cyclic redundancy check)."},
    SystemText{29, "The system cannot write to the specified device."},
    SystemText{30, "The system cannot read from the specified device."},
    SystemText{31, "A device attached to the system is not functioning."},
    SystemText{32,
               "The process cannot access the file because it is being used by another process."},
    SystemText{38, "Reached the end of the file."},
    SystemText{39, "The disk is full."},
    SystemText{50, "The request is not supported."},
    SystemText{87, "The parameter is incorrect."},
    SystemText{109, "The pipe has been ended."},
    SystemText{112, "There is not enough space on the disk."},
    SystemText{121, "The semaphore timeout period has expired."},
    SystemText{232, "The pipe is being closed."},
    SystemText{995,
               "The I/O operation has been aborted because of either a thread exit or an "
               "application request."},
    SystemText{1100, "The physical end of the tape has been reached."},
    SystemText{1101, "A tape access reached a filemark."},
    SystemText{1104, "No more data is on the tape."},
    SystemText{1117, "The request could not be performed because of an I/O device error."},
    SystemText{1129, "The physical end of the tape has been reached."},
    SystemText{1450, "Insufficient system resources exist to complete the requested service."},
    SystemText{1460, "This operation returned because the timeout period expired."},
};

const char* SystemTextOf(uint32_t code) {
  const auto row =
      std::find_if(kTexts.begin(), kTexts.end(), [&](const auto& t) { return t.code == code; });
  return row == kTexts.end() ? "error not found" : row->text;
}

}  // namespace

std::string OsErrorText(uint32_t code) { return fmt::format("{}({})", code, SystemTextOf(code)); }

std::string OsErrorText(HResult hr) {
  const auto bits = static_cast<uint32_t>(hr.value());
  if (bits >> 16 == 0x8007) return fmt::format("{:#x}({})", bits, SystemTextOf(bits & 0xFFFF));
  const std::string name = hr.name();
  return fmt::format("{:#x}({})", bits, name.starts_with("0x") ? "error not found" : name);
}

}  // namespace vdisim
