// Byte patterns with which an actor fills a buffer and another one recognises it. A pattern is a
// number; neighbouring offsets, blocks, pages and patterns all give different bytes, so that a
// mapping that is off by a prefix zone, a sector or a whole buffer is seen. Pure functions.
#ifndef CONFORMANCE_DRIVERS_PATTERN_H_
#define CONFORMANCE_DRIVERS_PATTERN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace conform {

// Byte number `index` of a pattern. Adapters in other languages repeat this formula:
// (index * 167 + (index >> 8) * 13 + (index >> 16) * 31 + pattern * 101 + 7) mod 256.
constexpr uint8_t PatternByte(uint32_t pattern, uint64_t index) {
  return static_cast<uint8_t>(index * 167 + (index >> 8) * 13 + (index >> 16) * 31 +
                              uint64_t{pattern} * 101 + 7);
}

void FillPattern(std::span<uint8_t> bytes, uint32_t pattern);

// The first place where the bytes are not the pattern, with up to 16 bytes from there on.
struct Mismatch {
  size_t offset;
  std::string expected;  // "0a 1b 2c"
  std::string actual;
};
std::optional<Mismatch> FindMismatch(std::span<const uint8_t> bytes, uint32_t pattern);

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_PATTERN_H_
