#include "conformance/watch/testing/cases.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

using vdisim::TraceNumber;

}  // namespace

std::vector<BreakCase> CompletionCodeCases() {
  return {
      {.name = "AWriteIsCompletedWithTheEndOfData",
       .check = "completion-code",
       .base = Failed,
       .broken = [](Evidence& e) { SetCompletion(CallOf(e, "CompleteCommand", 4), kWinHandleEof); },
       .kept = [](Evidence& e) { SetCompletion(CallOf(e, "CompleteCommand", 4), kWinDiskFull); }},
      {.name = "AnHresultIsACompletionCode",
       .check = "completion-code",
       .base = Failed,
       .broken = [](Evidence& e) { SetCompletion(CallOf(e, "CompleteCommand", 4), -2139684860); },
       .kept = [](Evidence& e) { SetCompletion(CallOf(e, "CompleteCommand", 4), 29); }},
      {.name = "AnUnknownCommandSucceeds",
       .check = "unknown-command",
       .base = Backup,
       .broken = [](Evidence& e) { SetCommand(CallOf(e, "GetCommand", 4), 999); },
       .kept =
           [](Evidence& e) {
             SetCommand(CallOf(e, "GetCommand", 4), 999);
             SetCompletion(CallOf(e, "CompleteCommand", 4), kWinNotSupported);
           }},
      {.name = "APositionIsGivenByAPipe",
       .check = "unknown-command",
       .base = Backup,
       .broken = [](Evidence& e) { SetCommand(CallOf(e, "GetCommand", 4), kVdcGetPosition); },
       .kept =
           [](Evidence& e) {  // it asked for them
             SetCommand(CallOf(e, "GetCommand", 4), kVdcGetPosition);
             SetInput(CallOf(e, "Create"), "features", TraceNumber(int64_t{0x200}));
           }},
      {.name = "AnUnknownCommandEndsTheJob",
       .check = "unknown-command-fatal",
       .base =
           [] {
             Evidence e = Failed();
             SetCommand(CallOf(e, "GetCommand", 4), 999);
             SetCompletion(CallOf(e, "CompleteCommand", 4), kWinNotSupported);
             return e;
           },
       .broken =
           [](Evidence& e) {
             const int64_t t = Answered(e, 4);
             CutAfter(e, t);
             AbortAndClose(e, t + 1);
           },
       .kept =
           [](Evidence& e) {  // it had asked for the next one before something else happened
             const int64_t t = Fetched(e, 5);
             CutAfter(e, t);
             AbortAndClose(e, t + 1);
           }},
      {.name = "FlushIsRefused",
       .check = "mandatory-command",
       .base = Failed,
       .broken =
           [](Evidence& e) { SetCompletion(CallOf(e, "CompleteCommand", 5), kWinNotSupported); },
       .kept = [](Evidence& e) { SetCompletion(CallOf(e, "CompleteCommand", 5), 29); }},
      {.name = "ARestoreRefusesFlush",
       .check = "mandatory-command",
       .base = Restore,
       .broken =
           [](Evidence& e) {
             SetCommand(CallOf(e, "GetCommand", 2), kVdcFlush);
             SetCompletion(CallOf(e, "CompleteCommand", 2), kWinNotSupported);
           },
       .kept =
           [](Evidence& e) {  // what the other direction brings may be refused
             SetCommand(CallOf(e, "GetCommand", 2), kVdcWrite);
             SetCompletion(CallOf(e, "CompleteCommand", 2), kWinNotSupported);
           }},
      {.name = "ClearErrorFails",
       .check = "clear-error",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             SetCommand(CallOf(e, "GetCommand", 4), kVdcClearError);
             SetCompletion(CallOf(e, "CompleteCommand", 4), 1117);
           },
       .kept =
           [](Evidence& e) {
             SetCommand(CallOf(e, "GetCommand", 4), kVdcClearError);
             SetCompletion(CallOf(e, "CompleteCommand", 4), kWinSuccess);
           }},
      {.name = "CompleteIsRefusedThoughItWasGranted",
       .check = "complete-answered",
       .base = [] { return CorrectBackup({.request_complete = true}); },
       .broken =
           [](Evidence& e) { SetCompletion(CallOf(e, "CompleteCommand", 6), kWinNotSupported); },
       .kept =
           [](Evidence& e) {  // nobody asked for it
             SetCompletion(CallOf(e, "CompleteCommand", 6), kWinNotSupported);
             SetInput(CallOf(e, "Create"), "features", TraceNumber(int64_t{0}));
           }},
  };
}

}  // namespace conform
