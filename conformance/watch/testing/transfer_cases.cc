#include "conformance/watch/testing/cases.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

// The journal's view of a transfer, where bytes are judged.
JournalEvent& Completed(Evidence& e, int nth = 1) {
  return EventOf(e, JournalKind::kCompleted, nth);
}

}  // namespace

std::vector<BreakCase> TransferCases() {
  return {
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
             Evidence e = Failed();
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
