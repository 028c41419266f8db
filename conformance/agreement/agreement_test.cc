// The judge's oracle and the product's transition table, two encodings of the same documents that
// share nothing, agree call by call and state by state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/agreement/agreement_walk.h"
#include "conformance/agreement/wanted_differences.h"

namespace conform {
namespace {

// Wrong answers that the oracle must refuse. The others: codes that a reading leaves open, and
// states of which it is not sure.
constexpr double kRefusedShare = 0.9;

// The walk ends where it disagrees, long before.
constexpr std::size_t kCallsToFindAFlip = 1000000;

using testing::IsEmpty;
using testing::StartsWith;

const Rules& TheRules() {
  static const Rules kRules = Rules::Embedded();
  return kRules;
}

AgreementResult Walk(std::size_t calls, std::uint64_t seed = 1) {
  return WalkSideBySide(TheRules(), TheRules(), {.seed = seed, .calls = calls});
}

std::string CellName(const CellOfWalk& cell) {
  return std::string(Name(std::get<0>(cell))) + "." + std::get<1>(cell) + " in " +
         std::string(Name(std::get<2>(cell)));
}

double Share(std::size_t part, std::size_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

TEST(Agreement, HoldsForAMillionCalls) {
  const AgreementResult walk = Walk(AGREEMENT_CALLS);
  EXPECT_EQ(walk.calls, static_cast<std::size_t>(AGREEMENT_CALLS));
  EXPECT_THAT(walk.disagreements, IsEmpty());

  // An oracle that kept silent would agree as well.
  EXPECT_GE(Share(walk.judged, walk.calls), 0.95);
  EXPECT_GE(Share(walk.placed, walk.judged), 0.95);
  EXPECT_GE(walk.wrong, AGREEMENT_CALLS / 200U);
  EXPECT_GE(Share(walk.refused, walk.wrong), kRefusedShare);
  RecordProperty("refused", std::to_string(walk.refused) + " of " + std::to_string(walk.wrong));

  // Every cell that can be reached was, and nothing wanted was wanted in vain.
  for (const Transition& row : TheRules().transitions()) {
    for (const std::string& method : row.methods) {
      for (const Cell& cell : row.cells) {
        const CellOfWalk key{row.side, method, cell.state};
        if (cell.unreachable.empty()) {
          EXPECT_EQ(walk.cells.count(key), 1U) << CellName(key);
        }
      }
    }
  }
  for (const WantedDifference& one : WantedDifferences()) {
    EXPECT_EQ(walk.differences.count(Describe(one)), 1U) << Describe(one) << " was never met";
  }
}

TEST(Agreement, IsTheSameWalkForTheSameSeed) {
  const AgreementResult first = Walk(2000, 7);
  const AgreementResult second = Walk(2000, 7);
  EXPECT_EQ(first.refused, second.refused);
  EXPECT_EQ(first.differences, second.differences);
  EXPECT_NE(first.differences, Walk(2000, 8).differences);
}

TEST(WantedDifferences, EachNamesAReadingAndContradictsItsCell) {
  for (const WantedDifference& one : WantedDifferences()) {
    EXPECT_NE(TheRules().FindReading(one.clause), nullptr) << Describe(one);
    if (one.seen_as) continue;
    const Cell* const cell = TheRules().FindCell(one.side, one.method, one.state);
    ASSERT_NE(cell, nullptr) << Describe(one);
    for (const Answer& answer : cell->answers) {
      EXPECT_NE(TheRules().CodeValue(answer.code), one.code) << Describe(one);
    }
    EXPECT_EQ(std::count(cell->readings.begin(), cell->readings.end(), one.clause), 1)
        << Describe(one);
  }
}

// The test is tested: with one cell of the oracle's rules flipped, the walk names that cell.
class FlippedCell : public testing::TestWithParam<std::string> {};

TEST_P(FlippedCell, IsNamedByTheWalk) {
  std::size_t tried = 0;
  for (const CodePosition& position : TheRules().CodePositions()) {
    if (!position.state || position.clause != GetParam()) continue;
    const auto row =
        std::find_if(TheRules().transitions().begin(), TheRules().transitions().end(),
                     [&](const Transition& one) { return one.clause == position.clause; });
    const Cell* const cell = TheRules().FindCell(row->side, row->methods.front(), *position.state);
    // A reading may take what the cell has not any more, and other answers may hide this one.
    if (!cell->readings.empty() || !cell->unreachable.empty() || cell->answers.size() > 1) continue;
    const Rules flipped = TheRules().WithCode(position, "VD_E_NOTSUPPORTED");
    const AgreementResult walk =
        WalkSideBySide(TheRules(), flipped, {.seed = 1, .calls = kCallsToFindAFlip});
    ASSERT_EQ(walk.disagreements.size(), 1U) << Describe(position) << " was not noticed";
    const std::string state(Name(*position.state));
    std::vector<testing::Matcher<std::string>> named;
    for (const std::string& method : row->methods) {
      std::string call(Name(row->side));
      call.append(".").append(method).append(" in ").append(state);
      named.push_back(StartsWith(call));
    }
    EXPECT_THAT(walk.disagreements.front(), testing::AnyOfArray(named)) << Describe(position);
    ++tried;
  }
  EXPECT_GT(tried, 0U);
}

std::vector<std::string> Rows() {
  std::vector<std::string> rows;
  for (const Transition& row : TheRules().transitions()) rows.push_back(row.clause);
  return rows;
}

INSTANTIATE_TEST_SUITE_P(Rows, FlippedCell, testing::ValuesIn(Rows()), [](const auto& row) {
  std::string name = row.param;
  name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
  return name;
});

}  // namespace
}  // namespace conform
