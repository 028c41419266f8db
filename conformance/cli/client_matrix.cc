#include "conformance/cli/client_matrix.h"

#include <fmt/format.h>

#include <algorithm>

namespace conform {
namespace {

using Findings = std::map<std::string, std::vector<std::string>>;

bool Shows(const Findings& findings, const std::string& scenario, const std::string& check) {
  return std::any_of(findings.begin(), findings.end(), [&](const auto& one) {
    const bool is_there = one.first == scenario || one.first.rfind(scenario + ".", 0) == 0;
    return is_there && std::count(one.second.begin(), one.second.end(), check) > 0;
  });
}

std::string Code(const std::string& text) { return "`" + text + "`"; }

// The first few of them.
std::string Listed(const std::vector<std::string>& words, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), most); ++i) {
    text += (i == 0 ? "" : ", ") + words[i];
  }
  if (words.size() > most) text += fmt::format(" and {} more", words.size() - most);
  return text;
}

// By bug the scenarios that catch it, and by scenario the bugs.
struct Kills {
  std::map<std::string, std::set<std::string>> scenarios;
  std::map<std::string, std::set<std::string>> bugs;
};

Kills KillsOf(const ClientMatrix& matrix) {
  Kills kills;
  for (const auto& [bug, verdict] : matrix.verdicts) {
    for (const auto& [scenario, checks] : CatchesOf(matrix, verdict)) {
      kills.scenarios[bug].insert(scenario);
      kills.bugs[scenario].insert(bug);
    }
  }
  return kills;
}

std::string Introduction(const ClientMatrix& matrix) {
  const std::size_t measured = matrix.verdicts.size();
  std::vector<std::string> survivors;
  for (const ClientBug& bug : matrix.bugs) {
    const auto verdict = matrix.verdicts.find(bug.name);
    if (verdict != matrix.verdicts.end() && !IsCaught(bug, verdict->second)) {
      survivors.push_back(bug.name);
    }
  }
  std::string text = fmt::format(
      "# What the judge of client programs catches\n\n"
      "{} programs with one mistake each: a correct backup program, changed in one place. Each was "
      "started\nas any program is, by `vdi-conform run --client`, in {}.\n"
      "A mistake is caught when a check fails, or warns where no document demands what it asks\n"
      "(`vdi-conform explain CHECK`). Names of scenarios stand for all their rows.\n\n",
      matrix.bugs.size(),
      matrix.everything
          ? fmt::format("those of the {} scenarios that it is able to run", matrix.scenarios.size())
          : "the scenarios that its entry in `client_bugs.xml` names");
  text += fmt::format("**{} of {} are caught by the check that is there for them.**",
                      measured - survivors.size(), matrix.bugs.size());
  if (!survivors.empty()) text += " Not caught: " + Listed(survivors, survivors.size()) + ".";
  if (measured < matrix.bugs.size()) {
    text += fmt::format(" {} are not measured yet.", matrix.bugs.size() - measured);
  }
  return text + "\n\n";
}

std::string Mistakes(const ClientMatrix& matrix, const Kills& kills) {
  constexpr std::size_t kShown = 6;
  std::string text =
      "## Mistakes\n\n"
      "| Program | What is wrong with it | Check that catches it | in the scenario | "
      "Other scenarios that catch it |\n|---|---|---|---|---|\n";
  for (const ClientBug& bug : matrix.bugs) {
    const auto verdict = matrix.verdicts.find(bug.name);
    if (verdict == matrix.verdicts.end()) continue;
    std::set<std::string> own;
    for (const std::string& one : bug.scenarios)
      own.insert(ClientScenarioOf(matrix.scenarios, one));
    std::vector<std::string> others;
    const auto found = kills.scenarios.find(bug.name);
    if (found != kills.scenarios.end()) {
      for (const std::string& one : found->second) {
        if (own.count(one) == 0) others.push_back(Code(one));
      }
    }
    std::vector<std::string> places;
    for (const std::string& one : bug.scenarios) places.push_back(Code(one));
    text += fmt::format("| {} | {} | {}{} | {} | {} |\n", bug.name, bug.title, Code(bug.check),
                        IsCaught(bug, verdict->second) ? "" : " **did not catch it**",
                        Listed(places, places.size()), Listed(others, kShown));
  }
  return text;
}

std::string Scenarios(const ClientMatrix& matrix, const Kills& kills) {
  constexpr std::size_t kShown = 8;
  std::string text =
      "\n## Scenarios\n\n"
      "How many of the mistakes each catches, how many of these no other scenario does, and which, "
      "the rarest\nfirst.\n\n"
      "| Scenario | Catches | It alone | Mistakes |\n|---|---|---|---|\n";
  std::vector<std::string> idle;
  for (const auto& [scenario, no_bug] : matrix.scenarios) {
    const auto found = kills.bugs.find(scenario);
    if (found == kills.bugs.end()) {
      idle.push_back(fmt::format("- {}: {}\n", Code(scenario),
                                 no_bug.empty() ? "no reason is given" : no_bug));
      continue;
    }
    std::vector<std::string> bugs(found->second.begin(), found->second.end());
    const auto scenarios_of = [&](const std::string& bug) {
      return kills.scenarios.at(bug).size();
    };
    std::stable_sort(bugs.begin(), bugs.end(), [&](const auto& a, const auto& b) {
      return scenarios_of(a) < scenarios_of(b);
    });
    const auto alone = std::count_if(bugs.begin(), bugs.end(),
                                     [&](const auto& bug) { return scenarios_of(bug) == 1; });
    text += fmt::format("| {} | {} | {} | {} |\n", Code(scenario), bugs.size(), alone,
                        Listed(bugs, kShown));
  }
  text += "\n## Scenarios that catch nothing\n\n";
  if (idle.empty()) text += "None.\n";
  for (const std::string& one : idle) text += one;
  return text;
}

std::string CorrectPrograms(const ClientMatrix& matrix) {
  if (matrix.correct.empty()) return "";
  std::string text =
      "\n## Correct programs\n\n"
      "They ran beside the others, under the same limits. What is found in them is an error of the "
      "judge.\n\n| Program | Cases | Findings |\n|---|---|---|\n";
  for (const auto& [style, verdict] : matrix.correct) {
    std::vector<std::string> findings;
    for (const Findings* of : {&verdict.failed, &verdict.warned}) {
      for (const auto& [id, checks] : *of) {
        for (const std::string& check : checks) findings.push_back(Code(check) + " in " + Code(id));
      }
    }
    text += fmt::format("| {} | {} | {} |\n", style, verdict.seconds.size(),
                        findings.empty() ? "none" : Listed(findings, findings.size()));
  }
  return text;
}

}  // namespace

bool IsCaught(const ClientBug& bug, const MutantVerdict& verdict) {
  return std::all_of(bug.scenarios.begin(), bug.scenarios.end(), [&](const std::string& scenario) {
    return Shows(verdict.failed, scenario, bug.check) || Shows(verdict.warned, scenario, bug.check);
  });
}

std::map<std::string, std::set<std::string>> CatchesOf(const ClientMatrix& matrix,
                                                       const MutantVerdict& verdict) {
  std::map<std::string, std::set<std::string>> caught;
  for (const Findings* findings : {&verdict.failed, &verdict.warned}) {
    for (const auto& [id, checks] : *findings) {
      for (const std::string& check : checks) {
        // Trouble of the judge's own catches nothing.
        if (check.rfind("program/", 0) == 0) {
          caught[ClientScenarioOf(matrix.scenarios, id)].insert(check);
        }
      }
    }
  }
  return caught;
}

std::string WriteMatrix(const ClientMatrix& matrix) {
  const Kills kills = KillsOf(matrix);
  return Introduction(matrix) + Mistakes(matrix, kills) + Scenarios(matrix, kills) +
         CorrectPrograms(matrix);
}

}  // namespace conform
