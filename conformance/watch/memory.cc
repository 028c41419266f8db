// What the guard of the library saw done to buffers and commands (B-06, B-07, C-GET-11, C-CMP-21).
#include <fmt/format.h>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/seen.h"

namespace conform {
namespace {

struct Rule {
  const char* what;
  const char* check;
  const char* expected;
  const char* actual;
};

constexpr Rule kRules[] = {
    {"past-end", "program/buffer-bounds", "nothing written behind the data of a buffer",
     "bytes behind the data were changed"},
    {"before-begin", "program/buffer-bounds", "nothing written before the data of a buffer",
     "bytes before the data were changed"},
    {"write-buffer-changed", "program/write-buffer-unchanged",
     "the data of a VDC_Write stays as the server sent it", "the client changed it"},
    {"command-changed", "program/command-unchanged", "the memory of a command is only read",
     "the client wrote into it"},
    {"after-completion", "program/use-after-completion",
     "neither command nor buffer is touched after CompleteCommand", "the client touched one"},
};

}  // namespace

void CheckMemory(const Seen& seen, Ledger* ledger) {
  if (seen.history.commands.empty()) return;
  for (const Rule& rule : kRules) ledger->Look(rule.check);
  for (const vdisim::CallRecord& record : seen.evidence.calls) {
    if (!IsGuardViolation(record)) continue;
    const std::string what = TextOf(record.inputs, "what");
    for (const Rule& rule : kRules) {
      if (what != rule.what) continue;
      const auto code = static_cast<int>(NumberOf(record.inputs, "commandCode"));
      ledger->Break(rule.check,
                    {.t = record.start_ns,
                     .expected = rule.expected,
                     .actual = fmt::format("{}, of {}", rule.actual, Seen::CommandName(code)),
                     .note = fmt::format("offset {}, found by {}",
                                         NumberOf(record.inputs, "offset"), seen.Place(record)),
                     .problem = reports::Problem::kBufferOwnership});
    }
  }
}

}  // namespace conform
