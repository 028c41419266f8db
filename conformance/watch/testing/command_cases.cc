#include "conformance/watch/call_fields.h"
#include "conformance/watch/testing/cases.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

using vdisim::CallRecord;
using vdisim::kOk;
using vdisim::TraceNumber;

Evidence Backup() { return CorrectBackup(); }
Evidence Restore() { return CorrectRestore(); }
Evidence TwoDevices() { return CorrectBackup({.devices = 2}); }

void Answer(CallRecord& complete, int64_t code) {
  SetInput(complete, "completionCode", TraceNumber(code));
}

void Rename(CallRecord& get, int code) {
  SetOutput(get, "commandCode", TraceNumber(int64_t{code}));
}

// The client stands still from then on, and is killed.
void Hang(Evidence& e, int64_t t) {
  CutAfter(e, t);
  e.hang.hung = true;
  e.end.exited = false;
  e.end.killed_by_us = true;
  e.stored.clear();
  e.after.clear();
}

// The journal's view of a transfer, where bytes are judged.
JournalEvent& Completed(Evidence& e, int nth = 1) {
  return EventOf(e, JournalKind::kCompleted, nth);
}

}  // namespace

std::vector<BreakCase> CommandCases() {
  return {
      {.name = "ACommandIsForgottenAtClose",
       .check = "every-command-completed",
       .base =
           [] {
             Evidence e = CorrectBackup();
             MakeFailed(e, 3202);
             return e;
           },
       .broken =
           [](Evidence& e) {
             const int64_t t = EndOf(CallOf(e, "GetCommand", 3));
             CutAfter(e, t);
             AddSetCall(e, t + 1, "Close", vdisim::kOpen);
           },
       .kept =
           [](Evidence& e) {
             const int64_t t = EndOf(CallOf(e, "GetCommand", 3));
             CutAfter(e, t);
             AddSetCall(e, t + 1, "SignalAbort", kOk);
             AddSetCall(e, t + 5000, "Close", kOk);
           }},
      {.name = "AnUnknownCommandIsThrownAway",
       .check = "every-command-completed",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             Rename(CallOf(e, "GetCommand", 2), 999);
             DropCall(e, "CompleteCommand", 2);
             Hang(e, EndOf(CallOf(e, "CompleteCommand", 3)));
           },
       .kept =
           [](Evidence& e) {
             Rename(CallOf(e, "GetCommand", 2), 999);
             Answer(CallOf(e, "CompleteCommand", 2), kWinNotSupported);
           }},
      {.name = "ACommandIsCompletedTwice",
       .check = "completed-once",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             const CallRecord first = CallOf(e, "CompleteCommand", 2);
             CallRecord& again =
                 AddDeviceCall(e, EndOf(first) + 1, "CompleteCommand", vdisim::kInvalid);
             again.inputs = first.inputs;
           },
       .kept =
           [](Evidence& e) {  // the address of a command that is done is used again
             const std::string address = TextOf(CallOf(e, "GetCommand", 1).outputs, "pCmd");
             SetOutput(CallOf(e, "GetCommand", 3), "pCmd", address);
             SetInput(CallOf(e, "CompleteCommand", 3), "pCmd", address);
           }},
      {.name = "AnAddressIsCompletedThatWasNeverGiven",
       .check = "completed-given",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             CallRecord& call = AddDeviceCall(e, EndOf(CallOf(e, "GetCommand", 2)) + 1,
                                              "CompleteCommand", vdisim::kInvalid);
             SetInput(call, "pCmd", std::string("0x7777"));
           },
       .kept = [](Evidence&) {}},
      {.name = "ACommandIsCompletedOnAnotherDevice",
       .check = "completed-given",
       .base = TwoDevices,
       .broken =
           [](Evidence& e) {
             CallRecord& call = AddDeviceCall(e, EndOf(CallOf(e, "GetCommand", 2)) + 1,
                                              "CompleteCommand", vdisim::kInvalid);
             SetInput(call, "pCmd", TextOf(CallOf(e, "GetCommand", 2).outputs, "pCmd"));
           },
       .kept = [](Evidence&) {}},
      {.name = "ACommandIsHeldForMoreThanTwoIntervals",
       .check = "held-too-long",
       .base =
           [] {
             Evidence e = CorrectBackup();
             EventOf(e, JournalKind::kConfigured).server_timeout_ms = 10;
             return e;
           },
       .broken =
           [](Evidence& e) {
             const int64_t late = 21 * 1000000;
             const int64_t t = EndOf(CallOf(e, "GetCommand", 5));
             for (CallRecord& call : e.calls) call.start_ns += call.start_ns > t ? late : 0;
             for (JournalEvent& event : e.engine) event.t += event.t > t ? late : 0;
             for (WitnessEvent& event : e.system) event.t += event.t > t ? late : 0;
           },
       .kept =
           [](Evidence& e) {
             const int64_t late = 15 * 1000000;
             const int64_t t = EndOf(CallOf(e, "GetCommand", 5));
             for (CallRecord& call : e.calls) call.start_ns += call.start_ns > t ? late : 0;
             for (JournalEvent& event : e.engine) event.t += event.t > t ? late : 0;
             for (WitnessEvent& event : e.system) event.t += event.t > t ? late : 0;
           }},
      {.name = "ACommandIsHeldTooLongByWhoWasNotStopped",
       .check = "held-too-long",
       .base =
           [] {
             Evidence e = CorrectBackup();
             EventOf(e, JournalKind::kConfigured).server_timeout_ms = 10;
             const int64_t late = 21 * 1000000;
             const int64_t t = EndOf(CallOf(e, "GetCommand", 5));
             for (CallRecord& call : e.calls) call.start_ns += call.start_ns > t ? late : 0;
             for (JournalEvent& event : e.engine) event.t += event.t > t ? late : 0;
             for (WitnessEvent& event : e.system) event.t += event.t > t ? late : 0;
             return e;
           },
       .broken = [](Evidence& e) { e.job.paused_ns = CallOf(e, "GetCommand", 5).start_ns - 1; },
       .kept =
           [](Evidence& e) {  // the judge stopped it with the command in its hands
             e.job.paused_ns = EndOf(CallOf(e, "GetCommand", 5)) + 1000;
           }},
      {.name = "AWriteIsCompletedWithTheEndOfData",
       .check = "completion-code",
       .base =
           [] {
             Evidence e = CorrectBackup();
             MakeFailed(e, 3202);
             return e;
           },
       .broken = [](Evidence& e) { Answer(CallOf(e, "CompleteCommand", 4), kWinHandleEof); },
       .kept = [](Evidence& e) { Answer(CallOf(e, "CompleteCommand", 4), kWinDiskFull); }},
      {.name = "AnHresultIsACompletionCode",
       .check = "completion-code",
       .base =
           [] {
             Evidence e = CorrectBackup();
             MakeFailed(e, 3202);
             return e;
           },
       .broken = [](Evidence& e) { Answer(CallOf(e, "CompleteCommand", 4), -2139684860); },
       .kept = [](Evidence& e) { Answer(CallOf(e, "CompleteCommand", 4), 29); }},
      {.name = "AnUnknownCommandSucceeds",
       .check = "unknown-command",
       .base = Backup,
       .broken = [](Evidence& e) { Rename(CallOf(e, "GetCommand", 4), 999); },
       .kept =
           [](Evidence& e) {
             Rename(CallOf(e, "GetCommand", 4), 999);
             Answer(CallOf(e, "CompleteCommand", 4), kWinNotSupported);
           }},
      {.name = "APositionIsGivenByAPipe",
       .check = "unknown-command",
       .base = Backup,
       .broken = [](Evidence& e) { Rename(CallOf(e, "GetCommand", 4), kVdcGetPosition); },
       .kept =
           [](Evidence& e) {  // it asked for them
             Rename(CallOf(e, "GetCommand", 4), kVdcGetPosition);
             SetInput(CallOf(e, "Create"), "features", TraceNumber(int64_t{0x200}));
           }},
      {.name = "AnUnknownCommandEndsTheJob",
       .check = "unknown-command-fatal",
       .base =
           [] {
             Evidence e = CorrectBackup();
             MakeFailed(e, 3202);
             Rename(CallOf(e, "GetCommand", 4), 999);
             Answer(CallOf(e, "CompleteCommand", 4), kWinNotSupported);
             return e;
           },
       .broken =
           [](Evidence& e) {
             const int64_t t = EndOf(CallOf(e, "CompleteCommand", 4));
             CutAfter(e, t);
             AddSetCall(e, t + 1, "SignalAbort", kOk);
             AddSetCall(e, t + 5000, "Close", kOk);
           },
       .kept =
           [](Evidence& e) {  // it had asked for the next one before something else happened
             const int64_t t = EndOf(CallOf(e, "GetCommand", 5));
             CutAfter(e, t);
             AddSetCall(e, t + 1, "SignalAbort", kOk);
             AddSetCall(e, t + 5000, "Close", kOk);
           }},
      {.name = "FlushIsRefused",
       .check = "mandatory-command",
       .base =
           [] {
             Evidence e = CorrectBackup();
             MakeFailed(e, 3202);
             return e;
           },
       .broken = [](Evidence& e) { Answer(CallOf(e, "CompleteCommand", 5), kWinNotSupported); },
       .kept = [](Evidence& e) { Answer(CallOf(e, "CompleteCommand", 5), 29); }},
      {.name = "ARestoreRefusesFlush",
       .check = "mandatory-command",
       .base = Restore,
       .broken =
           [](Evidence& e) {
             Rename(CallOf(e, "GetCommand", 2), kVdcFlush);
             Answer(CallOf(e, "CompleteCommand", 2), kWinNotSupported);
           },
       .kept =
           [](Evidence& e) {  // what the other direction brings may be refused
             Rename(CallOf(e, "GetCommand", 2), kVdcWrite);
             Answer(CallOf(e, "CompleteCommand", 2), kWinNotSupported);
           }},
      {.name = "ClearErrorFails",
       .check = "clear-error",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             Rename(CallOf(e, "GetCommand", 4), kVdcClearError);
             Answer(CallOf(e, "CompleteCommand", 4), 1117);
           },
       .kept =
           [](Evidence& e) {
             Rename(CallOf(e, "GetCommand", 4), kVdcClearError);
             Answer(CallOf(e, "CompleteCommand", 4), kWinSuccess);
           }},
      {.name = "CompleteIsRefusedThoughItWasGranted",
       .check = "complete-answered",
       .base = [] { return CorrectBackup({.request_complete = true}); },
       .broken = [](Evidence& e) { Answer(CallOf(e, "CompleteCommand", 6), kWinNotSupported); },
       .kept =
           [](Evidence& e) {  // nobody asked for it
             Answer(CallOf(e, "CompleteCommand", 6), kWinNotSupported);
             SetInput(CallOf(e, "Create"), "features", TraceNumber(int64_t{0}));
           }},
      {.name = "AWriteBehindAFailedOneSucceeds",
       .check = "after-error",
       .base =
           [] {
             Evidence e = CorrectBackup({.hold = 2});
             MakeFailed(e, 3202);
             return e;
           },
       .broken = [](Evidence& e) { Completed(e, 1).completion = 29; },
       .kept =
           [](Evidence& e) {
             for (int n = 1; n <= 5; ++n) Completed(e, n).completion = 29;
           }},
      {.name = "AWriteBehindAFailedOneSucceedsBeforeTheClear",
       .check = "after-error",
       .base =
           [] {
             Evidence e = CorrectBackup();
             MakeFailed(e, 3202);
             Completed(e, 2).completion = 29;
             return e;
           },
       .broken = [](Evidence&) {},
       .kept = [](Evidence& e) { Completed(e, 3).code = kVdcClearError; }},

      {.name = "MoreBytesThanTheBufferHolds",
       .check = "bytes-true",
       .base = Backup,
       .broken = [](Evidence& e) { Completed(e, 2).bytes = kStoryTransfer + 1; },
       .kept = [](Evidence&) {}},
      {.name = "AWriteTakesNoBytes",
       .check = "bytes-true",
       .base = Backup,
       .broken = [](Evidence& e) { Completed(e, 2).bytes = 0; },
       .kept = [](Evidence& e) { Completed(e, 5).bytes = 0; }},  // a Flush moves none
      {.name = "AReadSaysMoreThanItFilled",
       .check = "bytes-true",
       .base = Restore,
       .broken = [](Evidence& e) { Completed(e, 2).filled = kStoryTransfer - 512; },
       .kept =
           [](Evidence& e) {  // the data ended with bytes of the canary
             Completed(e, 2).filled = kStoryTransfer - 3;
           }},
      {.name = "TheEndCountsFull",
       .check = "bytes-true",
       .base = Restore,
       .broken =
           [](Evidence& e) {
             Completed(e, 4).completion = kWinHandleEof;
             Completed(e, 4).filled = 0;
           },
       .kept = [](Evidence& e) { Completed(e, 4).completion = kWinHandleEof; }},
      {.name = "AShortReadSucceeds",
       .check = "short-transfer",
       .base = Restore,
       .broken =
           [](Evidence& e) {
             Completed(e, 4).bytes = 512;
             Completed(e, 4).filled = 512;
           },
       .kept =
           [](Evidence& e) {
             Completed(e, 4).completion = kWinHandleEof;
             Completed(e, 4).bytes = 512;
             Completed(e, 4).filled = 512;
             e.before[0].size -= kStoryTransfer - 512;
           }},
      {.name = "AShortWriteSucceeds",
       .check = "short-transfer",
       .base = Backup,
       .broken = [](Evidence& e) { Completed(e, 2).bytes = 512; },
       .kept =
           [](Evidence& e) {
             MakeFailed(e, 3202);
             Completed(e, 4).bytes = 512;
             Completed(e, 4).completion = kWinDiskFull;
           }},
  };
}

}  // namespace conform
