#include "conformance/watch/call_fields.h"
#include "conformance/watch/testing/cases.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

using vdisim::CallRecord;

// A backup of a server that waits 10 ms for an answer.
Evidence ImpatientServer() {
  Evidence e = CorrectBackup();
  EventOf(e, JournalKind::kConfigured).server_timeout_ms = 10;
  return e;
}

// The client keeps what its fifth GetCommand gave for so long; all that comes behind it comes
// later.
void HoldTheFifth(Evidence& e, int64_t ms) {
  const int64_t t = Fetched(e, 5);
  const int64_t late = ms * 1000000;
  for (CallRecord& call : e.calls) call.start_ns += call.start_ns > t ? late : 0;
  for (JournalEvent& event : e.engine) event.t += event.t > t ? late : 0;
  for (WitnessEvent& event : e.system) event.t += event.t > t ? late : 0;
}

}  // namespace

std::vector<BreakCase> CompletionCases() {
  return {
      {.name = "ACommandIsForgottenAtClose",
       .check = "every-command-completed",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             const int64_t t = Fetched(e, 3);
             CutAfter(e, t);
             AddSetCall(e, t + 1, "Close", vdisim::kOpen);
           },
       .kept =
           [](Evidence& e) {
             const int64_t t = Fetched(e, 3);
             CutAfter(e, t);
             AbortAndClose(e, t + 1);
           }},
      {.name = "AnUnknownCommandIsThrownAway",
       .check = "every-command-completed",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             SetCommand(CallOf(e, "GetCommand", 2), 999);
             DropCall(e, "CompleteCommand", 2);
             Hang(e, Answered(e, 3));
           },
       .kept =
           [](Evidence& e) {
             SetCommand(CallOf(e, "GetCommand", 2), 999);
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
             CallRecord& call =
                 AddDeviceCall(e, Fetched(e, 2) + 1, "CompleteCommand", vdisim::kInvalid);
             SetInput(call, "pCmd", std::string("0x7777"));
           },
       .kept = [](Evidence&) {}},
      {.name = "ACommandIsCompletedOnAnotherDevice",
       .check = "completed-given",
       .base = TwoDevices,
       .broken =
           [](Evidence& e) {
             CallRecord& call =
                 AddDeviceCall(e, Fetched(e, 2) + 1, "CompleteCommand", vdisim::kInvalid);
             SetInput(call, "pCmd", TextOf(CallOf(e, "GetCommand", 2).outputs, "pCmd"));
           },
       .kept = [](Evidence&) {}},
      {.name = "ACommandIsHeldForMoreThanTwoIntervals",
       .check = "held-too-long",
       .base = ImpatientServer,
       .broken = [](Evidence& e) { HoldTheFifth(e, 21); },
       .kept = [](Evidence& e) { HoldTheFifth(e, 15); }},
      {.name = "ACommandIsHeldTooLongByWhoWasNotStopped",
       .check = "held-too-long",
       .base =
           [] {
             Evidence e = ImpatientServer();
             HoldTheFifth(e, 21);
             return e;
           },
       .broken = [](Evidence& e) { e.job.paused_ns = CallOf(e, "GetCommand", 5).start_ns - 1; },
       .kept =
           [](Evidence& e) {  // the judge stopped it with the command in its hands
             e.job.paused_ns = Fetched(e, 5) + 1000;
           }},
  };
}

}  // namespace conform
