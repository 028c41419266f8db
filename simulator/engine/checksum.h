// The two checksums of the engine's data: CRC-32C over extents and descriptors of a media stream,
// and the word-wise sum that every seeded page carries, as SQL Server's pages do. Values; any
// thread.
#ifndef SIMULATOR_ENGINE_CHECKSUM_H_
#define SIMULATOR_ENGINE_CHECKSUM_H_

#include <boost/crc.hpp>
#include <cstdint>
#include <span>

namespace vdisim {

// CRC-32C (Castagnoli) of bytes that come in pieces.
class Crc32c {
 public:
  void Add(std::span<const uint8_t> bytes) { crc_.process_bytes(bytes.data(), bytes.size()); }
  uint32_t Value() const { return crc_.checksum(); }
  void Reset() { crc_.reset(); }

  static uint32_t Of(std::span<const uint8_t> bytes) {
    Crc32c crc;
    crc.Add(bytes);
    return crc.Value();
  }

 private:
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc_;
};

// One step of SplitMix64: a sequence of 64-bit numbers that a seed decides, and a good way to mix
// several numbers into one seed.
inline uint64_t SplitMix64(uint64_t* state) {
  uint64_t z = (*state += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_CHECKSUM_H_
