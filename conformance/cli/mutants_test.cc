// The judge is judged: each broken library must be caught by the check that its entry in
// mutants.xml names, the unmodified ones by none, and no scenario may be one that catches nothing.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "conformance/cli/mutant_catalogue.h"
#include "conformance/cli/mutant_run.h"

namespace conform {
namespace {

const std::vector<Mutant>& Mutants() {
  static const std::vector<Mutant> kMutants = ReadMutants(MUTANTS_XML);
  return kMutants;
}

const std::map<std::string, std::string>& Scenarios() {
  static const std::map<std::string, std::string> kScenarios = ReadScenarios(SCENARIOS);
  return kScenarios;
}

// The scenarios in which a check failed that asserts something; a setting that fails proves
// nothing.
std::set<std::string> Killers(const std::map<std::string, std::vector<std::string>>& findings) {
  std::set<std::string> killers;
  for (const auto& [one, checks] : findings) {
    for (const std::string& check : checks) {
      if (check.find("/setting.") == std::string::npos)
        killers.insert(ScenarioOf(Scenarios(), one));
    }
  }
  return killers;
}

class EachMutant : public testing::TestWithParam<Mutant> {};

TEST_P(EachMutant, IsCaughtByTheCheckOfItsEntry) {
  const Mutant& mutant = GetParam();
  const MutantVerdict verdict =
      JudgeMutant(mutant.Options() + (mutant.strict ? " --strict" : ""), mutant.Selectors());
  EXPECT_EQ(verdict.status, 1);
  EXPECT_TRUE(MutantVerdict::Holds(verdict.failed, mutant.check))
      << "caught by: " << testing::PrintToString(verdict.failed);
  const std::set<std::string> killers = Killers(verdict.failed);
  for (const std::string& one : mutant.also) {
    EXPECT_EQ(killers.count(ScenarioOf(Scenarios(), one)), 1U) << one << " does not catch it";
  }
  if (!mutant.strict) return;
  std::string run;
  for (const std::string& one : mutant.run) run += " '" + one + "'";
  const MutantVerdict lenient = JudgeMutant(mutant.Options(), run);
  EXPECT_TRUE(MutantVerdict::Holds(lenient.warned, mutant.check))
      << "warned of: " << testing::PrintToString(lenient.warned);
}

INSTANTIATE_TEST_SUITE_P(Zoo, EachMutant, testing::ValuesIn(Mutants()),
                         [](const auto& mutant) { return mutant.param.Name(); });

// What the wrappers do to calls when no bug is selected is nothing.
TEST(UnmodifiedWrapper, IsCaughtByNoneEvenStrictly) {
  for (const std::string kind : {"provider", "provider-com", "engine"}) {
    const Mutant wrapper{
        .library = "wrapper", .kind = kind, .says = {}, .check = {}, .run = {}, .also = {}};
    const MutantVerdict verdict = JudgeMutant("--strict " + wrapper.Options(), "");
    EXPECT_EQ(verdict.status, 0) << kind << ": " << testing::PrintToString(verdict.failed);
  }
}

TEST(Mutants, EachScenarioCatchesOneOrSaysWhyNot) {
  std::set<std::string> proven;
  for (const Mutant& mutant : Mutants()) {
    // A check that belongs to every scenario proves the one it is run in.
    for (const std::string& one : mutant.run) proven.insert(ScenarioOf(Scenarios(), one));
    for (const std::string& one : mutant.also) {
      EXPECT_NE(ScenarioOf(Scenarios(), one), "") << mutant.Name() << ": no scenario " << one;
      proven.insert(ScenarioOf(Scenarios(), one));
    }
  }
  for (const auto& [scenario, reason] : Scenarios()) {
    if (reason.empty()) {
      EXPECT_EQ(proven.count(scenario), 1U) << scenario << " catches nothing and does not say why";
    } else {
      EXPECT_EQ(proven.count(scenario), 0U) << scenario << " catches something after all";
    }
  }
}

TEST(Mutants, AreThoseThatTheWrappersHave) {
  void* wrapper = dlopen(BROKEN_LIBRARIES "/broken-com/libwrapper.so", RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(wrapper, nullptr) << dlerror();
  const auto bugs = reinterpret_cast<const char* (*)()>(dlsym(wrapper, "BrokenLibraryBugs"));
  ASSERT_NE(bugs, nullptr);
  std::set<std::string> known = {"empty"};
  std::istringstream lines(bugs());
  for (std::string line; lines >> line;) known.insert(line);
  std::set<std::string> listed;
  for (const Mutant& mutant : Mutants()) listed.insert(mutant.library);
  for (const std::string& one : listed) EXPECT_EQ(known.count(one), 1U) << "no bug " << one;
  // A client's bug that nothing catches has no place; the server's are there for whoever sends
  // the engine through other scenarios, too.
  for (const std::string& one : known) {
    if (one.rfind("server_", 0) == 0) continue;
    EXPECT_EQ(listed.count(one), 1U) << one << " is not listed";
  }
  EXPECT_GE(listed.size(), 60U);
}

}  // namespace
}  // namespace conform
