#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "conformance/cli/commands.h"
#include "conformance/rules/explain.h"
#include "conformance/runner/requirement.h"

namespace conform {
namespace {

void ExplainStep(const Step& step, const Rules& rules) {
  std::cout << "  " << Describe(step);
  if (!step.accepted.empty() && step.start.empty()) {
    std::cout << "  =>  " << Describe(step.accepted);
  }
  std::cout << "\n";
  if (step.setting) return;
  const Requirement requirement = FindRequirement(rules, step.clause);
  std::cout << fmt::format("      check {}, {} ({}): {}\n", step.check, step.clause,
                           Name(requirement.provenance), requirement.text);
}

void ExplainCase(const Case& one, const Rules& rules, const std::vector<std::string>& variants) {
  std::cout << fmt::format("{}\n  {}\n  {}:{}\n\nGoal\n  {}\n\nActors, each a process of its own\n",
                           one.id, one.title, one.place.file, one.place.line, one.goal);
  for (const Actor& actor : one.actors) {
    std::cout << fmt::format("  {} ({} of set {})\n", actor.name, Name(actor.role), actor.set);
  }
  std::cout << "\nSteps\n";
  for (const Step& step : one.steps) ExplainStep(step, rules);
  if (variants.size() > 1) {
    std::cout << fmt::format("\nThe scenario has {} cases:\n", variants.size());
    for (const std::string& id : variants) std::cout << "  " << id << "\n";
  }
}

// A case by its id; a scenario by its own; a check "scenario/check" as its scenario.
bool ExplainScenario(const Suite& suite, const Rules& rules, const std::string& query) {
  const std::string id = query.substr(0, query.find('/'));
  const Case* shown = suite.Find(id);
  std::vector<std::string> variants;
  for (const Case& one : suite.cases) {
    if (one.scenario != id) continue;
    variants.push_back(one.id);
    if (shown == nullptr) shown = &one;
  }
  if (shown == nullptr) return false;
  ExplainCase(*shown, rules, variants);
  return true;
}

// Which checks stand for a clause, or call a method.
void ListChecks(const Suite& suite, const std::string& query) {
  std::set<std::string> lines;
  for (const Case& one : suite.cases) {
    for (const Step& step : one.steps) {
      if (step.setting) continue;
      if (step.clause == query || (step.method != nullptr && step.method->name == query)) {
        lines.insert(fmt::format("  {}/{}  ({})", one.scenario, step.check, step.clause));
      }
    }
  }
  if (lines.empty()) return;
  std::cout << "\nChecked by\n";
  for (const std::string& line : lines) std::cout << line << "\n";
}

}  // namespace

int ExplainCommand(const ExplainArguments& arguments) {
  const Rules rules = Rules::Embedded();
  const Suite suite = LoadSuiteFrom(arguments.scenarios, rules);
  if (ExplainScenario(suite, rules, arguments.query)) return 0;
  const std::string text = Explain(rules, arguments.query);
  if (!text.empty()) {
    std::cout << text;
    ListChecks(suite, arguments.query);
    return 0;
  }
  std::cerr << fmt::format("vdi-conform: nothing is known about {}\n", arguments.query);
  const std::vector<std::string> near = Suggestions(rules, arguments.query);
  if (!near.empty()) std::cerr << fmt::format("Did you mean: {}\n", fmt::join(near, ", "));
  return kExitUsage;
}

}  // namespace conform
