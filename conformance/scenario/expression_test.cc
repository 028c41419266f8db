#include "conformance/scenario/expression.h"

#include <gtest/gtest.h>

namespace conform {
namespace {

TEST(Evaluate, KnowsNumbersNamesAndArithmetic) {
  EXPECT_EQ(Evaluate("65536"), 65536);
  EXPECT_EQ(Evaluate("0x7fffffff"), 0x7fffffff);
  EXPECT_EQ(Evaluate("-512"), -512);
  EXPECT_EQ(Evaluate("2 + 3*4"), 14);
  EXPECT_EQ(Evaluate("(2+3)*4 - 1"), 19);
  EXPECT_EQ(Evaluate("VDC_Write"), 2);
  EXPECT_EQ(Evaluate("VDF_LikeTape+VDF_Discard"), 0x1F3);
  EXPECT_EQ(Evaluate("INFINITE"), -1);
}

TEST(Evaluate, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "VDC_Wrote", "1+", "(1", "1)", "0x", "12abc", "${h}", "1 2"}) {
    EXPECT_EQ(Evaluate(text), std::nullopt) << text;
  }
}

TEST(Evaluate, RefusesValuesBeyond64Bits) {
  EXPECT_EQ(Evaluate("9223372036854775807+1"), std::nullopt);
  EXPECT_EQ(Evaluate("9223372036854775807*2"), std::nullopt);
  EXPECT_EQ(Evaluate("-9223372036854775807-2"), std::nullopt);
}

TEST(Evaluate, RefusesEndlessNesting) {
  EXPECT_EQ(Evaluate(std::string(100000, '(')), std::nullopt);
  EXPECT_EQ(Evaluate(std::string(100000, '-') + "1"), std::nullopt);
}

TEST(Replace, PutsInWhatIsKnownAndLeavesTheRest) {
  const auto value_of = [](std::string_view name) -> std::optional<std::string> {
    if (name == "h") return "7";
    return std::nullopt;
  };
  EXPECT_EQ(Replace("${h}+1", value_of), "7+1");
  EXPECT_EQ(Replace("${x}${h}", value_of), "${x}7");
  EXPECT_EQ(Replace("${h", value_of), "${h");
}

TEST(References, AreFoundInOrder) {
  EXPECT_EQ(References("${a}-${b.c}"), (std::vector<std::string>{"a", "b.c"}));
  EXPECT_TRUE(References("plain").empty());
}

}  // namespace
}  // namespace conform
