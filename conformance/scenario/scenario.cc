#include "conformance/scenario/scenario.h"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/base/check.h"

namespace conform {
namespace {

void AddOnce(std::vector<std::string>* list, std::string_view text) {
  if (std::find(list->begin(), list->end(), text) == list->end()) list->emplace_back(text);
}

}  // namespace

std::string_view Name(Role role) {
  switch (role) {
    case Role::kPrimary:
      return "primary";
    case Role::kSecondary:
      return "secondary";
    case Role::kEngine:
      return "engine";
    case Role::kSqlServer:
      return "sql-server";
  }
  return "";
}

std::string_view Name(StepKind kind) {
  switch (kind) {
    case StepKind::kCall:
      return "call";
    case StepKind::kAwait:
      return "await";
    case StepKind::kFill:
      return "fill";
    case StepKind::kBytes:
      return "bytes";
    case StepKind::kAddress:
      return "address";
    case StepKind::kValue:
      return "value";
    case StepKind::kCompleted:
      return "completed";
    case StepKind::kKill:
      return "kill";
    case StepKind::kEnd:
      return "end";
    case StepKind::kAdvance:
      return "advance";
    case StepKind::kRelease:
      return "release";
    case StepKind::kSql:
      return "sql";
    case StepKind::kServe:
      return "serve";
  }
  return "";
}

const Actor& Case::FindActor(std::string_view name) const {
  const auto found = std::find_if(actors.begin(), actors.end(),
                                  [&](const Actor& actor) { return actor.name == name; });
  VDI_CHECK(found != actors.end(), "the loader checks the names of actors");
  return *found;
}

std::vector<std::string> Case::Clauses() const {
  std::vector<std::string> clauses;
  for (const Step& step : steps) {
    if (step.setting) continue;
    if (!step.clause.empty()) AddOnce(&clauses, step.clause);
    for (const std::string& clause : step.clauses) AddOnce(&clauses, clause);
  }
  for (const std::string& clause : covers) AddOnce(&clauses, clause);
  return clauses;
}

std::vector<std::string> Case::Methods() const {
  std::vector<std::string> methods;
  for (const Step& step : steps) {
    if (step.method != nullptr) AddOnce(&methods, step.method->name);
  }
  return methods;
}

const Case* Suite::Find(std::string_view id) const {
  const auto found =
      std::find_if(cases.begin(), cases.end(), [&](const Case& one) { return one.id == id; });
  return found == cases.end() ? nullptr : &*found;
}

std::string Describe(const Step& step) {
  std::string text;
  if (!step.actor.empty()) text = step.actor + ": ";
  text +=
      step.kind == StepKind::kCall ? std::string(step.method->name) : std::string(Name(step.kind));
  for (const auto& [name, value] : step.arguments) text += fmt::format(" {}={}", name, value);
  if (!step.object.empty() && step.object != "set") text += " object=" + step.object;
  if (!step.into.empty()) text += " into " + step.into;
  if (!step.save.empty()) text += " saved as " + step.save;
  if (!step.start.empty()) text += " (goes on as " + step.start + ")";
  return text;
}

// A truth value that travels as a status (S-ISB-20).
std::string NameOfCode(const MethodSpec* method, vdisim::HResult code) {
  if (method != nullptr && method->name == "IsSharedBuffer") {
    if (code.value() == 0) return "FALSE";
    if (code.value() == 1) return "TRUE";
  }
  return code.ToString();
}

std::string Describe(const MethodSpec* method, const std::vector<vdisim::HResult>& accepted) {
  std::string text;
  for (const vdisim::HResult code : accepted) {
    if (!text.empty()) text += " or ";
    text += NameOfCode(method, code);
  }
  return text;
}

std::string DescribeExpectation(const Step& step) {
  if (!step.start.empty()) return {};
  if (step.outcome.empty()) return Describe(step.method, step.accepted);
  if (step.messages.empty()) return step.outcome;
  return fmt::format("{} with message {}", step.outcome, fmt::join(step.messages, ", "));
}

}  // namespace conform
