#include "conformance/walk/stage.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/runner/requirement.h"
#include "conformance/traces/expected_codes.h"
#include "simulator/base/clock.h"

namespace conform {
namespace {

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool Named(const std::vector<CommandProps>& commands, const std::string& name) {
  return std::any_of(commands.begin(), commands.end(),
                     [&](const CommandProps& one) { return one.name == name; });
}

// Whether a process has something under the name that a step gives.
bool HasBuffer(const ActorProps& actor, const std::string& name) {
  return name == "foreign" || name == "null" || actor.buffers.count(name) > 0 ||
         Contains(actor.freed, name) || Contains(actor.mapped, name) || Named(actor.held, name) ||
         Named(actor.stale, name);
}

bool HasCommand(const ActorProps& actor, std::string name) {
  if (name == "foreign" || name == "null") return true;
  if (name.rfind("copy:", 0) == 0) name.erase(0, 5);
  return Named(actor.held, name) || Named(actor.stale, name);
}

std::vector<UnreportedProps>::const_iterator FindUnreported(const Props& props, const Step& step) {
  return std::find_if(props.unreported.begin(), props.unreported.end(), [&](const auto& one) {
    return one.engine == step.actor && one.sent == step.arguments.at("command");
  });
}

bool OpensDevice(const Step& step) { return step.method->name == "OpenDevice"; }

constexpr const char* kNoTime = "0";
constexpr std::uint32_t kLookAgainMs = 10;  // how long a call is waited for at a time

}  // namespace

bool IsSettling(const Step& step) {
  return step.kind == StepKind::kAdvance && step.arguments.at("ms") == kNoTime;
}

Stage::Stage(const Case& cast, const Subject& subject, vdisim::Timeout timeout)
    : cast_(cast),
      subject_(subject),
      timeout_(timeout),
      values_(cast, timeout),
      actors_(cast, subject.fleet, timeout, subject.bundled_engine),
      watcher_(cast, values_),
      oracle_(subject.rules),
      props_(cast) {}

Stage::~Stage() = default;

std::string Stage::EngineOf(const std::string& set) const {
  for (const Actor& actor : cast_.actors) {
    if (actor.role == Role::kEngine && actor.set == set) return actor.name;
  }
  return {};
}

Driver& Stage::DriverOf(const std::string& actor) {
  Driver& driver = actors_.Get(actor);
  watcher_.Started(actor);
  return driver;
}

CallSeen Stage::AsSeen(const Step& step) const {
  const Json request = values_.CallRequest(step);
  return {.id = 0,
          .ms = 0,
          .actor = step.actor,
          .object = step.object,
          .method = std::string(step.method->name),
          .arguments = request["arguments"],
          .into = step.into,
          .concurrent = false};
}

Outlook Stage::Foresee(const Step& step) const { return oracle_.Foresee(AsSeen(step)); }

bool Stage::MustReturn(const std::string& pending) const {
  const auto found = pending_.find(pending);
  return found != pending_.end() && oracle_.MustReturn(found->second.seen);
}

bool Stage::CanDo(const Step& step) const {
  if (step.kind == StepKind::kAwait) return MustReturn(step.arguments.at("call"));
  const auto found = props_.actors.find(step.actor);
  if (found == props_.actors.end() || found->second.gone) return false;
  const ActorProps& actor = found->second;
  if (step.kind == StepKind::kCompleted) {
    return FindUnreported(props_, step) != props_.unreported.end();
  }
  if (step.kind == StepKind::kAdvance) {
    // Whoever was killed while it waited still counts as waiting.
    const std::string& set = cast_.FindActor(step.actor).set;
    const auto killed = [&](const Actor& one) {
      return one.set == set && props_.actors.at(one.name).gone;
    };
    return cast_.virtual_clock && !Timed(set).empty() &&
           std::none_of(cast_.actors.begin(), cast_.actors.end(), killed);
  }
  if (step.kind != StepKind::kCall) return true;

  const auto text = [&](const char* key) {
    const auto argument = step.arguments.find(key);
    return argument == step.arguments.end() ? std::string() : argument->second;
  };
  if (!text("device").empty() && !OpensDevice(step) &&
      actor.devices.count(DeviceNumber(step)) == 0) {
    return false;
  }
  if (!text("buffer").empty() && !HasBuffer(actor, text("buffer"))) return false;
  if (step.method->name == "CompleteCommand" && !HasCommand(actor, text("command"))) return false;
  try {
    return !step.start.empty() || !Foresee(step).may_wait;
  } catch (const HarnessTrouble&) {
    return false;  // it needs a value that no call gave
  }
}

std::optional<Disagreement> Stage::Do(const Step& step) {
  steps_.push_back(step);
  const Step& kept = steps_.back();
  made_.push_back({.step = step, .code = {}, .accepted = {}, .clause = {}});
  try {
    return Make(kept);
  } catch (const GreetingTrouble& trouble) {
    return Trouble(kept, trouble.answer);
  }
}

std::optional<Disagreement> Stage::Make(const Step& step) {
  switch (step.kind) {
    case StepKind::kCall:
      return DoCall(step);
    case StepKind::kAwait:
      return DoAwait(step);
    case StepKind::kAdvance:
      return DoAdvance(step);
    case StepKind::kCompleted:
      return DoCompleted(step);
    case StepKind::kKill: {
      (void)DriverOf(step.actor);
      actors_.Kill(step.actor);
      watcher_.Gone(step.actor, "killed");
      const Actor& actor = cast_.FindActor(step.actor);
      props_.Gone(step.actor, actor.role, actor.set);
      std::erase_if(pending_, [&](const auto& one) { return one.second.actor == step.actor; });
      (void)Tell();
      return std::nullopt;
    }
    default:
      throw HarnessTrouble{fmt::format("a walk makes no step <{}>", Name(step.kind))};
  }
}

std::optional<Opinion> Stage::Tell() {
  std::optional<Opinion> last;
  const std::vector<Seen>& seen = watcher_.observations();
  for (; told_ < seen.size(); ++told_) {
    if (std::optional<Opinion> opinion = oracle_.See(seen[told_])) last = std::move(opinion);
  }
  return last;
}

std::optional<Disagreement> Stage::DoCall(const Step& step) {
  Driver& driver = DriverOf(step.actor);
  Json request = values_.CallRequest(step);
  const std::int64_t seen = watcher_.Asked(step, request);
  (void)Tell();
  if (step.start.empty()) return Returned(step, seen, driver.Ask(std::move(request), timeout_));
  pending_[step.start] = {
      .actor = step.actor, .id = driver.Send(std::move(request)), .seen = seen, .step = &step};
  // An agent waits for completions, and no clock ends that.
  const bool timed = step.method->side == Side::kClient;
  const std::string& set = cast_.FindActor(step.actor).set;
  props_.Started(step, set, timed);
  return timed ? Settle(set) : std::nullopt;
}

// What the next move meets must not depend on whether the call has begun.
std::optional<Disagreement> Stage::Settle(const std::string& set) {
  Step settle;
  settle.kind = StepKind::kAdvance;
  settle.actor = EngineOf(set);
  settle.arguments["ms"] = kNoTime;
  if (settle.actor.empty() || !CanDo(settle)) return std::nullopt;
  return Do(settle);
}

std::optional<Disagreement> Stage::DoAwait(const Step& step) {
  const std::string name = step.arguments.at("call");
  const Pending& pending = pending_.at(name);
  return TakeAnswer(name, actors_.Get(pending.actor).Await(pending.id, timeout_));
}

std::optional<Disagreement> Stage::TakeAnswer(const std::string& name, const HostAnswer& answer) {
  const Pending pending = pending_.at(name);
  pending_.erase(name);
  props_.pending.erase(name);
  return Returned(*pending.step, pending.seen, answer);
}

Disagreement Stage::Trouble(const Step& step, const HostAnswer& answer) const {
  Disagreement found;
  found.kind =
      answer.trouble == HostTrouble::kTimedOut ? DisagreementKind::kHung : DisagreementKind::kDied;
  found.actor = step.actor;
  found.side = SideOf(cast_.FindActor(step.actor).role);
  if (step.method != nullptr) {
    found.method = step.method->name;
    const auto rows = subject_.rules.CodesOf(
        found.side, found.method,
        found.side == Side::kClient ? PlatformOf(cast_.face) : Platform::kBoth);
    if (!rows.empty()) found.clause = rows.front()->clause;
    if (step.kind == StepKind::kCall) {
      if (const Outlook outlook = Foresee(step); outlook.state) found.state = Name(*outlook.state);
    }
  }
  found.actual = fmt::format("the process of {} {}", step.actor, answer.what);
  found.ours = found.side == Side::kServer && subject_.bundled_engine;
  return found;
}

std::optional<Disagreement> Stage::Returned(const Step& step, std::int64_t seen,
                                            const HostAnswer& answer) {
  if (answer.trouble != HostTrouble::kNone) return Trouble(step, answer);
  if (answer.body.contains("error")) throw HarnessTrouble{answer.body.value("error", "")};
  if (!answer.body.contains("code") || !answer.body["code"].is_number_integer()) {
    return Trouble(step, {HostTrouble::kGarbage, {}, "answered a call without a code"});
  }
  const auto code = static_cast<std::uint32_t>(answer.body["code"].get<std::int64_t>());
  const Json out = answer.body.value("out", Json::object());
  watcher_.Answered(seen, answer);
  const std::optional<Opinion> opinion = Tell();
  if (code == 0) values_.Save(step, out);
  const std::string& set = cast_.FindActor(step.actor).set;
  props_.Returned(step, set, EngineOf(set), code, out);
  MadeMove& made = made_.back();
  made.code = code;
  if (opinion) {
    made.accepted = opinion->accepted;
    made.clause = opinion->clause;
    if (opinion->visit) visits_.push_back(*opinion->visit);
  }
  return JudgeCode(step, opinion, code);
}

std::optional<Disagreement> Stage::JudgeCode(const Step& step,
                                             const std::optional<Opinion>& opinion,
                                             std::uint32_t code) {
  Disagreement found;
  found.actor = step.actor;
  found.side = step.method->side;
  found.method = step.method->name;
  found.code = code;
  found.actual = subject_.rules.CodeName(code);
  if (found.method == "WaitForActive" || found.method == "WaitForAgent")
    return std::nullopt;  // of the simulator's own calls
  if (opinion && !opinion->held) {
    found.accepted = opinion->accepted;
    found.clause = opinion->clause;
    found.state = opinion->state;
  } else {
    // Whatever the state: a code that no document lists for the method.
    if (step.method->side != Side::kClient) return std::nullopt;
    const ExpectedCodes expected =
        ExpectedCodesOf(subject_.rules, found.side, PlatformOf(cast_.face), found.method,
                        static_cast<std::int32_t>(code));
    if (expected.listed) return std::nullopt;
    found.kind = DisagreementKind::kUndocumented;
    found.clause = expected.clause;
    found.accepted = {expected.text};
    if (opinion) found.state = opinion->state;
  }
  found.warning =
      !subject_.strict && !CanFail(FindRequirement(subject_.rules, found.clause).provenance);
  if (!found.warning) return found;
  warnings_.push_back(std::move(found));
  return std::nullopt;
}

std::vector<std::string> Stage::Timed(const std::string& set) const {
  std::vector<std::string> timed;
  for (const auto& [name, pending] : props_.pending) {
    if (pending.timed && cast_.FindActor(pending.step.actor).set == set) timed.push_back(name);
  }
  return timed;
}

// How many calls wait on the clock is known here; a move need not say it.
std::optional<Disagreement> Stage::DoAdvance(const Step& step) {
  Step counted = step;
  const std::vector<std::string> timed = Timed(cast_.FindActor(step.actor).set);
  counted.arguments["waiting"] = std::to_string(timed.size());
  made_.back().step = counted;
  Driver& driver = DriverOf(step.actor);
  Json request = values_.AdvanceRequest(counted);
  const std::int64_t seen = watcher_.Asked(step, request);
  // A call that returns at once never waits, so it is looked for between short waits for it.
  const vdisim::Deadline deadline = vdisim::Deadline::After(
      vdisim::MonotonicClock::Get(),
      vdisim::Timeout::Milliseconds(request.at("arguments").at("timeout").get<std::uint32_t>()));
  request["arguments"]["timeout"] = kLookAgainMs;
  while (true) {
    const HostAnswer answer = driver.Ask(request, timeout_);
    if (answer.trouble != HostTrouble::kNone) return Trouble(step, answer);
    if (answer.body.contains("error")) {
      if (!IsSettling(step)) throw HarnessTrouble{answer.body.value("error", "")};
      made_.pop_back();  // the set has gone; then nothing waits on it
      return std::nullopt;
    }
    const bool moved = answer.body.value("out", Json::object()).value("moved", false);
    const std::vector<EarlyReturn> early = moved ? std::vector<EarlyReturn>() : Returns(timed);
    const bool over = deadline.Expired(vdisim::MonotonicClock::Get());
    if (!moved && early.empty() && !over) continue;
    watcher_.Answered(seen, answer);
    (void)Tell();
    if (moved) return std::nullopt;
    made_.pop_back();
    return TakeEarly(early);
  }
}

std::vector<Stage::EarlyReturn> Stage::Returns(const std::vector<std::string>& calls) {
  std::vector<EarlyReturn> returned;
  for (const std::string& name : calls) {
    const Pending& pending = pending_.at(name);
    HostAnswer answer = actors_.Get(pending.actor).Await(pending.id, vdisim::Timeout::Poll());
    if (answer.trouble == HostTrouble::kTimedOut) continue;
    returned.push_back({name, std::move(answer)});
  }
  return returned;
}

// Fewer calls wait than should: these have returned before their time.
std::optional<Disagreement> Stage::TakeEarly(const std::vector<EarlyReturn>& returned) {
  for (const EarlyReturn& early : returned) {
    Step await;
    await.kind = StepKind::kAwait;
    await.arguments["call"] = early.call;
    made_.push_back({.step = await, .code = {}, .accepted = {}, .clause = {}});
    if (std::optional<Disagreement> found = TakeAnswer(early.call, early.answer)) return found;
  }
  return std::nullopt;
}

std::optional<Disagreement> Stage::DoCompleted(const Step& step) {
  Driver& driver = DriverOf(step.actor);
  const Json request = values_.CompletedRequest(step);
  const std::int64_t seen = watcher_.Asked(step, request);
  const HostAnswer answer = driver.Ask(request, timeout_);
  if (answer.trouble != HostTrouble::kNone) return Trouble(step, answer);
  if (answer.body.contains("error")) throw HarnessTrouble{answer.body.value("error", "")};
  watcher_.Answered(seen, answer);
  (void)Tell();
  const auto unreported = FindUnreported(props_, step);
  made_.back().step.arguments["completion"] = unreported->completion;
  props_.unreported.erase(unreported);
  if (answer.body.value("out", Json::object()).value("completed", false)) return std::nullopt;
  Disagreement found;
  found.kind = DisagreementKind::kUnreported;
  found.actor = step.actor;
  found.method = "CompleteCommand";
  found.clause = "C-CMP-20";
  found.actual =
      fmt::format("the completion of {} never reached the server", step.arguments.at("command"));
  return found;
}

std::optional<Disagreement> Stage::End() {
  std::optional<Disagreement> found;
  actors_.EndAll([&](const std::string& name, const HostAnswer& answer) {
    if (answer.trouble == HostTrouble::kNone || found) return;
    Step step;
    step.kind = StepKind::kEnd;
    step.actor = name;
    found = Trouble(step, answer);
    found->clause = "ABI-06";
  });
  return found;
}

}  // namespace conform
