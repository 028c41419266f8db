#include "simulator/sql/lexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vdisim {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

std::vector<std::string> Texts(const TokenList& list) {
  std::vector<std::string> texts;
  for (const Token& token : list.tokens) {
    if (token.kind != TokenKind::kEnd) texts.push_back(token.text);
  }
  return texts;
}

TEST(Tokenize, CutsWordsNumbersAndSymbols) {
  const TokenList list = Tokenize("BACKUP x,1024;@v @@VERSION 1.5e-3 0xFf .5");
  EXPECT_THAT(Texts(list), ElementsAre("BACKUP", "x", ",", "1024", ";", "@v", "@@VERSION", "1.5e-3",
                                       "0xFf", ".5"));
  EXPECT_EQ(list.tokens[3].kind, TokenKind::kNumber);
  EXPECT_EQ(list.tokens[5].kind, TokenKind::kVariable);
  EXPECT_EQ(list.tokens[6].kind, TokenKind::kSystemVariable);
  EXPECT_EQ(list.tokens.back().kind, TokenKind::kEnd);
}

TEST(Tokenize, UndoublesQuotesInNamesAndStrings) {
  const TokenList list = Tokenize(R"([a]]b] "c""d" 'e''f' N'g' n'h' '''')");
  EXPECT_THAT(Texts(list), ElementsAre("a]b", "c\"d", "e'f", "g", "h", "'"));
  EXPECT_EQ(list.tokens[0].kind, TokenKind::kName);
  EXPECT_TRUE(list.tokens[1].double_quoted);
  EXPECT_EQ(list.tokens[3].kind, TokenKind::kString);
}

TEST(Tokenize, TellsTheLetterNFromAUnicodeString) {
  EXPECT_THAT(Texts(Tokenize("N n1 N 'x'")), ElementsAre("N", "n1", "N", "x"));
}

TEST(Tokenize, SkipsCommentsThatNest) {
  EXPECT_THAT(Texts(Tokenize("a -- 'no'\nb /* x /* y */ ' */ c --")), ElementsAre("a", "b", "c"));
}

TEST(Tokenize, CountsLinesAndColumnsInCharacters) {
  const TokenList list = Tokenize("a\r\n  'Gr\xC3\xBC\xC3\x9F' b\rc\nd");
  ASSERT_EQ(list.tokens.size(), 6U);
  EXPECT_EQ(list.tokens[1].position, (Position{2, 3}));
  EXPECT_EQ(list.tokens[2].position, (Position{2, 10}));
  EXPECT_EQ(list.tokens[3].position, (Position{3, 1}));
  EXPECT_EQ(list.tokens[4].position, (Position{4, 1}));
}

TEST(Tokenize, SkipsAByteOrderMark) {
  EXPECT_THAT(Texts(Tokenize("\xEF\xBB\xBFUSE x")), ElementsAre("USE", "x"));
}

TEST(Tokenize, ReportsAnUnclosedStringWithItsPlace) {
  const TokenList list = Tokenize("PRINT\n 'abc");
  ASSERT_TRUE(list.error.has_value());
  EXPECT_EQ(list.error->number, kUnclosedQuote);
  EXPECT_EQ(list.error->severity, 15);
  EXPECT_EQ(list.error->line, 2);
  EXPECT_EQ(list.error->text,
            "Unclosed quotation mark after the character string 'abc'. (line 2, column 2)");
}

TEST(Tokenize, ReportsAnUnclosedBracketAndAnUnclosedDoubleQuote) {
  EXPECT_EQ(Tokenize("[abc").error->number, kUnclosedQuote);
  EXPECT_EQ(Tokenize("\"abc").error->number, kUnclosedQuote);
  EXPECT_EQ(Tokenize("[abc]]").error->number, kUnclosedQuote);
}

TEST(Tokenize, ReportsACommentWithoutAnEnd) {
  const TokenList list = Tokenize("x /* /* */");
  ASSERT_TRUE(list.error.has_value());
  EXPECT_EQ(list.error->number, kMissingEndComment);
  EXPECT_THAT(list.error->text, StartsWith("Missing end comment mark '*/'. (line 1, column 3)"));
}

TEST(Tokenize, TakesNamesOf128CharactersAndNoMore) {
  std::string name;
  for (int i = 0; i < 128; ++i) name += "\xC3\xA4";
  EXPECT_FALSE(Tokenize("[" + name + "]").error.has_value());
  const TokenList list = Tokenize("[" + name + "x]");
  ASSERT_TRUE(list.error.has_value());
  EXPECT_EQ(list.error->number, kIdentifierTooLong);
  EXPECT_FALSE(Tokenize("'" + name + "x'").error.has_value());
}

}  // namespace
}  // namespace vdisim
