#include "conformance/runner/case_runner.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <system_error>

#include "conformance/runner/judge.h"
#include "conformance/scenario/expression.h"

namespace conform {
namespace {

using std::chrono::steady_clock;

// Trouble of ours in the middle of a step; the case ends as an error.
struct HarnessTrouble {
  std::string what;
};

class CaseRunner {
 public:
  CaseRunner(const Case& one, const Rules& rules, const DriverFleet& fleet,
             const CaseOptions& options)
      : case_(one),
        fleet_(fleet),
        timeout_(vdisim::Timeout::Milliseconds(static_cast<int64_t>(
            static_cast<double>(kStepTimeout.count()) * options.timeout_scale))),
        record_(one, rules),
        judge_(rules, options.strict, &record_) {
    for (const std::string& set : one.sets) set_names_[set] = UniqueSetName(set);
  }

  CaseResult Run();

 private:
  struct Pending {
    std::string actor;
    int64_t id;
  };

  // Each returns false when the rest of the case makes no sense any more.
  bool RunStep(const Step& step);
  bool Call(const Step& step);
  bool AwaitCall(const Step& step);
  bool JudgeReturn(const Step& step, const HostAnswer& answer);
  bool Bytes(const Step& step, const char* op);
  bool Compare(const Step& step);
  bool Completed(const Step& step);
  bool EndActor(const Step& step);
  // Reports trouble of a host; true if there was none.
  bool Usable(const Step& step, const HostAnswer& answer);

  Driver& ActorDriver(const std::string& name);
  void Greet(const std::string& name, Driver& driver);
  Json CallRequest(const Step& step) const;
  Json Argument(const ArgumentSpec& spec, const std::string& text) const;
  std::string Resolve(const std::string& text) const;
  int64_t Number(const std::string& text) const;
  void Save(const Step& step, const Json& out);
  void Log(const Step& step, const std::string& result);
  double Milliseconds() const {
    return std::chrono::duration<double, std::milli>(steady_clock::now() - begin_).count();
  }

  void TearDown();
  void Purge();

  const Case& case_;
  const DriverFleet& fleet_;
  const vdisim::Timeout timeout_;
  CaseRecord record_;
  const Judge judge_;
  const steady_clock::time_point begin_ = steady_clock::now();
  std::map<std::string, std::string> set_names_;
  std::map<std::string, std::unique_ptr<Driver>> drivers_;
  std::map<std::string, Pending> pending_;
  std::map<std::string, std::string> values_;
  std::string errors_;
  bool leftovers_ = false;  // an actor died without cleaning up
};

CaseResult CaseRunner::Run() {
  const Step* current = nullptr;
  try {
    for (const Step& step : case_.steps) {
      current = &step;
      if (!RunStep(step)) break;
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
    for (auto& [name, driver] : drivers_) driver->Kill();
    leftovers_ = true;
  }
  drivers_.clear();
  if (leftovers_) Purge();
  CaseResult result = record_.Finish();
  result.error_output = errors_;
  result.seconds = Milliseconds() / 1000;
  return result;
}

bool CaseRunner::RunStep(const Step& step) {
  switch (step.kind) {
    case StepKind::kCall:
      return Call(step);
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
      ActorDriver(step.actor).Kill();
      leftovers_ = true;
      Log(step, "gone");
      return true;
    case StepKind::kEnd:
      return EndActor(step);
  }
  return false;
}

// An actor's process starts with its first step: until then it has not opened anything.
Driver& CaseRunner::ActorDriver(const std::string& name) {
  const auto found = drivers_.find(name);
  if (found != drivers_.end()) return *found->second;
  const bool engine = case_.FindActor(name).role == Role::kEngine;
  std::unique_ptr<Driver> started;
  try {
    started = engine ? fleet_.StartEngine() : fleet_.StartClient();
  } catch (const std::system_error& error) {
    throw HarnessTrouble{
        fmt::format("the process of {} cannot be started: {}", name, error.what())};
  }
  Driver& driver = *(drivers_[name] = std::move(started));
  Greet(name, driver);
  return driver;
}

void CaseRunner::Greet(const std::string& name, Driver& driver) {
  const HostAnswer answer = driver.Ask(Json{{"op", "hello"}}, timeout_);
  if (answer.trouble != HostTrouble::kNone) {
    throw HarnessTrouble{fmt::format("the process of {} {}", name, answer.what)};
  }
  if (answer.body.contains("unusable")) {
    throw HarnessTrouble{answer.body.value("unusable", "")};
  }
}

std::string CaseRunner::Resolve(const std::string& text) const {
  return Replace(text, [&](std::string_view name) -> std::optional<std::string> {
    const auto found = values_.find(std::string(name));
    if (found == values_.end()) return std::nullopt;
    return found->second;
  });
}

int64_t CaseRunner::Number(const std::string& text) const {
  const std::optional<int64_t> value = Evaluate(Resolve(text));
  if (!value) throw HarnessTrouble{fmt::format("\"{}\" is no whole number here", Resolve(text))};
  return *value;
}

Json CaseRunner::Argument(const ArgumentSpec& spec, const std::string& text) const {
  if (spec.kind == ArgumentKind::kInteger) return Number(text);
  if (spec.kind == ArgumentKind::kSet) return set_names_.at(text);
  return Resolve(text);
}

Json CaseRunner::CallRequest(const Step& step) const {
  Json arguments = Json::object();
  for (const ArgumentSpec& spec : step.method->arguments) {
    const auto found = step.arguments.find(std::string(spec.name));
    if (found == step.arguments.end()) continue;
    const std::string key(spec.kind == ArgumentKind::kSet ? "name" : spec.name);
    arguments[key] = Argument(spec, found->second);
  }
  if (step.arguments.contains("device")) {
    const int64_t number = Number(step.arguments.at("device"));
    // Within a process, a device belongs to the set object that opened it.
    arguments["device"] = fmt::format("{}/{}", step.object, number);
    // MP-05: the first device has the set's name, the others a number behind it.
    if (arguments.contains("name") && number > 0) {
      arguments["name"] = arguments["name"].get<std::string>() + std::to_string(number);
    }
  }
  if (step.method->name == "WaitForActive") {
    arguments["timeout"] = timeout_.length() / std::chrono::milliseconds(2);
  }
  Json request = Json::object();
  request["op"] = "call";
  request["method"] = step.method->name;
  request["object"] = step.object;
  request["arguments"] = std::move(arguments);
  if (!step.into.empty()) request["into"] = step.into;
  if (!step.start.empty()) request["concurrent"] = true;
  return request;
}

bool CaseRunner::Call(const Step& step) {
  Driver& driver = ActorDriver(step.actor);
  const int64_t id = driver.Send(CallRequest(step));
  if (!step.start.empty()) {
    pending_[step.start] = {.actor = step.actor, .id = id};
    Log(step, "started");
    return true;
  }
  return JudgeReturn(step, driver.Await(id, timeout_));
}

bool CaseRunner::AwaitCall(const Step& step) {
  const Pending& pending = pending_.at(step.arguments.at("call"));
  return JudgeReturn(step, ActorDriver(pending.actor).Await(pending.id, timeout_));
}

bool CaseRunner::Usable(const Step& step, const HostAnswer& answer) {
  const bool ours = case_.FindActor(step.actor).role == Role::kEngine;
  if (answer.trouble == HostTrouble::kNone) {
    if (!answer.body.contains("error")) return true;
    throw HarnessTrouble{answer.body.value("error", "")};
  }
  leftovers_ = true;
  Log(step, answer.what);
  const bool hang = answer.trouble == HostTrouble::kTimedOut;
  Observation observation{
      .expected = "the call returns",
      .actual = fmt::format("the process of {} {}", step.actor, answer.what),
      .problem = hang ? reports::Problem::kClientTimeout : reports::Problem::kClientCrash,
      .note = {}};
  if (ours) observation.problem = reports::Problem::kHarnessError;
  record_.Stuck(record_.CheckId(step), step.clause, observation, step.place);
  const auto found = drivers_.find(step.actor);
  if (found != drivers_.end()) found->second->Kill();
  return false;
}

bool CaseRunner::JudgeReturn(const Step& step, const HostAnswer& answer) {
  if (!Usable(step, answer)) return false;
  if (!answer.body.contains("code") || !answer.body["code"].is_number_integer()) {
    throw HarnessTrouble{"the answer has no code: " + answer.body.dump()};
  }
  const vdisim::HResult code(static_cast<int32_t>(answer.body["code"].get<int64_t>()));
  Log(step, code.ToString());
  const bool held = judge_.Code(step, code);
  if (held && code == vdisim::kOk && answer.body.contains("out")) Save(step, answer.body["out"]);
  // What a failed call of the setting should have prepared is missing: what follows would only
  // report its consequences.
  const bool needed = step.setting || !step.into.empty() || !step.save.empty();
  return held || !needed;
}

void CaseRunner::Save(const Step& step, const Json& out) {
  if (step.save.empty()) return;
  for (const auto& [key, value] : out.items()) {
    if (!value.is_number_integer()) continue;
    const std::string text = std::to_string(value.get<int64_t>());
    values_[step.save + "." + key] = text;
    if (step.method == nullptr || key == step.method->value) values_[step.save] = text;
  }
}

bool CaseRunner::Bytes(const Step& step, const char* op) {
  Json arguments = Json::object();
  arguments["buffer"] = step.arguments.at("buffer");
  for (const char* key : {"offset", "size", "pattern"}) {
    const auto found = step.arguments.find(key);
    if (found != step.arguments.end()) arguments[key] = Number(found->second);
  }
  Json request = Json::object();
  request["op"] = op;
  request["arguments"] = std::move(arguments);
  const HostAnswer answer = ActorDriver(step.actor).Ask(std::move(request), timeout_);
  if (!Usable(step, answer)) return false;
  const Json out = answer.body.value("out", Json::object());
  Log(step, out.contains("mismatch") ? "other bytes" : "done");
  if (step.kind == StepKind::kBytes) {
    judge_.Bytes(step, out);
    return true;
  }
  Save(step, out);
  return true;
}

bool CaseRunner::Compare(const Step& step) {
  for (const auto& [relation, text] : step.arguments) {
    if (relation == "of") continue;
    judge_.Value(step, relation, Number(step.arguments.at("of")), Number(text));
  }
  return true;
}

bool CaseRunner::Completed(const Step& step) {
  Json request = Json::object();
  request["op"] = "completion";
  request["arguments"] = Json::object();
  request["arguments"]["command"] = step.arguments.at("command");
  request["arguments"]["timeout"] = timeout_.length() / std::chrono::milliseconds(2);
  const HostAnswer answer = ActorDriver(step.actor).Ask(std::move(request), timeout_);
  if (!Usable(step, answer)) return false;
  const auto optional = [&](const char* key) -> std::optional<int64_t> {
    const auto found = step.arguments.find(key);
    if (found == step.arguments.end()) return std::nullopt;
    return Number(found->second);
  };
  const Json out = answer.body.value("out", Json::object());
  Log(step, out.dump());
  const bool held =
      judge_.Completion(step, out, optional("completion").value_or(0), optional("bytes"));
  return held || !step.setting;
}

bool CaseRunner::EndActor(const Step& step) {
  HostAnswer answer = ActorDriver(step.actor).End(timeout_);
  if (!Usable(step, answer)) return false;
  Log(step, "ended");
  return true;
}

void CaseRunner::Log(const Step& step, const std::string& result) {
  Step shown = step;
  for (auto& [name, text] : shown.arguments) text = Resolve(text);
  record_.AddCall(Milliseconds(), fmt::format("{} -> {}", Describe(shown), result));
}

// Clients leave before the engine, secondaries before primaries, as in a normal run.
void CaseRunner::TearDown() {
  for (const Role role : {Role::kSecondary, Role::kPrimary, Role::kEngine}) {
    for (auto& [name, driver] : drivers_) {
      if (case_.FindActor(name).role != role) continue;
      if (!driver->running()) {
        errors_ += driver->ErrorOutput();
        continue;
      }
      Step step;
      step.kind = StepKind::kEnd;
      step.actor = name;
      step.place = case_.place;
      (void)Usable(step, driver->End(timeout_));
      errors_ += driver->ErrorOutput();
    }
  }
}

// What killed actors left in shared memory is of no use to anybody: an engine host removes it.
void CaseRunner::Purge() {
  try {
    const std::unique_ptr<Driver> engine = fleet_.StartEngine();
    (void)engine->Ask(Json{{"op", "purge"}}, timeout_);
    (void)engine->End(timeout_);
  } catch (const std::system_error&) {
    // Nothing more can be done here, and the verdict stands; `vdisim purge` does the same later.
  }
}

}  // namespace

std::string UniqueSetName(const std::string& set) {
  static const unsigned kToken = std::random_device()() & 0xFFFFFFU;
  static std::atomic<unsigned> counter{0};
  return fmt::format("vdi-conform-{}-{:06x}-{}-{}", getpid(), kToken, ++counter, set);
}

CaseResult RunCase(const Case& one, const Rules& rules, const DriverFleet& fleet,
                   const CaseOptions& options) {
  return CaseRunner(one, rules, fleet, options).Run();
}

}  // namespace conform
