// vdi-kill-matrix: runs every broken library over the scenarios of its entry in mutants.xml and
// writes, as Markdown, which scenario caught which, and by what check.
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "conformance/cli/mutant_catalogue.h"
#include "conformance/cli/mutant_run.h"

namespace {

struct Kill {
  std::string mutant;
  std::set<std::string> checks;
};

int Run(const std::string& file, bool everything) {
  const auto mutants = conform::ReadMutants(MUTANTS_XML);
  const auto scenarios = conform::ReadScenarios(SCENARIOS);
  std::map<std::string, std::vector<Kill>> kills;  // by scenario
  std::set<std::string> survivors;
  for (const conform::Mutant& mutant : mutants) {
    const conform::MutantVerdict verdict =
        conform::JudgeMutant("--strict " + mutant.Options() + conform::kShortSteps,
                             everything ? "" : mutant.Selectors());
    std::map<std::string, std::set<std::string>> caught;
    for (const auto& [one, checks] : verdict.failed) {
      caught[conform::ScenarioOf(scenarios, one)].insert(checks.begin(), checks.end());
    }
    for (auto& [scenario, checks] : caught) {
      kills[scenario].push_back({mutant.Name(), std::move(checks)});
    }
    if (!conform::MutantVerdict::Holds(verdict.failed, mutant.check))
      survivors.insert(mutant.Name());
    std::cout << mutant.Name() << ": caught in " << caught.size() << " scenarios\n" << std::flush;
  }

  std::filesystem::create_directories(std::filesystem::absolute(file).parent_path());
  std::ofstream out(file);
  out << "# Kill matrix\n\n"
      << mutants.size() << " broken libraries, " << scenarios.size()
      << " scenarios. A row is a scenario; what it catches, and by which checks.\n\n"
      << "| Scenario | Broken library | Checks that failed |\n|---|---|---|\n";
  for (const auto& [scenario, reason] : scenarios) {
    const auto found = kills.find(scenario);
    if (found == kills.end()) {
      out << "| `" << scenario << "` | none | " << (reason.empty() ? "**unproven**" : reason)
          << " |\n";
      continue;
    }
    for (const Kill& kill : found->second) {
      out << "| `" << scenario << "` | " << kill.mutant << " |";
      for (const std::string& check : kill.checks) out << " `" << check << "`";
      out << " |\n";
    }
  }
  out << "\n| Broken library | What is wrong | The check that must catch it |\n|---|---|---|\n";
  for (const conform::Mutant& mutant : mutants) {
    out << "| " << mutant.Name() << " | " << mutant.says << " | `" << mutant.check << "`"
        << (mutant.strict ? " (strict)" : "")
        << (survivors.count(mutant.Name()) > 0 ? " **not caught**" : "") << " |\n";
  }
  if (!out.flush()) {
    std::cerr << "vdi-kill-matrix: cannot write " << file << "\n";
    return 3;
  }
  std::cout << file << ": " << mutants.size() - survivors.size() << " of " << mutants.size()
            << " caught by the check of their entry\n";
  return survivors.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const bool everything = argc > 1 && std::strcmp(argv[1], "--all") == 0;
  const int files = everything ? 2 : 1;
  if (argc != files + 1) {
    std::cerr
        << "usage: vdi-kill-matrix [--all] FILE\n"
           "Runs every broken library of mutants.xml and writes the kill matrix to FILE, as\n"
           "Markdown. With --all each is run over every scenario, not only those of its\n"
           "entry. Exit status: 0 all are caught, 1 one is not, 2 usage, 3 trouble of ours.\n";
    return 2;
  }
  try {
    return Run(argv[files], everything);
  } catch (const std::exception& error) {
    std::cerr << "vdi-kill-matrix: " << error.what() << "\n";
    return 3;
  }
}
