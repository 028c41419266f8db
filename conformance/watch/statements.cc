#include "conformance/watch/statements.h"

#include <algorithm>
#include <map>

namespace conform {

std::string StatementSeen::Outcome() const {
  if (ended == nullptr) return "never ended";
  if (ended->succeeded) return "succeeded";
  return "failed with message " + std::to_string(ended->first_error);
}

std::vector<StatementSeen> StatementsOf(const std::vector<JournalEvent>& events) {
  std::map<int, StatementSeen> by_number;
  for (const JournalEvent& event : events) {
    StatementSeen& seen = by_number[event.statement];
    seen.number = event.statement;
    switch (event.kind) {
      case JournalKind::kStatement:
        seen.statement = &event;
        break;
      case JournalKind::kConfigured:
        seen.configured = &event;
        break;
      case JournalKind::kSent:
        seen.sent.push_back(&event);
        break;
      case JournalKind::kCompleted:
        seen.completed.push_back(&event);
        break;
      case JournalKind::kFault:
        seen.faults.push_back(&event);
        break;
      case JournalKind::kClosing:
        seen.closing = &event;
        break;
      case JournalKind::kAborted:
        seen.aborted = &event;
        break;
      case JournalKind::kEnded:
        seen.ended = &event;
        break;
    }
  }
  std::vector<StatementSeen> statements;
  statements.reserve(by_number.size());
  for (auto& [number, seen] : by_number) statements.push_back(std::move(seen));
  return statements;
}

const StatementSeen* StatementOfJob(const std::vector<StatementSeen>& statements,
                                    JobOperation operation) {
  const char* const wanted = operation == JobOperation::kBackup ? "backup" : "restore";
  const StatementSeen* found = nullptr;
  for (const StatementSeen& seen : statements) {
    if (seen.statement != nullptr && seen.statement->operation == wanted) found = &seen;
  }
  return found;
}

bool IsTalkative(const std::vector<JournalEvent>& events) {
  return std::any_of(events.begin(), events.end(), [](const JournalEvent& event) {
    return event.kind == JournalKind::kFault && event.text == "chatter";
  });
}

}  // namespace conform
