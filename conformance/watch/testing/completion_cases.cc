#include "conformance/watch/call_fields.h"
#include "conformance/watch/testing/cases.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

using vdisim::CallRecord;
using vdisim::kOk;
using vdisim::TraceNumber;

void Rename(CallRecord& get, int code) {
  SetOutput(get, "commandCode", TraceNumber(int64_t{code}));
}

}  // namespace

std::vector<BreakCase> CompletionCases() {
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
             SetCompletion(CallOf(e, "CompleteCommand", 2), kWinNotSupported);
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
  };
}

}  // namespace conform
