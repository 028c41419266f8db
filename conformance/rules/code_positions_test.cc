// Codes are found where they stand, and a copy of the rules differs in one of them alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "conformance/rules/rules.h"

namespace conform {
namespace {

const Rules& TheRules() {
  static const Rules kRules = Rules::Embedded();
  return kRules;
}

CodePosition Find(const std::string& described) {
  for (const CodePosition& one : TheRules().CodePositions()) {
    if (Describe(one) == described) return one;
  }
  ADD_FAILURE() << "no code stands at " << described;
  return {};
}

std::vector<std::string> Codes(const Rules& rules) {
  std::vector<std::string> codes;
  for (const CodePosition& one : rules.CodePositions()) codes.push_back(one.code);
  return codes;
}

TEST(CodePositions, AreToldApartByTheirDescription) {
  std::set<std::string> seen;
  std::set<std::string> rows;
  for (const CodePosition& one : TheRules().CodePositions()) {
    EXPECT_TRUE(seen.insert(Describe(one)).second) << Describe(one);
    rows.insert(one.clause);
  }
  EXPECT_EQ(rows.count("C-MAP-03") + rows.count("L-53") + rows.count("E-20"), 3U);
}

TEST(WithCode, ChangesOneRowOfACodesTable) {
  const Rules changed = TheRules().WithCode(Find("C-MAP-03"), "VD_E_TIMEOUT");
  EXPECT_FALSE(changed.IsDocumented(Side::kClient, "MapBufferHandle", 0x80770006));
  EXPECT_TRUE(changed.IsDocumented(Side::kClient, "MapBufferHandle", 0x80770003));
  EXPECT_TRUE(TheRules().IsDocumented(Side::kClient, "MapBufferHandle", 0x80770006));
}

TEST(WithCode, ChangesOneAnswerOfACell) {
  const CodePosition last = Find("L-32 in Initializing: NOERROR -> Active");
  const Rules changed = TheRules().WithCode(last, "VD_E_BUSY");
  const Cell* const cell = changed.FindCell(Side::kClient, "OpenDevice", State::kInitializing);
  ASSERT_NE(cell, nullptr);
  EXPECT_EQ(cell->answers[0].code, "NOERROR");
  EXPECT_EQ(cell->answers[1].code, "VD_E_BUSY");
}

TEST(WithCode, LeavesEveryOtherCode) {
  const std::vector<std::string> before = Codes(TheRules());
  for (const CodePosition& one : TheRules().CodePositions()) {
    const std::vector<std::string> after = Codes(TheRules().WithCode(one, "VD_E_SECURITY"));
    std::size_t changed = 0;
    for (std::size_t i = 0; i < before.size(); ++i) changed += before[i] != after[i] ? 1U : 0U;
    EXPECT_EQ(changed, one.code == "VD_E_SECURITY" ? 0U : 1U) << Describe(one);
  }
}

TEST(WithCode, RefusesWhatIsNotThere) {
  CodePosition nowhere = Find("L-32 in Active: VD_E_PROTOCOL");
  nowhere.answer = 7;
  EXPECT_THROW((void)TheRules().WithCode(nowhere, "NOERROR"), RulesError);
  EXPECT_THROW(
      (void)TheRules().WithCode({.clause = "X-1", .state = {}, .code = {}, .next = {}}, "NOERROR"),
      RulesError);
  // No number is published for it.
  EXPECT_THROW((void)TheRules().WithCode(Find("C-MAP-03"), "VD_E_IO_ERROR"), RulesError);
  EXPECT_THROW((void)TheRules().WithCode(Find("C-MAP-03"), "VD_E_NONSENSE"), RulesError);
}

}  // namespace
}  // namespace conform
