#include "conformance/client_suite/sweep.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace conform {
namespace {

const Rules& TheRules() {
  static const Rules kRules = Rules::Embedded();
  return kRules;
}

std::set<std::string> CodesAt(const std::string& method) {
  std::set<std::string> codes;
  for (const SweptCode& one : SweptCodes(TheRules())) {
    if (one.method == method) codes.insert(one.code);
  }
  return codes;
}

TEST(SweptCodes, AreThoseThatAMethodMayGiveWhereItIsCalled) {
  // The documents' codes of the state, an abort by the other side, and a machine that fails.
  EXPECT_THAT(CodesAt("GetConfiguration"),
              testing::ElementsAre("VD_E_ABORT", "VD_E_INSTANCE_NAME", "VD_E_MEMORY",
                                   "VD_E_SECURITY", "VD_E_TIMEOUT", "VD_E_UNEXPECTED"));
  EXPECT_THAT(CodesAt("GetCommand"), testing::ElementsAre("VD_E_ABORT", "VD_E_TIMEOUT"));
  EXPECT_THAT(CodesAt("CompleteCommand"),
              testing::ElementsAre("VD_E_ABORT", "VD_E_INVALID", "VD_E_PROTOCOL"));
}

TEST(SweptCodes, LeaveOutWhatAStateRefuses) {
  for (const SweptCode& one : SweptCodes(TheRules())) {
    EXPECT_NE(one.code, "NOERROR") << one.method;
    EXPECT_NE(one.code, "VD_E_CLOSE") << one.method;
  }
  EXPECT_EQ(CodesAt("GetCommand").count("VD_E_PROTOCOL"), 0U);
  EXPECT_TRUE(CodesAt("SignalAbort").empty());
}

TEST(SweptCodes, NameTheRuleThatAllowsThem) {
  for (const SweptCode& one : SweptCodes(TheRules())) {
    const bool is_stated = TheRules().FindReturnCode(one.clause) != nullptr ||
                           TheRules().FindReading(one.clause) != nullptr;
    EXPECT_TRUE(is_stated) << one.method << " " << one.clause;
  }
}

TEST(SweptCodes, FollowTheRules) {
  // With another code in a row of the method's page, that one is tried.
  const Rules changed = TheRules().WithCode(
      {.clause = "C-CMP-02", .state = {}, .code = "VD_E_INVALID", .next = {}}, "VD_E_BUSY");
  std::set<std::string> codes;
  for (const SweptCode& one : SweptCodes(changed)) {
    if (one.method == "CompleteCommand") codes.insert(one.code);
  }
  EXPECT_EQ(codes.count("VD_E_BUSY"), 1U);
  EXPECT_EQ(codes.count("VD_E_INVALID"), 0U);
}

TEST(SweepScenarios, AreOneJobWithOneInjectionEach) {
  std::set<std::string> ids;
  for (const ClientScenario& one : SweepScenarios(TheRules())) {
    EXPECT_TRUE(ids.insert(one.id).second) << one.id;
    EXPECT_EQ(one.id.rfind(one.scenario + ".", 0), 0U);
    ASSERT_EQ(one.jobs.size(), 1U);
    EXPECT_NE(one.jobs[0].inject, "");
    EXPECT_EQ(one.jobs[0].expect, ClientJob::Expect::kAgrees);
  }
  EXPECT_EQ(ids.count("program.sweep.open-device.1.memory"), 1U);
  EXPECT_EQ(ids.count("program.sweep.get-command.4.abort"), 1U);
}

}  // namespace
}  // namespace conform
