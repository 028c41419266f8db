// The statement that the client gave by itself: that it came, when, and for which database.
#include <algorithm>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/seen.h"
#include "conformance/watch/statement_text.h"

namespace conform {
namespace {

// The first statement about a virtual device, whichever it was, such as RESTORE FILELISTONLY.
const StatementSeen* FirstOfDevice(const Seen& seen) {
  for (const StatementSeen& statement : seen.statements) {
    if (statement.statement != nullptr && !VirtualDevicesOf(statement.statement->text).empty()) {
      return &statement;
    }
  }
  return nullptr;
}

void CheckOrder(const Seen& seen, Ledger* ledger) {
  const StatementSeen* const first = FirstOfDevice(seen);
  if (first == nullptr) return;
  ledger->Look("program/set-before-statement");
  const auto& sets = seen.history.sets;
  const bool made = std::any_of(sets.begin(), sets.end(), [&](const SetLife& set) {
    return !set.secondary && set.opened <= first->statement->t;
  });
  // Another process of the client may be about to make it; only who failed came too early.
  if (made || first->configured != nullptr || first->succeeded()) return;
  ledger->Break("program/set-before-statement",
                {.t = first->statement->t,
                 .expected = "Create before the statement that names the set",
                 .actual = "a statement for a set that did not exist, which " + first->Outcome(),
                 .note = first->statement->text});
}

void CheckGiven(const Seen& seen, Ledger* ledger) {
  if (seen.history.sets.empty()) return;
  const bool must = seen.evidence.job.expect == JobExpectation::kSuccess || seen.ReportsSuccess();
  if (!must) return;
  ledger->Look("program/statement-given");
  if (seen.statement != nullptr) return;
  ledger->Break("program/statement-given",
                {.expected = seen.evidence.job.operation == JobOperation::kBackup
                                 ? "a BACKUP statement through sqlcmd"
                                 : "a RESTORE statement through sqlcmd",
                 .actual = "a set was created, and no such statement came"});
}

void CheckDatabase(const Seen& seen, Ledger* ledger) {
  if (seen.evidence.job.database.empty()) return;
  for (const StatementSeen& statement : seen.statements) {
    if (statement.statement == nullptr || VirtualDevicesOf(statement.statement->text).empty()) {
      continue;
    }
    const std::optional<std::string> name = DatabaseOf(statement.statement->text);
    const bool is_other = name && *name != seen.evidence.job.database;
    // 102 and 105: the quotes do not fit. 911: there is no such database.
    const int error = statement.ended == nullptr ? 0 : statement.ended->first_error;
    const bool syntax = error == 102 || error == 105 || error == 911;
    ledger->Look("program/database-name");
    // RESTORE may give the database another name, and did, if that went well.
    if (!is_other && !(syntax && !name)) continue;
    if (statement.succeeded()) continue;
    ledger->Break("program/database-name",
                  {.t = statement.statement->t,
                   .expected = "the database's name, quoted, such as [a]]b] for a]b",
                   .actual = is_other ? "the statement names another database"
                                      : "a statement that the server cannot read",
                   .note = statement.statement->text + "\nThe database is " +
                           seen.evidence.job.database + "."});
  }
}

}  // namespace

void CheckStatements(const Seen& seen, Ledger* ledger) {
  if (seen.evidence.job.judge_statement) return;
  CheckOrder(seen, ledger);
  CheckGiven(seen, ledger);
  CheckDatabase(seen, ledger);
}

}  // namespace conform
