// The judge is judged: each broken library must be caught by the check that its entry in
// mutants.xml names, the unmodified ones by none, and no scenario may be one that catches nothing.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <set>
#include <sstream>
#include <thread>

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

struct Verdicts {
  MutantVerdict all;      // of everything that its entry names; strictly, if the entry is strict
  MutantVerdict lenient;  // of a strict one: what `run` says without the option
};

Verdicts Judge(const Mutant& mutant) {
  const std::string options = mutant.Options() + (mutant.hangs ? kShortSteps : "");
  Verdicts verdicts;
  verdicts.all = JudgeMutant(options + (mutant.strict ? " --strict" : ""), mutant.Selectors());
  if (!mutant.strict) return verdicts;
  std::string run;
  for (const std::string& one : mutant.run) run += " '" + one + "'";
  verdicts.lenient = JudgeMutant(options, run);
  return verdicts;
}

// Judges the mutants whose tests were selected, a few at once and ahead of their tests: most of
// them are one case, during which the machine mostly waits.
class Judges {
 public:
  Judges() {
    const testing::UnitTest& tests = *testing::UnitTest::GetInstance();
    for (int i = 0; i < tests.total_test_suite_count(); ++i) {
      const testing::TestSuite& suite = *tests.GetTestSuite(i);
      if (suite.name() == std::string("Zoo/EachMutant")) Choose(suite);
    }
    for (int i = 0; i < kAtOnce; ++i) {
      threads_.emplace_back([this] {
        for (size_t n = next_++; n < chosen_.size(); n = next_++) (*chosen_[n])();
      });
    }
  }
  ~Judges() {
    next_ = chosen_.size();
    for (std::thread& one : threads_) one.join();
  }
  Judges(const Judges&) = delete;
  Judges& operator=(const Judges&) = delete;

  Verdicts Of(const Mutant& mutant) { return verdicts_.at(mutant.Name()).get(); }

 private:
  static constexpr int kAtOnce = 3;
  using Job = std::packaged_task<Verdicts()>;

  // In the order in which their tests run.
  void Choose(const testing::TestSuite& suite) {
    for (int i = 0; i < suite.total_test_count(); ++i) {
      const testing::TestInfo& test = *suite.GetTestInfo(i);
      const std::string name = test.name();
      for (const Mutant& mutant : Mutants()) {
        if (!test.should_run() || name.substr(name.rfind('/') + 1) != mutant.Name()) continue;
        auto job = std::make_unique<Job>([&mutant] { return Judge(mutant); });
        verdicts_[mutant.Name()] = job->get_future().share();
        chosen_.push_back(std::move(job));
      }
    }
  }

  std::vector<std::unique_ptr<Job>> chosen_;
  std::map<std::string, std::shared_future<Verdicts>> verdicts_;
  std::atomic<size_t> next_{0};
  std::vector<std::thread> threads_;
};

class EachMutant : public testing::TestWithParam<Mutant> {
 protected:
  static void SetUpTestSuite() { judges_ = std::make_unique<Judges>(); }
  static void TearDownTestSuite() { judges_.reset(); }

  static std::unique_ptr<Judges> judges_;
};
std::unique_ptr<Judges> EachMutant::judges_;

TEST_P(EachMutant, IsCaughtByTheCheckOfItsEntry) {
  const Mutant& mutant = GetParam();
  const Verdicts verdicts = judges_->Of(mutant);
  const MutantVerdict& verdict = verdicts.all;
  EXPECT_EQ(verdict.status, 1);
  EXPECT_TRUE(MutantVerdict::Holds(verdict.failed, mutant.check))
      << "caught by: " << testing::PrintToString(verdict.failed);
  const std::set<std::string> killers = Killers(verdict.failed);
  for (const std::string& one : mutant.also) {
    EXPECT_EQ(killers.count(ScenarioOf(Scenarios(), one)), 1U) << one << " does not catch it";
  }
  if (!mutant.strict) return;
  EXPECT_TRUE(MutantVerdict::Holds(verdicts.lenient.warned, mutant.check))
      << "warned of: " << testing::PrintToString(verdicts.lenient.warned);
  // The oracle is no stricter than what it names as its reason.
  for (const auto& [one, checks] : verdicts.lenient.failed) {
    for (const std::string& check : checks) {
      EXPECT_NE(check.rfind("oracle/", 0), 0U) << one << ": " << check;
    }
  }
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
