#include "conformance/runner/case_watcher.h"

#include <gtest/gtest.h>

#include "conformance/runner/case_runner.h"
#include "conformance/runner/fake_fleet.h"
#include "conformance/scenario/loader.h"
#include "simulator/include/vdierror.h"

namespace conform {
namespace {

CaseResult RunSteps(const std::string& steps, Script script, const char* attributes = "") {
  static const Rules kRules = Rules::Embedded();
  const std::vector<SourceText> files = {
      {.name = "test.xml",
       .text = std::string("<scenarios group='g'><scenario id='s' title='t' ") + attributes +
               "><goal>g</goal><steps><actor name='primary' role='primary'/>"
               "<actor name='engine' role='engine'/>" +
               steps + "</steps></scenario></scenarios>"}};
  const Suite suite = LoadSuite(files, kRules);
  return RunCase(suite.cases.at(0), kRules, FakeFleet(std::move(script)),
                 CaseOptions{.oracle = false});
}

// The lines without their times, which are other ones in each run.
std::vector<Json> LinesOf(const CaseResult& result) {
  std::vector<Json> lines;
  for (const Seen& seen : result.observations) {
    EXPECT_EQ(ParseObservation(ToLine(seen)), seen);
    lines.push_back(Json::parse(ToLine(seen)));
    lines.back().erase("ms");
  }
  return lines;
}

HostAnswer Succeed(const Json& /*request*/) { return Returned(0); }

TEST(CaseWatcher, TakesDownActorsCallsAndReturnsInOrder) {
  const std::vector<Json> lines = LinesOf(RunSteps(
      "<call actor='primary' method='Create' devices='1'/>"
      "<call actor='primary' method='SignalAbort' check='c' clause='C-ABT-01'/>",
      [](const Json& request) {
        return Returned(request["method"] == "SignalAbort" ? VD_E_INVALID : 0);
      },
      "faces='com'"));
  ASSERT_EQ(lines.size(), 6U);
  Json actor = lines[0];
  EXPECT_EQ(actor["name"], lines[1]["arguments"]["name"]);
  actor.erase("name");
  EXPECT_EQ(actor, Json::parse(R"({"e":"actor","actor":"primary","role":"primary",
      "face":"com","set":"main","clock":"real"})"));
  EXPECT_EQ(lines[1]["method"], "Create");
  EXPECT_EQ(lines[1]["id"], 1);
  EXPECT_EQ(lines[1]["arguments"]["devices"], 1);
  EXPECT_EQ(lines[1]["arguments"]["set"], "main");
  EXPECT_NE(lines[1]["arguments"]["name"].get<std::string>().find("vdi-conform-"),
            std::string::npos);
  EXPECT_EQ(lines[2], Json::parse(R"({"e":"return","id":1,"code":0,"out":{}})"));
  EXPECT_EQ(lines[3]["method"], "SignalAbort");
  EXPECT_EQ(lines[4]["id"], 2);
  EXPECT_EQ(lines[4]["code"], VD_E_INVALID);
  EXPECT_EQ(lines[5], Json::parse(R"({"e":"gone","actor":"primary","how":"ended"})"));
}

TEST(CaseWatcher, NamesTheSetOnlyWhereTheCallMeansOne) {
  const std::vector<Json> lines = LinesOf(
      RunSteps("<call actor='primary' method='OpenInSecondary' name='other'/>"
               "<call actor='primary' method='OpenInSecondary' name='null'/>"
               "<call actor='primary' method='OpenInSecondary' name='${set:main}' check='c' "
               "clause='C-OIL-01'/>",
               Succeed));
  EXPECT_EQ(lines.at(1)["arguments"], Json::parse(R"({"name":"other"})"));
  EXPECT_EQ(lines.at(3)["arguments"], Json::parse(R"({"name":null})"));
  EXPECT_EQ(lines.at(5)["arguments"]["set"], "main");
}

TEST(CaseWatcher, SeesTheReturnOfACallThatGoesOnWhereItIsAwaited) {
  const std::vector<Json> lines =
      LinesOf(RunSteps("<call actor='primary' method='GetConfiguration' timeout='5' start='g'/>"
                       "<call actor='engine' method='Open'/>"
                       "<await call='g' expect='NOERROR' check='c' clause='C-GCF-01'/>",
                       Succeed));
  ASSERT_GE(lines.size(), 6U);
  EXPECT_EQ(lines[1]["concurrent"], true);
  EXPECT_EQ(lines[2]["face"], "com");  // of the engine
  EXPECT_EQ(lines[3]["method"], "Open");
  EXPECT_EQ(lines[4]["id"], 2);
  EXPECT_EQ(lines[5]["id"], 1);
}

TEST(CaseWatcher, TellsKilledActorsFromThoseThatDie) {
  const std::vector<Json> killed = LinesOf(
      RunSteps("<call actor='primary' method='Create' devices='1' check='c' clause='C-CRL-01'/>"
               "<kill actor='primary'/>",
               Succeed));
  EXPECT_EQ(killed.back(), Json::parse(R"({"e":"gone","actor":"primary","how":"killed"})"));
  const std::vector<Json> died = LinesOf(
      RunSteps("<call actor='primary' method='Create' devices='1' check='c' clause='C-CRL-01'/>",
               [](const Json&) {
                 return HostAnswer{HostTrouble::kCrashed, {}, "killed by signal 11"};
               }));
  ASSERT_EQ(died.size(), 3U);
  EXPECT_EQ(died[1]["e"], "call");
  EXPECT_EQ(died[2]["how"], "killed by signal 11");
}

TEST(CaseWatcher, SeesTheClockOnlyWhenItMoves) {
  for (const bool moved : {true, false}) {
    const std::vector<Json> lines = LinesOf(RunSteps(
        "<advance actor='engine' ms='5000' waiting='2'/>"
        "<call actor='primary' method='SignalAbort' check='c' clause='C-ABT-01'/>",
        [&](const Json& request) {
          HostAnswer answer = Returned(0);
          if (request["op"] == "advance") answer.body["out"]["moved"] = moved;
          return answer;
        },
        "clock='virtual'"));
    EXPECT_EQ(lines.at(0)["clock"], "virtual");
    const Json advance = Json::parse(R"({"e":"advance","actor":"engine","set":"main",
        "by_ms":5000,"waiting":2})");
    EXPECT_EQ(lines.at(1) == advance, moved) << lines.at(1);
  }
}

TEST(CaseWatcher, KeepsTheCallsOfADeviceThatIsServedWhereItBegins) {
  const std::vector<Json> lines =
      LinesOf(RunSteps("<call actor='primary' method='OpenDevice' device='0'/>"
                       "<serve actor='primary' device='0' keep='m' start='s'/>"
                       "<call actor='engine' method='Open'/>"
                       "<await call='s' expect='VD_E_CLOSE' check='c' clause='C-GET-02'/>"
                       "<release actor='primary' device='0'/>",
                       [](const Json& request) {
                         if (request["op"] != "serve") return Returned(0);
                         HostAnswer answer = Returned(VD_E_CLOSE);
                         answer.body["out"] = Json::parse(
                             R"({"commands":0,"method":"GetCommand","calls":[{"code":1}]})");
                         return answer;
                       }));
  ASSERT_GE(lines.size(), 10U);
  EXPECT_EQ(lines[3]["kind"], "serve");
  EXPECT_EQ(lines[3]["arguments"]["device"], "set/0");
  EXPECT_EQ(lines[3]["arguments"]["keep"], "m");
  EXPECT_EQ(lines[3]["arguments"]["start"], "s");
  EXPECT_EQ(lines[3]["arguments"]["code"], VD_E_CLOSE);
  EXPECT_EQ(lines[3]["arguments"]["calls"], Json::parse(R"([{"code":1}])"));
  EXPECT_EQ(lines[7]["kind"], "await");
  EXPECT_EQ(lines[7]["arguments"], Json::parse(R"({"call":"s"})"));
  EXPECT_EQ(lines[8]["method"], "Release");
  EXPECT_EQ(lines[8]["arguments"], Json::parse(R"({"device":"set/0"})"));
  EXPECT_EQ(lines[9]["code"], 0);
}

TEST(CaseWatcher, RemembersAtWhichCallAFindingWasMade) {
  const CaseResult result = RunSteps(
      "<call actor='primary' method='Create' devices='1'/>"
      "<call actor='primary' method='MapBufferHandle' handle='0' into='v' "
      "expect='VD_E_INVALID' check='refused' clause='C-MAP-03'/>",
      Succeed);
  ASSERT_FALSE(result.found_at.empty());
  EXPECT_EQ(result.found_at[0].call, 2);
  EXPECT_EQ(result.found_at[0].check, "s/refused");
}

}  // namespace
}  // namespace conform
