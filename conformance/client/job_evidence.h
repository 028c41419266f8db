// Puts into the evidence of a job what was asked, what its processes did, and what they left in its
// files. Pure but for reading these.
#ifndef CONFORMANCE_CLIENT_JOB_EVIDENCE_H_
#define CONFORMANCE_CLIENT_JOB_EVIDENCE_H_

#include "conformance/client/client_job.h"
#include "conformance/client/idle_meter.h"
#include "conformance/client/kept_process.h"
#include "conformance/client/live_signs.h"

namespace conform {

// What was asked of the client, and what it declares; `expect` and the rest of the job as they
// stand in the plan. values: of its template.
void TellAsked(const JobPlan& plan, const TemplateValues& values, Evidence* evidence);

// How the client ended; `ended` is now if it has not.
void TellEnd(const KeptProcess& client, KeptProcess::Clock::time_point began,
             KeptProcess::Clock::time_point ended, ClientEnd* end);

// What it printed, burnt, and started. words: the program was started with them.
void TellProcesses(const KeptProcess& client, const std::vector<std::string>& words,
                   const IdleMeter& meter, const LiveSigns& signs, Evidence* evidence);

// Calls, marks, journal, witness, and, of raw artefacts of a BACKUP, which of them hold what was
// sent.
void ReadLeftFiles(const JobPlan& plan, Evidence* evidence);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_JOB_EVIDENCE_H_
