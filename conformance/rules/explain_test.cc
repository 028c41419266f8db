#include "conformance/rules/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "conformance/rules/nearest_words.h"
#include "conformance/rules/wrap_text.h"

namespace conform {
namespace {

using testing::HasSubstr;

const Rules& TheRules() {
  static const Rules rules = Rules::Embedded();
  return rules;
}

TEST(Explain, TellsAClauseWithItsSourcesAndReadings) {
  const std::string text = Explain(TheRules(), "C-MAP-03");
  EXPECT_THAT(text, HasSubstr("MapBufferHandle returns VD_E_INVALID"));
  EXPECT_THAT(text, HasSubstr("[documented]"));
  EXPECT_THAT(text, HasSubstr("HB-1sdh"));
  EXPECT_THAT(text, HasSubstr("G-21"));
}

TEST(Explain, TellsAMethodWithItsSignaturesCodesAndRemarks) {
  const std::string text = Explain(TheRules(), "mapbufferhandle");
  EXPECT_THAT(text, HasSubstr("int ClientVirtualDeviceSet::MapBufferHandle(int dwBuffer"));
  EXPECT_THAT(text, HasSubstr("C-MAP-01"));
  EXPECT_THAT(text, HasSubstr("C-MAP-02"));
  EXPECT_THAT(text, HasSubstr("C-MAP-20"));
  EXPECT_THAT(text, HasSubstr("G-16"));
}

TEST(Explain, TellsAMethodOfBothSidesTwice) {
  const std::string text = Explain(TheRules(), "Close");
  EXPECT_THAT(text, HasSubstr("C-CLO-03"));
  EXPECT_THAT(text, HasSubstr("S-CLO-01"));
  EXPECT_THAT(text, HasSubstr("Normally Terminated"));
}

TEST(Explain, TellsACodeByNameAliasAndEveryNumber) {
  const std::string text = Explain(TheRules(), "VD_E_PROTOCOL");
  EXPECT_THAT(text, HasSubstr("C-MAP-02"));
  EXPECT_EQ(Explain(TheRules(), "0x8077000C"), text);
  EXPECT_EQ(Explain(TheRules(), "0x8077000c"), text);
  EXPECT_EQ(Explain(TheRules(), "-2139684852"), text);
  EXPECT_EQ(Explain(TheRules(), "vd_e_protocol"), text);
  EXPECT_EQ(Explain(TheRules(), "E-11"), text);
  EXPECT_EQ(Explain(TheRules(), "VD_E_QUEUE_FULL"), Explain(TheRules(), "VD_E_BUSY"));
  EXPECT_THAT(Explain(TheRules(), "1100"), HasSubstr("ERROR_END_OF_MEDIA"));
}

TEST(Explain, TellsAReadingWithItsRulings) {
  const std::string text = Explain(TheRules(), "G-08");
  EXPECT_THAT(text, HasSubstr("VD_E_OPEN, VD_E_PROTOCOL"));
  EXPECT_THAT(text, HasSubstr("recommended (warns only)"));
  EXPECT_THAT(text, HasSubstr("L-32"));
}

TEST(Explain, SaysSomethingAboutEverythingAndKeepsTheWidth) {
  for (const Clause& clause : TheRules().clauses()) {
    std::istringstream lines(Explain(TheRules(), clause.id));
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      std::size_t width = 0;
      for (const char c : line) width += (static_cast<unsigned char>(c) & 0xC0U) != 0x80 ? 1 : 0;
      // A single long word, an address, cannot be broken.
      const bool one_word = line.find(' ', line.find_first_not_of(' ')) == std::string::npos;
      EXPECT_TRUE(width <= kColumns || one_word) << clause.id << ": " << line;
    }
    EXPECT_GE(count, 2) << clause.id;
  }
}

TEST(Explain, IsSilentAboutWhatItDoesNotKnow) {
  EXPECT_EQ(Explain(TheRules(), "C-MAP-99"), "");
  EXPECT_EQ(Explain(TheRules(), "  "), "");
  EXPECT_EQ(Explain(TheRules(), "99999999999999999999"), "");
}

TEST(Suggestions, FindTheNearestNames) {
  EXPECT_EQ(Suggestions(TheRules(), "MapBufferHandel").front(), "MapBufferHandle");
  EXPECT_EQ(Suggestions(TheRules(), "VD_E_PROTOKOL").front(), "VD_E_PROTOCOL");
  EXPECT_THAT(Suggestions(TheRules(), "C-MAP-99"), testing::Contains("C-MAP-01"));
  EXPECT_THAT(Suggestions(TheRules(), "getcomm"), testing::Contains("GetCommand"));
  EXPECT_LE(Suggestions(TheRules(), "C").size(), 5U);
  EXPECT_THAT(Suggestions(TheRules(), "something else entirely"), testing::IsEmpty());
}

TEST(EditDistance, CountsChanges) {
  EXPECT_EQ(EditDistance("", "abc"), 3U);
  EXPECT_EQ(EditDistance("kitten", "SITTING"), 3U);
  EXPECT_EQ(EditDistance("same", "SAME"), 0U);
}

TEST(WrapText, BreaksBetweenWords) {
  EXPECT_EQ(WrapText("aa bb cc", "- ", "  ", 7), "- aa bb\n  cc\n");
  EXPECT_EQ(WrapText("\xE2\x86\x92\xE2\x86\x92 b", "", "", 4), "\xE2\x86\x92\xE2\x86\x92 b\n");
  EXPECT_EQ(WrapText("longer", "", "", 3), "longer\n");
}

TEST(Explain, SaysOfACellWhyNoCallReachesIt) {
  EXPECT_THAT(Explain(TheRules(), "L-51"),
              HasSubstr("Unreachable in Configurable: no device can be opened"));
  EXPECT_THAT(Explain(TheRules(), "CloseDevice"),
              HasSubstr("unreachable: no device can be opened"));
  EXPECT_THAT(Explain(TheRules(), "L-33"), testing::Not(HasSubstr("nreachable")));
}

TEST(Explain, SaysOfANumberWhyNoCheckShowsIt) {
  EXPECT_THAT(Explain(TheRules(), "E-15"), HasSubstr("No check (open): No number is published"));
}

}  // namespace
}  // namespace conform
