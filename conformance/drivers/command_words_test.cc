#include "conformance/drivers/command_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conform {
namespace {

using testing::ElementsAre;

TEST(CommandWords, AreSeparatedByBlanks) {
  EXPECT_THAT(CommandWords("  python3 \t adapter.py\n--fast "),
              ElementsAre("python3", "adapter.py", "--fast"));
}

TEST(CommandWords, KeepWhatStandsInQuotes) {
  EXPECT_THAT(CommandWords(R"(sh -c 'exec "$1" x' "a \"b\" \n" '')"),
              ElementsAre("sh", "-c", "exec \"$1\" x", R"(a "b" \n)", ""));
}

TEST(CommandWords, GlueQuotedAndPlainParts) {
  EXPECT_THAT(CommandWords(R"(/opt/'two words'/run"-"it)"), ElementsAre("/opt/two words/run-it"));
}

TEST(CommandWords, TakeTheCharacterBehindABackslash) {
  EXPECT_THAT(CommandWords(R"(two\ words \'x\\)"), ElementsAre("two words", R"('x\)"));
}

TEST(CommandWords, RefuseWhatAShellWouldAskMoreFor) {
  EXPECT_THROW(CommandWords("'open"), CommandError);
  EXPECT_THROW(CommandWords("\"open"), CommandError);
  EXPECT_THROW(CommandWords("end\\"), CommandError);
}

TEST(CommandWords, RefuseNoCommandAtAll) {
  EXPECT_THROW(CommandWords(""), CommandError);
  EXPECT_THROW(CommandWords(" \t"), CommandError);
}

}  // namespace
}  // namespace conform
