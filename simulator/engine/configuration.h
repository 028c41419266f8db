// Negotiation as a pure function: what the client asked for, what the statement says and what the
// profile allows decide the configuration, or the reason why there is none (CFG-20 to CFG-30,
// G-36).
#ifndef SIMULATOR_ENGINE_CONFIGURATION_H_
#define SIMULATOR_ENGINE_CONFIGURATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulator/engine/profile.h"
#include "simulator/include/vdi.h"

namespace vdisim {

// What the statement says. Values are already known to be in range.
struct ConfigurationRequest {
  uint32_t devices = 1;  // VIRTUAL_DEVICE clauses
  bool backup = true;
  bool snapshot = false;
  std::optional<uint32_t> block_bytes;         // BLOCKSIZE
  std::optional<uint32_t> max_transfer_bytes;  // MAXTRANSFERSIZE
  std::optional<uint32_t> buffers;             // BUFFERCOUNT
  // What a fault plan decides instead of profile and statement.
  std::optional<bool> grants_complete;
  std::optional<uint32_t> commands_in_flight;  // for each device
  std::vector<uint32_t> transfer_bytes;        // sizes that will be sent
  bool any_transfer_bytes = false;             // they need not be multiples of the block size
};

// The arguments of BeginConfiguration and RequestBuffers, and what follows from the features.
struct Configuration {
  uint32_t features = 0;
  uint32_t block_bytes = 0;
  uint32_t alignment = 0;
  uint32_t max_transfer_bytes = 0;
  uint32_t buffers = 0;         // of max_transfer_bytes, shared by all devices
  uint32_t metadata_bytes = 0;  // size of the small buffer that each device has besides
  bool random_access = false;   // VDF_RandomAccess: commands carry positions
  bool complete = false;        // VDC_Complete will be sent
  bool discard = false;         // VDF_Discard
  bool prepare = false;         // VDF_SnapshotPrepare
};

// Nothing, with a sentence in *why, where the server cannot use what the client wants (3261).
std::optional<Configuration> NegotiateTransfer(const VDConfig& client,
                                               const ConfigurationRequest& request,
                                               const Profile& profile, std::string* why);

// How many commands a device may have outstanding: the buffers are shared by all devices, and each
// has its part of them for certain, so that no device can starve another (O-09).
uint32_t BufferShare(uint32_t buffers, uint32_t devices, uint32_t device_index);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_CONFIGURATION_H_
