#include <cerrno>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/testing/cases.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

using vdisim::CallRecord;
using vdisim::TraceNumber;

Evidence Backup() { return CorrectBackup(); }
Evidence Restore() { return CorrectRestore(); }
Evidence TwoDevices() { return CorrectBackup({.devices = 2}); }
Evidence MidFlush() { return CorrectBackup({.extra_flush = true}); }

Evidence Failed() {
  Evidence e = CorrectBackup();
  MakeFailed(e, 3202);
  return e;
}

void Answer(CallRecord& complete, int64_t code) {
  SetInput(complete, "completionCode", TraceNumber(code));
}

void Violate(Evidence& e, const std::string& what) {
  CallRecord& record =
      AddDeviceCall(e, EndOf(CallOf(e, "CompleteCommand", 2)) + 1, "GuardViolation", vdisim::kOk);
  SetInput(record, "what", what);
  SetInput(record, "commandCode", TraceNumber(int64_t{kVdcWrite}));
}

BreakCase Memory(const char* name, const char* what, const char* check) {
  return {.name = name,
          .check = check,
          .base = Backup,
          .broken = [=](Evidence& e) { Violate(e, what); },
          .kept = [](Evidence& e) { Violate(e, "of a kind that nobody knows"); }};
}

void FailSystem(WitnessEvent& event, int error) {
  event.result = -1;
  event.error = error;
}

// The sync comes after the answer instead of before it.
void SyncLate(Evidence& e, int nth_sync, int nth_answer) {
  SystemOf(e, "fsync", nth_sync).t = EndOf(CallOf(e, "CompleteCommand", nth_answer)) + 1;
}

WitnessEvent& AddSystem(Evidence& e, const std::string& call, int64_t t) {
  WitnessEvent event = SystemOf(e, "write");
  event.call = call;
  event.t = t;
  event.bytes = event.result = 0;
  e.system.push_back(event);
  return e.system.back();
}

std::vector<BreakCase> DurabilityCases() {
  return {
      {.name = "FlushIsNotSynced",
       .check = "flush-durable",
       .base = Backup,
       .broken = [](Evidence& e) { DropSystem(e, "fsync"); },
       .kept = [](Evidence& e) { SystemOf(e, "fsync").call = "fdatasync"; }},
      {.name = "FlushIsSyncedAfterItsAnswer",
       .check = "flush-durable",
       .base = Backup,
       .broken = [](Evidence& e) { SyncLate(e, 1, 5); },
       .kept =
           [](Evidence& e) {  // each write is durable by itself
             DropSystem(e, "fsync");
             SystemOf(e, "open").flags = "O_WRONLY|O_CREAT|O_DSYNC";
           }},
      {.name = "TheFirstOfTwoFlushesIsNotSynced",
       .check = "flush-durable",
       .base = MidFlush,
       .broken = [](Evidence& e) { DropSystem(e, "fsync", 1); },
       .kept = [](Evidence& e) { SystemOf(e, "fsync", 1).call = "sync"; }},
      {.name = "OnlyOneStripeIsSynced",
       .check = "flush-durable",
       .base = TwoDevices,
       .broken = [](Evidence& e) { DropSystem(e, "fsync", 2); },
       .kept =
           [](Evidence& e) {  // by another process, under another name
             SystemOf(e, "fsync", 2).pid = 7;
             SystemOf(e, "fsync", 2).path = "/elsewhere/d";
           }},
      {.name = "ASyncFails",
       .check = "write-error-told",
       .base = Backup,
       .broken = [](Evidence& e) { FailSystem(SystemOf(e, "fsync"), EIO); },
       .kept =
           [](Evidence& e) {
             FailSystem(SystemOf(e, "fsync"), EIO);
             Answer(CallOf(e, "CompleteCommand", 5), 29);
             MakeFailed(e, 3202);
           }},
      {.name = "DataWaitsInStdio",
       .check = "flush-durable",
       .base = Backup,
       .broken =
           [](Evidence& e) { AddSystem(e, "fwrite", SystemOf(e, "fsync").t - 500).pending = 4096; },
       .kept =
           [](Evidence& e) {
             AddSystem(e, "fwrite", SystemOf(e, "fsync").t - 500).pending = 4096;
             AddSystem(e, "fflush", SystemOf(e, "fsync").t - 300).pending = 0;
           }},
      {.name = "DataWaitsInTheProgramsOwnBuffer",
       .check = "flush-durable",
       .base = Backup,
       .broken =
           [](Evidence& e) {  // synced is what had been written; the rest follows
             SystemOf(e, "write", 4).t = EndOf(CallOf(e, "CompleteCommand", 5)) + 1;
           },
       .kept =
           [](Evidence& e) {  // compressed: nobody knows how much it must be
             e.client.raw_artefact = false;
             e.stored.clear();
             SystemOf(e, "write", 4).result = 100;
           }},
      {.name = "CompleteIsNotSynced",
       .check = "complete-durable",
       .base = [] { return CorrectBackup({.request_complete = true}); },
       .broken =
           [](Evidence& e) {  // a trailer that is written when the server has sent all
             WitnessEvent& write = AddSystem(e, "write", SystemOf(e, "fsync", 2).t);
             write.bytes = write.result = 512;
             DropSystem(e, "fsync", 2);
           },
       .kept = [](Evidence& e) { DropSystem(e, "fsync", 2); }},  // the Flush had synced all
      {.name = "ARenameIsNotSynced",
       .check = "directory-durable",
       .base =
           [] {
             Evidence e = CorrectBackup();
             WitnessEvent& rename = AddSystem(e, "rename", EndOf(CallOf(e, "Close")) + 1);
             rename.path = "/media/d.partial";
             rename.to = "/media/d.1";
             return e;
           },
       .broken = [](Evidence&) {},
       .kept =
           [](Evidence& e) {
             WitnessEvent& sync = AddSystem(e, "fsync", EndOf(CallOf(e, "Close")) + 5000);
             sync.path = "/media";
             sync.inode = 1;
             sync.directory = true;
           }},
  };
}

std::vector<BreakCase> ErrorCases() {
  return {
      {.name = "AFullDiskIsCalledAWriteFault",
       .check = "error-code",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             FailSystem(SystemOf(e, "write", 3), ENOSPC);
             Answer(CallOf(e, "CompleteCommand", 3), 29);
           },
       .kept =
           [](Evidence& e) {
             FailSystem(SystemOf(e, "write", 3), ENOSPC);
             Answer(CallOf(e, "CompleteCommand", 3), kWinDiskFull);
           }},
      {.name = "AnIoErrorIsCalledAFullDisk",
       .check = "error-code",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             FailSystem(SystemOf(e, "write", 3), EIO);
             Answer(CallOf(e, "CompleteCommand", 3), kWinDiskFull);
           },
       .kept =
           [](Evidence& e) {
             FailSystem(SystemOf(e, "write", 3), EIO);
             Answer(CallOf(e, "CompleteCommand", 3), 1117);
           }},
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
       .broken = [](Evidence& e) { Answer(CallOf(e, "CompleteCommand", 3), kWinHandleEof); },
       .kept = [](Evidence& e) { Answer(CallOf(e, "CompleteCommand", 3), 30); }},
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
       .broken = [](Evidence& e) { Answer(CallOf(e, "CompleteCommand", 1), kWinHandleEof); },
       .kept = [](Evidence& e) { Answer(CallOf(e, "CompleteCommand", 1), 30); }},
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

std::vector<BreakCase> StoredCases() {
  return {
      {.name = "AByteIsStoredWrong",
       .check = "artefact-equal",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             e.stored[0].equal = false;
             e.stored[0].first_bad = 70000;
           },
       .kept =
           [](Evidence& e) {  // of a statement before, whose artefact was overwritten
             StoredStream old = e.stored[0];
             old.statement = 0;
             old.equal = false;
             e.stored.push_back(old);
           }},
      {.name = "TheEndOfTheDataIsNotStored",
       .check = "artefact-equal",
       .base =
           [] {
             Evidence e = CorrectBackup();
             e.job.expect = JobExpectation::kAgrees;
             e.job.trouble = true;
             e.stored[0].equal = false;
             e.stored[0].stored = e.stored[0].first_bad = 512;
             return e;
           },
       .broken = [](Evidence&) {},
       .kept = [](Evidence& e) { e.end.status = 1; }},  // and the program says so
      {.name = "ARestoreGivesOtherBytes",
       .check = "restore-equal",
       .base = Restore,
       .broken =
           [](Evidence& e) {
             EventOf(e, JournalKind::kEnded).comparison = "different";
             EventOf(e, JournalKind::kEnded).difference = RestoreDifference{512, 1, 2, 66048};
           },
       .kept =
           [](Evidence& e) {  // the artefact was damaged, which a client cannot know
             EventOf(e, JournalKind::kEnded).comparison = "different";
             e.job.damaged = true;
           }},
      {.name = "APartialArtefactIsLeft",
       .check = "partial-artefact",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             e.after = {{"d.1", 4096, "x", 1}};
           },
       .kept =
           [](Evidence& e) {
             e.after = {{"d.1.partial", 4096, "x", 1}, {"d.2", 0, "empty", 1}};
           }},
      {.name = "AGoodArtefactIsOverwrittenByAPartialOne",
       .check = "partial-artefact",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             e.before = {{"d.1", 8192, "good", 1}};
             e.after = {{"d.1", 4096, "x", 2}};
           },
       .kept =
           [](Evidence& e) {
             e.before = {{"d.1", 8192, "good", 1}};
             e.after = e.before;
           }},
  };
}

}  // namespace

std::vector<BreakCase> StorageCases() {
  std::vector<BreakCase> all = {
      Memory("ABufferIsOverrun", "past-end", "buffer-bounds"),
      Memory("ABufferIsUnderrun", "before-begin", "buffer-bounds"),
      Memory("TheDataOfAWriteIsChanged", "write-buffer-changed", "write-buffer-unchanged"),
      Memory("ACommandIsChanged", "command-changed", "command-unchanged"),
      Memory("ABufferIsUsedAfterItsCompletion", "after-completion", "use-after-completion"),
  };
  for (auto* some : {DurabilityCases, ErrorCases, StoredCases}) {
    for (BreakCase& one : some()) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace conform
