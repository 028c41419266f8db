#include <cerrno>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/testing/cases.h"

namespace conform {
namespace {

Evidence MidFlush() { return CorrectBackup({.extra_flush = true}); }

// The sync comes after the answer instead of before it.
void SyncLate(Evidence& e, int nth_sync, int nth_answer) {
  SystemOf(e, "fsync", nth_sync).t = Answered(e, nth_answer) + 1;
}

WitnessEvent& AddSystem(Evidence& e, const std::string& call, int64_t t) {
  WitnessEvent event = SystemOf(e, "write");
  event.call = call;
  event.t = t;
  event.bytes = event.result = 0;
  e.system.push_back(event);
  return e.system.back();
}

}  // namespace

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
             SetCompletion(CallOf(e, "CompleteCommand", 5), 29);
             MakeFailed(e, 3202);
           }},
      {.name = "AFailedSyncIsRepeatedAndBelieved",
       .check = "flush-durable",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             WitnessEvent& failed = AddSystem(e, "fsync", SystemOf(e, "fsync").t - 500);
             failed.duration_ns = 10;
             FailSystem(failed, EIO);
           },
       .kept =
           [](Evidence& e) {  // all is written once more before the sync that counts
             const int64_t sync = SystemOf(e, "fsync").t;
             WitnessEvent& failed = AddSystem(e, "fsync", sync - 500);
             failed.duration_ns = 10;
             FailSystem(failed, EIO);
             for (int n = 1; n <= kStoryTransfers; ++n) {
               WitnessEvent& again = AddSystem(e, "write", sync - 500 + int64_t{60} * n);
               again.bytes = again.result = kStoryTransfer;
               again.duration_ns = 10;
             }
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
             SystemOf(e, "write", 4).t = Answered(e, 5) + 1;
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

}  // namespace conform
