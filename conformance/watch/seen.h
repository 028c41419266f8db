// The evidence with what several checks make of it, and the checks themselves, one function a file.
// Each writes into the ledger what it could look at, and what did not hold; none depends on
// another.
#ifndef CONFORMANCE_WATCH_SEEN_H_
#define CONFORMANCE_WATCH_SEEN_H_

#include <string>
#include <vector>

#include "conformance/watch/evidence.h"
#include "conformance/watch/history.h"
#include "conformance/watch/ledger.h"
#include "conformance/watch/statements.h"

namespace conform {

struct Seen {
  explicit Seen(const Evidence& its_evidence);
  Seen(const Seen&) = delete;  // pointers lead into it
  Seen& operator=(const Seen&) = delete;

  const Evidence& evidence;  // outlives it
  const History history;
  const std::vector<StatementSeen> statements;
  const StatementSeen* const statement;  // that decides the job; null: none was given

  // The program came to its own end: it was not killed, by us or a signal, and did not hang.
  bool EndedByItself() const;
  bool ReportsSuccess() const;

  // "device 2": names may change from run to run, the order of the statement does not.
  std::string LabelOf(const DeviceLife& device) const;
  // Where a call or another moment stands: "1.204 s after the first call".
  std::string When(int64_t t) const;
  // "GetCommand of device 1, record 17 of process 4711, 1.204 s after the first call".
  std::string Place(const vdisim::CallRecord& call) const;
  // "VDC_Write", "command 999".
  static std::string CommandName(int code);
};

void CheckCallOrder(const Seen& seen, Ledger* ledger);    // call_order.cc
void CheckDevices(const Seen& seen, Ledger* ledger);      // devices.cc
void CheckStatements(const Seen& seen, Ledger* ledger);   // given_statement.cc
void CheckCompletions(const Seen& seen, Ledger* ledger);  // completions.cc
void CheckCodes(const Seen& seen, Ledger* ledger);        // completion_codes.cc
void CheckTransfers(const Seen& seen, Ledger* ledger);    // transfers.cc
void CheckErrors(const Seen& seen, Ledger* ledger);       // storage_errors.cc
void CheckMemory(const Seen& seen, Ledger* ledger);       // memory.cc
void CheckDurability(const Seen& seen, Ledger* ledger);   // durability.cc
void CheckEndings(const Seen& seen, Ledger* ledger);      // endings.cc
void CheckGivingUp(const Seen& seen, Ledger* ledger);     // giving_up.cc
void CheckProcessEnd(const Seen& seen, Ledger* ledger);   // process_end.cc
void CheckStoredData(const Seen& seen, Ledger* ledger);   // stored_data.cc
void CheckItsWord(const Seen& seen, Ledger* ledger);      // its_word.cc

}  // namespace conform

#endif  // CONFORMANCE_WATCH_SEEN_H_
