#include "reports/event.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <stdexcept>

#include "reports/text.h"

namespace reports {
namespace {

[[noreturn]] void Refuse(const std::string& why) { throw std::invalid_argument(why); }

Case& OpenCase(Run& run, const std::string& id) {
  const auto at = std::find_if(run.cases.begin(), run.cases.end(),
                               [&](const Case& one) { return one.id == id; });
  if (at == run.cases.end()) Refuse("event for case '" + id + "', which was never selected");
  if (at->outcome != Outcome::kNotFinished) Refuse("event for case '" + id + "' after its end");
  return *at;
}

bool IsPlainId(const std::string& id) {
  return !id.empty() &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 127; });
}

void CheckSeconds(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) Refuse("seconds that are no duration");
}

// What kind of trouble a case ended with, from its findings unless it is said.
Problem ProblemOf(const Case& one, Outcome outcome, Problem said) {
  switch (outcome) {
    case Outcome::kPass:
    case Outcome::kSkip:
    case Outcome::kWaived:
      return Problem::kNone;
    case Outcome::kUnexpectedPass:
      return Problem::kUnexpectedPass;
    case Outcome::kNotModelled:
      return Problem::kNotModelled;
    case Outcome::kNotFinished:
      return Problem::kNotFinished;
    case Outcome::kError:
      return said == Problem::kNone ? Problem::kHarnessError : said;
    case Outcome::kFail:
      break;
  }
  if (said != Problem::kNone) return said;
  for (const Finding& finding : one.findings) {
    if (!finding.warning && finding.problem != Problem::kNone) return finding.problem;
  }
  return Problem::kProtocolViolation;
}

struct Applier {
  Run& run;

  void operator()(const RunStarted& event) const {
    if (!run.started.empty() || !run.cases.empty()) Refuse("the run starts a second time");
    run.name = event.name;
    run.properties = event.properties;
    run.seed = event.seed;
    run.command = event.command;
    run.started = event.started;
    run.hostname = event.hostname;
    run.shard = event.shard;
  }

  void operator()(const CaseSelected& event) const {
    if (!IsPlainId(event.id)) {
      Refuse("case id '" + OneLine(event.id) + "': expected printable ASCII without blanks");
    }
    if (std::any_of(run.cases.begin(), run.cases.end(),
                    [&](const Case& one) { return one.id == event.id; })) {
      Refuse("case '" + event.id + "' is selected twice");
    }
    Case& one = run.cases.emplace_back();
    one.id = event.id;
    one.title = event.title;
    one.group = event.group;
    one.file = event.file;
    one.line = event.line;
  }

  void operator()(const CheckMade& event) const {
    OpenCase(run, event.case_id).checks.push_back(event.check);
  }

  void operator()(const FindingMade& event) const {
    OpenCase(run, event.case_id).findings.push_back(event.finding);
  }

  void operator()(const OutputSeen& event) const {
    Case& one = OpenCase(run, event.case_id);
    (event.is_error ? one.error_output : one.output) += event.text;
  }

  void operator()(const FileAttached& event) const {
    OpenCase(run, event.case_id).attachments.push_back(event.path);
  }

  void operator()(const CaseEnded& event) const {
    if (event.outcome == Outcome::kNotFinished) {
      Refuse("case '" + event.case_id + "' ends with the outcome NotFinished");
    }
    CheckSeconds(event.seconds);
    Case& one = OpenCase(run, event.case_id);
    one.outcome = event.outcome;
    one.problem = ProblemOf(one, event.outcome, event.problem);
    one.reason = event.reason;
    one.seconds = event.seconds;
    one.properties = event.properties;
    one.reproduce = event.reproduce;
  }

  void operator()(const RunEnded& event) const {
    CheckSeconds(event.seconds);
    run.finished = true;
    run.interrupted = event.interrupted;
    run.seconds = event.seconds;
  }
};

}  // namespace

void Apply(Run& run, const Event& event) {
  if (run.finished) Refuse("event after the end of the run");
  std::visit(Applier{run}, event);
}

Run BuildRun(std::span<const Event> events) {
  Run run;
  for (const Event& event : events) Apply(run, event);
  return run;
}

std::string UtcNow() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  const std::size_t length = std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
  return {text, length};
}

}  // namespace reports
