// Writes what the jobs of a case left into its record: what conformance/watch found, an exit status
// that nobody named, a client that was never seen to begin, trouble of ours. Any thread.
#ifndef CONFORMANCE_CLIENT_CASE_VERDICT_H_
#define CONFORMANCE_CLIENT_CASE_VERDICT_H_

#include <span>
#include <string>
#include <vector>

#include "conformance/client/client_description.h"
#include "conformance/client/client_job.h"
#include "conformance/client/client_tools.h"
#include "conformance/client_suite/client_scenario.h"
#include "conformance/rules/rules.h"
#include "conformance/runner/case_record.h"
#include "conformance/watch/check_list.h"
#include "conformance/watch/watch.h"

namespace conform {

struct DoneJob {
  size_t number = 1;  // from 1
  int copy = 1;       // of its copies, from 1
  const ClientJob* job = nullptr;
  JobOutcome outcome;
};

class CaseVerdict {
 public:
  // All but `strict` must outlive it.
  CaseVerdict(const ClientDescription& client, const ClientTools& tools, const Rules& rules,
              bool strict);

  // Everything about one job, of all its copies. offset_ms: of its beginning, in the case. Returns
  // what was found, for each of them.
  std::vector<WatchResult> TellJob(const ClientScenario& scenario, std::span<const DoneJob> copies,
                                   double offset_ms, CaseRecord* record) const;

  // A client of which no call was seen in the whole case has not been judged at all. Where its
  // surroundings are wrong, or its artefact is damaged, it may refuse before it calls anything.
  void TellNotStarted(const ClientScenario& scenario, const std::vector<DoneJob>& jobs,
                      CaseRecord* record) const;

 private:
  std::string ClauseOf(const std::string& check) const;
  Observation Seen(const ClientScenario& scenario, std::span<const DoneJob> copies,
                   const DoneJob& job, const WatchFinding& finding) const;
  void TellWatched(const ClientScenario& scenario, std::span<const DoneJob> copies,
                   const std::vector<WatchResult>& watched, double offset_ms,
                   CaseRecord* record) const;
  void TellUnknownStatus(const ClientScenario& scenario, const DoneJob& job,
                         CaseRecord* record) const;
  void TellTrouble(const ClientScenario& scenario, const DoneJob& job, CaseRecord* record) const;

  const ClientDescription& client_;
  const ClientTools& tools_;
  const Rules& rules_;
  const WatchChecks checks_;
  const bool strict_;
};

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_CASE_VERDICT_H_
