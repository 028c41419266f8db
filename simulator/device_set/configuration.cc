#include "simulator/device_set/configuration.h"

#include <algorithm>

#include "simulator/device_set/limits.h"

namespace vdisim {

HResult CheckRequest(const VDConfig& request) {
  if (request.deviceCount < 1 || request.deviceCount > kDevicesMax) return kNotSupported;
  if (request.alignment != 0 &&
      (!IsPowerOfTwo(request.alignment) || request.alignment > kAlignmentMax)) {
    return kNotSupported;
  }
  if (request.prefixZoneSize > kPrefixBytesMax) return kNotSupported;
  return kOk;
}

VDConfig WithoutServerFields(const VDConfig& request) {
  VDConfig clean = request;
  clean.features &= ~kServerFeatures;
  clean.blockSize = 0;
  clean.maxIODepth = 0;
  clean.maxTransferSize = 0;
  clean.bufferAreaSize = 0;
  return clean;
}

HResult Negotiate(const VDConfig& request, uint32_t features, uint32_t block_size,
                  uint32_t alignment, uint32_t max_transfer_size, VDConfig* actual) {
  if (!IsPowerOfTwo(block_size) || block_size < kBlockBytesLeast || block_size > kBlockBytesMax) {
    return kInvalid;
  }
  const uint32_t basic = alignment == 0 ? block_size : alignment;
  if (!IsPowerOfTwo(basic) || basic < block_size || basic > kAlignmentMax) return kInvalid;
  if (max_transfer_size < kTransferBytesUnit || max_transfer_size > kTransferBytesMax ||
      max_transfer_size % kTransferBytesUnit != 0) {
    return kInvalid;
  }

  *actual = WithoutServerFields(request);
  actual->features |= features & kServerFeatures;
  actual->alignment = std::max(basic, request.alignment);
  actual->blockSize = block_size;
  actual->maxIODepth = 4;  // CFG-09
  actual->maxTransferSize = max_transfer_size;
  actual->bufferAreaSize = max_transfer_size * 4 * request.deviceCount;  // CFG-11
  return kOk;
}

}  // namespace vdisim
