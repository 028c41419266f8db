// Judges a client program by one scenario: starts its jobs one after the other, lets
// conformance/watch look at what each left behind, and makes a case's result of it, of the kind
// that every report understands. Any thread; any number of cases at once.
#ifndef CONFORMANCE_CLIENT_CLIENT_CASE_H_
#define CONFORMANCE_CLIENT_CLIENT_CASE_H_

#include <atomic>
#include <filesystem>
#include <map>
#include <set>
#include <shared_mutex>
#include <string>
#include <vector>

#include "conformance/client/case_verdict.h"
#include "conformance/client/client_description.h"
#include "conformance/client/client_job.h"
#include "conformance/client/client_tools.h"
#include "conformance/client/score_sum.h"
#include "conformance/client_suite/client_scenario.h"
#include "conformance/rules/rules.h"
#include "conformance/runner/case_record.h"

namespace conform {

struct ClientCaseOptions {
  bool strict = false;
  double timeout_scale = 1.0;
  std::filesystem::path keep;    // where each case leaves its files; empty: nowhere
  std::filesystem::path report;  // the directory of the report, to which attachments are relative
  const std::atomic<bool>* interrupted = nullptr;  // no more cases are to begin; may be NULL
};

class ClientCases {
 public:
  // The rules must outlive it.
  ClientCases(ClientDescription client, ClientTools tools, std::vector<ClientScenario> scenarios,
              const Rules& rules, ClientCaseOptions options);

  // The scenarios as cases that selectors, waivers and reports know; they have no steps.
  Suite AsSuite() const;
  // What the client cannot do of what a case needs: "stripes, restore"; empty if it can all.
  std::string Lacks(const Case& one) const;
  // kNotFinished: the run was interrupted before it could begin. Throws std::system_error for
  // trouble of our own that leaves no result.
  CaseResult Run(const Case& one);
  // Whether the client gives each of its sets the same name, so that cases had to run one by one.
  bool same_names() const { return names_ == Names::kSame; }
  // The calls of all jobs so far.
  const ScoreSum& scores() const { return scores_; }

 private:
  const ClientScenario& ScenarioOf(const Case& one) const;
  std::vector<DoneJob> RunCopies(const ClientScenario& scenario, size_t number,
                                 const CaseFolder& folder) const;
  bool IsDone(const ClientJob& job, const std::vector<DoneJob>& last) const;
  std::vector<DoneJob> RunJobs(const ClientScenario& scenario, const CaseFolder& folder) const;
  void RemoveLeftSets(const std::vector<DoneJob>& jobs) const;
  std::vector<std::string> Keep(const Case& one, const CaseFolder& folder) const;

  const ClientDescription client_;
  const ClientTools tools_;
  const std::vector<ClientScenario> scenarios_;
  const Rules& rules_;
  const ClientCaseOptions options_;
  const CaseVerdict verdict_;
  // Names of device sets are the machine's: two cases of a client that always takes the same name
  // would meet in it, through no fault of its own. So cases run alone until two of them have shown
  // how the client names its sets, and for ever if it is always the same.
  enum class Names { kUnknown, kOwn, kSame };
  CaseResult RunNow(const Case& one);
  void LearnNames(const std::vector<DoneJob>& jobs);

  std::map<std::string, size_t> by_id_;
  std::shared_mutex alone_;
  std::atomic<Names> names_ = Names::kUnknown;
  std::set<std::string> first_names_;  // of the first case that had any; held by alone_
  ScoreSum scores_;
};

// The case of a scenario.
Case AsCase(const ClientScenario& scenario);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_CLIENT_CASE_H_
