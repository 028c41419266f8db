#include "conformance/drivers/pattern.h"

#include <fmt/format.h>

#include <algorithm>

namespace conform {
namespace {

constexpr size_t kShownBytesMax = 16;

}  // namespace

void FillPattern(std::span<uint8_t> bytes, uint32_t pattern) {
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = PatternByte(pattern, i);
}

std::optional<Mismatch> FindMismatch(std::span<const uint8_t> bytes, uint32_t pattern) {
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == PatternByte(pattern, i)) continue;
    Mismatch mismatch{.offset = i, .expected = {}, .actual = {}};
    const size_t end = std::min(bytes.size(), i + kShownBytesMax);
    for (size_t j = i; j < end; ++j) {
      const char* space = j == i ? "" : " ";
      mismatch.expected += fmt::format("{}{:02x}", space, PatternByte(pattern, j));
      mismatch.actual += fmt::format("{}{:02x}", space, bytes[j]);
    }
    return mismatch;
  }
  return std::nullopt;
}

}  // namespace conform
