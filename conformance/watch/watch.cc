#include "conformance/watch/watch.h"

#include "conformance/watch/consequences.h"
#include "conformance/watch/seen.h"

namespace conform {

WatchResult Watch(const Evidence& evidence, const Rules& rules) {
  const WatchChecks checks = WatchChecks::Embedded(rules);
  const Seen seen(evidence);
  Ledger ledger(checks);
  for (auto* check : {CheckCallOrder, CheckDevices, CheckStatements, CheckCompletions, CheckCodes,
                      CheckTransfers, CheckErrors, CheckMemory, CheckDurability, CheckEndings,
                      CheckGivingUp, CheckProcessEnd, CheckStoredData, CheckItsWord}) {
    check(seen, &ledger);
  }
  return {.held = ledger.Held(),
          .findings = WithoutConsequences(ledger.Findings()),
          .score = KeepScore(evidence)};
}

}  // namespace conform
