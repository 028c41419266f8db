#include "conformance/runner/case_watcher.h"

#include <fmt/format.h>

#include <utility>

namespace conform {
namespace {

// Give and take of a step that goes on; it stands where it begins, and its end is a step too.
bool GoesOn(StepKind kind) { return kind == StepKind::kServe || kind == StepKind::kSql; }

}  // namespace

void CaseWatcher::Started(const std::string& actor) {
  if (!known_.insert(actor).second) return;
  there_.insert(actor);
  const Actor& one = case_.FindActor(actor);
  // The server's interface is a COM interface on every platform.
  const Face face = SideOf(one.role) == Side::kClient ? case_.face : Face::kCom;
  seen_.push_back(ActorSeen{.actor = actor,
                            .role = std::string(Name(one.role)),
                            .face = std::string(Name(face)),
                            .set = one.set,
                            .clock = case_.virtual_clock ? "virtual" : "real",
                            .name = values_.Resolve(fmt::format("${{set:{}}}", one.set)),
                            .instance = one.instance});
}

// The set is named where the call means one; a raw name that is no set's own names none.
Json CaseWatcher::CallArguments(const Step& step, const Json& request) const {
  Json arguments = request.value("arguments", Json::object());
  if (!arguments.contains("name")) return arguments;
  if (step.arguments.contains("name")) {
    if (!arguments["name"].is_string()) return arguments;
    const std::string set = values_.SetNamed(arguments["name"].get<std::string>());
    if (!set.empty()) arguments["set"] = set;
  } else if (const auto set = step.arguments.find("set"); set != step.arguments.end()) {
    arguments["set"] = set->second;
  }
  return arguments;
}

std::int64_t CaseWatcher::Asked(const Step& step, const Json& request) {
  const double now = Milliseconds();
  if (step.kind == StepKind::kCall || step.kind == StepKind::kRelease) {
    const std::int64_t id = ++last_call_;
    calls_[id] = &step;
    seen_.push_back(CallSeen{.id = id,
                             .ms = now,
                             .actor = step.actor,
                             .object = request.value("object", "set"),
                             .method = request.value("method", "Release"),
                             .arguments = CallArguments(step, request),
                             .into = request.value("into", ""),
                             .concurrent = request.value("concurrent", false)});
    return id;
  }
  const std::int64_t number = --last_step_;
  Json arguments = request.value("arguments", Json::object());
  if (step.kind == StepKind::kAdvance) {
    when_answered_[number] = AdvanceSeen{.ms = now,
                                         .actor = step.actor,
                                         .set = case_.FindActor(step.actor).set,
                                         .by_ms = arguments.value("ms", std::int64_t{0}),
                                         .waiting = arguments.value("waiting", std::int64_t{0})};
    return number;
  }
  arguments.erase("timeout");  // how patient the runner is
  StepSeen seen{.ms = now,
                .kind = std::string(Name(step.kind)),
                .actor = step.actor,
                .arguments = std::move(arguments)};
  if (!GoesOn(step.kind)) {
    when_answered_[number] = std::move(seen);
    return number;
  }
  if (!step.start.empty()) seen.arguments["start"] = step.start;
  begun_[number] = seen_.size();
  seen_.push_back(std::move(seen));
  return number;
}

void CaseWatcher::Answered(std::int64_t number, const HostAnswer& answer) {
  if (answer.trouble != HostTrouble::kNone || answer.body.contains("error")) return;
  if (number < 0) return AnsweredStep(number, answer.body);
  const bool release = calls_.at(number)->kind == StepKind::kRelease;
  const auto code = answer.body.find("code");
  if (!release && (code == answer.body.end() || !code->is_number_integer())) return;
  seen_.push_back(ReturnSeen{
      .id = number,
      .ms = Milliseconds(),
      .code = release ? 0 : static_cast<std::int32_t>(code->get<std::int64_t>()),
      .out = answer.body.value("out", Json::object()),
  });
}

void CaseWatcher::AnsweredStep(std::int64_t number, const Json& body) {
  const Json out = body.value("out", Json::object());
  if (const auto begun = begun_.find(number); begun != begun_.end()) {
    StepSeen& step = std::get<StepSeen>(seen_[begun->second]);
    const bool serves = step.kind == Name(StepKind::kServe);
    if (serves) {
      step.arguments["code"] = body.value("code", Json());
      step.arguments["calls"] = out.value("calls", Json::array());
    } else {
      step.arguments["success"] = out.value("success", false);
      step.arguments["messages"] = out.value("messages", Json::array());
    }
    if (!step.arguments.contains("start")) return;
    Json call = Json::object();
    call["call"] = step.arguments["start"];
    seen_.push_back(StepSeen{.ms = Milliseconds(),
                             .kind = std::string(Name(StepKind::kAwait)),
                             .actor = step.actor,
                             .arguments = std::move(call)});
    return;
  }
  Seen seen = std::move(when_answered_.at(number));
  when_answered_.erase(number);
  if (auto* advance = std::get_if<AdvanceSeen>(&seen)) {
    if (!out.value("moved", false)) return;
    advance->ms = Milliseconds();
  } else if (auto* step = std::get_if<StepSeen>(&seen)) {
    step->ms = Milliseconds();
    // What came, and not what should have come.
    if (step->kind == Name(StepKind::kCompleted)) step->arguments.update(out);
    step->arguments.erase("completed");  // it is, if the numbers are there
  }
  seen_.push_back(std::move(seen));
}

void CaseWatcher::Took(const Step& step) {
  Json arguments = Json::object();
  for (const auto& [name, text] : step.arguments) arguments[name] = values_.Resolve(text);
  seen_.push_back(StepSeen{.ms = Milliseconds(),
                           .kind = std::string(Name(step.kind)),
                           .actor = step.actor,
                           .arguments = std::move(arguments)});
}

void CaseWatcher::Gone(const std::string& actor, const std::string& how) {
  if (there_.erase(actor) == 0) return;
  seen_.push_back(GoneSeen{.ms = Milliseconds(), .actor = actor, .how = how});
}

void CaseWatcher::AllGone(const std::string& how) {
  while (!there_.empty()) Gone(std::string(*there_.begin()), how);
}

const Step* CaseWatcher::StepOf(std::int64_t call) const {
  const auto found = calls_.find(call);
  return found == calls_.end() ? nullptr : found->second;
}

}  // namespace conform
