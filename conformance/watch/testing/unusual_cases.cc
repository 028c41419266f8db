// What correct programs in unusual styles do, and the nearest that is a fault all the same.
#include "conformance/watch/call_fields.h"
#include "conformance/watch/testing/cases.h"

namespace conform {
namespace {

using vdisim::CallRecord;
using vdisim::kOk;

WitnessEvent& AddSystem(Evidence& e, const std::string& call, int64_t t) {
  WitnessEvent event = SystemOf(e, "write");
  event.call = call;
  event.t = t;
  event.bytes = event.result = 0;
  e.system.push_back(event);
  return e.system.back();
}

// What happened behind that time happens so much later.
void Delay(Evidence& e, int64_t from, int64_t by_ns) {
  const auto shift = [&](int64_t& t) { t += t > from ? by_ns : 0; };
  for (CallRecord& call : e.calls) shift(call.start_ns);
  for (JournalEvent& event : e.engine) shift(event.t);
  for (WitnessEvent& event : e.system) shift(event.t);
  shift(e.end.t);
}

}  // namespace

std::vector<BreakCase> UnusualCases() {
  return {
      {.name = "ARefusedCompletionIsNotLookedAt",
       .check = "calls-after-abort",
       .base =
           [] {
             Evidence e = CorrectBackup();
             MakeFailed(e, 3202);
             CallOf(e, "CompleteCommand", 3).code = vdisim::kAbort.value();
             CutAfter(e, EndOf(CallOf(e, "CompleteCommand", 3)));
             return e;
           },
       .broken =
           [](Evidence& e) {
             const int64_t t = e.calls.back().start_ns;
             AddDeviceCall(e, t + 5000, "GetCommand", vdisim::kAbort);
             AddSetCall(e, t + 9000, "Close", kOk);
           },
       .kept =
           [](Evidence& e) {  // it aborts, and its loop ends where all its loops end
             const int64_t t = e.calls.back().start_ns;
             AddSetCall(e, t + 3000, "SignalAbort", kOk);
             AddDeviceCall(e, t + 500000, "GetCommand", vdisim::kAbort);
             AddSetCall(e, t + 900000, "Close", kOk);
           }},
      {.name = "CommandsArePolledWithoutASleep",
       .check = "busy-wait",
       .base =
           [] {
             Evidence e = CorrectBackup();
             Delay(e, Answered(e, 3), 200 * kStoryStep);
             return e;
           },
       .broken =
           [](Evidence& e) {
             const int64_t t = Answered(e, 3);
             for (int i = 0; i < 150; ++i) {
               AddDeviceCall(e, t + 1 + i * kStoryStep / 10, "GetCommand", vdisim::kTimeout);
             }
           },
       .kept =
           [](Evidence& e) {  // a loop that sleeps a millisecond
             const int64_t t = Answered(e, 3);
             for (int i = 0; i < 150; ++i) {
               AddDeviceCall(e, t + 1 + i * kStoryStep, "GetCommand", vdisim::kTimeout);
             }
           }},
      {.name = "AListBesideTheDataIsData",
       .check = "flush-durable",
       .base =
           [] {
             Evidence e = CorrectBackup();
             WitnessEvent write = SystemOf(e, "write");
             write.path = "/media/beside";
             write.inode = 99;
             write.result = write.bytes = 20;
             e.system.push_back(write);
             e.after.push_back({.path = "beside", .size = 20, .hash = "beside", .mtime_ns = 1});
             return e;
           },
       .broken = [](Evidence&) {},
       .kept = [](Evidence& e) { e.after.back().text = true; }},  // a log
      {.name = "ASpoolIsTheArtefact",
       .check = "flush-durable",
       .base =
           [] {
             Evidence e = CorrectBackup();
             WitnessEvent write = SystemOf(e, "write");
             write.path = "/media/spool";
             write.inode = 99;
             e.system.push_back(write);
             return e;
           },
       .broken = [](Evidence&) {},
       .kept =
           [](Evidence& e) {  // what is copied out of it is the artefact
             WitnessEvent& unlink = AddSystem(e, "unlink", EndOf(CallOf(e, "Close")) + 1);
             unlink.path = "/media/spool";
             unlink.inode = 0;
           }},
      {.name = "ASpoolIsThereInTheEnd",
       .check = "flush-durable",
       .base =
           [] {
             Evidence e = CorrectBackup();
             WitnessEvent write = SystemOf(e, "write");
             write.path = "/media/spool";
             write.inode = 99;
             e.system.push_back(write);
             e.job.trouble = true;
             return e;
           },
       .broken =
           [](Evidence& e) {
             e.after.push_back({.path = "spool", .size = 9, .hash = "spool", .mtime_ns = 1});
           },
       .kept = [](Evidence&) {}},  // it went with the directory
      {.name = "TheArtefactIsTakenAwayBehindAFailure",
       .check = "flush-durable",
       .base =
           [] {
             Evidence e = CorrectBackup();
             MakeFailed(e, 3202);
             WitnessEvent& unlink = AddSystem(e, "unlink", EndOf(CallOf(e, "Close")) + 1);
             unlink.inode = 0;
             return e;
           },
       .broken = [](Evidence& e) { DropSystem(e, "fsync"); },
       .kept =
           [](Evidence& e) {  // and the spool that it was copied from
             WitnessEvent write = SystemOf(e, "write");
             write.path = "/media/spool";
             write.inode = 99;
             e.system.push_back(write);
             WitnessEvent& unlink = AddSystem(e, "unlink", EndOf(CallOf(e, "Close")) + 2);
             unlink.path = "/media/spool";
             unlink.inode = 0;
           }},
      {.name = "AFileWithoutANameIsTheArtefact",
       .check = "flush-durable",
       .base =
           [] {
             Evidence e = CorrectBackup();
             e.client.raw_artefact = false;
             e.stored.clear();
             DropSystem(e, "fsync");
             for (WitnessEvent& one : e.system) {
               if (one.inode != 0) one.path = "/media/#7 (deleted)";
             }
             return e;
           },
       .broken =
           [](Evidence& e) {  // in the end
             WitnessEvent& link = AddSystem(e, "link", EndOf(CallOf(e, "Close")) + 1);
             link.inode = 0;
             link.to = "/media/d.1";
           },
       .kept = [](Evidence&) {}},
      {.name = "AMappingIsNotSynced",
       .check = "flush-durable",
       .base =
           [] {
             Evidence e = CorrectBackup();
             WitnessEvent map = SystemOf(e, "open");
             map.call = "mmap";
             map.flags.clear();
             map.t = SystemOf(e, "write").t;
             map.result = 0;
             std::erase_if(e.system, [](const WitnessEvent& one) { return one.call == "write"; });
             e.system.push_back(map);
             return e;
           },
       .broken =
           [](Evidence& e) {  // only what came before the last Write
             SystemOf(e, "fsync").t = CallOf(e, "GetCommand", 3).start_ns;
           },
       .kept =
           [](Evidence& e) {
             SystemOf(e, "fsync").call = "msync";
             SystemOf(e, "msync").inode = 0;
           }},
      {.name = "AFlushOvertakesAWrite",
       .check = "flush-durable",
       .base =
           [] {
             Evidence e = CorrectBackup();
             // The last Write is completed behind the Flush that came after it.
             CallRecord& write = CallOf(e, "CompleteCommand", 4);
             write.start_ns = EndOf(CallOf(e, "CompleteCommand", 5)) + 1000;
             return e;
           },
       .broken =
           [](Evidence& e) {
             SystemOf(e, "write", 4).t = EndOf(CallOf(e, "CompleteCommand", 5)) + 1;
           },
       .kept = [](Evidence&) {}},  // its data was stored all the same
      {.name = "AWriteIsNotDurableByItself",
       .check = "flush-durable",
       .base =
           [] {
             Evidence e = CorrectBackup();
             DropSystem(e, "fsync");
             return e;
           },
       .broken =
           [](Evidence& e) {
             for (WitnessEvent& one : e.system) {
               if (one.call == "write") one.by = "pwritev2";
             }
           },
       .kept =
           [](Evidence& e) {
             for (WitnessEvent& one : e.system) {
               if (one.call == "write") one.by = "pwritev2+RWF_DSYNC";
             }
           }},
      {.name = "ASyncIsNotSeen",
       .check = "flush-durable",
       .base =
           [] {
             Evidence e = CorrectBackup();
             DropSystem(e, "fsync");
             return e;
           },
       .broken = [](Evidence&) {},
       .kept =
           [](Evidence& e) {  // nobody knows what it did
             WitnessEvent& unseen = AddSystem(e, "unseen", kStoryStart);
             unseen.by = "io_uring_setup";
           }},
      {.name = "ARenameIsNotSyncedByWhoIsKilled",
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
           [](Evidence& e) {  // before it could
             e.end.exited = false;
             e.end.signalled = true;
             e.end.killed_by_us = true;
             e.job.killed = "client";
           }},
  };
}

}  // namespace conform
