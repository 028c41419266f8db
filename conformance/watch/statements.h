// The engine's journal by statements. Pointers lead into the events it was made of. Pure.
#ifndef CONFORMANCE_WATCH_STATEMENTS_H_
#define CONFORMANCE_WATCH_STATEMENTS_H_

#include <string>
#include <vector>

#include "conformance/watch/evidence.h"

namespace conform {

struct StatementSeen {
  int number = 0;
  const JournalEvent* statement = nullptr;   // null where the journal has lost it, as the others
  const JournalEvent* configured = nullptr;  // null: the server never opened the set
  const JournalEvent* closing = nullptr;
  const JournalEvent* aborted = nullptr;
  const JournalEvent* ended = nullptr;  // null: still running when all was over, or the server died
  std::vector<const JournalEvent*> sent, completed, faults;

  bool succeeded() const { return ended != nullptr && ended->succeeded; }
  // "" while it is not over; "succeeded"; "failed with message 3202".
  std::string Outcome() const;
};

// In the order of their numbers.
std::vector<StatementSeen> StatementsOf(const std::vector<JournalEvent>& events);

// The statement that decides the job: the last one of its operation, or null.
const StatementSeen* StatementOfJob(const std::vector<StatementSeen>& statements,
                                    JobOperation operation);

// Whether the server told so much that a client is busy with reading it, while it does nothing
// else.
bool IsTalkative(const std::vector<JournalEvent>& events);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_STATEMENTS_H_
