// What a configuration may hold, and how the server's choice and the client's request become the
// actual one. Pure functions; section 4.
#ifndef SIMULATOR_DEVICE_SET_CONFIGURATION_H_
#define SIMULATOR_DEVICE_SET_CONFIGURATION_H_

#include <cstdint>

#include "simulator/base/hresult.h"
#include "simulator/include/vdi.h"

namespace vdisim {

inline constexpr uint32_t kServerFeatures =
    static_cast<uint32_t>(VDF_WriteMedia) | VDF_ReadMedia | VDF_CompleteEnabled;  // F-13 to F-15

constexpr bool IsPowerOfTwo(uint64_t value) { return value != 0 && (value & (value - 1)) == 0; }
// alignment: a power of 2.
constexpr uint64_t AlignUp(uint64_t value, uint64_t alignment) {
  return (value + alignment - 1) & ~(alignment - 1);
}

// C-CRL-02, G-18: VD_E_NOTSUPPORTED unless deviceCount is 1 to 64, alignment is 0 or a power of 2
// up to 64 KiB (CFG-25), and the prefix zone fits. Combinations of feature bits are not judged.
HResult CheckRequest(const VDConfig& request);

// The request as the server sees it: what the server owns is zero (G-55).
VDConfig WithoutServerFields(const VDConfig& request);

// CFG-25 to CFG-27. VD_E_INVALID for values outside those ranges, else *actual is the final
// configuration: client fields echoed, features joined, the strictest alignment, maxIODepth 4 and
// bufferAreaSize computed.
HResult Negotiate(const VDConfig& request, uint32_t features, uint32_t block_size,
                  uint32_t alignment, uint32_t max_transfer_size, VDConfig* actual);

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_CONFIGURATION_H_
