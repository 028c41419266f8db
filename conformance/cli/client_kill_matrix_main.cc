// vdi-client-kill-matrix: runs every client program with a bug over the scenarios of its entry in
// client_bugs.xml and writes, as Markdown, which scenario caught which, and by what check; and, for
// runs with a budget, what each case takes and catches.
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "conformance/cli/client_bug_catalogue.h"
#include "conformance/cli/mutant_run.h"
#include "conformance/client_suite/budget.h"

namespace {

using conform::ClientBug;

struct Kill {
  std::string bug;
  std::set<std::string> checks;
};

struct Matrix {
  std::map<std::string, std::vector<Kill>> kills;  // by scenario
  std::set<std::string> survivors;
};

std::string Selectors(const ClientBug& bug) {
  std::string text;
  for (const std::vector<std::string>& list : {bug.scenarios, bug.also}) {
    for (const std::string& one : list) text += " '" + one + "'";
  }
  return text;
}

// What the correct styles take for each case; a case that no style declares has no entry.
conform::Yields MeasureTimes() {
  conform::Yields yields;
  for (const conform::ClientStyle& style : conform::ClientStyles()) {
    const conform::MutantVerdict verdict =
        conform::JudgeMutant(conform::RunOptionsOfStyle(style.options), "");
    for (const auto& [one, seconds] : verdict.seconds)
      yields.try_emplace(one).first->second.seconds = seconds;
    std::cout << style.name << ": " << verdict.seconds.size() << " cases, status " << verdict.status
              << "\n"
              << std::flush;
  }
  return yields;
}

Matrix JudgeAll(const std::vector<ClientBug>& bugs,
                const std::map<std::string, std::string>& scenarios, bool everything,
                conform::Yields* yields) {
  Matrix matrix;
  for (const ClientBug& bug : bugs) {
    const conform::MutantVerdict verdict =
        conform::JudgeMutant(conform::RunOptionsOfBug(bug), everything ? "" : Selectors(bug));
    std::map<std::string, std::set<std::string>> caught;
    for (const auto& findings : {verdict.failed, verdict.warned}) {
      for (const auto& [one, checks] : findings) {
        caught[conform::ClientScenarioOf(scenarios, one)].insert(checks.begin(), checks.end());
        if (yields != nullptr && yields->count(one) > 0) (*yields)[one].bugs.insert(bug.name);
      }
    }
    for (auto& [scenario, checks] : caught) {
      matrix.kills[scenario].push_back({bug.name, std::move(checks)});
    }
    if (!conform::MutantVerdict::Holds(verdict.failed, bug.check) &&
        !conform::MutantVerdict::Holds(verdict.warned, bug.check)) {
      matrix.survivors.insert(bug.name);
    }
    std::cout << bug.name << ": caught in " << caught.size() << " scenarios\n" << std::flush;
  }
  return matrix;
}

std::string Markdown(const Matrix& matrix, const std::vector<ClientBug>& bugs,
                     const std::map<std::string, std::string>& scenarios) {
  std::string out = "# Kill matrix of client programs\n\n" + std::to_string(bugs.size()) +
                    " programs with one bug, " + std::to_string(scenarios.size()) +
                    " scenarios. A row is a scenario; what it catches, and by which checks.\n\n"
                    "| Scenario | Program | Checks that failed |\n|---|---|---|\n";
  for (const auto& [scenario, no_bug] : scenarios) {
    const auto found = matrix.kills.find(scenario);
    if (found == matrix.kills.end()) {
      out += "| `" + scenario + "` | none | " + (no_bug.empty() ? "**unproven**" : no_bug) + " |\n";
      continue;
    }
    for (const Kill& kill : found->second) {
      out += "| `" + scenario + "` | " + kill.bug + " |";
      for (const std::string& check : kill.checks) out += " `" + check + "`";
      out += " |\n";
    }
  }
  out += "\n| Program | What is wrong | The check that must catch it |\n|---|---|---|\n";
  for (const ClientBug& bug : bugs) {
    out += "| " + bug.name + " | " + bug.title + " | `" + bug.check + "`" +
           (matrix.survivors.count(bug.name) > 0 ? " **not caught**" : "") + " |\n";
  }
  return out;
}

bool Write(const std::string& file, const std::string& text) {
  std::filesystem::create_directories(std::filesystem::absolute(file).parent_path());
  std::ofstream out(file);
  out << text;
  if (out.flush()) return true;
  std::cerr << "vdi-client-kill-matrix: cannot write " << file << "\n";
  return false;
}

int Run(const std::string& file, bool everything, const std::string& yields_file) {
  const auto bugs = conform::ReadClientBugs(CLIENT_BUGS_XML);
  const auto scenarios = conform::ReadClientScenarios(CLIENT_SCENARIOS);
  conform::Yields yields;
  if (!yields_file.empty()) yields = MeasureTimes();
  const Matrix matrix =
      JudgeAll(bugs, scenarios, everything, yields_file.empty() ? nullptr : &yields);
  if (!Write(file, Markdown(matrix, bugs, scenarios))) return 3;
  if (!yields_file.empty() && !Write(yields_file, conform::WriteYields(yields))) return 3;
  std::cout << file << ": " << bugs.size() - matrix.survivors.size() << " of " << bugs.size()
            << " caught by the check of their entry\n";
  return matrix.survivors.empty() ? 0 : 1;
}

int Usage() {
  std::cerr
      << "usage: vdi-client-kill-matrix [--all] [--yields FILE] MATRIX\n"
         "Runs every client program of client_bugs.xml and writes the kill matrix to MATRIX,\n"
         "as Markdown. With --all each is run over every scenario, not only those of its\n"
         "entry. With --yields the correct clients are run too, and FILE gets what each case\n"
         "takes and catches (conformance/client_suite/yields.xml). Exit status: 0 all are\n"
         "caught, 1 one is not, 2 usage, 3 trouble of ours.\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  bool everything = false;
  std::string yields;
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--all") == 0) {
      everything = true;
    } else if (std::strcmp(argv[i], "--yields") == 0 && i + 1 < argc) {
      yields = argv[++i];
    } else {
      files.emplace_back(argv[i]);
    }
  }
  if (files.size() != 1 || files[0].rfind("--", 0) == 0) return Usage();
  try {
    return Run(files[0], everything, yields);
  } catch (const std::exception& error) {
    std::cerr << "vdi-client-kill-matrix: " << error.what() << "\n";
    return 3;
  }
}
