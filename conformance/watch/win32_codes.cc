#include "conformance/watch/win32_codes.h"

#include <fmt/format.h>

#include <utility>

namespace conform {

std::string Win32Name(int64_t code) {
  static constexpr std::pair<int64_t, const char*> kNames[] = {{0, "ERROR_SUCCESS"},
                                                               {5, "ERROR_ACCESS_DENIED"},
                                                               {6, "ERROR_INVALID_HANDLE"},
                                                               {7, "ERROR_ARENA_TRASHED"},
                                                               {29, "ERROR_WRITE_FAULT"},
                                                               {30, "ERROR_READ_FAULT"},
                                                               {38, "ERROR_HANDLE_EOF"},
                                                               {39, "ERROR_HANDLE_DISK_FULL"},
                                                               {50, "ERROR_NOT_SUPPORTED"},
                                                               {112, "ERROR_DISK_FULL"},
                                                               {995, "ERROR_OPERATION_ABORTED"},
                                                               {1100, "ERROR_END_OF_MEDIA"},
                                                               {1101, "ERROR_FILEMARK_DETECTED"},
                                                               {1104, "ERROR_NO_DATA_DETECTED"},
                                                               {1117, "ERROR_IO_DEVICE"},
                                                               {1129, "ERROR_EOM_OVERFLOW"},
                                                               {1450, "ERROR_NO_SYSTEM_RESOURCES"}};
  for (const auto& [value, name] : kNames) {
    if (value == code) return fmt::format("{} ({})", name, code);
  }
  if (code < 0 || code > 0xFFFF) return fmt::format("{}, which is no Win32 code", code);
  return fmt::format("{} ({:#x})", code, code);
}

}  // namespace conform
