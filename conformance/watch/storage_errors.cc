// What the client made of errors of its storage, as the witness saw them (CMD-Write-3, CMD-Read-2).
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/data_files.h"
#include "conformance/watch/seen.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

bool IsFull(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

bool SaysFull(int64_t code) {
  return code == kWinDiskFull || code == kWinHandleDiskFull || code == kWinEomOverflow ||
         code == kWinEndOfMedia;
}

bool IsErrorCode(int64_t code) {
  return code != kWinSuccess && code != kWinNotSupported && code != kWinAborted && code > 0 &&
         code <= 0xFFFF;
}

// The last failure that this process met while it had the command in its hands.
const WitnessEvent* FailureOf(const FetchedCommand& command,
                              const std::vector<const WitnessEvent*>& failures) {
  const WitnessEvent* found = nullptr;
  for (const WitnessEvent* event : failures) {
    const bool meanwhile = event->t >= command.got && event->end() <= command.completion->start_ns;
    if (event->pid == command.get->pid && meanwhile) found = event;
  }
  return found;
}

std::string Describe(const WitnessEvent& event) {
  return fmt::format("{} of {}: {}", event.by.empty() ? event.call : event.by, event.path,
                     std::strerror(event.error));
}

// Whether an earlier command of the device failed, and was not cleared since.
bool FailedBefore(const Seen& seen, const FetchedCommand& command) {
  bool failed = false;
  for (const FetchedCommand& other : seen.history.commands) {
    if (other.device != command.device || other.got >= command.got || !other.completed()) continue;
    if (other.code == kVdcClearError) failed = false;
    failed = failed || (IsErrorCode(other.completion_code) && other.code != kVdcClearError);
  }
  return failed;
}

void CheckWriteCodes(const Seen& seen, const std::vector<const WitnessEvent*>& failures,
                     Ledger* ledger) {
  for (const FetchedCommand& command : seen.history.commands) {
    const bool stores = command.code == kVdcWrite || command.code == kVdcFlush;
    if (!stores || !command.completed() || !IsErrorCode(command.completion_code)) continue;
    const WitnessEvent* const failure = FailureOf(command, failures);
    if (failure == nullptr) continue;
    ledger->Look("program/error-code");
    if (IsFull(failure->error) == SaysFull(command.completion_code)) continue;
    // What is held behind a command that failed comes back as what the server would be told itself
    // (CMD-12).
    if (command.completion_code == kWinIoDevice && FailedBefore(seen, command)) continue;
    ledger->Break(
        "program/error-code",
        {.t = command.completion->start_ns,
         .expected = IsFull(failure->error)
                         ? "ERROR_DISK_FULL (112): there was no room"
                         : "a code such as ERROR_WRITE_FAULT (29): there was room",
         .actual = fmt::format("{} was completed with {}", Seen::CommandName(command.code),
                               Win32Name(command.completion_code)),
         .note = Describe(*failure) + "\n" + seen.Place(*command.completion)});
  }
}

// Whether the file was synced after all. What that is worth the checks of durability say.
bool IsSyncedLater(const WitnessEvent& failure, const std::vector<DataFile>& files) {
  return std::any_of(files.begin(), files.end(), [&](const DataFile& file) {
    const bool of_it = std::find(file.failed_syncs.begin(), file.failed_syncs.end(), &failure) !=
                       file.failed_syncs.end();
    return of_it && std::any_of(file.syncs.begin(), file.syncs.end(),
                                [&](const auto* sync) { return sync->t >= failure.end(); });
  });
}

// A failure that no command, and no abort, told the server of.
void CheckTold(const Seen& seen, const std::vector<DataFile>& files,
               const std::vector<const WitnessEvent*>& failures, Ledger* ledger) {
  const auto& stored = seen.evidence.stored;
  const bool all_there = !stored.empty() && std::all_of(stored.begin(), stored.end(),
                                                        [](const auto& s) { return s.equal; });
  for (const WitnessEvent* failure : failures) {
    ledger->Look("program/write-error-told");
    const bool told = std::any_of(
        seen.history.commands.begin(), seen.history.commands.end(), [&](const auto& command) {
          return command.completed() && command.completion->start_ns >= failure->t &&
                 command.completion_code != kWinSuccess &&
                 command.completion_code != kWinNotSupported;
        });
    const bool is_sync =
        failure->call == "fsync" || failure->call == "fdatasync" || failure->call == "msync";
    const bool repeated = is_sync ? IsSyncedLater(*failure, files) : all_there;
    if (told || repeated || seen.statement == nullptr || !seen.statement->succeeded()) continue;
    ledger->Break("program/write-error-told",
                  {.t = failure->t,
                   .expected = "an error code for the command whose data could not be stored, or "
                               "for the next Flush",
                   .actual = fmt::format("{} failed, every command was completed with "
                                         "ERROR_SUCCESS, and the statement succeeded",
                                         failure->call),
                   .note = Describe(*failure),
                   .problem = reports::Problem::kDataCorruption});
  }
}

bool SaysEnd(const FetchedCommand& command) {
  return command.code == kVdcRead && command.completed() &&
         (command.completion_code == kWinHandleEof || command.completion_code == kWinNoData);
}

bool IsRead(const WitnessEvent& event) { return event.call == "read" || event.call == "fread"; }

// The failed read behind such an answer: one of this file that did not work when it was tried
// again. It may have been made ahead, for an earlier command; then only a single device is certain
// to be the one whose data is missing.
const WitnessEvent* FailedReadOf(const Seen& seen, const FetchedCommand& command,
                                 const std::vector<const WitnessEvent*>& failures) {
  const bool may_be_ahead = seen.history.devices.size() == 1;
  const WitnessEvent* found = nullptr;
  for (const WitnessEvent* failure : failures) {
    const bool in_hand = failure->t >= command.got;
    if (failure->pid != command.get->pid || (!in_hand && !may_be_ahead)) continue;
    if (failure->end() > command.completion->start_ns) continue;
    const bool worked_later = std::any_of(
        seen.evidence.system.begin(), seen.evidence.system.end(), [&](const WitnessEvent& later) {
          return IsRead(later) && later.error == 0 && later.pid == failure->pid &&
                 later.path == failure->path && later.t >= failure->end() &&
                 later.end() <= command.completion->start_ns;
        });
    if (!worked_later) found = failure;
  }
  return found;
}

void CheckFailedReads(const Seen& seen, Ledger* ledger) {
  std::vector<const WitnessEvent*> failures;
  for (const WitnessEvent& event : seen.evidence.system) {
    if (IsRead(event) && event.error != 0 && event.error != EINTR && event.error != EAGAIN &&
        (IsBelow(event.path, seen.evidence.artefact_dir))) {
      failures.push_back(&event);
    }
  }
  for (const FetchedCommand& command : seen.history.commands) {
    if (!SaysEnd(command)) continue;
    ledger->Look("program/end-of-data");
    const WitnessEvent* const failure = FailedReadOf(seen, command, failures);
    if (failure == nullptr) continue;
    ledger->Break("program/end-of-data",
                  {.t = command.completion->start_ns,
                   .expected = "an error such as ERROR_READ_FAULT (30)",
                   .actual = "reading failed, and VDC_Read was completed with " +
                             Win32Name(command.completion_code),
                   .note = Describe(*failure) + "\n" + seen.Place(*command.completion),
                   .problem = reports::Problem::kDataCorruption});
  }
}

// A directory in the place of the artefact: opening it works, and only reading fails.
void CheckDirectoryRead(const Seen& seen, Ledger* ledger) {
  for (const WitnessEvent& event : seen.evidence.system) {
    const bool as_file = event.call == "open" && event.directory && event.error == 0 &&
                         event.flags.find("O_DIRECTORY") == std::string::npos;
    if (!as_file || !IsBelow(event.path, seen.evidence.artefact_dir)) continue;
    for (const FetchedCommand& command : seen.history.commands) {
      if (!SaysEnd(command)) continue;
      ledger->Break("program/end-of-data",
                    {.t = command.completion->start_ns,
                     .expected = "an error such as ERROR_READ_FAULT (30)",
                     .actual = "the artefact is a directory, and VDC_Read was completed with " +
                               Win32Name(command.completion_code),
                     .note = event.path + "\n" + seen.Place(*command.completion),
                     .problem = reports::Problem::kDataCorruption});
    }
  }
}

// The bytes that the artefact held when the job began; -1: nobody knows.
int64_t BytesOfArtefact(const Evidence& evidence) {
  int64_t sum = -1;
  for (const FileFact& file : evidence.before) {
    const bool counts = evidence.artefacts.empty() ||
                        std::find(evidence.artefacts.begin(), evidence.artefacts.end(),
                                  file.path) != evidence.artefacts.end();
    if (counts) sum = std::max<int64_t>(sum, 0) + file.size;
  }
  return sum;
}

// Against the length of a raw artefact: more bytes than it has were made up, and fewer on every
// device, with the end said, were kept back.
void CheckLength(const Seen& seen, Ledger* ledger) {
  const Evidence& evidence = seen.evidence;
  if (!evidence.client.raw_artefact || seen.statement == nullptr) return;
  const int64_t there = BytesOfArtefact(evidence);
  if (there < 0) return;
  int64_t given = 0;
  int64_t when = 0;
  std::set<int> ended;
  for (const JournalEvent* event : seen.statement->completed) {
    if (event->code != kVdcRead) continue;
    ledger->Look("program/end-of-data");
    given += event->bytes;
    if (given > there && when == 0) when = event->t;
    if (event->completion == kWinHandleEof || event->completion == kWinNoData) {
      ended.insert(event->device);
    }
  }
  if (given > there) {
    ledger->Break(
        "program/end-of-data",
        {.t = when,
         .expected = fmt::format("ERROR_HANDLE_EOF behind the {} bytes of the artefact", there),
         .actual = fmt::format("{} bytes were given as read", given),
         .problem = reports::Problem::kDataCorruption});
  } else if (given < there && !ended.empty() && ended.size() == seen.history.devices.size()) {
    ledger->Break("program/end-of-data",
                  {.expected = fmt::format("the {} bytes of the artefact", there),
                   .actual = fmt::format("ERROR_HANDLE_EOF after {}", given),
                   .problem = reports::Problem::kDataCorruption});
  }
}

}  // namespace

void CheckErrors(const Seen& seen, Ledger* ledger) {
  if (seen.evidence.job.operation == JobOperation::kRestore) {
    CheckFailedReads(seen, ledger);
    CheckDirectoryRead(seen, ledger);
    CheckLength(seen, ledger);
    return;
  }
  std::vector<const WitnessEvent*> failures;
  const std::vector<DataFile> files =
      DataFilesOf(seen.evidence.system, seen.history, seen.evidence.artefact_dir);
  for (const DataFile& file : files) {
    failures.insert(failures.end(), file.failures.begin(), file.failures.end());
  }
  std::stable_sort(failures.begin(), failures.end(),
                   [](const auto* a, const auto* b) { return a->t < b->t; });
  CheckWriteCodes(seen, failures, ledger);
  CheckTold(seen, files, failures, ledger);
}

}  // namespace conform
