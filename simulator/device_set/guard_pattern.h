// Bytes that are put where nobody has to write. They read as what they are, so that an artefact
// into which a client copied them says how they came there.
#ifndef SIMULATOR_DEVICE_SET_GUARD_PATTERN_H_
#define SIMULATOR_DEVICE_SET_GUARD_PATTERN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace vdisim {

// Sixteen bytes each; they lie at multiples of sixteen.
inline constexpr std::string_view kEdgePattern = "|not your buffer";
inline constexpr std::string_view kCompletedPattern = "|completed: gone";
static_assert(kEdgePattern.size() == 16 && kCompletedPattern.size() == 16);

void Fill(std::span<uint8_t> bytes, std::string_view pattern);
// Where the first byte lies that is not the pattern's; empty if none is.
std::optional<size_t> FirstOther(std::span<const uint8_t> bytes, std::string_view pattern);
// Where two stretches of one length differ first.
std::optional<size_t> FirstDifference(std::span<const uint8_t> a, std::span<const uint8_t> b);

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_GUARD_PATTERN_H_
