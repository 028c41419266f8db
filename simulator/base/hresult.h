// HResult is a VDI status code as a value with a type: it prints its name, and dropping one is a
// compile error. Plain ints appear only at the ABI. Immutable; any thread.
#ifndef SIMULATOR_BASE_HRESULT_H_
#define SIMULATOR_BASE_HRESULT_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

namespace vdisim {

class [[nodiscard]] HResult {
 public:
  constexpr HResult() = default;
  constexpr explicit HResult(int32_t value) : value_(value) {}

  // Wraps a Win32 error number, as the library does for failures of the system (E-20).
  static constexpr HResult FromWin32(uint32_t error) {
    return HResult(error == 0 ? 0 : static_cast<int32_t>(0x80070000U | (error & 0xFFFFU)));
  }

  constexpr bool ok() const { return value_ >= 0; }
  constexpr int32_t value() const { return value_; }

  // "VD_E_ABORT", or "0x80070005" where the code has no name.
  std::string name() const;
  // "VD_E_ABORT (0x80770004)".
  std::string ToString() const;

  friend constexpr bool operator==(HResult, HResult) = default;
  friend std::ostream& operator<<(std::ostream& out, HResult hr) { return out << hr.ToString(); }

 private:
  int32_t value_ = 0;
};

// Returns the code that a name such as "VD_E_ABORT" or "NOERROR" stands for; false if none does.
bool ParseHResultName(std::string_view name, HResult* code);

constexpr HResult VdError(uint32_t n) { return HResult(static_cast<int32_t>(0x80770000U + n)); }

inline constexpr HResult kOk{};
inline constexpr HResult kNotOpen = VdError(2);
inline constexpr HResult kTimeout = VdError(3);
inline constexpr HResult kAbort = VdError(4);
inline constexpr HResult kSecurity = VdError(5);
inline constexpr HResult kInvalid = VdError(6);
inline constexpr HResult kInstanceName = VdError(7);
inline constexpr HResult kNotSupported = VdError(9);
inline constexpr HResult kMemory = VdError(10);
inline constexpr HResult kUnexpected = VdError(11);
inline constexpr HResult kProtocol = VdError(12);
inline constexpr HResult kOpen = VdError(13);
inline constexpr HResult kClose = VdError(14);
inline constexpr HResult kQueueFull = VdError(15);

inline constexpr HResult kFileNotFound = HResult::FromWin32(2);
inline constexpr HResult kAccessDenied = HResult::FromWin32(5);
inline constexpr HResult kAlreadyExists = HResult::FromWin32(183);

}  // namespace vdisim

#endif  // SIMULATOR_BASE_HRESULT_H_
