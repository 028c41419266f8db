#include <cerrno>

#include "conformance/watch/testing/cases.h"
#include "conformance/watch/win32_codes.h"

namespace conform {

std::vector<BreakCase> StorageErrorCases() {
  return {
      {.name = "AFullDiskIsCalledAWriteFault",
       .check = "error-code",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             FailSystem(SystemOf(e, "write", 3), ENOSPC);
             SetCompletion(CallOf(e, "CompleteCommand", 3), 29);
           },
       .kept =
           [](Evidence& e) {
             FailSystem(SystemOf(e, "write", 3), ENOSPC);
             SetCompletion(CallOf(e, "CompleteCommand", 3), kWinDiskFull);
           }},
      {.name = "AnIoErrorIsCalledAFullDisk",
       .check = "error-code",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             FailSystem(SystemOf(e, "write", 3), EIO);
             SetCompletion(CallOf(e, "CompleteCommand", 3), kWinDiskFull);
           },
       .kept =
           [](Evidence& e) {
             FailSystem(SystemOf(e, "write", 3), EIO);
             SetCompletion(CallOf(e, "CompleteCommand", 3), 1117);
           }},
      {.name = "AFailedSyncIsCalledAFullDisk",
       .check = "error-code",
       .base =
           [] {
             Evidence e = Failed();
             FailSystem(SystemOf(e, "fsync"), EIO);
             return e;
           },
       .broken = [](Evidence& e) { SetCompletion(CallOf(e, "CompleteCommand", 5), kWinDiskFull); },
       .kept = [](Evidence& e) { SetCompletion(CallOf(e, "CompleteCommand", 5), 29); }},
      {.name = "AFailedWriteIsTakenForASuccess",
       .check = "write-error-told",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             FailSystem(SystemOf(e, "write", 3), ENOSPC);
             e.stored[0].equal = false;
             e.stored[0].stored -= kStoryTransfer;
             e.stored[0].first_bad = 2 * kStoryTransfer;
           },
       .kept =
           [](Evidence& e) {  // it made room and wrote it again
             WitnessEvent failed = SystemOf(e, "write", 3);
             failed.t -= 2000;
             FailSystem(failed, ENOSPC);
             e.system.push_back(failed);
           }},
      {.name = "AFailedReadIsTakenForTheEnd",
       .check = "end-of-data",
       .base =
           [] {
             Evidence e = CorrectRestore();
             MakeFailed(e, 3203);
             e.job.damaged = true;
             e.client.raw_artefact = false;
             FailSystem(SystemOf(e, "read", 3), EIO);
             return e;
           },
       .broken = [](Evidence& e) { SetCompletion(CallOf(e, "CompleteCommand", 3), kWinHandleEof); },
       .kept = [](Evidence& e) { SetCompletion(CallOf(e, "CompleteCommand", 3), 30); }},
      {.name = "AReadThatFailedAheadIsTakenForTheEnd",
       .check = "end-of-data",
       .base =
           [] {
             Evidence e = CorrectRestore();
             MakeFailed(e, 3203);
             e.job.damaged = true;
             e.client.raw_artefact = false;
             FailSystem(SystemOf(e, "read", 3), EIO);
             SetCompletion(CallOf(e, "CompleteCommand", 4), kWinHandleEof);
             return e;
           },
       // Nothing more was read; the third command still had its data from before.
       .broken = [](Evidence& e) { DropSystem(e, "read", 4); },
       .kept = [](Evidence&) {}},  // it was tried again, and the end came
      {.name = "ADirectoryIsReadAsAnEmptyFile",
       .check = "end-of-data",
       .base =
           [] {
             Evidence e = CorrectRestore();
             MakeFailed(e, 3203);
             e.client.raw_artefact = false;
             SystemOf(e, "open").directory = true;
             return e;
           },
       .broken = [](Evidence& e) { SetCompletion(CallOf(e, "CompleteCommand", 1), kWinHandleEof); },
       .kept = [](Evidence& e) { SetCompletion(CallOf(e, "CompleteCommand", 1), 30); }},
      {.name = "MissingDataIsMadeUp",
       .check = "end-of-data",
       .base =
           [] {
             Evidence e = CorrectRestore();
             MakeFailed(e, 3241);
             return e;
           },
       .broken = [](Evidence& e) { e.before[0].size = 2 * kStoryTransfer; },
       .kept =
           [](Evidence& e) {
             e.before[0].size = 2 * kStoryTransfer;
             for (int n = 3; n <= 4; ++n) {
               EventOf(e, JournalKind::kCompleted, n).completion = kWinHandleEof;
               EventOf(e, JournalKind::kCompleted, n).bytes = 0;
             }
           }},
      {.name = "TheEndIsSaidTooEarly",
       .check = "end-of-data",
       .base =
           [] {
             Evidence e = CorrectRestore();
             MakeFailed(e, 3241);
             return e;
           },
       .broken =
           [](Evidence& e) {
             EventOf(e, JournalKind::kCompleted, 4).completion = kWinHandleEof;
             EventOf(e, JournalKind::kCompleted, 4).bytes = 512;
           },
       .kept =
           [](Evidence& e) {  // the server did not want more
             EventOf(e, JournalKind::kCompleted, 4).completion = 30;
             EventOf(e, JournalKind::kCompleted, 4).bytes = 0;
           }},
  };
}

}  // namespace conform
