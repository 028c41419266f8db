#include "conformance/watch/call_fields.h"
#include "conformance/watch/testing/cases.h"

namespace conform {
namespace {

using vdisim::kOk;

const JournalEvent& Statement(Evidence& e) { return EventOf(e, JournalKind::kStatement); }

}  // namespace

std::vector<BreakCase> DeviceCases() {
  return {
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
