// The judge of client programs is judged: each program with a bug must be caught by the check that
// its entry in client_bugs.xml names, the correct ones by none, and no scenario may be one that
// catches nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <set>
#include <thread>

#include "conformance/cli/client_bug_catalogue.h"
#include "conformance/cli/mutant_run.h"

namespace conform {
namespace {

const std::vector<ClientBug>& ClientBugs() {
  static const std::vector<ClientBug> kBugs = ReadClientBugs(CLIENT_BUGS_XML);
  return kBugs;
}

const std::map<std::string, std::string>& ClientScenarios() {
  static const auto kScenarios = ReadClientScenarios(CLIENT_SCENARIOS);
  return kScenarios;
}

std::string Quoted(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += " '" + word + "'";
  return text;
}

// Judges the programs whose tests were selected, a few at once and ahead of their tests: most of
// them are one case, during which the machine mostly waits.
class ClientJudges {
 public:
  ClientJudges() {
    const testing::UnitTest& tests = *testing::UnitTest::GetInstance();
    for (int i = 0; i < tests.total_test_suite_count(); ++i) {
      const testing::TestSuite& suite = *tests.GetTestSuite(i);
      if (suite.name() == std::string("Zoo/EachClientStyle")) ChooseStyles(suite);
    }
    for (int i = 0; i < tests.total_test_suite_count(); ++i) {
      const testing::TestSuite& suite = *tests.GetTestSuite(i);
      if (suite.name() == std::string("Zoo/EachClientBug")) ChooseBugs(suite);
    }
    for (int i = 0; i < kAtOnce; ++i) {
      threads_.emplace_back([this] {
        for (size_t n = next_++; n < chosen_.size(); n = next_++) (*chosen_[n])();
      });
    }
  }
  ~ClientJudges() {
    next_ = chosen_.size();
    for (std::thread& one : threads_) one.join();
  }
  ClientJudges(const ClientJudges&) = delete;
  ClientJudges& operator=(const ClientJudges&) = delete;

  MutantVerdict Of(const ClientBug& bug) { return verdicts_.at(bug.name).get(); }
  MutantVerdict Of(const ClientStyle& style) { return verdicts_.at(style.name).get(); }

  // Made with the first that asks, so that every program is judged beside others.
  static ClientJudges& Get() {
    static ClientJudges judges;
    return judges;
  }

 private:
  static constexpr int kAtOnce = 4;
  using Job = std::packaged_task<MutantVerdict()>;

  void Add(const std::string& name, std::function<MutantVerdict()> judge) {
    auto job = std::make_unique<Job>(std::move(judge));
    verdicts_[name] = job->get_future().share();
    chosen_.push_back(std::move(job));
  }

  // The styles take longest.
  void ChooseStyles(const testing::TestSuite& suite) {
    for (int i = 0; i < suite.total_test_count(); ++i) {
      if (!suite.GetTestInfo(i)->should_run()) continue;
      const ClientStyle& style = ClientStyles().at(static_cast<size_t>(i));
      Add(style.name, [&style] { return JudgeMutant(RunOptionsOfStyle(style.options), ""); });
    }
  }

  // In the order in which their tests run.
  void ChooseBugs(const testing::TestSuite& suite) {
    for (int i = 0; i < suite.total_test_count(); ++i) {
      if (!suite.GetTestInfo(i)->should_run()) continue;
      const ClientBug& bug = ClientBugs().at(static_cast<size_t>(i));
      Add(bug.name, [&bug] {
        return JudgeMutant(RunOptionsOfBug(bug), Quoted(bug.scenarios) + Quoted(bug.also));
      });
    }
  }

  std::vector<std::unique_ptr<Job>> chosen_;
  std::map<std::string, std::shared_future<MutantVerdict>> verdicts_;
  std::atomic<size_t> next_{0};
  std::vector<std::thread> threads_;
};

class EachClientBug : public testing::TestWithParam<ClientBug> {};

// Whether a case of the scenario (or the case of that id) shows the check; any check if it is
// empty.
bool Shows(const std::map<std::string, std::vector<std::string>>& findings,
           const std::string& scenario, const std::string& check) {
  return std::any_of(findings.begin(), findings.end(), [&](const auto& one) {
    const bool is_there = one.first == scenario || one.first.rfind(scenario + ".", 0) == 0;
    return is_there && (check.empty() || std::count(one.second.begin(), one.second.end(), check));
  });
}

TEST_P(EachClientBug, IsCaughtByTheCheckOfItsEntry) {
  const ClientBug& bug = GetParam();
  const MutantVerdict verdict = ClientJudges::Get().Of(bug);
  const auto failed_or_warned = [&](const std::string& scenario, const std::string& check) {
    return Shows(verdict.failed, scenario, check) || Shows(verdict.warned, scenario, check);
  };
  bool fails = false;
  for (const std::string& scenario : bug.scenarios) {
    EXPECT_TRUE(failed_or_warned(scenario, bug.check))
        << scenario << " failed: " << testing::PrintToString(verdict.failed)
        << " warned: " << testing::PrintToString(verdict.warned);
    fails = fails || Shows(verdict.failed, scenario, bug.check);
  }
  for (const std::string& scenario : bug.also) {
    EXPECT_TRUE(failed_or_warned(scenario, "")) << scenario << " does not catch it";
  }
  if (fails) {
    EXPECT_EQ(verdict.status, 1);
  }
}

std::string NameOfBug(const testing::TestParamInfo<ClientBug>& info) {
  std::string name = info.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Zoo, EachClientBug, testing::ValuesIn(ClientBugs()), NameOfBug);

class EachClientStyle : public testing::TestWithParam<ClientStyle> {};

TEST_P(EachClientStyle, IsCleanInEveryScenarioThatItDeclares) {
  const MutantVerdict verdict = ClientJudges::Get().Of(GetParam());
  EXPECT_EQ(verdict.status, 0) << testing::PrintToString(verdict.failed);
  EXPECT_TRUE(verdict.warned.empty()) << testing::PrintToString(verdict.warned);
}

INSTANTIATE_TEST_SUITE_P(Zoo, EachClientStyle, testing::ValuesIn(ClientStyles()),
                         [](const auto& style) { return style.param.name; });

TEST(ReferenceClient, IsCleanInTheSweep) {
  const MutantVerdict verdict = JudgeMutant(RunOptionsOfStyle("") + " --sweep", "");
  EXPECT_EQ(verdict.status, 0) << testing::PrintToString(verdict.failed);
}

// The option takes the place of what the cases say.
TEST(Guard, IsWhatTheRunAsksFor) {
  const auto bug = std::find_if(ClientBugs().begin(), ClientBugs().end(),
                                [](const ClientBug& one) { return one.name == "overruns-buffer"; });
  ASSERT_NE(bug, ClientBugs().end());
  const auto failed = [&](const std::string& guard) {
    return JudgeMutant(RunOptionsOfBug(*bug) + " --guard " + guard, "program.ordinary.round-trip")
        .failed;
  };
  EXPECT_TRUE(MutantVerdict::Holds(failed("detect"), bug->check));
  EXPECT_TRUE(MutantVerdict::Holds(failed("fault"), bug->check));
  EXPECT_FALSE(MutantVerdict::Holds(failed("off"), bug->check));
}

TEST(ClientThatDoesNothing, IsNoSuccess) {
  const MutantVerdict verdict =
      JudgeMutant("--client '/bin/true {operation} {database}'", "program.ordinary.backup");
  EXPECT_EQ(verdict.status, 1);
  EXPECT_TRUE(MutantVerdict::Holds(verdict.failed, "program/started"))
      << testing::PrintToString(verdict.failed);
}

TEST(ClientBugs, EachScenarioCatchesOneOrSaysWhyNot) {
  std::set<std::string> proven;
  for (const ClientBug& bug : ClientBugs()) {
    for (const std::vector<std::string>& list : {bug.scenarios, bug.also}) {
      for (const std::string& one : list) {
        const std::string scenario = ClientScenarioOf(ClientScenarios(), one);
        EXPECT_NE(scenario, "") << bug.name << ": no scenario " << one;
        proven.insert(scenario);
      }
    }
  }
  for (const auto& [scenario, no_bug] : ClientScenarios()) {
    if (no_bug.empty()) {
      EXPECT_EQ(proven.count(scenario), 1U) << scenario << " catches nothing and does not say why";
    } else {
      EXPECT_EQ(proven.count(scenario), 0U) << scenario << " catches something after all";
    }
  }
}

TEST(ClientBugs, NameChecksThatThereAre) {
  const std::set<std::string> checks = ReadClientChecks(CLIENT_CHECKS_XML);
  std::set<std::string> names;
  for (const ClientBug& bug : ClientBugs()) {
    EXPECT_EQ(checks.count(bug.check), 1U) << bug.name << ": no check " << bug.check;
    EXPECT_TRUE(names.insert(bug.name).second) << bug.name << " stands there twice";
  }
  EXPECT_GE(names.size(), 60U);
  // Each check is proven: a check that no bug fails may be one that cannot fail.
  for (const std::string& check : checks) {
    EXPECT_TRUE(std::any_of(ClientBugs().begin(), ClientBugs().end(),
                            [&](const ClientBug& bug) { return bug.check == check; }))
        << "no bug is there for " << check;
  }
}

}  // namespace
}  // namespace conform
