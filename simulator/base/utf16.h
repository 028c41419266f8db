// Between UTF-16, which the COM interfaces speak, and UTF-8, which everything behind them does.
// Lossless for valid text; invalid text has no result instead of a similar name. Any thread.
#ifndef SIMULATOR_BASE_UTF16_H_
#define SIMULATOR_BASE_UTF16_H_

#include <optional>
#include <string>
#include <string_view>

namespace vdisim {

// Nothing if the text has an unpaired surrogate.
std::optional<std::string> Utf8FromUtf16(std::u16string_view text);

// Nothing if the bytes are not UTF-8 as RFC 3629 has it (no overlong forms, no surrogates).
std::optional<std::u16string> Utf16FromUtf8(std::string_view text);

}  // namespace vdisim

#endif  // SIMULATOR_BASE_UTF16_H_
