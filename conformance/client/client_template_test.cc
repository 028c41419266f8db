#include "conformance/client/client_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace conform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ClientTemplate, PutsValuesIntoWordsThatWereSplitBefore) {
  EXPECT_THAT(ExpandCommand("my --db={database} '{artefact} x' {{}}",
                            {{"database", "a b'\"$x"}, {"artefact", "/m/a"}}),
              ElementsAre("my", "--db=a b'\"$x", "/m/a x", "{}"));
}

TEST(ClientTemplate, NamesAnUnknownPlaceholderAndThoseThereAre) {
  try {
    (void)PutInto("{n}", {{"set", "s"}, {"user", "u"}});
    FAIL() << "it was taken";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), HasSubstr("unknown placeholder {n}, expected one of: {set} {user}"));
  }
  EXPECT_THROW((void)PutInto("{set", {{"set", "s"}}), std::invalid_argument);
}

TEST(ClientTemplate, TakesAPartOfALine) {
  EXPECT_EQ(TakeFrom("ready abc", "ready {set}", "set"), "abc");
  EXPECT_EQ(TakeFrom("10:00 set 'abc' waits", "set '{set}'", "set"), "abc");
  EXPECT_EQ(TakeFrom("other", "ready {set}", "set"), "");
  EXPECT_EQ(TakeFrom("set 'abc", "set '{set}'", "set"), "");
  EXPECT_EQ(TakeFrom("ready abc", "", "set"), "");
}

}  // namespace
}  // namespace conform
