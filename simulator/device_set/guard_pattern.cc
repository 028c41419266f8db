#include "simulator/device_set/guard_pattern.h"

#include <algorithm>
#include <cstring>

namespace vdisim {
namespace {

size_t PhaseOf(const uint8_t* address) { return reinterpret_cast<uintptr_t>(address) % 16; }

}  // namespace

void Fill(std::span<uint8_t> bytes, std::string_view pattern) {
  const size_t phase = PhaseOf(bytes.data());
  const size_t first = std::min<size_t>(bytes.size(), 16);
  for (size_t i = 0; i < first; ++i) bytes[i] = static_cast<uint8_t>(pattern[(phase + i) % 16]);
  // What is filled already is copied behind itself, twice as much each time.
  for (size_t done = first; done < bytes.size(); done *= 2) {
    std::memcpy(bytes.data() + done, bytes.data(), std::min(done, bytes.size() - done));
  }
}

std::optional<size_t> FirstOther(std::span<const uint8_t> bytes, std::string_view pattern) {
  const size_t phase = PhaseOf(bytes.data());
  const size_t first = std::min<size_t>(bytes.size(), 16);
  for (size_t i = 0; i < first; ++i) {
    if (bytes[i] != static_cast<uint8_t>(pattern[(phase + i) % 16])) return i;
  }
  if (bytes.size() <= 16) return std::nullopt;
  // The rest repeats what lies sixteen bytes before it.
  const auto other = FirstDifference(bytes.subspan(16), bytes.first(bytes.size() - 16));
  return other ? std::optional(*other + 16) : std::nullopt;
}

std::optional<size_t> FirstDifference(std::span<const uint8_t> a, std::span<const uint8_t> b) {
  const size_t length = std::min(a.size(), b.size());
  if (length == 0 || std::memcmp(a.data(), b.data(), length) == 0) return std::nullopt;
  const auto [at, other] =
      std::mismatch(a.begin(), a.begin() + static_cast<ptrdiff_t>(length), b.begin());
  return static_cast<size_t>(at - a.begin());
}

}  // namespace vdisim
