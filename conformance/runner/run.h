// Runs cases, several at once if asked to, and tells everything to the live report as it happens.
// A signal lets running cases end and starts no more.
#ifndef CONFORMANCE_RUNNER_RUN_H_
#define CONFORMANCE_RUNNER_RUN_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "conformance/runner/case_runner.h"
#include "conformance/runner/case_traces.h"
#include "conformance/runner/coverage.h"
#include "conformance/runner/subject.h"
#include "conformance/runner/waivers.h"
#include "reports/live_report.h"

namespace conform {

struct RunOptions {
  CaseOptions each;
  int jobs = 1;
  int repeat = 1;  // how often each case runs; see runner/repeat.h
  bool fail_fast = false;
  uint64_t seed = 0;      // 0: the order of the files; otherwise an order drawn from it
  std::string command;    // the whole command, for the report
  std::string reproduce;  // the command that repeats a case, without the case's id
  reports::Properties properties;
  SubjectDoors doors;
  reports::Shard shard;
  WaiverBook* waivers = nullptr;  // judges every result, and is asked for stale entries at the end
  Coverage* coverage = nullptr;   // told of every result
  const CaseTraces* traces = nullptr;  // gets the trace of every case
  bool whole = true;                   // nothing of the suite was left out
};

// A case has ended; called by one thread at a time. `ended` counts from 1.
using Progress = std::function<void(const reports::Case& one, size_t ended, size_t all)>;

// What carries cases out: drivers that play a scenario's steps, or whatever else can judge a case.
struct CaseExecutor {
  // Called once, before the first case and behind the first report. Returns whether the subject can
  // be judged at all; if not, no waiver counts as stale.
  std::function<bool()> prepare;
  // Any thread; several cases at once. kNotFinished of an interrupted run: it has not begun.
  std::function<CaseResult(const Case&)> run;
};

// Runs them and returns when all have ended or `interrupted` was set. The JUnit file is there, red,
// before the first begins. Throws what LiveReport and the executor throw.
void RunCasesBy(const std::vector<const Case*>& cases, const CaseExecutor& executor,
                const RunOptions& options, const std::atomic<bool>& interrupted,
                reports::LiveReport* report, const Progress& progress);

// The same with drivers. Returns what was found out about the subject.
Subject RunCases(const std::vector<const Case*>& cases, const Rules& rules,
                 const DriverFleet& fleet, const RunOptions& options,
                 const std::atomic<bool>& interrupted, reports::LiveReport* report,
                 const Progress& progress);

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_RUN_H_
