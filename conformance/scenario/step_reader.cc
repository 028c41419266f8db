#include "conformance/scenario/step_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "conformance/rules/explain.h"
#include "conformance/scenario/expression.h"
#include "conformance/scenario/step_checks.h"

namespace conform {
namespace {

const std::vector<std::string> kRelations = {"equals", "differs", "below", "above", "multiple-of"};

std::optional<StepKind> ParseKind(std::string_view name) {
  for (const StepKind kind :
       {StepKind::kCall, StepKind::kAwait, StepKind::kFill, StepKind::kBytes, StepKind::kAddress,
        StepKind::kValue, StepKind::kCompleted, StepKind::kKill, StepKind::kEnd, StepKind::kAdvance,
        StepKind::kRelease, StepKind::kSql, StepKind::kServe}) {
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
      return {{"call"}, {"expect", "messages", "check", "clause"}};
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
      return {{"actor", "command"}, {"completion", "bytes", "position", "check", "clause"}};
    case StepKind::kKill:
    case StepKind::kEnd:
      return {{"actor"}, {}};
    case StepKind::kAdvance:
      return {{"actor", "ms"}, {"waiting", "check", "clause"}};
    case StepKind::kRelease:
      return {{"actor"}, {"object", "device"}};
    case StepKind::kSql:
      return {{"actor", "statement"},
              {"database", "expect", "messages", "start", "check", "clause"}};
    case StepKind::kServe:
      return {{"actor", "device"},
              {"object", "keep", "replay", "commands", "expect", "start", "check", "clause"}};
  }
  return {};
}

// Attributes that are the step's own members and not arguments.
bool IsMember(std::string_view attribute) {
  static const std::set<std::string_view> kMembers = {"actor",    "method", "object", "expect",
                                                      "messages", "check",  "clause", "save",
                                                      "into",     "start"};
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

std::vector<vdisim::HResult> ReadAccepted(const Element& element, const char* otherwise,
                                          const Rules& rules) {
  std::vector<vdisim::HResult> accepted;
  for (const std::string& name : Words(element.Optional("expect", otherwise))) {
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

bool IsOutcome(std::string_view text) { return text == "success" || text == "failure"; }

// What a statement must end as, and the messages that must come.
void ReadOutcome(const Element& element, Step* step) {
  if (element.Has("expect")) step->outcome = element.Required("expect");
  if (step->kind == StepKind::kSql && step->start.empty() && step->outcome.empty()) {
    step->outcome = "success";
  }
  if (!step->outcome.empty() && !IsOutcome(step->outcome)) {
    element.Fail(fmt::format("expect=\"{}\", expected success or failure", step->outcome));
  }
  for (const std::string& word : Words(element.Optional("messages"))) {
    const std::optional<int64_t> number = Evaluate(word);
    if (!number || *number <= 0) {
      element.Fail(fmt::format("messages names \"{}\", expected numbers such as 3013", word));
    }
    step->messages.push_back(static_cast<int>(*number));
  }
}

void CheckClause(const Element& element, const std::string& clause, const Rules& rules) {
  if (rules.FindClause(clause) != nullptr || rules.FindReturnCode(clause) != nullptr ||
      rules.FindReading(clause) != nullptr) {
    return;
  }
  element.Fail(fmt::format("unknown clause {}, expected the id of a rule such as C-MAP-01{}",
                           clause, DidYouMean(clause, Suggestions(rules, clause))));
}

const MethodSpec& ReadMethod(const Element& element, const Actor& actor, Face face) {
  const std::string name = element.Required("method");
  const auto there = [&](const MethodSpec& spec) {
    return spec.side == SideOf(actor.role) && (!spec.face || *spec.face == face);
  };
  std::vector<std::string> names;
  for (const MethodSpec& spec : AllMethodSpecs()) {
    if (!there(spec)) continue;
    if (spec.name == name) return spec;
    names.emplace_back(spec.name);
  }
  element.Fail(fmt::format("{} {} has no method {} on the {} face, expected one of: {}{}",
                           Name(actor.role), actor.name, name, Name(face), fmt::join(names, " "),
                           DidYouMean(name, names)));
}

void CheckText(const Element& element, const ArgumentSpec& spec, const std::string& text) {
  if (spec.kind != ArgumentKind::kNull || text == "null") return;
  element.Fail(fmt::format("{}=\"{}\", expected null, for a NULL pointer, or no such attribute",
                           spec.name, text));
}

void ReadCall(const Element& element, const Actor& actor, Face face, Step* step) {
  step->method = &ReadMethod(element, actor, face);
  for (const ArgumentSpec& spec : step->method->arguments) {
    const std::string name(spec.name);
    if (element.Has(name.c_str())) {
      step->arguments[name] = element.Optional(name.c_str());
      if (spec.kind != ArgumentKind::kText) (void)element.Required(name.c_str());
      CheckText(element, spec, step->arguments[name]);
    } else if (spec.kind == ArgumentKind::kSet) {
      step->arguments[name] = actor.set;
    } else if (spec.required && !(name == "devices" && element.Has("configuration"))) {
      element.Fail(fmt::format("{} needs the argument {}", step->method->name, name));
    }
  }
  if (step->method->output != OutputKind::kNamed && !step->into.empty()) {
    element.Fail(fmt::format("{} gives nothing that into could name", step->method->name));
  }
  if (step->method->value.empty() && !step->save.empty()) {
    element.Fail(fmt::format("{} gives no value to save", step->method->name));
  }
}

// What the call gives needs a name, unless it can give nothing.
void CheckNames(const Element& element, const Step& step) {
  const bool gives = !step.start.empty() || std::find(step.accepted.begin(), step.accepted.end(),
                                                      vdisim::kOk) != step.accepted.end();
  const bool asked = step.method->output == OutputKind::kNamed && !step.arguments.contains("out");
  if (asked && gives && step.into.empty()) {
    element.Fail(fmt::format("{} needs into=\"NAME\" for what it gives", step.method->name));
  }
  if (step.method->name == "IsSharedBuffer" && step.start.empty() && !element.Has("expect")) {
    element.Fail("IsSharedBuffer answers a truth value, expected expect=\"TRUE\" or \"FALSE\"");
  }
}

void CheckRole(const Element& element, StepKind kind, Role role, const Case& one) {
  if (kind == StepKind::kCompleted && role != Role::kEngine) {
    element.Fail("<completed> asks the completion agent, expected an actor of role engine");
  }
  if (kind == StepKind::kAdvance && role != Role::kEngine) {
    element.Fail("<advance> moves the clock of a set, expected an actor of role engine");
  }
  if (kind == StepKind::kAdvance && !one.virtual_clock) {
    element.Fail("<advance> in real time, expected clock=\"virtual\" at the scenario");
  }
  if ((kind == StepKind::kSql) != (role == Role::kSqlServer) && kind != StepKind::kKill &&
      kind != StepKind::kEnd) {
    element.Fail(kind == StepKind::kSql
                     ? "<sql> is for an actor of role sql-server"
                     : "an actor of role sql-server takes <sql>, <kill> and <end>");
  }
  if (kind == StepKind::kServe && SideOf(role) != Side::kClient) {
    element.Fail("<serve> completes commands, expected an actor of a client's role");
  }
  if (kind == StepKind::kRelease && SideOf(role) != Side::kClient) {
    element.Fail("<release> gives objects of a client back, expected an actor of a client's role");
  }
}

void CheckAttributes(const Element& element, const Shape& shape, const Step& step) {
  std::vector<std::string> allowed = shape.required;
  allowed.insert(allowed.end(), shape.optional.begin(), shape.optional.end());
  if (step.kind == StepKind::kCall) {
    for (const ArgumentSpec& spec : step.method->arguments) allowed.emplace_back(spec.name);
  }
  element.AllowOnly(allowed);
  for (const std::string& name : shape.required) (void)element.Required(name.c_str());
}

}  // namespace

Step ReadStep(const Element& element, const Case& one, const Rules& rules) {
  const std::optional<StepKind> kind = ParseKind(element.name());
  if (!kind) {
    element.Fail(
        fmt::format("<{}> is no step, expected call, await, fill, bytes, address, value, "
                    "completed, kill, end, advance, release, sql, serve, use or repeat",
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
  step.clauses = Words(element.Optional("clause"));
  if (!step.clauses.empty()) step.clause = step.clauses.front();
  step.setting = step.check.empty();

  if (!step.actor.empty()) {
    const auto actor = std::find_if(one.actors.begin(), one.actors.end(),
                                    [&](const Actor& each) { return each.name == step.actor; });
    if (actor == one.actors.end()) {
      std::vector<std::string> names;
      for (const Actor& each : one.actors) names.push_back(each.name);
      element.Fail(
          fmt::format("no actor is called {}, expected an <actor> of the scenario or of a "
                      "fixture used before{}",
                      step.actor, DidYouMean(step.actor, names)));
    }
    CheckRole(element, *kind, actor->role, one);
    if (*kind == StepKind::kCall) ReadCall(element, *actor, one.face, &step);
  }
  CheckAttributes(element, ShapeOf(*kind), step);
  if (*kind != StepKind::kCall) {
    for (const std::string& attribute : element.Attributes()) {
      if (!IsMember(attribute)) step.arguments[attribute] = element.Required(attribute.c_str());
    }
  }
  if (!step.start.empty() &&
      (element.Has("expect") || element.Has("messages") || element.Has("check"))) {
    element.Fail(
        "a call that goes on is judged where it is awaited: expect and check belong there");
  }
  // What an <await> without them takes is decided by what it awaits.
  const bool awaits = *kind == StepKind::kAwait;
  if (*kind == StepKind::kSql ||
      (awaits && (element.Has("messages") || IsOutcome(element.Optional("expect"))))) {
    ReadOutcome(element, &step);
  } else if (*kind == StepKind::kCall || (awaits && element.Has("expect"))) {
    step.accepted = ReadAccepted(element, "NOERROR", rules);
  } else if (*kind == StepKind::kServe) {
    step.method = FindMethodSpec(Side::kClient, "GetCommand");
    const char* otherwise = element.Has("commands") ? "NOERROR" : "VD_E_CLOSE";
    step.accepted = ReadAccepted(element, otherwise, rules);
    CheckAccepted(step, *step.method, one.face, rules);
  }
  if (*kind == StepKind::kCall) {
    CheckNames(element, step);
    CheckAccepted(step, *step.method, one.face, rules);
    if (step.clause.empty()) {
      step.clause = DefaultClause(*step.method, step.accepted.front(), one.face, rules);
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
  for (const std::string& clause : step.clauses) CheckClause(element, clause, rules);
  return step;
}

}  // namespace conform
