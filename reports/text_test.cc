#include "reports/text.h"

#include <gtest/gtest.h>

#include <clocale>
#include <limits>

namespace reports {
namespace {

TEST(CleanText, KeepsWhatXmlAllows) {
  const std::string text = "a\tb\nc \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x92\xBE ]]> <&>\"'";
  EXPECT_EQ(CleanText(text), text);
}

TEST(CleanText, ShowsControlCharactersAsPictures) {
  EXPECT_EQ(CleanText(std::string("\0\x07\x1B\x7F", 4)),
            "\xE2\x90\x80\xE2\x90\x87\xE2\x90\x9B\xE2\x90\xA1");
}

TEST(CleanText, ReplacesEachMaximalBrokenPartOnce) {
  EXPECT_EQ(CleanText("\xE2\x82|"), "\xEF\xBF\xBD|");            // cut short
  EXPECT_EQ(CleanText("\xC0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");  // overlong NUL
  EXPECT_EQ(CleanText("\xFF"), "\xEF\xBF\xBD");
}

TEST(CleanText, ReplacesSurrogatesAndNonCharacters) {
  EXPECT_EQ(CleanText("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // U+D800
  EXPECT_EQ(CleanText("\xEF\xBF\xBE"), "\xEF\xBF\xBD");                          // U+FFFE
  EXPECT_EQ(CleanText("\xEF\xBF\xBF"), "\xEF\xBF\xBD");                          // U+FFFF
  EXPECT_EQ(CleanText("\xF4\x90\x80\x80").substr(0, 3), "\xEF\xBF\xBD");         // above U+10FFFF
}

TEST(CleanText, MakesLineEndsOneKind) { EXPECT_EQ(CleanText("a\r\nb\rc\n"), "a\nb\nc\n"); }

TEST(OneLine, JoinsLinesAndTrims) { EXPECT_EQ(OneLine("  a\r\n\tb  c \n"), "a b c"); }

TEST(OneLine, ShortensBetweenCharacters) {
  EXPECT_EQ(OneLine("ab\xE2\x82\xAC"
                    "cdef",
                    7),
            "ab\xE2\x80\xA6");
  EXPECT_LE(OneLine(std::string(1000, 'x')).size(), kLineBytesMax);
}

TEST(Shorten, LeavesOutTheMiddleAndSaysHowMuch) {
  const std::string text = "begin" + std::string(1 << 20, '.') + "end";
  const std::string shortened = Shorten(text);
  EXPECT_LT(shortened.size(), kOutputBytesMax + 100);
  EXPECT_TRUE(shortened.starts_with("begin"));
  EXPECT_TRUE(shortened.ends_with("end"));
  EXPECT_NE(shortened.find("983048 bytes left out"), std::string::npos)
      << shortened.substr(16384, 80);
}

TEST(Shorten, KeepsWhatFits) { EXPECT_EQ(Shorten("abc", 3), "abc"); }

TEST(Indent, PutsThePrefixBeforeEachLine) { EXPECT_EQ(Indent("a\n\nb\n", "> "), "> a\n> \n> b\n"); }

TEST(FormatSeconds, HasThreeDecimalsAndAPoint) {
  EXPECT_EQ(FormatSeconds(0), "0.000");
  EXPECT_EQ(FormatSeconds(1.0015), "1.002");
  EXPECT_EQ(FormatSeconds(1234567.5), "1234567.500");
  EXPECT_EQ(FormatSeconds(-1), "0.000");
  EXPECT_EQ(FormatSeconds(std::numeric_limits<double>::quiet_NaN()), "0.000");
}

}  // namespace
}  // namespace reports
