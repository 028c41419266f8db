// What the client said of each transfer, against what the server's canary saw (C-CMP-12,
// CMD-Read-2).
#include <fmt/format.h>

#include <algorithm>

#include "conformance/watch/seen.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

// The data may end with the very bytes of the canary; so many at once it never does.
constexpr int64_t kLikeCanary = 16;

std::string Where(const JournalEvent& event) {
  return fmt::format("command {} of device {}", event.n, event.device);
}

int64_t SizeOf(const StatementSeen& statement, const JournalEvent& completed) {
  if (completed.size != 0) return completed.size;
  for (const JournalEvent* sent : statement.sent) {
    if (sent->device == completed.device && sent->n == completed.n) return sent->size;
  }
  return -1;
}

void CheckBytes(const JournalEvent& event, int64_t size, Ledger* ledger) {
  ledger->Look("program/bytes-true");
  if (event.bytes > size) {
    ledger->Break("program/bytes-true",
                  {.t = event.t,
                   .expected = fmt::format("no more than the {} bytes of the buffer", size),
                   .actual = fmt::format("bytesTransferred {}", event.bytes),
                   .note = Where(event)});
    return;
  }
  if (event.code == kVdcWrite && event.completion == kWinSuccess && event.bytes == 0 && size > 0) {
    ledger->Break("program/bytes-true", {.t = event.t,
                                         .expected = fmt::format("bytesTransferred {}", size),
                                         .actual = "ERROR_SUCCESS with bytesTransferred 0",
                                         .note = Where(event)});
    return;
  }
  if (event.code != kVdcRead || !event.filled) return;
  const int64_t missing = event.bytes - *event.filled;
  if (missing <= 0 || (missing <= kLikeCanary && *event.filled > 0)) return;
  ledger->Break("program/bytes-true",
                {.t = event.t,
                 .expected = fmt::format("bytesTransferred {}: so much was put into the buffer",
                                         *event.filled),
                 .actual = fmt::format("{} with bytesTransferred {}", Win32Name(event.completion),
                                       event.bytes),
                 .note = Where(event),
                 .problem = reports::Problem::kDataCorruption});
}

void CheckShort(const JournalEvent& event, int64_t size, Ledger* ledger) {
  ledger->Look("program/short-transfer");
  const bool zero_write = event.code == kVdcWrite && event.bytes == 0;
  if (event.completion != kWinSuccess || event.bytes >= size || zero_write) return;
  ledger->Break("program/short-transfer",
                {.t = event.t,
                 .expected = event.code == kVdcRead
                                 ? "ERROR_HANDLE_EOF with the true count at the end of the data"
                                 : "a code that says why not all was written",
                 .actual = fmt::format("ERROR_SUCCESS with {} of {} bytes", event.bytes, size),
                 .note = Where(event),
                 .problem = reports::Problem::kDataCorruption});
}

// Writes in the order of the stream: once one has failed, a later one that succeeds leaves a hole.
void CheckAfterError(const StatementSeen& statement, Ledger* ledger) {
  for (const JournalEvent* failed : statement.completed) {
    if (failed->code != kVdcWrite || failed->completion == kWinSuccess) continue;
    if (failed->completion == kWinAborted) continue;  // by the abort, not by the client
    ledger->Look("program/after-error");
    const auto cleared = std::find_if(
        statement.completed.begin(), statement.completed.end(), [&](const JournalEvent* other) {
          return other->device == failed->device && other->code == kVdcClearError &&
                 other->t > failed->t;
        });
    for (const JournalEvent* later : statement.completed) {
      const bool before_clear = cleared == statement.completed.end() || later->t < (*cleared)->t;
      if (later->device != failed->device || later->code != kVdcWrite || later->n <= failed->n ||
          later->t <= failed->t || !before_clear || later->completion != kWinSuccess) {
        continue;
      }
      ledger->Break("program/after-error",
                    {.t = later->t,
                     .expected = "no success of later writes until VDC_ClearError",
                     .actual = "a write behind the one that failed was completed with success",
                     .note = fmt::format("{} failed with {}, then {} succeeded", Where(*failed),
                                         Win32Name(failed->completion), Where(*later))});
    }
  }
}

}  // namespace

void CheckTransfers(const Seen& seen, Ledger* ledger) {
  for (const StatementSeen& statement : seen.statements) {
    for (const JournalEvent* event : statement.completed) {
      if (event->code != kVdcRead && event->code != kVdcWrite) continue;
      const int64_t size = SizeOf(statement, *event);
      if (size < 0) continue;
      CheckBytes(*event, size, ledger);
      CheckShort(*event, size, ledger);
    }
    CheckAfterError(statement, ledger);
  }
}

}  // namespace conform
