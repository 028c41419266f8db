#include <algorithm>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/testing/cases.h"

namespace conform {
namespace {

using vdisim::kOk;
using vdisim::TraceNumber;

Evidence Backup() { return CorrectBackup(); }
Evidence TwoDevices() { return CorrectBackup({.devices = 2}); }

// A client whose Create fails, and which says so.
void FailCreate(Evidence& e, vdisim::HResult code) {
  CallOf(e, "Create").code = code.value();
  CutAfter(e, EndOf(CallOf(e, "Create")));
  e.stored.clear();
  e.after.clear();
  e.end.status = 1;
  e.job.expect = JobExpectation::kAgrees;
}

void Silence(Evidence& e) {
  e.calls.clear();
  e.engine.clear();
  e.system.clear();
  e.stored.clear();
  e.after.clear();
}

const JournalEvent& Statement(Evidence& e) { return EventOf(e, JournalKind::kStatement); }

}  // namespace

std::vector<BreakCase> CallCases() {
  return {
      {.name = "NothingIsCalled",
       .check = "started",
       .base = Backup,
       .broken = Silence,
       .kept =
           [](Evidence& e) {  // it could not start, and said so
             Silence(e);
             e.end.status = 1;
             e.job.expect = JobExpectation::kFailure;
           }},
      {.name = "ConfigurationIsAskedForBeforeCreate",
       .check = "call-order",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             AddSetCall(e, kStoryStart - kStoryStep, "GetConfiguration", vdisim::kProtocol);
           },
       .kept = [](Evidence& e) { AddSetCall(e, kStoryStart - kStoryStep, "Release", kOk); }},
      {.name = "AFailureOfCreateIsNotLookedAt",
       .check = "call-order",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             FailCreate(e, vdisim::kMemory);
             SetInput(CallOf(e, "Create"), "injected", TraceNumber(int64_t{1}));
             AddSetCall(e, kStoryStart + kStoryStep, "GetConfiguration", vdisim::kProtocol);
           },
       .kept =
           [](Evidence& e) {  // Close of what is not there does no harm
             FailCreate(e, vdisim::kMemory);
             SetInput(CallOf(e, "Create"), "injected", TraceNumber(int64_t{1}));
             AddSetCall(e, kStoryStart + kStoryStep, "Close", vdisim::kProtocol);
           }},
      {.name = "CreateWhileTheObjectHasASet",
       .check = "call-order",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             AddSetCall(e, EndOf(CallOf(e, "GetConfiguration")) + 1, "Create", vdisim::kProtocol);
           },
       .kept =
           [](Evidence& e) {  // after Close it may create another, and closes that, too
             const int64_t t = EndOf(CallOf(e, "Close")) + 1;
             AddSetCall(e, t, "Create", kOk);
             AddSetCall(e, t + 10000, "Close", kOk);
           }},
      {.name = "DevicesAreOpenedBeforeTheConfiguration",
       .check = "call-order",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             auto& open =
                 AddSetCall(e, EndOf(CallOf(e, "Create")) + 1, "OpenDevice", vdisim::kProtocol);
             SetInput(open, "name", std::string("set"));
           },
       .kept = [](Evidence&) {}},
      {.name = "TheNameOfTheSetIsInUse",
       .check = "set-name-unique",
       .base = Backup,
       .broken = [](Evidence& e) { FailCreate(e, vdisim::kProtocol); },
       .kept = [](Evidence& e) { FailCreate(e, vdisim::kSecurity); }},
      {.name = "CreateAsksForTooManyDevices",
       .check = "configuration-legal",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             FailCreate(e, vdisim::kNotSupported);
             SetInput(CallOf(e, "Create"), "deviceCount", TraceNumber(int64_t{65}));
           },
       .kept =
           [](Evidence& e) {
             FailCreate(e, vdisim::kNotSupported);
             SetInput(CallOf(e, "Create"), "injected", TraceNumber(int64_t{1}));
           }},
      {.name = "MembersOfTheServerAreFilled",
       .check = "server-fields",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             SetInput(CallOf(e, "Create"), "blockSize", TraceNumber(int64_t{65536}));
           },
       .kept =
           [](Evidence& e) {
             SetInput(CallOf(e, "Create"), "blockSize", TraceNumber(int64_t{0}));
             SetInput(CallOf(e, "Create"), "serverTimeOut", TraceNumber(int64_t{60000}));
           }},
      {.name = "TheConfigurationIsNeverRead",
       .check = "configuration-read",
       .base = Backup,
       .broken = [](Evidence& e) { DropCall(e, "GetConfiguration"); },
       .kept =
           [](Evidence& e) {  // and once more, by a thread
             auto& again =
                 AddSetCall(e, EndOf(CallOf(e, "OpenDevice")) + 1, "GetConfiguration", kOk);
             again.tid = 7;
           }},
      {.name = "ABackupIsServedByARestore",
       .check = "configuration-read",
       .base = [] { return CorrectRestore({.judge_statement = true}); },
       .broken =
           [](Evidence& e) {
             SetOutput(CallOf(e, "GetConfiguration"), "features", TraceNumber(int64_t{0x10000}));
             SetOutput(CallOf(e, "GetCommand"), "commandCode", TraceNumber(int64_t{2}));
           },
       .kept =
           [](Evidence& e) {  // positioning devices may read and write
             SetOutput(CallOf(e, "GetConfiguration"), "features", TraceNumber(int64_t{0x30000}));
           }},
      {.name = "ACallAfterClose",
       .check = "call-after-close",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             AddSetCall(e, EndOf(CallOf(e, "Close")) + 1, "GetConfiguration", vdisim::kProtocol);
           },
       .kept =
           [](Evidence& e) {  // it had begun before Close returned
             AddSetCall(e, EndOf(CallOf(e, "Close")) - 1, "SignalAbort", vdisim::kProtocol);
           }},
      {.name = "CommandsAreAskedForAfterAnAbort",
       .check = "calls-after-abort",
       .base =
           [] {
             Evidence e = CorrectBackup();
             MakeFailed(e, 3202);
             CallOf(e, "GetCommand", 4).code = vdisim::kAbort.value();
             return e;
           },
       .broken =
           [](Evidence& e) {
             CutAfter(e, EndOf(CallOf(e, "GetCommand", 4)));
             const int64_t t = e.calls.back().start_ns;
             AddDeviceCall(e, t + 5000, "GetCommand", vdisim::kAbort);
             AddSetCall(e, t + 9000, "Close", kOk);
           },
       .kept =
           [](Evidence& e) {  // another thread does not know yet
             CutAfter(e, EndOf(CallOf(e, "GetCommand", 4)));
             const int64_t t = e.calls.back().start_ns;
             AddDeviceCall(e, t + 5000, "GetCommand", vdisim::kAbort).tid = 7;
             AddSetCall(e, t + 9000, "Close", kOk);
           }},

      {.name = "NoStatementIsGiven",
       .check = "statement-given",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             e.engine.clear();
             CutAfter(e, EndOf(CallOf(e, "Create")));
             AddSetCall(e, kStoryStart + kStoryStep, "Close", kOk);
             e.stored.clear();
           },
       .kept =
           [](Evidence& e) {
             e.engine.clear();
             CutAfter(e, EndOf(CallOf(e, "Create")));
             AddSetCall(e, kStoryStart + kStoryStep, "Close", kOk);
             e.stored.clear();
             e.end.status = 1;
             e.job.expect = JobExpectation::kAgrees;
           }},
      {.name = "TheStatementIsGivenBeforeTheSetExists",
       .check = "set-before-statement",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             MakeFailed(e, 3201);
             const JournalEvent statement = Statement(e);
             const JournalEvent ended = EventOf(e, JournalKind::kEnded);
             e.engine = {statement, ended};
             e.engine[0].t = kStoryStart - 3 * kStoryStep;
             e.engine[1].t = kStoryStart - 2 * kStoryStep;
             CutAfter(e, EndOf(CallOf(e, "Create")));
             AddSetCall(e, kStoryStart + kStoryStep, "Close", kOk);
           },
       .kept =
           [](Evidence& e) {  // it failed, but the set was there
             MakeFailed(e, 3201);
             const JournalEvent statement = Statement(e);
             const JournalEvent ended = EventOf(e, JournalKind::kEnded);
             e.engine = {statement, ended};
             CutAfter(e, ended.t);
             DropCall(e, "GetConfiguration");
             e.calls.resize(1);
             AddSetCall(e, ended.t, "Close", kOk);
           }},
      {.name = "TheDatabaseIsNotQuoted",
       .check = "database-name",
       .base =
           [] {
             Evidence e = CorrectBackup();
             MakeFailed(e, 911);
             e.job.database = "a]b";
             e.calls.resize(1);
             AddSetCall(e, kStoryStart + 9 * kStoryStep, "Close", kOk);
             e.engine = {Statement(e), EventOf(e, JournalKind::kEnded)};
             e.system.clear();
             return e;
           },
       .broken =
           [](Evidence& e) {
             e.engine[0].text = "BACKUP DATABASE [a]b] TO VIRTUAL_DEVICE = 'set'";
           },
       .kept =
           [](Evidence& e) {
             e.engine[0].text = "BACKUP DATABASE [a]]b] TO VIRTUAL_DEVICE = 'set'";
           }},

      {.name = "TheFirstDeviceHasAnotherName",
       .check = "device-names",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             EventOf(e, JournalKind::kStatement).text =
                 "BACKUP DATABASE [d] TO VIRTUAL_DEVICE = 'SET'";
           },
       .kept =
           [](Evidence& e) {
             EventOf(e, JournalKind::kStatement).text =
                 "DECLARE @v varchar(9) = 'SET'; BACKUP DATABASE d TO VIRTUAL_DEVICE = @v";
           }},
      {.name = "TwoDevicesHaveOneName",
       .check = "device-names",
       .base = TwoDevices,
       .broken =
           [](Evidence& e) {
             EventOf(e, JournalKind::kStatement).text =
                 "BACKUP DATABASE d TO VIRTUAL_DEVICE = 'set', VIRTUAL_DEVICE = 'set'";
           },
       .kept =
           [](Evidence& e) {
             EventOf(e, JournalKind::kStatement).text =
                 "BACKUP DATABASE d TO VIRTUAL_DEVICE = 'set', VIRTUAL_DEVICE = 'Set'";
           }},
      {.name = "ADeviceIsOpenedByAForeignName",
       .check = "device-names",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             auto& open = AddSetCall(e, EndOf(CallOf(e, "GetConfiguration")) + 1, "OpenDevice",
                                     vdisim::kInvalid);
             SetInput(open, "name", std::string("SET"));
           },
       .kept =
           [](Evidence& e) {  // until all are open
             auto& open =
                 AddSetCall(e, EndOf(CallOf(e, "OpenDevice")) + 1, "OpenDevice", vdisim::kOpen);
             SetInput(open, "name", std::string("set_2"));
           }},
      {.name = "ADeviceIsOpenedTwice",
       .check = "device-names",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             auto& open =
                 AddSetCall(e, EndOf(CallOf(e, "OpenDevice")) + 1, "OpenDevice", vdisim::kOpen);
             SetInput(open, "name", std::string("set"));
           },
       .kept = [](Evidence&) {}},
      {.name = "TheStatementNamesMoreDevices",
       .check = "device-count",
       .base = TwoDevices,
       .broken =
           [](Evidence& e) {
             EventOf(e, JournalKind::kStatement).text += ", VIRTUAL_DEVICE = 'set_3'";
           },
       .kept = [](Evidence& e) { EventOf(e, JournalKind::kStatement).text += " WITH FORMAT"; }},
      {.name = "ADeviceIsNeverOpened",
       .check = "devices-opened",
       .base = TwoDevices,
       .broken =
           [](Evidence& e) {
             const int64_t t = EndOf(CallOf(e, "OpenDevice"));
             CutAfter(e, t);
             e.end.exited = false;
             e.end.killed_by_us = true;
             e.hang.hung = true;
             e.stored.clear();
           },
       .kept =
           [](Evidence& e) {  // it gave up
             MakeFailed(e, 3202);
             CutAfter(e, EndOf(CallOf(e, "OpenDevice")));
             JournalEvent ended;
             ended.kind = JournalKind::kEnded;
             ended.statement = 1;
             ended.t = e.calls.back().start_ns + kStoryStep;
             ended.first_error = 3202;
             e.engine.push_back(ended);
             AddSetCall(e, ended.t - 9000, "SignalAbort", kOk);
             AddSetCall(e, ended.t - 6000, "Close", kOk);
           }},
      {.name = "ADeviceIsUsedThatWasNotOpened",
       .check = "call-order",
       .base = TwoDevices,
       .broken =
           [](Evidence& e) {
             auto& call = AddDeviceCall(e, EndOf(CallOf(e, "OpenDevice")) + 1, "GetCommand",
                                        vdisim::kProtocol);
             call.object = 99;
           },
       .kept = [](Evidence&) {}},
  };
}

}  // namespace conform
