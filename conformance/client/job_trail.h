// What happened in a job, in the order of time, as lines that a finding shows: calls, what the
// server did, what the judge did. Pure.
#ifndef CONFORMANCE_CLIENT_JOB_TRAIL_H_
#define CONFORMANCE_CLIENT_JOB_TRAIL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/client/client_job.h"

namespace conform {

struct TrailLine {
  int64_t t = 0;  // when it ended
  std::string text;
};

std::vector<TrailLine> TrailOf(const JobOutcome& outcome);

// The text with what changes from run to run by names that do not: SET for the name of its device
// set, CASE for the case's own directory.
std::string Steady(const JobOutcome& outcome, std::string text);

// "GetCommand(timeOut=1000) on d -> NOERROR, commandCode=2 size=65536".
std::string CallText(const vdisim::CallRecord& call);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_JOB_TRAIL_H_
