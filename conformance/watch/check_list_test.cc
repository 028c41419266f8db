#include "conformance/watch/check_list.h"

#include <gtest/gtest.h>

namespace conform {
namespace {

std::string ComplaintOf(const std::string& text) {
  const Rules rules = Rules::Embedded();
  try {
    (void)WatchChecks::Load("c.xml", text, rules);
  } catch (const RulesError& error) {
    return error.what();
  }
  return "";
}

TEST(WatchChecks, EmbeddedOnesFitTheRules) {
  const Rules rules = Rules::Embedded();
  const WatchChecks checks = WatchChecks::Embedded(rules);
  ASSERT_NE(checks.Find("program/flush-durable"), nullptr);
  EXPECT_EQ(checks.Find("program/flush-durable")->clauses.front(), "CMD-Flush-1");
  EXPECT_EQ(checks.Find("program/nonsense"), nullptr);
}

TEST(WatchChecks, SeverityFollowsFromTheFirstClause) {
  const Rules rules = Rules::Embedded();
  const WatchChecks checks = WatchChecks::Load(
      "c.xml",
      "<checks><group title='g'><check id='program/a' clause='CMD-Flush-1 CMD-18'>A.</check>"
      "<check id='program/b' clause='CMD-18 CMD-Flush-1'>B.</check>"
      "<check id='program/c' clause='CMD-Flush-1' advice='yes'>C.</check></group></checks>",
      rules);
  EXPECT_TRUE(checks.Find("program/a")->fails());
  EXPECT_FALSE(checks.Find("program/b")->fails());
  EXPECT_FALSE(checks.Find("program/c")->fails());
}

// False success and lost data are the worst that a program can do; no reading may make them a
// warning.
TEST(WatchChecks, LostDataFails) {
  const Rules rules = Rules::Embedded();
  const WatchChecks checks = WatchChecks::Embedded(rules);
  for (const char* id :
       {"program/false-success", "program/artefact-equal", "program/restore-equal",
        "program/flush-durable", "program/complete-durable", "program/write-error-told",
        "program/bytes-true", "program/short-transfer", "program/partial-artefact", "program/hang",
        "program/crash", "program/job-done", "program/secret-shown", "program/after-error"}) {
    ASSERT_NE(checks.Find(id), nullptr) << id;
    EXPECT_TRUE(checks.Find(id)->fails()) << id;
  }
}

TEST(WatchChecks, MistakesNameTheLine) {
  EXPECT_NE(ComplaintOf("<checks><group title='g'>\n<check id='program/a' clause='X-1'>A.</check>"
                        "</group></checks>")
                .find("c.xml:2: <check> there is no clause X-1"),
            std::string::npos);
  EXPECT_NE(ComplaintOf("<checks><group title='g'><check id='a' clause='CMD-01'>A.</check>"
                        "</group></checks>")
                .find("does not begin with program/"),
            std::string::npos);
  EXPECT_NE(ComplaintOf("<checks><group title='g'><check id='program/a' clause='CMD-01'>A.</check>"
                        "<check id='program/a' clause='CMD-01'>A.</check></group></checks>")
                .find("there are two of program/a"),
            std::string::npos);
  EXPECT_NE(ComplaintOf("<checks><group title='g'><check id='program/a' clause='CMD-01'/>"
                        "</group></checks>")
                .find("says nothing"),
            std::string::npos);
}

TEST(ExplainWatchCheck, TellsSentenceSeverityAndClauses) {
  const Rules rules = Rules::Embedded();
  const std::string text = ExplainWatchCheck("program/flush-durable", rules);
  EXPECT_NE(text.find("program/flush-durable  Durability  [documented]"), std::string::npos)
      << text;
  EXPECT_NE(text.find("CMD-Flush-1: "), std::string::npos) << text;
  EXPECT_NE(ExplainWatchCheck("program/busy-wait", rules).find("warns only"), std::string::npos);
  EXPECT_EQ(ExplainWatchCheck("program/nonsense", rules), "");
}

}  // namespace
}  // namespace conform
