// Whole conversations between several real processes, whose clients use the built library.
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "simulator/base/test_clause.h"
#include "simulator/itest/conversation.h"
#include "simulator/shm/object_name.h"

namespace vdisim::itest {
namespace {

ConversationPlan PlanFor(const std::string& what, uint32_t devices, uint32_t commands) {
  ConversationPlan plan;
  plan.name = what + " " + std::to_string(getpid());
  plan.devices = devices;
  plan.commands = commands;
  return plan;
}

void ExpectNoControlSegment(const std::string& name) {
  for (const shm::ObjectInfo& object : shm::ListObjects()) {
    EXPECT_NE(object.name, shm::ControlObjectName("", name));
  }
}

TEST(SeveralProcesses, APrimaryAndFourSecondariesGetEveryByteInOrder) {
  CLAUSE("MP-03");
  const ConversationPlan plan = PlanFor("five processes", 5, 60);
  Conversation conversation(plan);
  ASSERT_TRUE(conversation.StartOthers());
  EXPECT_TRUE(conversation.Finish().AllNormal());
  ExpectNoControlSegment(plan.name);
}

TEST(SeveralProcesses, SixtyFourSecondariesServeADeviceEach) {
  CLAUSE("CFG-01");
  ConversationPlan plan = PlanFor("sixty-four processes", 64, 6);
  plan.primary_serves = false;
  Conversation conversation(plan);
  ASSERT_TRUE(conversation.StartOthers());
  EXPECT_TRUE(conversation.Finish().AllNormal());
  ExpectNoControlSegment(plan.name);
}

TEST(SeveralProcesses, TwoSetsSideBySideDoNotNoticeEachOther) {
  CLAUSE("C-CRE-11");
  Conversation one(PlanFor("side by side, one", 2, 40));
  Conversation two(PlanFor("side by side, two", 3, 40));
  ASSERT_TRUE(one.StartOthers());
  ASSERT_TRUE(two.StartOthers());
  EXPECT_TRUE(two.Finish().AllNormal());
  EXPECT_TRUE(one.Finish().AllNormal());
}

TEST(SeveralProcesses, TheAbortOfOneSetLeavesTheOtherAlone) {
  CLAUSE("AB-14");
  Conversation dying(PlanFor("neighbours, one", 2, 4000));
  Conversation living(PlanFor("neighbours, two", 2, 100));
  ASSERT_TRUE(dying.StartOthers());
  ASSERT_TRUE(living.StartOthers());
  dying.primary().Kill();
  EXPECT_TRUE(living.Finish().AllNormal());
  const Conversation::Ends ends = dying.Finish();
  EXPECT_EQ(ends.server, Outcome::kAborted);
  EXPECT_EQ(ends.secondaries.at(0), Outcome::kAborted);
}

struct NamedSet {
  const char* title;
  std::string name;
  friend void PrintTo(const NamedSet& set, std::ostream* out) { *out << set.title; }
};

class NameTest : public testing::TestWithParam<NamedSet> {};

TEST_P(NameTest, WorksForEveryProcess) {
  CLAUSE("N-01");
  // Beside it a set whose name differs in the last letter only.
  const std::string unique = GetParam().name + std::to_string(getpid());
  ConversationPlan plan;
  plan.name = unique + "a";
  plan.commands = 8;
  ConversationPlan neighbour = plan;
  neighbour.name = unique + "A";  // N-05
  Conversation one(plan);
  Conversation two(neighbour);
  ASSERT_TRUE(one.StartOthers());
  ASSERT_TRUE(two.StartOthers());
  EXPECT_TRUE(one.Finish().AllNormal());
  EXPECT_TRUE(two.Finish().AllNormal());
  ExpectNoControlSegment(plan.name);
}

std::string Repeated(const std::string& text, size_t bytes) {
  std::string repeated;
  while (repeated.size() + text.size() <= bytes) repeated += text;
  return repeated;
}

INSTANTIATE_TEST_SUITE_P(
    Names, NameTest,
    testing::Values(NamedSet{"Spaces", "  a set  of  mine "},
                    NamedSet{"Quotes", "it's \"so\" [x]]"},
                    NamedSet{"NonAscii",
                             "Sicherung \xC3\xA4\xC3\xB6\xC3\xBC \xE5\x82\x99\xE4\xBB\xBD "},
                    NamedSet{"SlashesAndDots", "../../etc/./%2e%00 "},
                    NamedSet{"A120Characters", Repeated("0123456789", 110)},
                    NamedSet{"A1000Characters", Repeated("long-name ", 990)},
                    NamedSet{"A1000NonAsciiBytes", Repeated("\xC3\xA9", 990)}),
    [](const auto& named) { return std::string(named.param.title); });

}  // namespace
}  // namespace vdisim::itest
