// The judge is judged: each broken provider must be caught by the check that its entry in
// mutants.xml names, and the unmodified library by none.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <string>
#include <vector>

namespace conform {
namespace {

struct Mutant {
  std::string library;
  std::string check;
  std::string run;      // which scenarios are run
  bool strict = false;  // the check fails with --strict, and otherwise warns
};

// The name alone: it becomes part of the test's.
void PrintTo(const Mutant& mutant, std::ostream* out) { *out << mutant.library; }

std::vector<Mutant> Mutants() {
  pugi::xml_document document;
  std::vector<Mutant> mutants;
  document.load_file(MUTANTS_XML);
  for (const pugi::xml_node node : document.child("mutants").children("mutant")) {
    Mutant mutant{.library = node.attribute("library").value(),
                  .check = node.attribute("check").value(),
                  .run = node.attribute("run").value(),
                  .strict = node.attribute("strict").as_bool()};
    if (mutant.run.empty()) mutant.run = mutant.check.substr(0, mutant.check.find('/'));
    mutants.push_back(mutant);
  }
  return mutants;
}

struct Verdict {
  int status = -1;
  std::vector<std::string> failed;  // ids of the checks that failed
  std::vector<std::string> warned;
};

bool Holds(const std::vector<std::string>& checks, const std::string& check) {
  return std::find(checks.begin(), checks.end(), check) != checks.end();
}

Verdict Judge(const std::string& options, const std::string& selectors) {
  const std::string folder = testing::TempDir() + "/vdi-conform-mutant-" + std::to_string(getpid());
  std::filesystem::create_directories(folder);
  const std::string command = std::string("'" VDI_CONFORM "' run --jobs 2 --timeout-scale 0.2 ") +
                              options + " --junit " + folder + "/junit.xml --json " + folder +
                              "/results.json " + selectors + " > " + folder + "/output.txt 2>&1";
  Verdict verdict;
  const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): our own words
  verdict.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  std::ifstream results(folder + "/results.json");
  const nlohmann::json run = nlohmann::json::parse(results, nullptr, false);
  if (run.is_object()) {
    for (const auto& one : run["cases"]) {
      for (const auto& finding : one["findings"]) {
        const bool warning = finding.value("warning", false);
        (warning ? verdict.warned : verdict.failed).push_back(finding["check"]);
      }
    }
  }
  std::filesystem::remove_all(folder);
  return verdict;
}

class EachMutant : public testing::TestWithParam<Mutant> {};

TEST_P(EachMutant, IsCaughtByTheCheckOfItsEntry) {
  const Mutant& mutant = GetParam();
  const std::string provider = "--provider '" BROKEN_LIBRARIES "/lib" + mutant.library + ".so'";
  const Verdict verdict = Judge(provider + (mutant.strict ? " --strict" : ""), mutant.run);
  EXPECT_EQ(verdict.status, 1);
  EXPECT_TRUE(Holds(verdict.failed, mutant.check))
      << "caught by: " << testing::PrintToString(verdict.failed);
  if (!mutant.strict) return;
  const Verdict lenient = Judge(provider, mutant.run);
  EXPECT_EQ(lenient.status, 0);
  EXPECT_TRUE(Holds(lenient.warned, mutant.check))
      << "warned of: " << testing::PrintToString(lenient.warned);
}

INSTANTIATE_TEST_SUITE_P(Zoo, EachMutant, testing::ValuesIn(Mutants()),
                         [](const auto& mutant) { return mutant.param.library; });

TEST(UnmodifiedLibrary, IsCaughtByNoneEvenStrictly) {
  std::string selectors;
  for (const Mutant& mutant : Mutants()) selectors += " " + mutant.run;
  const Verdict verdict = Judge("--strict", selectors);
  EXPECT_EQ(verdict.status, 0) << testing::PrintToString(verdict.failed);
}

TEST(Mutants, AreListed) { EXPECT_GE(Mutants().size(), 20U); }

}  // namespace
}  // namespace conform
