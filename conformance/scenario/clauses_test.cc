// The bundled scenarios and the rules fit each other: each statement of the documents has a check
// that stands for it, or says why none can, and never both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "conformance/scenario/loader.h"

namespace conform {
namespace {

const Rules& TheRules() {
  static const Rules kRules = Rules::Embedded();
  return kRules;
}

const std::set<std::string>& Covered() {
  static const std::set<std::string> kCovered = [] {
    std::set<std::string> out;
    for (const Case& one : LoadSuite(EmbeddedScenarios(), TheRules()).cases) {
      for (const Step& step : one.steps) out.insert(step.clauses.begin(), step.clauses.end());
    }
    return out;
  }();
  return kCovered;
}

// Numbers of codes are no behaviour; the methods' rows say who returns them. E-02 and the other
// codes of no method are both a number and a row.
bool IsNumberOnly(const std::string& id) {
  const auto has_id = [&](const Code& code) { return code.id == id; };
  const bool is_number =
      std::any_of(TheRules().status_codes().begin(), TheRules().status_codes().end(), has_id) ||
      std::any_of(TheRules().completion_codes().begin(), TheRules().completion_codes().end(),
                  has_id);
  return is_number && TheRules().FindReturnCode(id) == nullptr;
}

TEST(ClausesOfTheSuite, AreAllStated) {
  std::set<std::string> unknown;
  for (const std::string& id : Covered()) {
    if (TheRules().FindClause(id) == nullptr) unknown.insert(id);
  }
  EXPECT_THAT(unknown, testing::IsEmpty()) << "named by a scenario, stated by no rules file";
}

TEST(ClausesOfTheSuite, HaveACheckOrAReason) {
  std::set<std::string> neither;
  std::set<std::string> both;
  for (const Clause& clause : TheRules().clauses()) {
    const bool covered = Covered().count(clause.id) != 0;
    if (covered && clause.no_check) both.insert(clause.id);
    if (!covered && !clause.no_check && !IsNumberOnly(clause.id)) neither.insert(clause.id);
  }
  EXPECT_THAT(neither, testing::IsEmpty())
      << "name them in the clause= of a check, or say in the rules file why none can stand for "
         "them: <no-check kind=...>";
  EXPECT_THAT(both, testing::IsEmpty())
      << "a check stands for them, so their <no-check> in the rules file is wrong: remove it";
}

}  // namespace
}  // namespace conform
