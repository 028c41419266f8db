#include "conformance/cli/client_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conform {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const WatchChecks& TheChecks() {
  static const Rules rules = Rules::Embedded();
  static const WatchChecks checks = WatchChecks::Embedded(rules);
  return checks;
}

reports::Case Passed(const std::string& id) {
  reports::Case one;
  one.id = id;
  one.outcome = reports::Outcome::kPass;
  return one;
}

reports::Finding FindingOf(const std::string& check, bool warning = false) {
  reports::Finding finding;
  finding.check_id = check;
  finding.warning = warning;
  return finding;
}

reports::Case Failed(const std::string& id, std::vector<reports::Finding> findings) {
  reports::Case one;
  one.id = id;
  one.outcome = reports::Outcome::kFail;
  one.findings = std::move(findings);
  return one;
}

std::string Verdict(std::vector<reports::Case> cases) {
  reports::Run run;
  run.cases = std::move(cases);
  return VerdictText(run, "mine", TheChecks());
}

TEST(VerdictText, CountsOneAndMany) {
  EXPECT_EQ(Verdict({Passed("a")}), "\nmine kept every rule in 1 situation.\n");
  EXPECT_EQ(Verdict({Passed("a"), Passed("b")}), "\nmine kept every rule in 2 situations.\n");
}

TEST(VerdictText, NamesFirstCausesMostFrequentFirst) {
  const std::string text =
      Verdict({Failed("p.a", {FindingOf("program/closed")}),
               Failed("p.b", {FindingOf("program/busy-wait", true), FindingOf("program/crash"),
                              FindingOf("program/closed")}),
               Failed("p.c", {FindingOf("program/crash")}), Passed("p.d")});
  EXPECT_THAT(text, StartsWith("\nmine broke a rule in 3 of 4 situations."));
  EXPECT_THAT(text, HasSubstr("    2 x program/crash\n"
                              "        The program ends by itself, not by a signal.\n"
                              "        first seen in p.b\n"
                              "    1 x program/closed\n"));
  EXPECT_THAT(text, HasSubstr("\n  vdi-conform explain program/crash\n"));
  EXPECT_THAT(text, HasSubstr("Warnings, which fail nothing:\n    1 x program/busy-wait\n"));
}

TEST(VerdictText, CountsAWarningOnceInACase) {
  reports::Case warned = Passed("p.a");
  warned.findings = {FindingOf("program/busy-wait", true), FindingOf("program/busy-wait", true)};
  const std::string text = Verdict({warned});
  EXPECT_THAT(text, StartsWith("\nmine kept every rule in 1 situation.\nWarnings, which fail "
                               "nothing:\n    1 x program/busy-wait\n"));
  EXPECT_THAT(text, Not(HasSubstr("broke")));
}

TEST(VerdictText, BlamesNobodyForTroubleOfOurs) {
  reports::Case trouble = Failed("p.a", {FindingOf("harness/client")});
  trouble.problem = reports::Problem::kHarnessError;
  reports::Case cut = Passed("p.b");
  cut.outcome = reports::Outcome::kNotFinished;
  EXPECT_EQ(Verdict({trouble, cut}),
            "\nNo verdict in 2 situations: interrupted, or trouble of ours, see above.\n");
}

TEST(LacksText, SaysWhereCapabilitiesAreDeclared) {
  EXPECT_EQ(LacksText({}), "");
  const std::string text = LacksText({{"stripes", 1}, {"complete, queue", 3}});
  EXPECT_THAT(text, StartsWith("not declared: complete, queue: 3 situations skipped\n"
                               "not declared: stripes: 1 situation skipped\n"));
  EXPECT_THAT(text, HasSubstr("--client-capability"));
}

TEST(LacksText, SaysWhatACapabilityIsThatNobodyDeclares) {
  const std::string text = LacksText({{"stripes, judge-statement", 1}});
  EXPECT_THAT(text, HasSubstr("\n  judge-statement is had by programs for which somebody else "
                              "gives the statement (--client-statement judge)\n"));
  EXPECT_THAT(text, Not(HasSubstr("own-statement")));
  EXPECT_THAT(LacksText({{"judge-statements", 1}}), Not(HasSubstr("is had")));
}

TEST(UseText, TellsNothingOfNoStart) {
  EXPECT_EQ(UseText(0, {}), "");
  EXPECT_THAT(UseText(1, {}), StartsWith("\nHow it used the interface, in 1 start of the program"));
}

}  // namespace
}  // namespace conform
