// Reads what a job left in its files into the evidence. Pure but for reading them.
#ifndef CONFORMANCE_CLIENT_JOB_EVIDENCE_H_
#define CONFORMANCE_CLIENT_JOB_EVIDENCE_H_

#include "conformance/client/client_job.h"

namespace conform {

// What was asked of the client, and what it declares; `expect` and the rest of the job as they
// stand in the plan. values: of its template.
void TellAsked(const JobPlan& plan, const TemplateValues& values, Evidence* evidence);

// Calls, marks, journal, witness, and, of raw artefacts of a BACKUP, which of them hold what was
// sent.
void ReadLeftFiles(const JobPlan& plan, Evidence* evidence);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_JOB_EVIDENCE_H_
