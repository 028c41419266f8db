#include "conformance/runner/case_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "conformance/monitor/oracle.h"
#include "conformance/runner/case_actors.h"
#include "conformance/runner/case_values.h"
#include "conformance/runner/case_watcher.h"
#include "conformance/runner/judge.h"

namespace conform {
namespace {

// The row of the state table, or the first one of the method's page if it is in no table.
std::string RowOf(const Rules& rules, const Opinion& opinion) {
  for (const Transition& row : rules.transitions()) {
    if (row.side == opinion.side &&
        std::find(row.methods.begin(), row.methods.end(), opinion.method) != row.methods.end()) {
      return row.clause;
    }
  }
  const std::vector<const ReturnCode*> codes =
      rules.CodesOf(opinion.side, opinion.method, opinion.platform);
  return codes.empty() ? opinion.clause : codes.front()->clause;
}

class CaseRunner {
 public:
  CaseRunner(const Case& one, const Rules& rules, const DriverFleet& fleet,
             const CaseOptions& options)
      : case_(one),
        rules_(rules),
        timeout_(StepTimeout(options)),
        values_(one, timeout_),
        actors_(one, fleet, timeout_, options.bundled_engine),
        watcher_(one, values_),
        strict_(options.strict),
        oracle_(rules),
        ask_oracle_(options.oracle),
        record_(one, rules),
        judge_(rules, PlatformOf(one.face), options.strict, &record_) {}

  CaseResult Run();

 private:
  struct Pending {
    std::string actor;
    int64_t id;    // of the request
    int64_t seen;  // of the observation
  };

  // Starts it if need be.
  Driver& DriverOf(const std::string& actor);
  // Sends a request and waits for its answer.
  HostAnswer Ask(const Step& step, Json request);
  void Kill(const std::string& actor, const std::string& how);

  // Each returns false when the rest of the case makes no sense any more.
  bool RunStep(const Step& step);
  bool CarryOut(const Step& step);
  // Sends a request, and judges its answer unless it goes on.
  bool Begin(const Step& step, Json request);
  bool AwaitCall(const Step& step);
  bool JudgeReturn(const Step& step, const HostAnswer& answer);
  bool JudgeStatement(const Step& step, const HostAnswer& answer);
  bool Bytes(const Step& step, const char* op);
  bool Compare(const Step& step);
  bool Completed(const Step& step);
  bool EndActor(const Step& step);
  bool Advance(const Step& step);
  bool Release(const Step& step);
  // Reports trouble of a host; true if there was none.
  bool Usable(const Step& step, const HostAnswer& answer);

  void Log(const Step& step, const std::string& result);
  void TearDown();
  // Tells the oracle what was seen since the last time, and writes down what it thinks of it: each
  // return once more, by the rules alone, whatever its step took.
  void FollowWithOracle();
  void WriteOpinion(const Opinion& opinion);

  const Case& case_;
  const Rules& rules_;
  const vdisim::Timeout timeout_;
  CaseValues values_;
  CaseActors actors_;
  CaseWatcher watcher_;
  const bool strict_;
  Oracle oracle_;
  const bool ask_oracle_;
  size_t oracle_saw_ = 0;  // so many observations
  std::vector<Visit> visits_;
  CaseRecord record_;
  const Judge judge_;
  int64_t seen_ = 0;  // the observation of the current step, for Log
  std::map<std::string, Pending> pending_;
};

CaseResult CaseRunner::Run() {
  const Step* current = nullptr;
  try {
    for (const Step& step : case_.steps) {
      current = &step;
      const bool goes_on = RunStep(step);
      FollowWithOracle();
      if (!goes_on) break;
    }
    current = nullptr;
    TearDown();
  } catch (const HarnessTrouble& trouble) {
    const Step nowhere;
    const Step& step = current == nullptr ? nowhere : *current;
    record_.Stuck(current == nullptr ? case_.scenario + "/teardown" : record_.CheckId(step),
                  step.clause,
                  {.expected = "the step is carried out",
                   .actual = trouble.what,
                   .problem = reports::Problem::kHarnessError,
                   .note = {}},
                  step.place);
    actors_.KillAll();
    watcher_.AllGone("killed");
  }
  actors_.PurgeAfterKills();
  FollowWithOracle();
  CaseResult result = record_.Finish();
  result.visits = std::move(visits_);
  result.error_output = actors_.error_output();
  result.observations = watcher_.observations();
  result.seconds = watcher_.Milliseconds() / 1000;
  return result;
}

bool CaseRunner::RunStep(const Step& step) {
  seen_ = 0;
  try {
    return CarryOut(step);
  } catch (const GreetingTrouble& trouble) {
    return Usable(step, trouble.answer);
  }
}

bool CaseRunner::CarryOut(const Step& step) {
  switch (step.kind) {
    case StepKind::kCall:
      return Begin(step, values_.CallRequest(step));
    case StepKind::kAwait:
      return AwaitCall(step);
    case StepKind::kFill:
      return Bytes(step, "fill");
    case StepKind::kBytes:
      return Bytes(step, "bytes");
    case StepKind::kAddress:
      return Bytes(step, "address");
    case StepKind::kValue:
      return Compare(step);
    case StepKind::kCompleted:
      return Completed(step);
    case StepKind::kKill:
      (void)DriverOf(step.actor);
      Kill(step.actor, "killed");
      Log(step, "gone");
      return true;
    case StepKind::kEnd:
      return EndActor(step);
    case StepKind::kAdvance:
      return Advance(step);
    case StepKind::kRelease:
      return Release(step);
    case StepKind::kSql:
      return Begin(step, values_.SqlRequest(step));
    case StepKind::kServe:
      return Begin(step, values_.ServeRequest(step));
  }
  return false;
}

Driver& CaseRunner::DriverOf(const std::string& actor) {
  Driver& driver = actors_.Get(actor);
  watcher_.Started(actor);
  return driver;
}

HostAnswer CaseRunner::Ask(const Step& step, Json request) {
  Driver& driver = DriverOf(step.actor);
  seen_ = watcher_.Asked(step, request);
  HostAnswer answer = driver.Ask(std::move(request), timeout_);
  watcher_.Answered(seen_, answer);
  return answer;
}

void CaseRunner::Kill(const std::string& actor, const std::string& how) {
  actors_.Kill(actor);
  watcher_.Gone(actor, how);
}

bool CaseRunner::Begin(const Step& step, Json request) {
  if (step.start.empty()) return JudgeReturn(step, Ask(step, std::move(request)));
  Driver& driver = DriverOf(step.actor);
  seen_ = watcher_.Asked(step, request);
  pending_[step.start] = {
      .actor = step.actor, .id = driver.Send(std::move(request)), .seen = seen_};
  Log(step, "started");
  return true;
}

bool CaseRunner::AwaitCall(const Step& step) {
  const Pending& pending = pending_.at(step.arguments.at("call"));
  const HostAnswer answer = actors_.Get(pending.actor).Await(pending.id, timeout_);
  seen_ = pending.seen;
  watcher_.Answered(seen_, answer);
  return JudgeReturn(step, answer);
}

bool CaseRunner::Usable(const Step& step, const HostAnswer& answer) {
  const bool ours = !actors_.IsSubject(step.actor);
  if (answer.trouble == HostTrouble::kNone) {
    if (!answer.body.contains("error")) return true;
    throw HarnessTrouble{answer.body.value("error", "")};
  }
  Log(step, answer.what);
  const bool hang = answer.trouble == HostTrouble::kTimedOut;
  Observation observation{
      .expected = "the call returns",
      .actual = fmt::format("the process of {} {}", step.actor, answer.what),
      .problem = hang ? reports::Problem::kClientTimeout : reports::Problem::kClientCrash,
      .note = {}};
  if (ours) observation.problem = reports::Problem::kHarnessError;
  if (!ours && !step.setting && !record_.IsAsserted(step.clause)) {
    record_.Broken(record_.CheckId(step), step.clause, observation, step.place, strict_);
  } else {
    record_.Stuck(record_.CheckId(step), step.clause, observation, step.place);
  }
  Kill(step.actor, answer.what);
  return false;
}

bool CaseRunner::JudgeReturn(const Step& step, const HostAnswer& answer) {
  if (!step.outcome.empty()) return JudgeStatement(step, answer);
  if (!Usable(step, answer)) return false;
  if (!answer.body.contains("code") || !answer.body["code"].is_number_integer()) {
    return Usable(step, {HostTrouble::kGarbage,
                         {},
                         "answered a call without a code: " + answer.body.dump().substr(0, 200)});
  }
  const vdisim::HResult code(static_cast<int32_t>(answer.body["code"].get<int64_t>()));
  const Json out = answer.body.value("out", Json::object());
  if (out.contains("commands")) {
    // A device that was served: the code may be that of a completion.
    Step last = step;
    last.method = FindMethodSpec(Side::kClient, out.value("method", "GetCommand"));
    if (last.method == nullptr) throw HarnessTrouble{"served by an unknown method"};
    Log(step, fmt::format("{} of {} after {} commands and {} bytes", NameOfCode(nullptr, code),
                          last.method->name, out.value("commands", int64_t{0}),
                          out.value("bytes", int64_t{0})));
    return judge_.Code(last, code) || !step.setting;
  }
  Log(step, NameOfCode(step.method, code));
  const bool held = judge_.Code(step, code);
  if (answer.body.contains("out") && !judge_.Given(step, code, answer.body["out"])) return false;
  if (held && code == vdisim::kOk && answer.body.contains("out"))
    values_.Save(step, answer.body["out"]);
  // What a failed call of the setting should have prepared is missing: what follows would only
  // report its consequences.
  const bool needed = step.setting || !step.into.empty() || !step.save.empty();
  return held || !needed;
}

bool CaseRunner::JudgeStatement(const Step& step, const HostAnswer& answer) {
  if (!Usable(step, answer)) return false;
  const Json out = answer.body.value("out", Json::object());
  Log(step, fmt::format("{}, messages {}", out.value("success", false) ? "success" : "failure",
                        out.value("messages", Json::array()).dump()));
  return judge_.Statement(step, out) || !step.setting;
}

bool CaseRunner::Bytes(const Step& step, const char* op) {
  const HostAnswer answer = Ask(step, values_.BytesRequest(step, op));
  if (!Usable(step, answer)) return false;
  const Json out = answer.body.value("out", Json::object());
  Log(step, out.contains("mismatch") ? "other bytes" : "done");
  if (step.kind == StepKind::kBytes) {
    judge_.Bytes(step, out);
    return true;
  }
  values_.Save(step, out);
  return true;
}

bool CaseRunner::Compare(const Step& step) {
  watcher_.Took(step);
  const std::string& of = step.arguments.at("of");
  for (const auto& [relation, text] : step.arguments) {
    if (relation == "of") continue;
    judge_.Value(step, relation,
                 {.number = values_.Number(of),
                  .text = of,
                  .changes_each_time = values_.ChangesEachTime(of)},
                 {.number = values_.Number(text),
                  .text = values_.Show(text),
                  .changes_each_time = values_.ChangesEachTime(text)});
  }
  return true;
}

bool CaseRunner::Completed(const Step& step) {
  const HostAnswer answer = Ask(step, values_.CompletedRequest(step));
  if (!Usable(step, answer)) return false;
  const auto optional = [&](const char* key) -> std::optional<int64_t> {
    const auto found = step.arguments.find(key);
    if (found == step.arguments.end()) return std::nullopt;
    return values_.Number(found->second);
  };
  const Json out = answer.body.value("out", Json::object());
  Log(step, out.dump());
  const bool held = judge_.Completion(step, out, optional("completion").value_or(0),
                                      optional("bytes"), optional("position"));
  return held || !step.setting;
}

bool CaseRunner::EndActor(const Step& step) {
  const HostAnswer answer = DriverOf(step.actor).End(timeout_);
  if (!Usable(step, answer)) return false;
  watcher_.Gone(step.actor, "ended");
  Log(step, "ended");
  return true;
}

bool CaseRunner::Advance(const Step& step) {
  const Json request = values_.AdvanceRequest(step);
  const HostAnswer answer = Ask(step, request);
  if (!Usable(step, answer)) return false;
  const bool moved = answer.body.value("out", Json::object()).value("moved", false);
  Log(step, moved ? "moved" : "nobody waits");
  const bool held = judge_.Waiting(step, request["arguments"]["waiting"].get<int64_t>(), moved);
  return held || !step.setting;
}

bool CaseRunner::Release(const Step& step) {
  const HostAnswer answer = Ask(step, values_.ReleaseRequest(step));
  if (!Usable(step, answer)) return false;
  Log(step, "released");
  return true;
}

void CaseRunner::Log(const Step& step, const std::string& result) {
  Step shown = step;
  for (auto& [name, text] : shown.arguments) text = values_.Show(text);
  record_.AddCall(watcher_.Milliseconds(), fmt::format("{} -> {}", Describe(shown), result), seen_);
}

void CaseRunner::FollowWithOracle() {
  const std::vector<Seen>& seen = watcher_.observations();
  for (; oracle_saw_ < seen.size(); ++oracle_saw_) {
    const std::optional<Opinion> opinion = oracle_.See(seen[oracle_saw_]);
    if (!opinion) continue;
    if (opinion->visit) visits_.push_back(*opinion->visit);
    if (ask_oracle_) WriteOpinion(*opinion);
  }
}

void CaseRunner::WriteOpinion(const Opinion& opinion) {
  const std::string check = fmt::format("oracle/{}.{}", Name(opinion.side), opinion.method);
  // The same clause whichever of several right codes came, so that runs tell the same.
  if (opinion.held) return record_.Held(check, RowOf(rules_, opinion));
  const std::string expected =
      fmt::format("{} by {} in the state {} returns {}", opinion.method, opinion.actor,
                  opinion.state, fmt::join(opinion.accepted, " or "));
  const bool fails = record_.Fails(opinion.clause, strict_);
  // One wrong code is one finding, unless what was found weighs less.
  if (record_.Confirm(
          opinion.call, fails,
          fmt::format("The state tables alone say so, too ({}): {}.", opinion.clause, expected))) {
    return;
  }
  std::string note = "Found by following every call by the rules alone.";
  if (opinion.side == Side::kServer) {
    note += fmt::format(
        " It is the server's half, played by {}, that answered so; what clients did before may "
        "have led to it.",
        opinion.actor);
  }
  const Step* const step = watcher_.StepOf(opinion.call);
  record_.Broken(check, opinion.clause,
                 {.expected = expected,
                  .actual = rules_.CodeName(opinion.code),
                  .problem = reports::Problem::kReturnCodeMismatch,
                  .note = note,
                  .call = opinion.call},
                 step == nullptr ? case_.place : step->place, strict_);
}

void CaseRunner::TearDown() {
  actors_.EndAll([&](const std::string& name, const HostAnswer& answer) {
    Step step;
    step.kind = StepKind::kEnd;
    step.actor = name;
    step.place = case_.place;
    seen_ = 0;
    if (Usable(step, answer)) watcher_.Gone(name, "ended");
  });
}

}  // namespace

vdisim::Timeout StepTimeout(const CaseOptions& options) {
  return vdisim::Timeout::Milliseconds(
      static_cast<int64_t>(static_cast<double>(kStepTimeout.count()) * options.timeout_scale));
}

CaseResult RunCase(const Case& one, const Rules& rules, const DriverFleet& fleet,
                   const CaseOptions& options) {
  return CaseRunner(one, rules, fleet, options).Run();
}

}  // namespace conform
