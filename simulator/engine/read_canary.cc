#include "simulator/engine/read_canary.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "simulator/engine/checksum.h"

namespace vdisim {
namespace {

constexpr size_t kWord = sizeof(uint64_t);
// Fewer bytes than this that look untouched may be data.
constexpr uint32_t kGapLeast = 8;

uint64_t WordAt(uint64_t seed, size_t index) {
  uint64_t state = seed + index * 0x9E3779B97F4A7C15U;
  return SplitMix64(&state);
}

std::array<uint8_t, kWord> BytesAt(uint64_t seed, size_t index) {
  std::array<uint8_t, kWord> bytes;
  const uint64_t word = WordAt(seed, index);
  std::memcpy(bytes.data(), &word, kWord);
  return bytes;
}

}  // namespace

void SpreadCanary(uint64_t seed, std::span<uint8_t> buffer) {
  for (size_t at = 0; at < buffer.size(); at += kWord) {
    const std::array<uint8_t, kWord> pattern = BytesAt(seed, at / kWord);
    std::memcpy(buffer.data() + at, pattern.data(), std::min(kWord, buffer.size() - at));
  }
}

CanaryTrace LookAtCanary(uint64_t seed, std::span<const uint8_t> buffer, uint32_t claimed) {
  CanaryTrace trace;
  bool gap = false;
  for (size_t at = 0; at < buffer.size(); at += kWord) {
    const std::array<uint8_t, kWord> pattern = BytesAt(seed, at / kWord);
    const size_t count = std::min(kWord, buffer.size() - at);
    if (std::memcmp(pattern.data(), buffer.data() + at, count) == 0) continue;
    size_t first = 0;
    while (pattern[first] == buffer[at + first]) ++first;
    size_t end = count;
    while (pattern[end - 1] == buffer[at + end - 1]) --end;
    trace.touched = static_cast<uint32_t>(at + end);
    if (at + first - trace.filled >= kGapLeast) gap = true;
    if (!gap) trace.filled = trace.touched;
  }
  // The last bytes of the data may look like the pattern, too.
  if (trace.filled < claimed && claimed - trace.filled < kGapLeast && claimed <= buffer.size()) {
    trace.filled = claimed;
    trace.touched = std::max(trace.touched, claimed);
  }
  return trace;
}

}  // namespace vdisim
