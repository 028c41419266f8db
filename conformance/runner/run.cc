#include "conformance/runner/run.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <mutex>
#include <random>
#include <thread>

#include "conformance/runner/repeat.h"
#include "conformance/runner/selector.h"

namespace conform {
namespace {

std::string HostName() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

// A case that ends before its first step, because of what the subject is.
CaseResult Refused(const Case& one, const Rules& rules, const std::string& check,
                   const std::string& expected, const std::string& why) {
  CaseRecord record(one, rules);
  record.Broken(check, "ABI-06",
                {.expected = expected,
                 .actual = why,
                 .problem = reports::Problem::kProtocolViolation,
                 .note = {}},
                one.place, /*strict=*/true);
  return record.Finish();
}

// The bundled engine is ours: no verdict.
CaseResult NoEngine(const Case& one, const Rules& rules, const std::string& why) {
  CaseRecord record(one, rules);
  record.Stuck("harness/engine", "ABI-06",
               {.expected = "the bundled server interface",
                .actual = why,
                .problem = reports::Problem::kHarnessError,
                .note = {}},
               one.place);
  return record.Finish();
}

CaseResult NotRun(const std::string& why) {
  CaseResult result;
  result.outcome = reports::Outcome::kSkip;
  result.reason = why;
  return result;
}

bool Bad(const CaseResult& result) {
  return result.outcome == reports::Outcome::kFail || result.outcome == reports::Outcome::kError ||
         result.outcome == reports::Outcome::kUnexpectedPass;
}

// Each entry of the waivers that nothing needs is a case of its own, so that every report is red.
void TellStaleWaivers(const WaiverBook& waivers, bool whole, reports::LiveReport* report) {
  for (const StaleWaiver& stale : waivers.Stale(whole)) {
    report->Append(reports::CaseSelected{.id = stale.id,
                                         .title = "the waiver is needed and in force",
                                         .group = "waivers",
                                         .file = stale.place.file,
                                         .line = stale.place.line});
    report->Append(reports::CheckMade{
        .case_id = stale.id,
        .check = {
            .id = stale.finding.check_id, .clause = {}, .result = reports::CheckResult::kFailed}});
    report->Append(reports::FindingMade{.case_id = stale.id, .finding = stale.finding});
    report->Append(reports::CaseEnded{.case_id = stale.id,
                                      .outcome = reports::Outcome::kFail,
                                      .problem = stale.finding.problem,
                                      .reason = stale.finding.actual,
                                      .seconds = 0,
                                      .properties = {},
                                      .reproduce = {}});
  }
}

// Carries cases out with drivers, once the subject is known.
CaseResult RunOrRefuse(const Case& one, const Rules& rules, const DriverFleet& fleet,
                       const RunOptions& options, const Subject& subject) {
  if (!subject.unusable.empty()) {
    return Refused(one, rules, "subject/loads",
                   options.doors.adapter ? "an adapter that greets as the protocol says"
                                         : "a client library with the symbols of ABI-06",
                   subject.unusable);
  }
  if (!subject.engine_unusable.empty() && options.doors.bundled_engine) {
    return NoEngine(one, rules, subject.engine_unusable);
  }
  if (!subject.engine_unusable.empty()) {
    return Refused(one, rules, "subject/engine-loads",
                   "a library whose VdiCreateInstance gives the server interface",
                   subject.engine_unusable);
  }
  if (const std::string lacking = subject.Lacks(one.required); !lacking.empty()) {
    return NotRun("needs " + lacking + ", which the subject does not declare");
  }
  if (const auto broken = subject.Broken(one.required)) {
    const std::string name(Name(*broken));
    return Refused(one, rules, "subject/" + name, name + ", as declared",
                   subject.broken.at(*broken));
  }
  return RunCase(one, rules, fleet, options.each);
}

class Runner {
 public:
  Runner(const std::vector<const Case*>& cases, const CaseExecutor& executor,
         const RunOptions& options, const std::atomic<bool>& interrupted,
         reports::LiveReport* report, const Progress& progress)
      : order_(cases),
        executor_(executor),
        options_(options),
        interrupted_(interrupted),
        report_(*report),
        progress_(progress) {
    if (options.seed == 0) return;
    std::mt19937_64 random(options.seed);
    std::shuffle(order_.begin(), order_.end(), random);
  }

  // Whether the subject could be judged.
  bool Run() {
    const bool usable = executor_.prepare();
    const auto jobs = static_cast<size_t>(std::max(1, options_.jobs));
    std::vector<std::thread> workers;
    for (size_t i = 0; i < std::min(jobs, order_.size()); ++i) {
      workers.emplace_back([this] { Work(); });
    }
    for (std::thread& worker : workers) worker.join();
    if (failure_) std::rethrow_exception(failure_);
    return usable;
  }

 private:
  void Work() {
    try {
      while (!interrupted_) {
        const size_t index = next_.fetch_add(1);
        if (index >= order_.size()) return;
        const Case& one = *order_[index];
        CaseResult result;
        if (stopped_) {
          result = NotRun("not run: an earlier case did not pass, and --fail-fast was given");
        } else {
          result = Repeat(
              options_.repeat, [&] { return executor_.run(one); },
              [&](const CaseResult& last) {
                return interrupted_ || (options_.fail_fast && Bad(last));
              });
        }
        if (interrupted_ && result.outcome == reports::Outcome::kNotFinished) return;
        Tell(one, std::move(result));
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
    }
  }

  // The events of a case are one block in the log, whatever runs beside it.
  void Tell(const Case& one, CaseResult result) {
    const std::lock_guard lock(mutex_);
    if (options_.coverage != nullptr) options_.coverage->Add(one, result);
    if (options_.waivers != nullptr) options_.waivers->Judge(one, &result);
    if (options_.fail_fast && Bad(result)) stopped_ = true;
    if (options_.traces != nullptr) {
      const std::string trace = options_.traces->Write(one.id, &result);
      if (!trace.empty()) report_.Append(reports::FileAttached{.case_id = one.id, .path = trace});
    }
    for (const std::string& file : result.attachments) {
      report_.Append(reports::FileAttached{.case_id = one.id, .path = file});
    }
    for (const reports::Check& check : result.checks) {
      report_.Append(reports::CheckMade{.case_id = one.id, .check = check});
    }
    for (const reports::Finding& finding : result.findings) {
      report_.Append(reports::FindingMade{.case_id = one.id, .finding = finding});
    }
    if (!result.output.empty()) {
      report_.Append(
          reports::OutputSeen{.case_id = one.id, .is_error = false, .text = result.output});
    }
    if (!result.error_output.empty()) {
      report_.Append(
          reports::OutputSeen{.case_id = one.id, .is_error = true, .text = result.error_output});
    }
    report_.Append(reports::CaseEnded{.case_id = one.id,
                                      .outcome = result.outcome,
                                      .problem = result.problem,
                                      .reason = result.reason,
                                      .seconds = result.seconds,
                                      .properties = Properties(one, result),
                                      .reproduce = Reproduce(one)});
    ++ended_;
    if (progress_) progress_(report_.CaseSoFar(one.id), ended_, order_.size());
  }

  static reports::Properties Properties(const Case& one, const CaseResult& result) {
    reports::Properties properties = {{"goal", one.goal}};
    if (!result.repetitions.empty()) properties.emplace_back("repetitions", result.repetitions);
    return properties;
  }

  std::string Reproduce(const Case& one) const {
    std::string command = options_.reproduce + " " + SelectorOf(one);
    if (options_.repeat > 1) command += " --repeat " + std::to_string(options_.repeat);
    return command;
  }

  std::vector<const Case*> order_;
  const CaseExecutor& executor_;
  const RunOptions& options_;
  const std::atomic<bool>& interrupted_;
  reports::LiveReport& report_;
  const Progress& progress_;
  std::atomic<size_t> next_{0};
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;  // of the report, the progress, and what follows
  size_t ended_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

void RunCasesBy(const std::vector<const Case*>& cases, const CaseExecutor& executor,
                const RunOptions& options, const std::atomic<bool>& interrupted,
                reports::LiveReport* report, const Progress& progress) {
  const auto begin = std::chrono::steady_clock::now();
  report->Append(reports::RunStarted{.name = "vdi-conform",
                                     .properties = options.properties,
                                     .seed = std::to_string(options.seed),
                                     .command = options.command,
                                     .started = reports::UtcNow(),
                                     .hostname = HostName(),
                                     .shard = options.shard});
  for (const Case* one : cases) {
    report->Append(reports::CaseSelected{.id = one->id,
                                         .title = one->title,
                                         .group = one->group,
                                         .file = one->place.file,
                                         .line = one->place.line});
  }
  report->Start();
  const bool usable = Runner(cases, executor, options, interrupted, report, progress).Run();
  if (options.waivers != nullptr && !interrupted && usable) {
    TellStaleWaivers(*options.waivers, options.whole, report);
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  report->Append(reports::RunEnded{.interrupted = interrupted, .seconds = seconds.count()});
}

Subject RunCases(const std::vector<const Case*>& cases, const Rules& rules,
                 const DriverFleet& fleet, const RunOptions& options,
                 const std::atomic<bool>& interrupted, reports::LiveReport* report,
                 const Progress& progress) {
  Subject subject;
  const CaseExecutor drivers = {
      .prepare =
          [&] {
            subject = FindSubject(fleet, options.doors, StepTimeout(options.each));
            return subject.unusable.empty();
          },
      .run = [&](const Case& one) { return RunOrRefuse(one, rules, fleet, options, subject); }};
  RunCasesBy(cases, drivers, options, interrupted, report, progress);
  return subject;
}

}  // namespace conform
