#include "simulator/engine/failure_messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "simulator/engine/win32_text.h"
#include "simulator/include/vdi.h"
#include "simulator/include/vdi_codes.h"
#include "simulator/include/vdi_sim.h"

namespace vdisim {
namespace {

constexpr uint32_t kDataError = 23;   // ERROR_CRC
constexpr uint32_t kTimedOut = 1460;  // ERROR_TIMEOUT

struct Reporter {
  const Failure& failure;
  const bool backup;
  const Profile& profile;
  FailureReport report;

  std::string Os(uint32_t code) const {
    return profile.system_texts ? OsErrorText(code) : fmt::format("{}(error not found)", code);
  }

  void Say(const Message& message) { report.session.push_back(message); }
  void Explain(const std::string& text) { report.session.push_back(Hint(text)); }
  // 18210; some builds let the session read it, too (M-08).
  void LogFailure(const char* function, const char* action, const std::string& os) {
    const Message message = MakeMessage(kDeviceFailureLog, function, action, failure.device, os);
    report.log.push_back(message);
    if (profile.logged_failures_in_session) Say(message);
  }

  std::string Where() const {
    return fmt::format("command {} ({}) of device {} '{}'", failure.command_number,
                       CommandName(failure.command_code), failure.device_number, failure.device);
  }

  // An error in a command, by the kind of command (M-60 to M-66).
  void CommandFailed(const std::string& os) {
    switch (failure.command_code) {
      case VDC_Write:
        LogFailure("BackupIoRequest::ReportIoError", "write", os);
        Say(MakeMessage(kWriteFailed, failure.device, os));
        break;
      case VDC_Read:
        LogFailure("BackupIoRequest::ReportIoError", "read", os);
        Say(MakeMessage(kReadFailed, failure.device, os));
        break;
      case VDC_Flush:
        LogFailure("BackupVirtualDeviceFile::RequestDurableMedia", "Flush", os);
        break;
      default:
        LogFailure(
            fmt::format("BackupVirtualDeviceFile::{}", CommandName(failure.command_code).substr(4))
                .c_str(),
            "", os);
        break;
    }
    Say(MakeMessage(kNonrecoverableIoError, failure.device, os));
  }

  void TransferMismatch() {
    // No system error belongs to this; the two numbers stand in its place.
    const std::string numbers = fmt::format("{} bytes were requested, {} bytes were transferred",
                                            failure.size, failure.transferred);
    Say(MakeMessage(failure.command_code == VDC_Write ? kWriteFailed : kReadFailed, failure.device,
                    numbers));
    Explain(Where() + " was completed with ERROR_SUCCESS, but " + numbers);
  }

  void Aborted() {
    const std::string os = Os(ERROR_OPERATION_ABORTED);
    if (failure.command_code == 0) {
      // Nothing was under way: the set ended before its buffers were in use (M-61).
      LogFailure("BackupVirtualDeviceSet::AllocateBuffer", "", os);
      Say(MakeMessage(kNonrecoverableIoError, failure.device, os));
    } else {
      CommandFailed(os);
      if (backup && failure.command_code != VDC_Flush) {
        LogFailure("BackupVirtualDeviceFile::RequestDurableMedia", "Flush", os);
      }
    }
    Explain(AbortReasonText(failure.abort_reason));
    if (!failure.detail.empty()) Explain(failure.detail);
  }

  void Media() {
    const std::string& device = failure.device;
    switch (failure.media_error) {
      case MediaError::kNone:
        break;
      case MediaError::kEmpty:
        Say(MakeMessage(3208));
        break;
      case MediaError::kNotTape:
        Say(MakeMessage(3242, device));
        break;
      case MediaError::kForeign:
        Say(MakeMessage(3241, device));
        break;
      case MediaError::kTruncated:
        Say(MakeMessage(kReadFailed, device, Os(ERROR_HANDLE_EOF)));
        Explain(fmt::format("the stream of device {} '{}' ends at byte {}", failure.device_number,
                            device, failure.stream_offset));
        break;
      case MediaError::kIncomplete:
        Say(MakeMessage(3256, device));
        Explain(fmt::format("the stream of device {} '{}' ends at byte {}, without its last block",
                            failure.device_number, device, failure.stream_offset));
        break;
      case MediaError::kWrongMark:
      case MediaError::kWrongOrder:
      case MediaError::kChecksum:
        Say(MakeMessage(kReadFailed, device, Os(kDataError)));
        Say(MakeMessage(3189));
        break;
    }
    if (!failure.detail.empty()) Explain(failure.detail);
  }

  void Make() {
    switch (failure.kind) {
      case FailureKind::kSetMissing: {
        // The form of the field (G-17), not VD_E_INVALID.
        const std::string os = OsErrorText(kFileNotFound);
        LogFailure("BackupVirtualDeviceSet::Initialize", "Open", os);
        Say(MakeMessage(kCannotOpenDevice, failure.device, os).InState(7));
        break;
      }
      case FailureKind::kCallFailed:
        LogFailure("BackupVirtualDeviceSet::Initialize", "Open", OsErrorText(failure.hr));
        Say(MakeMessage(kCannotOpenDevice, failure.device, OsErrorText(failure.hr)).InState(7));
        break;
      case FailureKind::kConfigurationRejected:
        Say(MakeMessage(3261));
        break;
      case FailureKind::kNoBuffers:
        LogFailure("BackupVirtualDeviceSet::AllocateBuffer", "", OsErrorText(kMemory));
        Say(MakeMessage(kCannotOpenDevice, failure.device, OsErrorText(kMemory)).InState(7));
        break;
      case FailureKind::kDevicesNotOpened:
        LogFailure("BackupVirtualDeviceSet::Initialize", "Open", Os(kTimedOut));
        Say(MakeMessage(kCannotOpenDevice, failure.device, Os(kTimedOut)).InState(6));
        break;
      case FailureKind::kCommandFailed:
        CommandFailed(Os(failure.os_code));
        Explain(fmt::format("{} was completed with {}", Where(), OsErrorText(failure.os_code)));
        return;
      case FailureKind::kTransferMismatch:
        TransferMismatch();
        return;
      case FailureKind::kAborted:
        Aborted();
        return;
      case FailureKind::kStalled:
        Say(MakeMessage(3229, failure.device));
        break;
      case FailureKind::kCancelled:
        Say(MakeMessage(kStatementAborted));
        break;
      case FailureKind::kMedia:
        Media();
        return;
      case FailureKind::kOwnFile:
        Say(MakeMessage(kNonrecoverableIoError, failure.device, Os(failure.os_code)));
        break;
      case FailureKind::kStatement:
        for (const Message& message : failure.messages) Say(message);
        break;
    }
    if (!failure.detail.empty()) Explain(failure.detail);
  }
};

}  // namespace

std::string CommandName(int32_t command_code) {
  constexpr std::array kNames = {
      "VDC_Read",        "VDC_Write",         "VDC_ClearError",      "VDC_Rewind",
      "VDC_WriteMark",   "VDC_SkipMarks",     "VDC_SkipBlocks",      "VDC_Load",
      "VDC_GetPosition", "VDC_SetPosition",   "VDC_Discard",         "VDC_Flush",
      "VDC_Snapshot",    "VDC_MountSnapshot", "VDC_PrepareToFreeze", "VDC_FileInfoBegin",
      "VDC_FileInfoEnd", "VDC_GetError",      "VDC_Complete"};
  const auto index = static_cast<size_t>(command_code) - 1;
  return index < kNames.size() ? kNames[index] : fmt::format("VDC_{}", command_code);
}

Message Hint(const std::string& text) {
  return Message{
      .number = 0, .severity = 0, .state = 1, .line = 1, .text = "vdisim: " + text + "."};
}

std::string AbortReasonText(uint32_t reason) {
  switch (reason) {
    case VdiSimClientAborted:
      return "a client process called SignalAbort";
    case VdiSimServerAborted:
      return "the server aborted the set";
    case VdiSimClientClosed:
      return "a client process called Close before its devices had reported VD_E_CLOSE";
    case VdiSimServerClosed:
      return "the server closed the set before its end";
    case VdiSimPrimaryDied:
      return "the primary client process ended without Close";
    case VdiSimServerDied:
      return "the server process ended without Close";
    case VdiSimServerTimeOut:
      return "no command was completed within two intervals of the client's serverTimeOut";
    case VdiSimDamaged:
      return "the shared memory holds values that no correct client writes";
    default:
      return "the set was aborted";
  }
}

FailureReport ReportFailure(const Failure& failure, bool backup, const Profile& profile) {
  Reporter reporter{failure, backup, profile, {}};
  reporter.Make();
  return std::move(reporter.report);
}

}  // namespace vdisim
