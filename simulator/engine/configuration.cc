#include "simulator/engine/configuration.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/engine/stripe_plan.h"

namespace vdisim {
namespace {

constexpr uint32_t kTapeFeatures =
    VDF_FileMarks | VDF_Rewind | VDF_Position | VDF_SkipBlocks | VDF_ReversePosition;
constexpr uint32_t kServerFeatures = VDF_WriteMedia | VDF_ReadMedia | VDF_CompleteEnabled;
constexpr uint32_t kAlignmentMost = 65536;  // CFG-25

// Without BUFFERCOUNT: four a device, as maxIODepth always said, in at most 64 MiB.
uint32_t DefaultBuffers(uint32_t devices, uint32_t max_transfer_bytes) {
  constexpr uint32_t kMemoryMost = uint32_t{64} << 20;
  return std::clamp(kMemoryMost / max_transfer_bytes, devices, 4 * devices);
}

// A maximum that the planned sizes fit into: in steps of 64 KiB, as MAXTRANSFERSIZE has it.
uint32_t DefaultTransferBytes(const ConfigurationRequest& request, const Profile& profile) {
  constexpr uint32_t kStep = 65536;
  uint32_t most = profile.default_transfer_bytes;
  for (const uint32_t bytes : request.transfer_bytes) {
    most = std::max(most, (bytes + kStep - 1) / kStep * kStep);
  }
  return most;
}

bool CheckTransferBytes(const ConfigurationRequest& request, const Configuration& chosen,
                        std::string* why) {
  for (const uint32_t bytes : request.transfer_bytes) {
    if (bytes > chosen.max_transfer_bytes) {
      *why = fmt::format("the fault plan wants transfers of {} bytes, MAXTRANSFERSIZE is {}", bytes,
                         chosen.max_transfer_bytes);
      return false;
    }
    if (bytes % chosen.block_bytes != 0 && !request.any_transfer_bytes) {
      *why = fmt::format(
          "the fault plan wants transfers of {} bytes, which are not whole blocks of {}", bytes,
          chosen.block_bytes);
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<Configuration> NegotiateTransfer(const VDConfig& client,
                                               const ConfigurationRequest& request,
                                               const Profile& profile, std::string* why) {
  if (client.deviceCount != request.devices) {
    *why = fmt::format("the statement names {} device(s), the client created the set with {}",
                       request.devices, client.deviceCount);
    return std::nullopt;
  }
  if ((client.features & kTapeFeatures) != 0) {
    *why = fmt::format(
        "the client wants tape-like features ({:#x}), which are not simulated; pipe-like (0) and "
        "disk-like (VDF_RandomAccess) sets are",
        client.features & kTapeFeatures);
    return std::nullopt;
  }
  if (client.alignment > kAlignmentMost) {
    *why = fmt::format("the client wants an alignment of {} bytes; the most is {}",
                       client.alignment, kAlignmentMost);
    return std::nullopt;
  }
  Configuration chosen;
  chosen.block_bytes = request.block_bytes.value_or(profile.default_block_bytes);
  chosen.max_transfer_bytes =
      request.max_transfer_bytes.value_or(DefaultTransferBytes(request, profile));
  if (!CheckTransferBytes(request, chosen, why)) return std::nullopt;
  chosen.alignment = std::max(chosen.block_bytes, client.alignment);
  chosen.metadata_bytes = std::max(kMediaHeaderBytes, chosen.block_bytes);
  chosen.buffers = std::max(request.devices, request.buffers.value_or(DefaultBuffers(
                                                 request.devices, chosen.max_transfer_bytes)));
  if (request.commands_in_flight) chosen.buffers = *request.commands_in_flight * request.devices;
  chosen.random_access = (client.features & VDF_RandomAccess) != 0;
  chosen.discard = (client.features & VDF_Discard) != 0;
  chosen.prepare = request.snapshot && (client.features & VDF_SnapshotPrepare) != 0;
  // VC-04, G-35: BACKUP only; a snapshot ends with VDC_Snapshot.
  chosen.complete = request.backup && !request.snapshot &&
                    request.grants_complete.value_or(profile.grants_complete) &&
                    (client.features & VDF_RequestComplete) != 0;
  // Bits that are the server's to set mean nothing in a request (G-55).
  chosen.features = (client.features & ~kServerFeatures) |
                    (request.backup ? VDF_WriteMedia : VDF_ReadMedia) |
                    (chosen.complete ? VDF_CompleteEnabled : 0U);
  return chosen;
}

uint32_t BufferShare(uint32_t buffers, uint32_t devices, uint32_t device_index) {
  return buffers / devices + (device_index < buffers % devices ? 1 : 0);
}

}  // namespace vdisim
