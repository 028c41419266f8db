#include "conformance/watch/testing/cases.h"

namespace conform {
namespace {

using vdisim::TraceNumber;

}  // namespace

std::vector<BreakCase> EndingCases() {
  return {
      {.name = "GetCommandAfterTheEnd",
       .check = "call-after-end",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             AddDeviceCall(e, Fetched(e, 6) + 1, "GetCommand", vdisim::kProtocol);
           },
       .kept = [](Evidence&) {}},
      {.name = "CloseIsNeverCalled",
       .check = "closed",
       .base = Backup,
       .broken = [](Evidence& e) { DropCall(e, "Close"); },
       .kept =
           [](Evidence& e) {  // an answer that was injected is none of its business
             SetInput(CallOf(e, "Close"), "injected", TraceNumber(int64_t{1}));
           }},
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
             AbortAndClose(e, t + 5000);
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
       .kept = [](Evidence& e) { GiveUpAt(e, Answered(e, 3)); }},
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
             AbortAndClose(e, t + 1);
           }},
  };
}

}  // namespace conform
