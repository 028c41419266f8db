// The rules files as they are compiled in: complete, consistent, and found by every way of asking.
#include "conformance/rules/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "conformance/rules/rules_loader.h"

namespace conform {
namespace {

const Rules& TheRules() {
  static const Rules rules = Rules::Embedded();
  return rules;
}

std::vector<std::string> CodeNames(Side side, std::string_view method, Platform platform) {
  std::vector<std::string> names;
  for (const ReturnCode* code : TheRules().CodesOf(side, method, platform)) {
    names.push_back(code->code);
  }
  return names;
}

std::vector<std::string> AnswerNames(Side side, std::string_view method, State state) {
  const Cell* const cell = TheRules().FindCell(side, method, state);
  std::vector<std::string> names;
  if (cell == nullptr) return names;
  for (const Answer& answer : cell->answers) names.push_back(answer.code);
  return names;
}

// A drop in any of these is a statement that got lost.
TEST(Rules, HaveAllThatTheDocumentsState) {
  std::size_t rows = 0;
  for (const Method& method : TheRules().methods()) rows += method.codes.size();
  EXPECT_EQ(rows, 99U);
  EXPECT_EQ(TheRules().methods().size(), 29U);
  EXPECT_EQ(TheRules().transitions().size(), 21U);
  EXPECT_EQ(TheRules().readings().size(), 76U);
  EXPECT_EQ(TheRules().status_codes().size(), 15U);
  EXPECT_EQ(TheRules().completion_codes().size(), 16U);
  EXPECT_EQ(TheRules().clauses().size(), 691U);
}

TEST(Rules, HaveEveryIdOnce) {
  std::set<std::string> ids;
  for (const Clause& clause : TheRules().clauses()) {
    EXPECT_TRUE(ids.insert(clause.id).second) << clause.id;
  }
}

TEST(Rules, HaveTextsThatStandByThemselves) {
  for (const Clause& clause : TheRules().clauses()) {
    EXPECT_GT(clause.text.size(), 10U) << clause.id;
    for (const char* left_over : {"**", "`", "[C-", "[CMD-", " section 1", "  "}) {
      EXPECT_EQ(clause.text.find(left_over), std::string::npos) << clause.id << ": " << clause.text;
    }
  }
}

TEST(Rules, NameASourceForWhateverCanFail) {
  for (const Clause& clause : TheRules().clauses()) {
    EXPECT_TRUE(!CanFail(clause.provenance) || !clause.sources.empty()) << clause.id;
    for (const std::string& tag : clause.sources) {
      const bool speaks_for_itself =
          tag.find("://") != std::string::npos || tag.find(' ') != std::string::npos;
      EXPECT_TRUE(speaks_for_itself || TheRules().FindSource(tag)) << clause.id << ' ' << tag;
    }
  }
}

TEST(Rules, AnswerWithDocumentedCodesInEveryCell) {
  for (const Transition& row : TheRules().transitions()) {
    for (const Cell& cell : row.cells) {
      for (const Answer& answer : cell.answers) {
        const bool documented =
            std::any_of(row.methods.begin(), row.methods.end(), [&](const std::string& method) {
              const auto codes = TheRules().CodesOf(row.side, method);
              return std::any_of(codes.begin(), codes.end(),
                                 [&](const ReturnCode* code) { return code->code == answer.code; });
            });
        EXPECT_TRUE(documented) << row.clause << ' ' << Name(cell.state) << ' ' << answer.code;
      }
    }
  }
}

// Every documented code of a method in the tables can occur in some state.
TEST(Rules, ReachEveryDocumentedCodeInSomeState) {
  for (const Method& method : TheRules().methods()) {
    if (TheRules().FindCell(method.side, method.name, State::kActive) == nullptr) continue;
    for (const ReturnCode& code : method.codes) {
      // Whether abort shows in these three depends on the reading of G-12.
      const bool by_reading =
          std::find(code.readings.begin(), code.readings.end(), "G-12") != code.readings.end();
      bool found = by_reading;
      for (const Transition& row : TheRules().transitions()) {
        if (row.side != method.side ||
            std::find(row.methods.begin(), row.methods.end(), method.name) == row.methods.end()) {
          continue;
        }
        for (const Cell& cell : row.cells) {
          for (const Answer& answer : cell.answers) found = found || answer.code == code.code;
        }
      }
      EXPECT_TRUE(found) << method.name << ' ' << code.clause << ' ' << code.code;
    }
  }
}

TEST(CodesOf, TellsThePlatformsApart) {
  using testing::ElementsAre;
  EXPECT_THAT(CodeNames(Side::kClient, "Create", Platform::kLinux),
              ElementsAre("NOERROR", "VD_E_NOTSUPPORTED", "VD_E_PROTOCOL"));
  EXPECT_THAT(CodeNames(Side::kClient, "Create", Platform::kWindows),
              ElementsAre("NOERROR", "VD_E_PROTOCOL"));
  EXPECT_THAT(CodeNames(Side::kClient, "MapBufferHandle", Platform::kLinux),
              ElementsAre("NOERROR", "VD_E_PROTOCOL", "VD_E_INVALID"));
  EXPECT_THAT(CodeNames(Side::kServer, "MapBufferHandle", Platform::kBoth), ElementsAre());
}

TEST(IsDocumented, KnowsTheSetOfAMethod) {
  EXPECT_TRUE(TheRules().IsDocumented(Side::kClient, "MapBufferHandle", 0x80770006));
  EXPECT_FALSE(TheRules().IsDocumented(Side::kClient, "MapBufferHandle", 0x80770004));
  EXPECT_TRUE(TheRules().IsDocumented(Side::kServer, "SendCommand", 0x8077000F));
}

TEST(IsOnPage, KnowsACodeByItsName) {
  EXPECT_TRUE(TheRules().IsOnPage(Side::kServer, "SendCommand", "VD_E_IO_ERROR"));
  EXPECT_FALSE(TheRules().IsOnPage(Side::kServer, "SendCommand", "VD_E_INVALID"));
  EXPECT_FALSE(
      TheRules().IsOnPage(Side::kClient, "Create", "VD_E_NOTSUPPORTED", Platform::kWindows));
}

TEST(IsEnvironmentCode, KnowsFailuresOfTheMachine) {
  EXPECT_TRUE(TheRules().IsEnvironmentCode(0x8077000A));   // VD_E_MEMORY
  EXPECT_TRUE(TheRules().IsEnvironmentCode(0x80070005));   // access denied
  EXPECT_FALSE(TheRules().IsEnvironmentCode(0x8077000C));  // VD_E_PROTOCOL
}

TEST(FindCell, AnswersAsTheTables) {
  using testing::Contains;
  using testing::ElementsAre;
  EXPECT_THAT(AnswerNames(Side::kClient, "GetConfiguration", State::kConfigurable),
              ElementsAre("NOERROR", "VD_E_TIMEOUT", "VD_E_ABORT"));
  EXPECT_THAT(AnswerNames(Side::kClient, "Create", State::kAbort), ElementsAre("VD_E_PROTOCOL"));
  EXPECT_THAT(AnswerNames(Side::kClient, "CreateEx", State::kDoesNotExist), Contains("NOERROR"));
  EXPECT_THAT(AnswerNames(Side::kServer, "EndConfiguration", State::kConfigurable),
              ElementsAre("NOERROR", "VD_E_MEMORY"));
  EXPECT_EQ(TheRules().FindCell(Side::kClient, "GetConfiguration", State::kConnected), nullptr);
  EXPECT_EQ(TheRules().FindCell(Side::kClient, "MapBufferHandle", State::kActive), nullptr);
}

TEST(FindCell, LeadsToTheNextState) {
  const Cell* const cell = TheRules().FindCell(Side::kServer, "Close", State::kActive);
  ASSERT_NE(cell, nullptr);
  for (const Answer& answer : cell->answers) EXPECT_EQ(answer.next, State::kDoesNotExist);
  EXPECT_THAT(cell->readings, testing::ElementsAre("G-10"));
}

TEST(FindReading, AcceptsWhatTheTextSays) {
  const Reading* const reading = TheRules().FindReading("G-08");
  ASSERT_NE(reading, nullptr);
  ASSERT_FALSE(reading->rulings.empty());
  EXPECT_THAT(reading->rulings[0].emit, testing::ElementsAre("VD_E_OPEN"));
  EXPECT_THAT(reading->rulings[0].accept, testing::ElementsAre("VD_E_OPEN", "VD_E_PROTOCOL"));
}

TEST(FindReading, AcceptsWhatItEmits) {
  for (const Reading& reading : TheRules().readings()) {
    for (const Ruling& ruling : reading.rulings) {
      EXPECT_THAT(ruling.accept, testing::IsSupersetOf(ruling.emit)) << reading.id;
    }
  }
}

TEST(FindClause, KnowsRowsOfTablesToo) {
  for (const char* id : {"C-MAP-03", "L-31", "G-20", "E-11", "W-08", "CMD-Read-2", "CFG-25", "M-38",
                         "F-08", "CMD-M07", "CMD-C19", "L-61", "ABI-06"}) {
    EXPECT_NE(TheRules().FindClause(id), nullptr) << id;
  }
  EXPECT_EQ(TheRules().FindClause("C-MAP-99"), nullptr);
  EXPECT_EQ(TheRules().FindClause("C-GET-05")->provenance, Provenance::kTableOnly);
  EXPECT_EQ(TheRules().FindClause("MP-05")->provenance, Provenance::kSample);
  EXPECT_THAT(TheRules().FindClause("C-MAP-03")->see, testing::ElementsAre("G-21"));
}

TEST(FindSource, ResolvesPagesAndFamilies) {
  EXPECT_EQ(TheRules().FindSource("HB-1sdh")->title, "Client Functions: MapBufferHandle");
  EXPECT_NE(TheRules().FindSource("HB-1sdh")->where.find("vdi2005_1sdh"), std::string::npos);
  EXPECT_NE(TheRules().FindSource("MSL-C-Close")->title.find("(Close)"), std::string::npos);
  EXPECT_FALSE(TheRules().FindSource("HDR-X").has_value());
}

TEST(CodeValue, KnowsNamesAliasesAndNumbers) {
  EXPECT_EQ(TheRules().CodeValue("VD_E_PROTOCOL"), 0x8077000CU);
  EXPECT_EQ(TheRules().CodeValue("VD_E_QUEUE_FULL"), 0x8077000FU);
  EXPECT_EQ(TheRules().CodeValue("ERROR_HANDLE_EOF"), 38U);
  EXPECT_EQ(TheRules().CodeValue("0x80070002"), 0x80070002U);
  EXPECT_EQ(TheRules().CodeValue("VD_E_IO_ERROR"), std::nullopt);
  EXPECT_EQ(TheRules().CodeValue("0xZZ"), std::nullopt);
  EXPECT_EQ(TheRules().CodeName(0x80770006), "VD_E_INVALID (0x80770006)");
  EXPECT_EQ(TheRules().CodeName(0x80070005), "0x80070005");
}

TEST(FromFolder, LoadsTheSameFiles) {
  const Rules rules = Rules::FromFolder(RULES_SOURCE_DIR);
  EXPECT_EQ(rules.clauses().size(), TheRules().clauses().size());
}

TEST(FromFolder, NamesAFileThatIsMissing) {
  try {
    Rules::FromFolder("/nonexistent");
    FAIL() << "nothing was thrown";
  } catch (const RulesError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("/nonexistent/sources.xml"));
  }
}

}  // namespace
}  // namespace conform
