#include "conformance/scenario/step_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "conformance/scenario/expression.h"

namespace conform {
namespace {

const std::vector<std::string> kRelations = {"equals", "differs", "below", "above", "multiple-of"};

std::optional<StepKind> ParseKind(std::string_view name) {
  for (const StepKind kind :
       {StepKind::kCall, StepKind::kAwait, StepKind::kFill, StepKind::kBytes, StepKind::kAddress,
        StepKind::kValue, StepKind::kCompleted, StepKind::kKill, StepKind::kEnd}) {
    if (Name(kind) == name) return kind;
  }
  return std::nullopt;
}

// The attributes of each element besides those of a method. The first list must be there.
struct Shape {
  std::vector<std::string> required;
  std::vector<std::string> optional;
};

Shape ShapeOf(StepKind kind) {
  switch (kind) {
    case StepKind::kCall:
      return {{"actor", "method"},
              {"object", "expect", "check", "clause", "save", "into", "start"}};
    case StepKind::kAwait:
      return {{"call"}, {"expect", "check", "clause"}};
    case StepKind::kFill:
      return {{"actor", "buffer", "size", "pattern"}, {"offset"}};
    case StepKind::kBytes:
      return {{"actor", "buffer", "size", "pattern", "check", "clause"}, {"offset"}};
    case StepKind::kAddress:
      return {{"actor", "buffer", "save"}, {"offset"}};
    case StepKind::kValue: {
      Shape shape = {{"of", "check", "clause"}, kRelations};
      return shape;
    }
    case StepKind::kCompleted:
      return {{"actor", "command"}, {"completion", "bytes", "check", "clause"}};
    case StepKind::kKill:
    case StepKind::kEnd:
      return {{"actor"}, {}};
  }
  return {};
}

// Attributes that are the step's own members and not arguments.
bool IsMember(std::string_view attribute) {
  static const std::set<std::string_view> kMembers = {
      "actor", "method", "object", "expect", "check", "clause", "save", "into", "start"};
  return kMembers.contains(attribute);
}

std::optional<vdisim::HResult> ParseCode(const std::string& name, const Rules& rules) {
  if (name == "TRUE") return vdisim::HResult(1);
  if (name == "FALSE") return vdisim::HResult(0);
  vdisim::HResult code;
  if (vdisim::ParseHResultName(name, &code)) return code;
  const std::optional<uint32_t> value = rules.CodeValue(name);
  if (!value) return std::nullopt;
  return vdisim::HResult(static_cast<int32_t>(*value));
}

std::vector<vdisim::HResult> ReadAccepted(const Element& element, const Rules& rules) {
  std::vector<vdisim::HResult> accepted;
  for (const std::string& name : Words(element.Optional("expect", "NOERROR"))) {
    const auto code = ParseCode(name, rules);
    if (!code) {
      element.Fail(
          fmt::format("expect names \"{}\", expected codes such as NOERROR VD_E_INVALID", name));
    }
    accepted.push_back(*code);
  }
  if (accepted.empty()) element.Fail("expect is empty, expected a list of codes");
  return accepted;
}

// A step may only take what a document or a reading of one lets the method return.
void CheckAccepted(const Step& step, const MethodSpec& method, const Rules& rules) {
  const std::vector<const ReturnCode*> documented = rules.CodesOf(method.side, method.name);
  if (documented.empty()) return;  // in no document
  for (const vdisim::HResult code : step.accepted) {
    const auto value = static_cast<uint32_t>(code.value());
    bool known = rules.IsDocumented(method.side, method.name, value);
    for (const Rules::RulingOf& of : rules.RulingsOf(method.side, method.name)) {
      for (const std::string& name : of.ruling->accept) known |= rules.CodeValue(name) == value;
    }
    if (known) continue;
    std::string names;
    for (const ReturnCode* row : documented) names += (names.empty() ? "" : ", ") + row->code;
    FailAt(step.place, fmt::format("{} is no documented code of {}, expected some of: {}",
                                   code.ToString(), method.name, names));
  }
}

void CheckClause(const Element& element, const std::string& clause, const Rules& rules) {
  if (rules.FindClause(clause) != nullptr || rules.FindReturnCode(clause) != nullptr ||
      rules.FindReading(clause) != nullptr) {
    return;
  }
  element.Fail(
      fmt::format("unknown clause {}, expected the id of a rule such as C-MAP-01", clause));
}

// The clause that a call of the setting rests on: the row of its first code.
std::string DefaultClause(const MethodSpec& method, vdisim::HResult code, const Rules& rules) {
  const Platform platform = method.side == Side::kClient ? Platform::kLinux : Platform::kBoth;
  for (const ReturnCode* row : rules.CodesOf(method.side, method.name, platform)) {
    if (row->value == static_cast<uint32_t>(code.value())) return row->clause;
  }
  return {};
}

const MethodSpec& ReadMethod(const Element& element, const Actor& actor) {
  const std::string name = element.Required("method");
  const MethodSpec* method = FindMethodSpec(SideOf(actor.role), name);
  if (method != nullptr) return *method;
  std::string names;
  for (const MethodSpec& spec : AllMethodSpecs()) {
    if (spec.side == SideOf(actor.role)) names += fmt::format(" {}", spec.name);
  }
  element.Fail(fmt::format("{} {} has no method {}, expected one of:{}", Name(actor.role),
                           actor.name, name, names));
}

void ReadCall(const Element& element, const Actor& actor, Step* step) {
  step->method = &ReadMethod(element, actor);
  for (const ArgumentSpec& spec : step->method->arguments) {
    const std::string name(spec.name);
    if (element.Has(name.c_str())) {
      step->arguments[name] = element.Required(name.c_str());
    } else if (spec.kind == ArgumentKind::kSet) {
      step->arguments[name] = actor.set;
    } else if (spec.required) {
      element.Fail(fmt::format("{} needs the argument {}", step->method->name, name));
    }
  }
  if (!step->start.empty() && (element.Has("expect") || element.Has("check"))) {
    element.Fail(
        "a call that goes on is judged where it is awaited: expect and check belong there");
  }
  if (step->method->output == OutputKind::kNamed && step->into.empty()) {
    element.Fail(fmt::format("{} needs into=\"NAME\" for what it gives", step->method->name));
  }
  if (step->method->output != OutputKind::kNamed && !step->into.empty()) {
    element.Fail(fmt::format("{} gives nothing that into could name", step->method->name));
  }
  if (step->method->value.empty() && !step->save.empty()) {
    element.Fail(fmt::format("{} gives no value to save", step->method->name));
  }
}

void CheckAttributes(const Element& element, const Shape& shape, const Step& step) {
  std::vector<std::string> allowed = shape.required;
  allowed.insert(allowed.end(), shape.optional.begin(), shape.optional.end());
  if (step.method != nullptr) {
    for (const ArgumentSpec& spec : step.method->arguments) allowed.emplace_back(spec.name);
  }
  element.AllowOnly(allowed);
  for (const std::string& name : shape.required) (void)element.Required(name.c_str());
}

}  // namespace

Step ReadStep(const Element& element, const std::vector<Actor>& actors, const Rules& rules) {
  const std::optional<StepKind> kind = ParseKind(element.name());
  if (!kind) {
    element.Fail(
        fmt::format("<{}> is no step, expected call, await, fill, bytes, address, value, "
                    "completed, kill, end, use or repeat",
                    element.name()));
  }
  Step step;
  step.kind = *kind;
  step.place = element.place();
  step.actor = element.Optional("actor");
  step.object = element.Optional("object", "set");
  step.save = element.Optional("save");
  step.into = element.Optional("into");
  step.start = element.Optional("start");
  step.check = element.Optional("check");
  step.clause = element.Optional("clause");
  step.setting = step.check.empty();

  if (!step.actor.empty()) {
    const auto actor = std::find_if(actors.begin(), actors.end(),
                                    [&](const Actor& one) { return one.name == step.actor; });
    if (actor == actors.end()) {
      element.Fail(
          fmt::format("no actor is called {}, expected an <actor> of the scenario or of a "
                      "fixture used before",
                      step.actor));
    }
    if (*kind == StepKind::kCall) ReadCall(element, *actor, &step);
    if (*kind == StepKind::kCompleted && actor->role != Role::kEngine) {
      element.Fail("<completed> asks the completion agent, expected an actor of role engine");
    }
  }
  CheckAttributes(element, ShapeOf(*kind), step);
  if (*kind != StepKind::kCall) {
    for (const pugi::xml_attribute attribute : element.node().attributes()) {
      if (!IsMember(attribute.name())) {
        step.arguments[attribute.name()] = element.Required(attribute.name());
      }
    }
  }
  if (*kind == StepKind::kCall || *kind == StepKind::kAwait) {
    step.accepted = ReadAccepted(element, rules);
  }
  if (*kind == StepKind::kCall) {
    CheckAccepted(step, *step.method, rules);
    if (step.clause.empty()) {
      step.clause = DefaultClause(*step.method, step.accepted.front(), rules);
    }
  }
  if (*kind == StepKind::kValue && step.arguments.size() != 2) {
    element.Fail(fmt::format("<value> needs exactly one of: {}", fmt::join(kRelations, ", ")));
  }
  if (!step.check.empty()) {
    if (!IsId(step.check)) {
      element.Fail(
          fmt::format("check=\"{}\", expected small letters, digits and hyphens", step.check));
    }
    if (step.clause.empty()) element.Fail("a check needs the clause that it stands for");
  }
  if (!step.clause.empty()) CheckClause(element, step.clause, rules);
  return step;
}

void CheckSteps(Case* one, const Rules& rules) {
  std::set<std::string> values;
  std::set<std::string> names = {};  // "actor/name" of buffers and commands
  std::set<std::string> checks;
  std::map<std::string, const Step*> started;
  const auto fail = [](const Step& step, const std::string& message) {
    FailAt(step.place, message);
  };
  for (Step& step : one->steps) {
    for (const auto& [argument, text] : step.arguments) {
      for (const std::string& reference : References(text)) {
        const std::string value = reference.substr(0, reference.find('.'));
        if (!values.contains(value)) {
          fail(step,
               fmt::format("${{{}}} is neither a parameter nor a value saved before", reference));
        }
      }
    }
    if (step.kind == StepKind::kAwait) {
      const auto call = started.find(step.arguments["call"]);
      if (call == started.end()) {
        fail(step, fmt::format("no call goes on as {}, expected a call with start=\"{}\" before",
                               step.arguments["call"], step.arguments["call"]));
      }
      step.actor = call->second->actor;
      CheckAccepted(step, *call->second->method, rules);
      if (step.clause.empty()) {
        step.clause = DefaultClause(*call->second->method, step.accepted.front(), rules);
      }
      step.method = call->second->method;
      step.into = call->second->into;
      step.save = call->second->save;
      started.erase(call);
    }
    const auto buffer = step.arguments.find("buffer");
    if (buffer != step.arguments.end() && buffer->second != "null" && buffer->second != "foreign" &&
        !names.contains(step.actor + "/" + buffer->second)) {
      fail(step, fmt::format("{} knows no buffer {}, expected null, foreign, or the name that an "
                             "earlier step of this actor gave it by into",
                             step.actor, buffer->second));
    }
    const auto command = step.arguments.find("command");
    const bool sends = step.method != nullptr && step.method->name == "SendCommand";
    if (command != step.arguments.end() && !sends &&
        !names.contains(step.actor + "/" + command->second)) {
      fail(step, fmt::format("{} knows no command {}", step.actor, command->second));
    }
    if (!step.into.empty() && step.start.empty()) names.insert(step.actor + "/" + step.into);
    if (!step.save.empty() && step.start.empty()) values.insert(step.save);
    if (!step.start.empty()) started[step.start] = &step;
    if (!step.check.empty() && !checks.insert(step.check).second) {
      fail(step, fmt::format("the check {} stands here twice", step.check));
    }
  }
}

}  // namespace conform
