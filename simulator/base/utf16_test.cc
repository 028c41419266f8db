#include "simulator/base/utf16.h"

#include <gtest/gtest.h>

namespace vdisim {
namespace {

TEST(Utf16, GivesEveryCodePointBackUnchanged) {
  std::u16string every;
  for (uint32_t point = 1; point <= 0x10FFFF; ++point) {
    if (point >= 0xD800 && point <= 0xDFFF) continue;
    if (point < 0x10000) {
      every.push_back(static_cast<char16_t>(point));
    } else {
      every.push_back(static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10)));
      every.push_back(static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF)));
    }
  }
  const std::optional<std::string> utf8 = Utf8FromUtf16(every);
  ASSERT_TRUE(utf8.has_value());
  EXPECT_TRUE(Utf16FromUtf8(*utf8) == every);
}

TEST(Utf16, WritesTheShortestForm) {
  EXPECT_EQ(Utf8FromUtf16(u"A\u00e9\u20ac\U0001F4BE"), "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x92\xBE");
}

TEST(Utf16, RefusesUnpairedSurrogates) {
  EXPECT_FALSE(Utf8FromUtf16(std::u16string_view(u"a\xD800", 2)).has_value());
  EXPECT_FALSE(Utf8FromUtf16(std::u16string_view(u"\xD800z", 2)).has_value());
  EXPECT_FALSE(Utf8FromUtf16(std::u16string_view(u"\xDC00\xD800", 2)).has_value());
}

TEST(Utf16, RefusesWhatIsNotUtf8) {
  for (const char* bytes : {"\x80", "\xC3", "\xC3(", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80",
                            "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF"}) {
    EXPECT_FALSE(Utf16FromUtf8(bytes).has_value()) << testing::PrintToString(bytes);
  }
}

TEST(Utf16, EmptyTextIsText) {
  EXPECT_EQ(Utf8FromUtf16(u""), "");
  EXPECT_EQ(Utf16FromUtf8(""), u"");
}

}  // namespace
}  // namespace vdisim
