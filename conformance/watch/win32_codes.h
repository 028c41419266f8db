// The numbers of commands (CMD-C01 to CMD-C19) and of completion codes (W-01 to W-14) that the
// checks know, and their names.
#ifndef CONFORMANCE_WATCH_WIN32_CODES_H_
#define CONFORMANCE_WATCH_WIN32_CODES_H_

#include <cstdint>
#include <string>

namespace conform {

inline constexpr int kVdcRead = 1;
inline constexpr int kVdcWrite = 2;
inline constexpr int kVdcClearError = 3;
inline constexpr int kVdcRewind = 4;
inline constexpr int kVdcWriteMark = 5;
inline constexpr int kVdcSkipMarks = 6;
inline constexpr int kVdcSkipBlocks = 7;
inline constexpr int kVdcLoad = 8;
inline constexpr int kVdcGetPosition = 9;
inline constexpr int kVdcSetPosition = 10;
inline constexpr int kVdcDiscard = 11;
inline constexpr int kVdcFlush = 12;
inline constexpr int kVdcSnapshot = 13;
inline constexpr int kVdcMountSnapshot = 14;
inline constexpr int kVdcPrepareToFreeze = 15;
inline constexpr int kVdcComplete = 19;

inline constexpr int64_t kWinSuccess = 0;
inline constexpr int64_t kWinHandleEof = 38;
inline constexpr int64_t kWinHandleDiskFull = 39;
inline constexpr int64_t kWinNotSupported = 50;
inline constexpr int64_t kWinDiskFull = 112;
inline constexpr int64_t kWinAborted = 995;
inline constexpr int64_t kWinEndOfMedia = 1100;
inline constexpr int64_t kWinFilemark = 1101;
inline constexpr int64_t kWinNoData = 1104;
inline constexpr int64_t kWinIoDevice = 1117;
inline constexpr int64_t kWinEomOverflow = 1129;

// "ERROR_DISK_FULL (112)"; "3 (0x3)" where it has no name here; "-1, which is no Win32 code".
std::string Win32Name(int64_t code);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_WIN32_CODES_H_
