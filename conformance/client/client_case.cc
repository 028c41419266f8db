#include "conformance/client/client_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <thread>

#include "conformance/client/job_trail.h"
#include "reports/text.h"

namespace conform {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStarted = "program/started";
constexpr const char* kCrash = "program/crash";
constexpr const char* kHarness = "harness/client";
// Which output of a client a finding shows.
constexpr size_t kShownBytesMax = 2000;

std::string Quoted(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    const bool plain = !word.empty() && word.find_first_of(" '\"\\$") == std::string::npos;
    text += fmt::format("{}{}", text.empty() ? "" : " ", plain ? word : "'" + word + "'");
  }
  return text;
}

std::string EndText(const ClientEnd& end) {
  if (!end.started) return "it could not be started";
  const std::string how = end.killed_by_us ? "the judge killed it"
                          : end.signalled  ? fmt::format("signal {} ended it", end.signal)
                                           : fmt::format("it exited with status {}", end.status);
  return fmt::format("{} after {:.3f} s", how, end.seconds);
}

std::string PrintedText(const ClientEnd& end) {
  std::string text;
  for (const auto& [name, printed] :
       {std::pair("standard output", &end.output), std::pair("standard error", &end.error)}) {
    text += printed->empty()
                ? fmt::format("Nothing was printed on {}.\n", name)
                : fmt::format("On {}:\n{}", name,
                              reports::Indent(reports::Shorten(*printed, kShownBytesMax), "  "));
    if (!text.ends_with('\n')) text += '\n';
  }
  return text;
}

// What was tried, for a client of which no call was seen.
std::string TriedText(const JobOutcome& outcome, const ClientTools& tools, bool preload) {
  std::string text = fmt::format("Started: {}\n", Quoted(outcome.words));
  text += fmt::format("Our library: {} by {}; our sqlcmd and osql are first on its PATH.\n",
                      tools.library.string(), preload ? "LD_PRELOAD" : "LD_LIBRARY_PATH");
  std::vector<std::string> others;
  bool ours = false;
  std::error_code error;
  for (const std::string& library : outcome.libraries) {
    if (fs::equivalent(library, tools.library, error)) {
      ours = true;
    } else {
      others.push_back(library);
    }
  }
  for (const std::string& other : others) {
    text += fmt::format(
        "It loaded another libsqlvdi.so: {}\n"
        "It was linked with a path of its own (RUNPATH or RPATH), or sets LD_LIBRARY_PATH itself; "
        "try library by=\"preload\" (option --client-library preload).\n",
        other);
  }
  if (others.empty() && !ours) {
    text += "No process of it was seen with a libsqlvdi.so loaded.\n";
  } else if (ours) {
    text += "It loaded our library.\n";
  }
  return text + PrintedText(outcome.evidence.end);
}

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
      checks_(WatchChecks::Embedded(rules)),
      options_(std::move(options)) {
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

std::vector<ClientCases::Job> ClientCases::RunJobs(const ClientScenario& scenario,
                                                   const CaseFolder& folder) const {
  std::vector<Job> done;
  for (size_t number = 1; number <= scenario.jobs.size(); ++number) {
    const ClientJob& job = scenario.jobs[number - 1];
    const size_t first = done.size();
    for (int copy = 1; copy <= job.copies; ++copy) {
      done.push_back({.number = number, .job = &job, .outcome = {}});
    }
    std::vector<std::thread> copies;
    std::vector<std::exception_ptr> failures(static_cast<size_t>(job.copies));
    for (int copy = 1; copy <= job.copies; ++copy) {
      copies.emplace_back([&, copy] {
        const auto index = static_cast<size_t>(copy) - 1;
        try {
          const fs::path home = folder.path() / std::to_string(copy);
          const JobPlan plan = {.client = client_,
                                .tools = tools_,
                                .scenario = scenario,
                                .job = job,
                                .copy = copy,
                                .places = MakePlaces(home),
                                .files = {home / fmt::format("job{}", number)},
                                .first = number == 1,
                                .timeout_scale = options_.timeout_scale};
          done[first + index].outcome = RunJob(plan);
        } catch (...) {
          failures[index] = std::current_exception();
        }
      });
    }
    for (std::thread& copy : copies) copy.join();
    for (const std::exception_ptr& failure : failures) {
      if (failure) std::rethrow_exception(failure);
    }
    const auto stops = [](const Job& one) {
      return !one.outcome.trouble.empty() || !one.outcome.skipped.empty();
    };
    if (std::any_of(done.begin() + static_cast<std::ptrdiff_t>(first), done.end(), stops)) break;
  }
  return done;
}

void ClientCases::Judge(const ClientScenario& scenario, const Job& job, double offset_ms,
                        CaseRecord* record) {
  const Place place = {.file = scenario.file, .line = job.job->line};
  const std::vector<TrailLine> trail = TrailOf(job.outcome);
  const int64_t zero = trail.empty() ? 0 : trail.front().t;
  // The trail of a finding ends with what came before it, so each finding is written when its time
  // has come; those of the end come last.
  const WatchResult watched = Watch(job.outcome.evidence, rules_);
  if (!job.outcome.evidence.calls.empty()) scores_.Add(watched.score);
  const std::string word =
      job.job->operation == ClientJob::Operation::kBackup ? "backup" : "restore";
  std::vector<int64_t> ids;
  static std::atomic<int64_t> next_id{1};
  record->AddCall(offset_ms, fmt::format("job {}: {}", job.number,
                                         Steady(job.outcome, Quoted(job.outcome.words))));
  for (const TrailLine& line : trail) {
    ids.push_back(next_id++);
    record->AddCall(offset_ms + static_cast<double>(line.t - zero) / 1e6, line.text, ids.back());
  }
  for (const std::string& check : watched.held) {
    const WatchCheck* known = checks_.Find(check);
    record->Held(check, known == nullptr || known->clauses.empty() ? "" : known->clauses.front());
  }
  for (const WatchFinding& finding : watched.findings) {
    Observation observation = {.expected = Steady(job.outcome, finding.expected),
                               .actual = Steady(job.outcome, finding.actual),
                               .problem = finding.problem,
                               .note = {}};
    if (scenario.jobs.size() > 1 || scenario.jobs.front().copies > 1) {
      observation.note = fmt::format("Job {} of {}: {}\n", job.number, scenario.jobs.size(), word);
    }
    observation.note += finding.note;
    if (finding.check == kStarted) {
      observation.note +=
          (finding.note.empty() ? "" : "\n") + TriedText(job.outcome, tools_, client_.preload);
    }
    while (observation.note.ends_with('\n')) observation.note.pop_back();
    if (finding.t != 0) {
      for (size_t i = 0; i < trail.size() && trail[i].t <= finding.t; ++i) {
        observation.call = ids[i];
      }
    }
    if (finding.problem == reports::Problem::kClientCrash ||
        finding.problem == reports::Problem::kClientTimeout) {
      record->Stuck(finding.check, finding.clause, observation, place);
    } else if (finding.warning && !options_.strict) {
      record->Warn(finding.check, finding.clause, observation, place);
    } else {
      record->Broken(finding.check, finding.clause, observation, place, /*strict=*/true);
    }
  }
}

// An exit status that means neither success nor failure is no orderly end: a shell that started the
// client gives its signal as such a status.
void ClientCases::TellUnknownStatus(const ClientScenario& scenario, const Job& job,
                                    CaseRecord* record) const {
  const ClientEnd& end = job.outcome.evidence.end;
  const bool known = client_.failure.empty() || client_.failure.contains(end.status) ||
                     client_.success.contains(end.status);
  if (!end.exited || end.killed_by_us || known) return;
  const WatchCheck* check = checks_.Find(kCrash);
  record->Stuck(kCrash, check == nullptr ? "" : check->clauses.front(),
                {.expected = "an exit status that its description names",
                 .actual = fmt::format("exit status {}", end.status),
                 .problem = reports::Problem::kClientCrash,
                 .note = {}},
                {.file = scenario.file, .line = job.job->line});
}

// A client of which no call was seen in the whole case has not been judged at all. Where its
// surroundings are wrong, or its artefact is damaged, it may refuse before it calls anything.
void ClientCases::TellNotStarted(const ClientScenario& scenario, const std::vector<Job>& jobs,
                                 CaseRecord* record) const {
  for (const Job& job : jobs) {
    if (job.outcome.create_called) return;
    if (!job.job->environment_trouble.empty() || !job.job->damage.empty()) return;
  }
  if (jobs.empty() || record->Has(kStarted)) return;
  const Job& first = jobs.front();
  const WatchCheck* check = checks_.Find(kStarted);
  record->Broken(kStarted, check == nullptr ? "" : check->clauses.front(),
                 {.expected = "the client calls Create of the library that it is judged with",
                  .actual = "it never did; " + EndText(first.outcome.evidence.end),
                  .problem = reports::Problem::kProtocolViolation,
                  .note = TriedText(first.outcome, tools_, client_.preload)},
                 {.file = scenario.file, .line = first.job->line}, /*strict=*/true);
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
void ClientCases::RemoveLeftSets(const std::vector<Job>& jobs) const {
  std::set<pid_t> owners;
  for (const Job& job : jobs) {
    for (const LeftSet& set : job.outcome.left) owners.insert(set.pid);
  }
  if (owners.empty()) return;
  for (const LeftSet& set : DeadSets(tools_)) {
    if (owners.contains(set.pid)) RemoveSet(set);
  }
}

void ClientCases::LearnNames(const std::vector<Job>& jobs) {
  std::set<std::string> names;
  for (const Job& job : jobs) {
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
  const auto began = std::chrono::steady_clock::now();
  const ClientScenario& scenario = ScenarioOf(one);
  const CaseFolder folder;
  const std::vector<Job> jobs = RunJobs(scenario, folder);
  if (names_ == Names::kUnknown) LearnNames(jobs);
  CaseRecord record(one, rules_);
  std::string output;
  std::string errors;
  double offset_ms = 0;
  for (const Job& job : jobs) {
    const JobOutcome& outcome = job.outcome;
    if (!outcome.skipped.empty()) return Skipped(outcome.skipped);
    if (outcome.evidence.end.started) {
      Judge(scenario, job, offset_ms, &record);
      TellUnknownStatus(scenario, job, &record);
    }
    if (!outcome.trouble.empty()) {
      record.Stuck(kHarness, "",
                   {.expected = "a server and a client that can be started",
                    .actual = outcome.trouble,
                    .problem = reports::Problem::kHarnessError,
                    .note = {}},
                   {.file = scenario.file, .line = job.job->line});
    }
    offset_ms += outcome.evidence.end.seconds * 1000;
    const auto headed = [&](const std::string& text) {
      return text.empty() ? text : fmt::format("--- job {}\n{}\n", job.number, text);
    };
    output += headed(outcome.evidence.end.output);
    errors += headed(outcome.evidence.end.error);
  }
  RemoveLeftSets(jobs);
  TellNotStarted(scenario, jobs, &record);
  CaseResult result = record.Finish();
  result.output = std::move(output);
  result.error_output = std::move(errors);
  result.attachments = Keep(one, folder);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace conform
