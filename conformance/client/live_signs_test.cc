#include "conformance/client/live_signs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string Call(int pid, const std::string& method, int code, const std::string& more = "") {
  return R"({"t":1,"pid":)" + std::to_string(pid) + R"(,"tid":)" + std::to_string(pid) +
         R"(,"set":"s","call":")" + method + R"(","code":)" + std::to_string(code) + more + "}";
}

TEST(LiveSigns, CountCommandsOverAllDevices) {
  LiveSigns signs;
  EXPECT_FALSE(signs.Reached("Write#1"));
  for (int i = 0; i < 2; ++i) {
    signs.TakeTrace(Call(7, "GetCommand", 0, R"(,"out":{"commandCode":2})"));
  }
  signs.TakeTrace(Call(8, "GetCommand", 0, R"(,"out":{"commandCode":12})"));
  EXPECT_TRUE(signs.Reached("Write#2"));
  EXPECT_FALSE(signs.Reached("Write#3"));
  EXPECT_TRUE(signs.Reached("Flush"));
  EXPECT_TRUE(signs.Reached("any#3"));
  EXPECT_FALSE(signs.Reached("Jump#1"));
  EXPECT_FALSE(signs.Reached("Write#x"));
}

TEST(LiveSigns, KnowTheServersTimeOut) {
  LiveSigns signs;
  EXPECT_EQ(signs.server_timeout_ms(), 0);
  signs.TakeTrace(Call(7, "Create", 0, R"(,"in":{"serverTimeOut":400})"));
  EXPECT_EQ(signs.server_timeout_ms(), 400);
}

TEST(LiveSigns, AreIdleOnceGetConfigurationBegan) {
  LiveSigns signs;
  EXPECT_FALSE(signs.Reached("idle"));
  signs.TakeTrace(R"({"begin":"GetConfiguration","t":5000000000,"pid":7,"tid":7,"set":"s"})");
  EXPECT_TRUE(signs.Reached("idle"));
  EXPECT_THAT(signs.Doing(7'000'000'000),
              HasSubstr("GetConfiguration on s, since 2.0 s (process 7)"));
}

// Who asks again and again gets no older by it.
TEST(LiveSigns, AreNotACallThatFailsAsBefore) {
  LiveSigns signs;
  EXPECT_TRUE(signs.TakeTrace(Call(7, "GetCommand", -2139684861)));
  EXPECT_FALSE(signs.TakeTrace(Call(7, "GetCommand", -2139684861)));
  EXPECT_TRUE(signs.TakeTrace(Call(7, "GetCommand", -2139684860)));
  EXPECT_TRUE(signs.TakeTrace(Call(7, "GetCommand", 0)));
}

TEST(LiveSigns, AreNotAReadOrWriteOfNothing) {
  LiveSigns signs;
  EXPECT_FALSE(signs.TakeWitness(R"({"call":"read","result":0})"));
  EXPECT_FALSE(signs.TakeWitness(R"({"call":"fwrite","result":-1})"));
  EXPECT_TRUE(signs.TakeWitness(R"({"call":"write","result":10})"));
  EXPECT_TRUE(signs.TakeWitness(R"({"call":"fsync","result":0})"));
  EXPECT_FALSE(signs.TakeWitness("torn"));
}

TEST(LiveSigns, KnowSecondariesAndSets) {
  LiveSigns signs;
  signs.TakeTrace(Call(7, "Create", 0));
  signs.TakeTrace(Call(7, "OpenDevice", 0));
  signs.TakeTrace(Call(8, "OpenDevice", 0));
  signs.TakeTrace(Call(9, "OpenDevice", -1));
  EXPECT_THAT(signs.sets(), ElementsAre("s"));
  EXPECT_THAT(signs.Secondaries(), ElementsAre(8));
  EXPECT_THAT(signs.callers(), ElementsAre(7, 8, 9));
  EXPECT_TRUE(signs.create_called());
}

TEST(LiveSigns, CountStatementsThatRun) {
  LiveSigns signs;
  signs.TakeJournal(R"({"e":"statement","s":1})");
  EXPECT_EQ(signs.RunningStatements(), 1);
  signs.TakeJournal(R"({"e":"ended","s":1})");
  EXPECT_EQ(signs.RunningStatements(), 0);
  EXPECT_EQ(signs.begun(), 1);
}

}  // namespace
}  // namespace conform
