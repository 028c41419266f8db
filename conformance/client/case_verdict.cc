#include "conformance/client/case_verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <limits>
#include <string>
#include <system_error>
#include <utility>

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
  if (end.killed_by_us) return "the judge killed it";
  if (end.signalled) return fmt::format("signal {} ended it", end.signal);
  return fmt::format("it exited with status {}", end.status);
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
  for (size_t i = 1; i < outcome.words.size(); ++i) {
    const fs::path word = outcome.words[i];
    if (word.is_absolute() || !fs::is_regular_file(word, error)) continue;
    text += fmt::format(
        "It was started in a directory of its own, where there is no {0}: if {1} is meant, write "
        "that.\n",
        word.string(), fs::absolute(word).string());
  }
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

Copies OutcomesOf(std::span<const DoneJob> copies) {
  Copies outcomes;
  for (const DoneJob& copy : copies) outcomes.push_back(&copy.outcome);
  return outcomes;
}

// The trail of a finding ends with what came before it, so each finding is written when its time
// has come; those of the end come last.
std::vector<std::pair<const DoneJob*, const WatchFinding*>> InOrder(
    std::span<const DoneJob> copies, const std::vector<WatchResult>& watched) {
  std::vector<std::pair<const DoneJob*, const WatchFinding*>> found;
  for (size_t i = 0; i < copies.size(); ++i) {
    for (const WatchFinding& finding : watched[i].findings)
      found.emplace_back(&copies[i], &finding);
  }
  const auto time_of = [](const auto& one) {
    return one.second->t == 0 ? std::numeric_limits<int64_t>::max() : one.second->t;
  };
  std::stable_sort(found.begin(), found.end(),
                   [&](const auto& a, const auto& b) { return time_of(a) < time_of(b); });
  return found;
}

}  // namespace

CaseVerdict::CaseVerdict(const ClientDescription& client, const ClientTools& tools,
                         const Rules& rules, bool strict)
    : client_(client),
      tools_(tools),
      rules_(rules),
      checks_(WatchChecks::Embedded(rules)),
      strict_(strict) {}

std::string CaseVerdict::ClauseOf(const std::string& check) const {
  const WatchCheck* known = checks_.Find(check);
  return known == nullptr || known->clauses.empty() ? "" : known->clauses.front();
}

std::vector<WatchResult> CaseVerdict::TellJob(const ClientScenario& scenario,
                                              std::span<const DoneJob> copies, double offset_ms,
                                              CaseRecord* record) const {
  std::vector<WatchResult> watched;
  for (const DoneJob& copy : copies) {
    const Evidence& evidence = copy.outcome.evidence;
    watched.push_back(evidence.end.started ? Watch(evidence, rules_) : WatchResult());
  }
  TellWatched(scenario, copies, watched, offset_ms, record);
  for (const DoneJob& copy : copies) {
    if (copy.outcome.evidence.end.started) TellUnknownStatus(scenario, copy, record);
    if (!copy.outcome.trouble.empty()) TellTrouble(scenario, copy, record);
  }
  return watched;
}

Observation CaseVerdict::Seen(const ClientScenario& scenario, std::span<const DoneJob> copies,
                              const DoneJob& job, const WatchFinding& finding) const {
  const Copies outcomes = OutcomesOf(copies);
  Observation observation = {.expected = Steady(outcomes, finding.expected),
                             .actual = Steady(outcomes, finding.actual),
                             .problem = finding.problem,
                             .note = {}};
  if (scenario.jobs.size() > 1) {
    observation.note = fmt::format("Job {} of {}: {}\n", job.number, scenario.jobs.size(),
                                   Name(job.job->operation));
  }
  if (copies.size() > 1) {
    observation.note += fmt::format("Copy {} of {}\n", job.copy, copies.size());
  }
  observation.note += finding.note;
  if (finding.check == kStarted) {
    observation.note +=
        (finding.note.empty() ? "" : "\n") + TriedText(job.outcome, tools_, client_.preload);
  }
  while (observation.note.ends_with('\n')) observation.note.pop_back();
  return observation;
}

void CaseVerdict::TellWatched(const ClientScenario& scenario, std::span<const DoneJob> copies,
                              const std::vector<WatchResult>& watched, double offset_ms,
                              CaseRecord* record) const {
  const Place place = {.file = scenario.file, .line = copies.front().job->line};
  const Copies outcomes = OutcomesOf(copies);
  const std::vector<TrailLine> trail = TrailOf(outcomes);
  const int64_t zero = trail.empty() ? 0 : trail.front().t;
  std::vector<int64_t> ids;
  static std::atomic<int64_t> next_id{1};
  for (const DoneJob& copy : copies) {
    const std::string whose = copies.size() > 1 ? fmt::format(", copy {}", copy.copy) : "";
    record->AddCall(offset_ms, fmt::format("job {}{}: {}", copy.number, whose,
                                           Steady(outcomes, Quoted(copy.outcome.words))));
  }
  for (const TrailLine& line : trail) {
    ids.push_back(next_id++);
    record->AddCall(offset_ms + static_cast<double>(line.t - zero) / 1e6, line.text, ids.back());
  }
  for (const WatchResult& one : watched) {
    for (const std::string& check : one.held) record->Held(check, ClauseOf(check));
  }
  for (const auto& [copy, finding] : InOrder(copies, watched)) {
    Observation observation = Seen(scenario, copies, *copy, *finding);
    if (finding->t != 0) {
      for (size_t i = 0; i < trail.size() && trail[i].t <= finding->t; ++i) {
        observation.call = ids[i];
      }
    }
    if (finding->problem == reports::Problem::kClientCrash ||
        finding->problem == reports::Problem::kClientTimeout) {
      record->Stuck(finding->check, finding->clause, observation, place);
    } else if (finding->warning && !strict_) {
      record->Warn(finding->check, finding->clause, observation, place);
    } else {
      record->Broken(finding->check, finding->clause, observation, place, /*strict=*/true);
    }
  }
}

void CaseVerdict::TellTrouble(const ClientScenario& scenario, const DoneJob& job,
                              CaseRecord* record) const {
  record->Stuck(kHarness, "",
                {.expected = "a server and a client that can be started",
                 .actual = job.outcome.trouble,
                 .problem = reports::Problem::kHarnessError,
                 .note = {}},
                {.file = scenario.file, .line = job.job->line});
}

// An exit status that means neither success nor failure is no orderly end: a shell that started the
// client gives its signal as such a status.
void CaseVerdict::TellUnknownStatus(const ClientScenario& scenario, const DoneJob& job,
                                    CaseRecord* record) const {
  const ClientEnd& end = job.outcome.evidence.end;
  const bool known = client_.failure.empty() || client_.failure.contains(end.status) ||
                     client_.success.contains(end.status);
  if (!end.exited || end.killed_by_us || known) return;
  record->Stuck(kCrash, ClauseOf(kCrash),
                {.expected = "an exit status that its description names",
                 .actual = fmt::format("exit status {}", end.status),
                 .problem = reports::Problem::kClientCrash,
                 .note = {}},
                {.file = scenario.file, .line = job.job->line});
}

void CaseVerdict::TellNotStarted(const ClientScenario& scenario, const std::vector<DoneJob>& jobs,
                                 CaseRecord* record) const {
  for (const DoneJob& job : jobs) {
    if (job.outcome.create_called) return;
    if (!job.job->environment_trouble.empty() || !job.job->damage.empty()) return;
  }
  if (jobs.empty() || record->Has(kStarted)) return;
  const DoneJob& first = jobs.front();
  record->Broken(
      kStarted, ClauseOf(kStarted),
      {.expected = "the client calls Create of the library that it is judged with",
       .actual = "it never did; " + EndText(first.outcome.evidence.end),
       .problem = reports::Problem::kProtocolViolation,
       .note = fmt::format("It ran for {:.3f} s.\n", first.outcome.evidence.end.seconds) +
               TriedText(first.outcome, tools_, client_.preload)},
      {.file = scenario.file, .line = first.job->line}, /*strict=*/true);
}

}  // namespace conform
