// Starts a client program once, with a server of its own, does to both what a job says, watches
// until all is over, and brings what was left behind. It judges nothing. One thread; any number of
// jobs at once.
#ifndef CONFORMANCE_CLIENT_CLIENT_JOB_H_
#define CONFORMANCE_CLIENT_CLIENT_JOB_H_

#include <barrier>
#include <cstdint>
#include <string>
#include <vector>

#include "conformance/client/client_description.h"
#include "conformance/client/client_tools.h"
#include "conformance/client/server_process.h"
#include "conformance/client_suite/client_scenario.h"
#include "conformance/watch/evidence.h"

namespace conform {

// How long nothing may happen before a client counts as hanging; its own idle limit is added.
inline constexpr double kSilenceSeconds = 10;

struct JobPlan {
  const ClientDescription& client;
  const ClientTools& tools;
  const ClientScenario& scenario;
  const ClientJob& job;
  int copy = 1;  // from 1
  CopyPlaces places;
  JobFiles files;
  bool first = true;           // the server does not know the database yet
  double timeout_scale = 1.0;  // of every limit but the client's own
  // Met once, between the start of the server and that of the client, so that copies of a program
  // really run at the same time. Null: it waits for nobody.
  std::barrier<>* copies = nullptr;
};

// Something that the judge did or saw, for the trail of a finding.
struct JobMoment {
  int64_t t = 0;  // nanoseconds of the monotonic clock
  std::string text;
};

struct JobOutcome {
  Evidence evidence;
  std::vector<JobMoment> moments;
  std::vector<std::string> words;      // the command
  std::vector<std::string> libraries;  // each libsqlvdi.so that was seen in a process of it
  std::vector<LeftSet> left;           // sets of its processes, not removed yet
  bool create_called = false;
  std::string skipped;  // why the job cannot be done on this machine; empty: it was
  std::string trouble;  // of ours, or of the description; empty: none
};

JobOutcome RunJob(const JobPlan& plan);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_CLIENT_JOB_H_
