#include "conformance/client/client_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <exception>
#include <span>
#include <stdexcept>
#include <thread>

namespace conform {
namespace {

namespace fs = std::filesystem;

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

CaseResult Skipped(const std::string& why) {
  CaseResult result;
  result.outcome = reports::Outcome::kSkip;
  result.reason = why;
  return result;
}

}  // namespace

Case AsCase(const ClientScenario& scenario) {
  Case one;
  one.id = scenario.id;
  one.scenario = scenario.scenario;
  one.title = scenario.title;
  one.goal = scenario.goal;
  one.group = scenario.group;
  one.tags.assign(scenario.tags.begin(), scenario.tags.end());
  one.no_mutant = scenario.no_bug;
  one.covers = scenario.clauses;
  one.place = {.file = scenario.file, .line = scenario.line};
  return one;
}

ClientCases::ClientCases(ClientDescription client, ClientTools tools,
                         std::vector<ClientScenario> scenarios, const Rules& rules,
                         ClientCaseOptions options)
    : client_(std::move(client)),
      tools_(std::move(tools)),
      scenarios_(std::move(scenarios)),
      rules_(rules),
      options_(std::move(options)),
      verdict_(client_, tools_, rules_, options_.strict) {
  for (size_t i = 0; i < scenarios_.size(); ++i) by_id_[scenarios_[i].id] = i;
}

Suite ClientCases::AsSuite() const {
  Suite suite;
  for (const ClientScenario& scenario : scenarios_) suite.cases.push_back(AsCase(scenario));
  return suite;
}

const ClientScenario& ClientCases::ScenarioOf(const Case& one) const {
  return scenarios_.at(by_id_.at(one.id));
}

std::string ClientCases::Lacks(const Case& one) const {
  const std::set<std::string> has = client_.All();
  std::vector<std::string> lacking;
  for (const std::string& need : ScenarioOf(one).requirements) {
    if (!has.contains(need)) lacking.push_back(need);
  }
  return Joined(lacking);
}

std::vector<DoneJob> ClientCases::RunCopies(const ClientScenario& scenario, size_t number,
                                            const CaseFolder& folder) const {
  const ClientJob& job = scenario.jobs[number - 1];
  std::vector<DoneJob> done;
  for (int copy = 1; copy <= job.copies; ++copy) {
    done.push_back({.number = number, .copy = copy, .job = &job, .outcome = {}});
  }
  std::barrier<> together(job.copies);
  std::vector<std::thread> copies;
  std::vector<std::exception_ptr> failures(done.size());
  for (size_t index = 0; index < done.size(); ++index) {
    copies.emplace_back([&, index] {
      try {
        const fs::path home = folder.path() / std::to_string(done[index].copy);
        const JobPlan plan = {.client = client_,
                              .tools = tools_,
                              .scenario = scenario,
                              .job = job,
                              .copy = done[index].copy,
                              .places = MakePlaces(home),
                              .files = {home / fmt::format("job{}", number)},
                              .first = number == 1,
                              .timeout_scale = options_.timeout_scale,
                              .copies = &together};
        done[index].outcome = RunJob(plan);
      } catch (...) {
        failures[index] = std::current_exception();
      }
      together.arrive_and_drop();  // one that never came so far keeps no other from starting
    });
  }
  for (std::thread& copy : copies) copy.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  return done;
}

// last: the copies of the job before.
bool ClientCases::IsDone(const ClientJob& job, const std::vector<DoneJob>& last) const {
  if (!job.after_success) return true;
  if (job.operation == ClientJob::Operation::kRestore && !client_.All().contains("restore")) {
    return false;
  }
  return std::all_of(last.begin(), last.end(), [&](const DoneJob& one) {
    const ClientEnd& end = one.outcome.evidence.end;
    return end.exited && !end.killed_by_us && client_.success.contains(end.status);
  });
}

std::vector<DoneJob> ClientCases::RunJobs(const ClientScenario& scenario,
                                          const CaseFolder& folder) const {
  std::vector<DoneJob> done;
  std::vector<DoneJob> last;
  for (size_t number = 1; number <= scenario.jobs.size(); ++number) {
    if (!IsDone(scenario.jobs[number - 1], last)) continue;
    last = RunCopies(scenario, number, folder);
    done.insert(done.end(), last.begin(), last.end());
    const auto stops = [](const DoneJob& one) {
      return !one.outcome.trouble.empty() || !one.outcome.skipped.empty();
    };
    if (std::any_of(last.begin(), last.end(), stops)) break;
  }
  return done;
}

// Copies what the jobs left in their files to the folder of --trace.
std::vector<std::string> ClientCases::Keep(const Case& one, const CaseFolder& folder) const {
  std::vector<std::string> kept;
  if (options_.keep.empty()) return kept;
  const fs::path target = options_.keep / one.id;
  const fs::path report =
      options_.report.empty() ? fs::current_path() : fs::absolute(options_.report);
  std::error_code ignored;
  fs::remove_all(target, ignored);
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || (!name.ends_with(".jsonl") && name != "faults.xml")) continue;
    const fs::path copy = target / entry.path().lexically_relative(folder.path());
    fs::create_directories(copy.parent_path());
    fs::copy_file(entry.path(), copy, fs::copy_options::overwrite_existing);
    kept.push_back(fs::absolute(copy).lexically_relative(report).string());
  }
  std::sort(kept.begin(), kept.end());
  return kept;
}

// A set that was left by one job may have been replaced by the next, or by another case if the
// client always takes the same name: only what is dead now is removed.
void ClientCases::RemoveLeftSets(const std::vector<DoneJob>& jobs) const {
  std::set<pid_t> owners;
  for (const DoneJob& job : jobs) {
    for (const LeftSet& set : job.outcome.left) owners.insert(set.pid);
  }
  for (const LeftSet& set : DeadSetsOf(tools_, owners)) RemoveSet(set);
}

void ClientCases::LearnNames(const std::vector<DoneJob>& jobs) {
  std::set<std::string> names;
  for (const DoneJob& job : jobs) {
    for (const vdisim::CallRecord& call : job.outcome.evidence.calls) {
      if (call.method == "Create" && !call.set.empty()) names.insert(call.set);
    }
  }
  if (names.empty()) return;
  if (first_names_.empty()) {
    first_names_ = std::move(names);
    return;
  }
  const bool same = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return first_names_.contains(name);
  });
  names_ = same ? Names::kSame : Names::kOwn;
}

CaseResult ClientCases::Run(const Case& one) {
  if (const std::string lacking = Lacks(one); !lacking.empty()) {
    return Skipped("needs " + lacking + ", which the client does not declare");
  }
  if (names_ == Names::kOwn) {
    const std::shared_lock beside_others(alone_);
    return RunNow(one);
  }
  const std::unique_lock alone(alone_);
  return RunNow(one);
}

CaseResult ClientCases::RunNow(const Case& one) {
  // Others that waited for their turn may be many.
  if (options_.interrupted != nullptr && *options_.interrupted) return {};
  const auto began = std::chrono::steady_clock::now();
  const ClientScenario& scenario = ScenarioOf(one);
  const CaseFolder folder;
  const std::vector<DoneJob> jobs = RunJobs(scenario, folder);
  if (names_ == Names::kUnknown) LearnNames(jobs);
  CaseRecord record(one, rules_);
  std::string output;
  std::string errors;
  double offset_ms = 0;
  for (size_t first = 0; first < jobs.size();) {
    const auto copies =
        std::span(jobs).subspan(first, static_cast<size_t>(jobs[first].job->copies));
    first += copies.size();
    for (const DoneJob& copy : copies) {
      if (!copy.outcome.skipped.empty()) return Skipped(copy.outcome.skipped);
    }
    const std::vector<WatchResult> watched = verdict_.TellJob(scenario, copies, offset_ms, &record);
    double longest = 0;
    for (size_t i = 0; i < copies.size(); ++i) {
      const Evidence& evidence = copies[i].outcome.evidence;
      if (!evidence.calls.empty()) scores_.Add(watched[i].score);
      longest = std::max(longest, evidence.end.seconds);
      const auto headed = [&](const std::string& text) {
        return text.empty() ? text : fmt::format("--- job {}\n{}\n", copies[i].number, text);
      };
      output += headed(evidence.end.output);
      errors += headed(evidence.end.error);
    }
    offset_ms += longest * 1000;
  }
  RemoveLeftSets(jobs);
  verdict_.TellNotStarted(scenario, jobs, &record);
  CaseResult result = record.Finish();
  result.output = std::move(output);
  result.error_output = std::move(errors);
  result.attachments = Keep(one, folder);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace conform
