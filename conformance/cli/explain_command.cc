#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "conformance/cli/commands.h"
#include "conformance/rules/explain.h"
#include "conformance/runner/requirement.h"
#include "conformance/watch/check_list.h"

namespace conform {
namespace {

void ExplainStep(const Step& step, const Rules& rules) {
  std::cout << "  " << Describe(step);
  if (const std::string expected = DescribeExpectation(step); !expected.empty()) {
    std::cout << "  =>  " << expected;
  }
  std::cout << "\n";
  if (step.setting) return;
  const Requirement requirement = FindRequirement(rules, step.clause);
  std::cout << fmt::format("      check {}, {} ({}): {}\n", step.check, step.clause,
                           Name(requirement.provenance), requirement.text);
  if (step.clauses.size() > 1) {
    std::cout << fmt::format("      covers too: {}\n",
                             fmt::join(step.clauses.begin() + 1, step.clauses.end(), " "));
  }
}

void ExplainCase(const Case& one, const Rules& rules, const std::vector<std::string>& variants) {
  std::cout << fmt::format("{}\n  {}\n  {}:{}\n\nGoal\n  {}\n\n", one.id, one.title, one.place.file,
                           one.place.line, one.goal);
  std::cout << fmt::format("Face: {}; clock: {}; needs", Name(one.face),
                           one.virtual_clock ? "virtual" : "real");
  for (const Capability need : one.required) std::cout << " " << Name(need);
  if (!one.no_mutant.empty()) std::cout << "\nNo mutant: " << one.no_mutant;
  std::cout << "\n\nActors, each a process of its own\n";
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

// Whether a scenario can report a check of this name; "" asks for the scenario itself.
bool MakesCheck(const Case& one, const std::string& check) {
  if (check.empty() || check == "teardown" || check.rfind("setting.", 0) == 0) return true;
  return std::any_of(one.steps.begin(), one.steps.end(),
                     [&](const Step& step) { return step.check == check; });
}

// A case by its id; a scenario by its own; a check "scenario/check" as its scenario.
bool ExplainScenario(const Suite& suite, const Rules& rules, const std::string& query) {
  const size_t slash = query.find('/');
  const std::string id = query.substr(0, slash);
  const std::string check = slash == std::string::npos ? "" : query.substr(slash + 1);
  const Case* shown = suite.Find(id);
  std::vector<std::string> variants;
  for (const Case& one : suite.cases) {
    if (one.scenario != id) continue;
    variants.push_back(one.id);
    if (shown == nullptr) shown = &one;
  }
  if (shown == nullptr || !MakesCheck(*shown, check)) return false;
  ExplainCase(*shown, rules, variants);
  return true;
}

// The checks of the run itself.
std::string ExplainRunCheck(const std::string& query) {
  if (query == "runner/stable") {
    return "runner/stable: with --repeat, every repetition of a case ends alike: with the same "
           "outcome\n"
           "and the same failed checks.\n";
  }
  if (query == "waivers/unused") {
    return "waivers/unused: every entry of the file of waivers is needed by a case that ran. One "
           "that\n"
           "is not would hide the next failure; --fix-waivers removes it.\n";
  }
  if (query == "waivers/expired") {
    return "waivers/expired: every entry of the file of waivers is in force. Mend the failure, or "
           "decide\n"
           "anew until when it is tolerated.\n";
  }
  return {};
}

// What stands behind the checks that belong to no scenario.
std::string RuleBehind(const std::string& query) {
  const std::string codes = "documented-codes/";
  const std::string of_server = codes + "server.";
  if (query.rfind(of_server, 0) == 0) return query.substr(of_server.size());
  if (query.rfind(codes, 0) == 0) return query.substr(codes.size());
  if (query.rfind("outputs/", 0) == 0) return query.substr(8);
  if (query.rfind("oracle/", 0) == 0) {
    const size_t dot = query.find('.');  // oracle/client.GetCommand
    if (dot != std::string::npos) return query.substr(dot + 1);
  }
  return query.rfind("subject/", 0) == 0 || query == "harness/engine" ? "ABI-06" : query;
}

// Which checks stand for a clause, or call a method.
void ListChecks(const Suite& suite, const std::string& query) {
  std::set<std::string> lines;
  for (const Case& one : suite.cases) {
    for (const Step& step : one.steps) {
      if (step.setting) continue;
      const bool covers =
          std::find(step.clauses.begin(), step.clauses.end(), query) != step.clauses.end();
      if (covers || (step.method != nullptr && step.method->name == query)) {
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
  if (const std::string text = ExplainWatchCheck(arguments.query, rules); !text.empty()) {
    std::cout << text;
    return 0;
  }
  const Suite suite = LoadSuiteFrom(arguments.scenarios, rules);
  if (ExplainScenario(suite, rules, arguments.query)) return 0;
  if (const std::string text = ExplainRunCheck(arguments.query); !text.empty()) {
    std::cout << text;
    return 0;
  }
  const std::string rule = RuleBehind(arguments.query);
  const std::string text = Explain(rules, rule);
  if (!text.empty()) {
    std::cout << text;
    ListChecks(suite, rule);
    return 0;
  }
  std::cerr << fmt::format("vdi-conform: nothing is known about {}\n", arguments.query);
  const std::vector<std::string> near = Suggestions(rules, arguments.query);
  if (!near.empty()) std::cerr << fmt::format("Did you mean: {}\n", fmt::join(near, ", "));
  return kExitUsage;
}

}  // namespace conform
