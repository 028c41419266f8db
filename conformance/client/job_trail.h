// What happened in a job, of all its copies, in the order of time, as lines that a finding shows:
// calls, what the server did, what the judge did. Pure.
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

// What ran at the same time: copies of a program, or one alone.
using Copies = std::vector<const JobOutcome*>;

// Where there are several, each line says whose it is: "copy 2: ".
std::vector<TrailLine> TrailOf(const Copies& copies);

// The text with what changes from run to run by names that do not: SET for the name of a device
// set, CASE for the directory of a copy; with a number from the second on.
std::string Steady(const Copies& copies, std::string text);

// "GetCommand(timeOut=1000) on d -> NOERROR, commandCode=2 size=65536".
std::string CallText(const vdisim::CallRecord& call);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_JOB_TRAIL_H_
