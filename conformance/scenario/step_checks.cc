#include "conformance/scenario/step_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "conformance/scenario/element.h"
#include "conformance/scenario/expression.h"

namespace conform {
namespace {

Platform PlatformFor(const MethodSpec& method, Face face) {
  return method.side == Side::kClient ? PlatformOf(face) : Platform::kBoth;
}

bool MaySucceed(const Step& step) {
  return std::find(step.accepted.begin(), step.accepted.end(), vdisim::kOk) != step.accepted.end();
}

bool IsCall(const Step& step, std::string_view method) {
  return step.method != nullptr && step.method->name == method;
}

// What earlier steps have made.
class Checker {
 public:
  Checker(Case* one, const Rules& rules) : case_(*one), rules_(rules) {}

  void Check() {
    for (Step& step : case_.steps) {
      CheckReferences(step);
      CheckSet(step);
      if (step.kind == StepKind::kAwait) TakeStartedCall(&step);
      CheckBuffer(step);
      CheckCommand(step);
      CheckDevice(step);
      CheckMedium(step);
      CheckRawName(step);
      Note(step);
    }
  }

 private:
  [[noreturn]] static void Fail(const Step& step, const std::string& message) {
    FailAt(step.place, message);
  }

  void CheckReferences(const Step& step) const {
    for (const auto& [argument, text] : step.arguments) {
      for (const std::string& reference : References(text)) {
        if (reference.starts_with("set:")) {
          CheckSetName(step, reference.substr(4));
        } else if (reference.starts_with("text:")) {
          if (!RepeatedText(reference)) {
            Fail(step, fmt::format("${{{}}}, expected such as ${{text:x*200}}", reference));
          }
        } else if (!values_.contains(reference.substr(0, reference.find('.')))) {
          Fail(step, fmt::format("${{{}}} is neither a parameter nor a value saved before{}",
                                 reference, DidYouMean(reference, Words(values_))));
        }
      }
    }
  }

  void CheckSetName(const Step& step, const std::string& set) const {
    if (std::find(case_.sets.begin(), case_.sets.end(), set) != case_.sets.end()) return;
    Fail(step, fmt::format("no actor has a set {}, expected one of: {}", set,
                           fmt::join(case_.sets, ", ")));
  }

  void CheckSet(const Step& step) const {
    const auto set = step.arguments.find("set");
    if (step.kind == StepKind::kCall && set != step.arguments.end()) {
      CheckSetName(step, set->second);
    }
  }

  void TakeStartedCall(Step* step) {
    const std::string& name = step->arguments["call"];
    const auto found = started_.find(name);
    if (found == started_.end()) {
      Fail(*step, fmt::format("no call goes on as {}, expected a call with start=\"{}\" before",
                              name, name));
    }
    const Step& call = *found->second;
    step->actor = call.actor;
    step->method = call.method;
    step->object = call.object;
    step->into = call.into;
    step->save = call.save;
    if (call.kind == StepKind::kSql) return TakeStatement(step);
    if (!step->outcome.empty() || !step->messages.empty()) {
      Fail(*step,
           fmt::format("{} is no statement, expected codes in expect, and no messages", name));
    }
    if (step->accepted.empty()) {
      const bool closes = call.kind == StepKind::kServe && !call.arguments.contains("commands");
      step->accepted = {closes ? vdisim::kClose : vdisim::kOk};
    }
    if (call.arguments.contains("keep")) {
      media_.insert(call.actor + "/" + call.arguments.at("keep"));
    }
    const auto device = call.arguments.find("device");
    if (device != call.arguments.end()) awaited_device_ = device->second;
    CheckAccepted(*step, *call.method, case_.face, rules_);
    if (step->clause.empty()) {
      step->clause = DefaultClause(*call.method, step->accepted.front(), case_.face, rules_);
    }
    started_.erase(found);
  }

  void TakeStatement(Step* step) {
    if (!step->accepted.empty()) {
      Fail(*step, "a statement gives no code, expected expect=\"success\" or \"failure\"");
    }
    if (step->outcome.empty()) step->outcome = "success";
    started_.erase(step->arguments["call"]);
  }

  void CheckMedium(const Step& step) const {
    const auto replay = step.arguments.find("replay");
    if (replay == step.arguments.end() || media_.contains(step.actor + "/" + replay->second))
      return;
    Fail(step,
         fmt::format("{} has no medium {}, expected a <serve keep=\"{}\"> of this actor before",
                     step.actor, replay->second, replay->second));
  }

  void CheckBuffer(const Step& step) const {
    const auto buffer = step.arguments.find("buffer");
    if (buffer == step.arguments.end() || buffer->second == "null" || buffer->second == "foreign") {
      return;
    }
    if (names_.contains(step.actor + "/" + buffer->second)) return;
    Fail(step, fmt::format("{} knows no buffer {}, expected null, foreign, or the name that an "
                           "earlier step of this actor, one that may succeed, gave it by into{}",
                           step.actor, buffer->second, DidYouMean(buffer->second, Known(step))));
  }

  void CheckCommand(const Step& step) const {
    const auto command = step.arguments.find("command");
    if (command == step.arguments.end() || IsCall(step, "SendCommand")) return;
    std::string name = command->second;
    if (step.kind == StepKind::kCall) {
      if (name == "null" || name == "foreign") return;
      if (name.starts_with("copy:")) name.erase(0, 5);
    }
    if (names_.contains(step.actor + "/" + name)) return;
    Fail(step, fmt::format("{} knows no command {}, expected {} by into{}", step.actor, name,
                           step.kind == StepKind::kCall
                               ? "null, foreign, or the name, or copy: and the name, that an "
                                 "earlier GetCommand of this actor gave it"
                               : "the name that an earlier SendCommand of this actor gave it",
                           DidYouMean(name, Known(step))));
  }

  // A device has a name in its process from the OpenDevice on that may have succeeded.
  void CheckDevice(const Step& step) {
    std::string text;
    if (const auto device = step.arguments.find("device"); device != step.arguments.end()) {
      text = device->second;
    } else if (step.kind == StepKind::kAwait) {
      text = std::exchange(awaited_device_, {});
    }
    const std::optional<int64_t> number = text.empty() ? std::nullopt : Evaluate(text);
    if (!number) return;
    const std::string name = fmt::format("{}/{}/{}", step.actor, step.object, *number);
    if (IsCall(step, "OpenDevice")) {
      if (step.start.empty() && MaySucceed(step)) devices_.insert(name);
      return;
    }
    if (step.kind == StepKind::kAwait || devices_.contains(name)) {
      if (step.kind == StepKind::kRelease) devices_.erase(name);
      return;
    }
    Fail(step, fmt::format("{} has no device {} of its object {}, expected an OpenDevice before "
                           "that may succeed",
                           step.actor, *number, step.object));
  }

  // Any number of runs go side by side, so sets have names of their own.
  static void CheckRawName(const Step& step) {
    const auto name = step.arguments.find("name");
    if (step.kind != StepKind::kCall || name == step.arguments.end() || !MaySucceed(step)) return;
    if (!IsCall(step, "Create") && !IsCall(step, "CreateEx")) return;
    if (name->second.find("${set:") != std::string::npos) return;
    Fail(step,
         fmt::format("a set called \"{}\" may meet that of another run, expected ${{set:NAME}} "
                     "in it, or no NOERROR in expect",
                     name->second));
  }

  void Note(const Step& step) {
    // Where objects are not counted, a set takes its devices along.
    const bool releases_set = step.kind == StepKind::kRelease && !step.arguments.contains("device");
    if (releases_set && case_.face == Face::kLinux) {
      const std::string gone = fmt::format("{}/{}/", step.actor, step.object);
      std::erase_if(devices_, [&](const std::string& name) { return name.starts_with(gone); });
    }
    const bool goes_on = !step.start.empty();
    // A command that was refused has run its routine all the same, which <completed> reports.
    const bool gives = MaySucceed(step) || IsCall(step, "SendCommand");
    if (!step.into.empty() && !goes_on && gives) names_.insert(step.actor + "/" + step.into);
    if (!step.save.empty() && !goes_on) values_.insert(step.save);
    if (goes_on) started_[step.start] = &step;
    const auto kept = step.arguments.find("keep");
    if (kept != step.arguments.end() && !goes_on) media_.insert(step.actor + "/" + kept->second);
    if (!step.check.empty() && !checks_.insert(step.check).second) {
      Fail(step, fmt::format("the check {} stands here twice", step.check));
    }
  }

  static std::vector<std::string> Words(const std::set<std::string>& set) {
    return {set.begin(), set.end()};
  }
  std::vector<std::string> Known(const Step& step) const {
    std::vector<std::string> known;
    for (const std::string& name : names_) {
      if (name.starts_with(step.actor + "/")) known.push_back(name.substr(step.actor.size() + 1));
    }
    return known;
  }

  Case& case_;
  const Rules& rules_;
  std::set<std::string> values_;
  std::set<std::string> names_;    // "actor/name" of buffers and commands
  std::set<std::string> devices_;  // "actor/object/number"
  std::set<std::string> media_;    // "actor/name"
  std::set<std::string> checks_;
  std::map<std::string, const Step*> started_;
  std::string awaited_device_;
};

}  // namespace

void CheckAccepted(const Step& step, const MethodSpec& method, Face face, const Rules& rules) {
  const Platform platform = PlatformFor(method, face);
  const std::vector<const ReturnCode*> documented =
      rules.CodesOf(method.side, method.name, platform);
  if (documented.empty()) return;  // in no document
  for (const vdisim::HResult code : step.accepted) {
    const auto value = static_cast<uint32_t>(code.value());
    bool known = rules.IsDocumented(method.side, method.name, value, platform);
    for (const Rules::RulingOf& of : rules.RulingsOf(method.side, method.name)) {
      if (!AppliesTo(of.ruling->platform, platform)) continue;
      for (const std::string& name : of.ruling->accept) known |= rules.CodeValue(name) == value;
    }
    if (known) continue;
    std::string names;
    for (const ReturnCode* row : documented) names += (names.empty() ? "" : ", ") + row->code;
    FailAt(step.place, fmt::format("{} is no documented code of {} on the {} face, expected some "
                                   "of: {}",
                                   NameOfCode(&method, code), method.name, Name(face), names));
  }
}

std::string DefaultClause(const MethodSpec& method, vdisim::HResult code, Face face,
                          const Rules& rules) {
  for (const ReturnCode* row : rules.CodesOf(method.side, method.name, PlatformFor(method, face))) {
    if (row->value == static_cast<uint32_t>(code.value())) return row->clause;
  }
  return {};
}

void CheckSteps(Case* one, const Rules& rules) { Checker(one, rules).Check(); }

}  // namespace conform
