#include <csignal>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/testing/cases.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

using vdisim::CallRecord;
using vdisim::kOk;
using vdisim::TraceNumber;

Evidence Backup() { return CorrectBackup(); }

Evidence Failed() {
  Evidence e = CorrectBackup();
  MakeFailed(e, 3202);
  return e;
}

// The client was killed because it hung; what had happened by then is left.
void Hang(Evidence& e, int64_t t) {
  CutAfter(e, t);
  e.hang.hung = true;
  e.hang.silent_seconds = 10;
  e.end.exited = false;
  e.end.killed_by_us = true;
  e.stored.clear();
  e.after.clear();
}

// The client goes no further; the statement ends behind it, with a failure.
void StopAt(Evidence& e, int64_t t) {
  JournalEvent ended = EventOf(e, JournalKind::kEnded);
  CutAfter(e, t);
  e.engine.push_back(ended);
}

int64_t Fetched(Evidence& e, int nth) { return EndOf(CallOf(e, "GetCommand", nth)); }
int64_t Answered(Evidence& e, int nth) { return EndOf(CallOf(e, "CompleteCommand", nth)); }

std::vector<BreakCase> GivingUpCases() {
  return {
      {.name = "ATimeOutOfGetCommandEndsTheJob",
       .check = "timeout-goes-on",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             MakeFailed(e, 3202);
             e.job.expect = JobExpectation::kSuccess;
             const int64_t t = Answered(e, 3);
             StopAt(e, t);
             AddDeviceCall(e, t + 1, "GetCommand", vdisim::kTimeout);
             AddSetCall(e, t + 5000, "SignalAbort", kOk);
             AddSetCall(e, t + 9000, "Close", kOk);
           },
       .kept =
           [](Evidence& e) {
             AddDeviceCall(e, Answered(e, 3) + 1, "GetCommand", vdisim::kTimeout);
           }},
      {.name = "ATimeOutOfGetConfigurationEndsTheJob",
       .check = "timeout-goes-on",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             MakeFailed(e, 3202);
             e.job.expect = JobExpectation::kSuccess;
             e.client.idle_limit_seconds = 30;
             const int64_t t = EndOf(CallOf(e, "Create"));
             StopAt(e, t + kStoryStep);
             AddSetCall(e, t + 1, "GetConfiguration", vdisim::kTimeout);
             AddSetCall(e, t + 5000, "SignalAbort", kOk);
             AddSetCall(e, t + 9000, "Close", kOk);
           },
       .kept =
           [](Evidence& e) {
             AddSetCall(e, EndOf(CallOf(e, "Create")) + 1, "GetConfiguration", vdisim::kTimeout);
           }},
      {.name = "GetCommandAfterTheEnd",
       .check = "call-after-end",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             AddDeviceCall(e, Fetched(e, 6) + 1, "GetCommand", vdisim::kProtocol);
           },
       .kept = [](Evidence&) {}},
      {.name = "TheSetIsClosedInMidStream",
       .check = "close-after-end",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             const int64_t t = Answered(e, 3);
             StopAt(e, t);
             AddSetCall(e, t + 1, "Close", vdisim::kOpen);
           },
       .kept =
           [](Evidence& e) {  // the server had given up
             const int64_t t = Answered(e, 3);
             StopAt(e, t);
             AddDeviceCall(e, t + 1, "GetCommand", vdisim::kAbort);
             AddSetCall(e, t + 5000, "Close", kOk);
           }},
      {.name = "CloseIsNeverCalled",
       .check = "closed",
       .base = Backup,
       .broken = [](Evidence& e) { DropCall(e, "Close"); },
       .kept =
           [](Evidence& e) {  // an answer that was injected is none of its business
             SetInput(CallOf(e, "Close"), "injected", TraceNumber(int64_t{1}));
           }},
      {.name = "AFailureClosesTheSetWithoutAnAbort",
       .check = "abort-on-failure",
       .base =
           [] {
             Evidence e = Failed();
             SetInput(CallOf(e, "CompleteCommand", 3), "completionCode", TraceNumber(int64_t{29}));
             return e;
           },
       .broken =
           [](Evidence& e) {
             const int64_t t = Answered(e, 3);
             StopAt(e, t);
             AddSetCall(e, t + 1, "Close", vdisim::kOpen);
           },
       .kept =
           [](Evidence& e) {
             const int64_t t = Answered(e, 3);
             StopAt(e, t);
             AddSetCall(e, t + 1, "SignalAbort", kOk);
             AddSetCall(e, t + 5000, "Close", kOk);
           }},
      {.name = "TheProgramWalksOff",
       .check = "abort-on-failure",
       .base = Failed,
       .broken = [](Evidence& e) { StopAt(e, Answered(e, 3)); },
       .kept =
           [](Evidence& e) {
             const int64_t t = Answered(e, 3);
             StopAt(e, t);
             AddSetCall(e, t + 1, "SignalAbort", kOk);
             AddSetCall(e, t + 5000, "Close", kOk);
           }},
      {.name = "ACancelIsNotToldToTheServer",
       .check = "abort-on-failure",
       .base =
           [] {
             Evidence e = CorrectBackup();
             e.job.cancelled = true;
             e.cancel_seconds = 1;
             e.job.expect = JobExpectation::kAgrees;
             return e;
           },
       .broken = [](Evidence& e) { e.end.status = 130; },
       .kept = [](Evidence&) {}},  // it came too late, and the program says that all is well
      {.name = "AFailedDeviceIsLeftAlone",
       .check = "abort-on-failure",
       .base = [] { return CorrectBackup({.devices = 2}); },
       .broken =
           [](Evidence& e) {
             const int64_t t = Answered(e, 3);
             SetInput(CallOf(e, "CompleteCommand", 3), "completionCode", TraceNumber(int64_t{29}));
             const CallRecord other = CallOf(e, "GetCommand", 4);
             Hang(e, t);
             e.begun.push_back({.method = "GetCommand",
                                .start_ns = t + 1,
                                .pid = other.pid,
                                .tid = other.tid,
                                .face = other.face,
                                .object = other.object,
                                .set = other.set,
                                .device = other.device});
           },
       .kept = [](Evidence&) {}},
  };
}

std::vector<BreakCase> CourseCases() {
  return {
      {.name = "ADeadSecondaryIsNotNoticed",
       .check = "secondary-death",
       .base =
           [] {
             Evidence e = CorrectBackup({.devices = 2, .processes = true});
             MakeFailed(e, 3202);
             e.job.killed = "secondary";
             return e;
           },
       .broken =
           [](Evidence& e) {
             Hang(e, Answered(e, 3));
             e.job.killed_ns = Answered(e, 3) + 1;
           },
       .kept =
           [](Evidence& e) {
             const int64_t t = Answered(e, 3);
             StopAt(e, t);
             e.job.killed_ns = t + 1;
             AddSetCall(e, t + 5000, "SignalAbort", kOk);
             AddSetCall(e, t + 9000, "Close", kOk);
           }},
      {.name = "ACancelIsNotHeeded",
       .check = "cancel-in-time",
       .base =
           [] {
             Evidence e = CorrectBackup();
             e.job.cancelled = true;
             e.job.expect = JobExpectation::kAgrees;
             return e;
           },
       .broken = [](Evidence& e) { e.cancel_seconds = 12; },
       .kept = [](Evidence& e) { e.cancel_seconds = 9; }},
      {.name = "ACancelEndsTheProcessWhereItStands",
       .check = "cancel-in-time",
       .base =
           [] {
             Evidence e = Failed();
             e.job.cancelled = true;
             e.cancel_seconds = 0.1;
             e.end.status = 130;
             return e;
           },
       .broken = [](Evidence& e) { StopAt(e, Answered(e, 3)); },
       .kept =
           [](Evidence& e) {
             const int64_t t = Answered(e, 3);
             StopAt(e, t);
             AddSetCall(e, t + 1, "SignalAbort", kOk);
             AddSetCall(e, t + 5000, "Close", kOk);
           }},
      {.name = "ASetIsAwaitedWhoseStatementHasFailed",
       .check = "statement-failed-first",
       .base =
           [] {
             Evidence e = Failed();
             e.engine = {EventOf(e, JournalKind::kStatement), EventOf(e, JournalKind::kEnded)};
             e.engine[1].t = kStoryStart + 3 * kStoryStep;
             return e;
           },
       .broken = [](Evidence& e) { Hang(e, kStoryStart + 3 * kStoryStep); },
       .kept =
           [](Evidence& e) {
             const int64_t t = kStoryStart + 3 * kStoryStep;
             e.calls.resize(1);
             AddSetCall(e, t + 1, "SignalAbort", kOk);
             AddSetCall(e, t + 5000, "Close", kOk);
           }},
      {.name = "TheProgramNeverEnds",
       .check = "hang",
       .base = Backup,
       .broken = [](Evidence& e) { Hang(e, e.end.t); },
       .kept = [](Evidence& e) { e.hang.silent_seconds = 9; }},
      {.name = "TheProgramCrashes",
       .check = "crash",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             StopAt(e, Answered(e, 3));
             e.end.exited = false;
             e.end.signalled = true;
             e.end.signal = SIGSEGV;
           },
       .kept =
           [](Evidence& e) {  // that was us
             StopAt(e, Answered(e, 3));
             e.end.exited = false;
             e.end.signalled = e.end.killed_by_us = true;
             e.end.signal = SIGKILL;
             e.job.killed = "client";
           }},
      {.name = "SharedMemoryIsLeft",
       .check = "left-objects",
       .base = Backup,
       .broken = [](Evidence& e) { e.left_objects = {"vdisim.set"}; },
       .kept =
           [](Evidence& e) {
             MakeFailed(e, 3202);
             e.end.exited = false;
             e.end.signalled = e.end.killed_by_us = true;
             e.job.killed = "client";
             e.left_objects = {"vdisim.set"};
           }},
      {.name = "AProcessIsLeft",
       .check = "left-processes",
       .base = Backup,
       .broken = [](Evidence& e) { e.left_processes = {"4711 sleep"}; },
       .kept = [](Evidence&) {}},
      {.name = "AThreadIsLeft",
       .check = "left-resources",
       .base = Backup,
       .broken = [](Evidence& e) { SystemOf(e, "exit").threads = 2; },
       .kept =
           [](Evidence& e) {  // of a helper that has no set
             WitnessEvent event = SystemOf(e, "exit");
             event.pid = 7;
             event.threads = 2;
             e.system.push_back(event);
           }},
      {.name = "DescriptorsAreLeft",
       .check = "left-resources",
       .base = Backup,
       .broken = [](Evidence& e) { SystemOf(e, "exit").left = 17; },
       .kept = [](Evidence& e) { SystemOf(e, "exit").left = 8; }},
      {.name = "AWaitBurnsAProcessor",
       .check = "busy-wait",
       .base = Backup,
       .broken = [](Evidence& e) { e.idle_cpu_share = 0.98; },
       .kept =
           [](Evidence& e) {  // it reads what the server tells
             e.idle_cpu_share = 0.98;
             JournalEvent fault;
             fault.kind = JournalKind::kFault;
             fault.statement = 1;
             fault.text = "chatter";
             e.engine.push_back(fault);
           }},
      {.name = "CommandsAreAskedForWithoutAWait",
       .check = "busy-wait",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             const int64_t t = Answered(e, 3);
             for (int i = 0; i < 150; ++i) {
               AddDeviceCall(e, t + 1 + i * 2000, "GetCommand", vdisim::kTimeout);
             }
           },
       .kept =
           [](Evidence& e) {
             const int64_t t = Answered(e, 3);
             for (int i = 0; i < 150; ++i) {
               SetInput(AddDeviceCall(e, t + 1 + i * 2000, "GetCommand", vdisim::kTimeout),
                        "timeOut", TraceNumber(int64_t{2}));
             }
           }},
      {.name = "ATimeOutIsTakenForTheEnd",
       .check = "close-after-end",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             e.job.expect = JobExpectation::kSuccess;
             const int64_t t = Answered(e, 5);
             StopAt(e, t);
             AddDeviceCall(e, t + 1, "GetCommand", vdisim::kTimeout);
             AddSetCall(e, t + 5000, "Close", vdisim::kOpen);
           },
       .kept = [](Evidence&) {}},
      {.name = "TheProgramLeavesWhenOpenDeviceFails",
       .check = "abort-on-failure",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             CallRecord& open = CallOf(e, "OpenDevice");
             open.code = vdisim::kMemory.value();
             const int64_t t = EndOf(open);
             StopAt(e, t);
           },
       .kept =
           [](Evidence& e) {
             CallRecord& open = CallOf(e, "OpenDevice");
             open.code = vdisim::kMemory.value();
             const int64_t t = EndOf(open);
             StopAt(e, t);
             AddSetCall(e, t + 1, "SignalAbort", kOk);
             AddSetCall(e, t + 5000, "Close", kOk);
           }},
      {.name = "ThePasswordStandsOnACommandLine",
       .check = "secret-shown",
       .base =
           [] {
             Evidence e = CorrectBackup();
             e.client.password = "s3cret";
             e.command_lines = {"sqlcmd -U sa -Q BACKUP"};
             return e;
           },
       .broken = [](Evidence& e) { e.command_lines.emplace_back("sqlcmd -U sa -P s3cret"); },
       .kept = [](Evidence&) {}},
      {.name = "ThePasswordIsPrinted",
       .check = "secret-shown",
       .base =
           [] {
             Evidence e = CorrectBackup();
             e.client.password = "s3cret";
             return e;
           },
       .broken = [](Evidence& e) { e.end.error = "login failed: sa/s3cret"; },
       .kept = [](Evidence& e) { e.end.error = "login failed: sa"; }},
  };
}

}  // namespace

std::vector<BreakCase> EndingCases() {
  std::vector<BreakCase> all = GivingUpCases();
  for (BreakCase& one : CourseCases()) all.push_back(std::move(one));
  return all;
}

}  // namespace conform
