// Why a statement failed, as a value: found by whoever notices it, turned into messages in one
// place (failure_messages.h). The first failure of a statement is the one that is told.
#ifndef SIMULATOR_ENGINE_FAILURE_H_
#define SIMULATOR_ENGINE_FAILURE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/base/hresult.h"
#include "simulator/engine/stripe_parser.h"
#include "simulator/sql/messages.h"

namespace vdisim {

enum class FailureKind {
  kSetMissing,             // no set of that name came within the limit
  kCallFailed,             // a call of the server interface that nothing below explains: `hr`
  kConfigurationRejected,  // `detail` says why
  kNoBuffers,              // VD_E_MEMORY, however little was asked for
  kDevicesNotOpened,       // the client did not open its devices within the limit
  kCommandFailed,          // a completion with an error code: `os_code`
  kTransferMismatch,       // success with another number of bytes than asked (G-57, G-58)
  kAborted,                // the set is aborted: `abort_reason`
  kStalled,                // no completion within the limit
  kCancelled,              // the statement was cancelled
  kMedia,                  // what was read is not a backup: `media_error`
  kOwnFile,                // a file of the engine: `detail`
  kStatement               // anything else, with its messages ready in `messages`
};

struct Failure {
  FailureKind kind = FailureKind::kStatement;
  std::string device;           // name of the device, or of the set
  uint32_t device_number = 0;   // from 1; 0 = the whole set
  uint64_t command_number = 0;  // on its device, from 1; 0 = none
  int32_t command_code = 0;     // VDC_
  uint32_t os_code = 0;
  uint32_t abort_reason = 0;  // VdiSimAbortReason
  HResult hr;
  uint64_t size = 0;  // bytes asked for and bytes reported
  uint64_t transferred = 0;
  MediaError media_error = MediaError::kNone;
  uint64_t stream_offset = 0;
  std::string detail;  // a sentence for the user, without a full stop
  std::vector<Message> messages;
};

// "VDC_Write", or the number of a code without a name.
std::string CommandName(int32_t command_code);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_FAILURE_H_
