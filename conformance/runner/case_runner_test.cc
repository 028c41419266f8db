#include "conformance/runner/case_runner.h"

#include <gtest/gtest.h>

#include <system_error>

#include "conformance/runner/case_values.h"
#include "conformance/runner/fake_fleet.h"
#include "conformance/scenario/loader.h"
#include "simulator/include/vdierror.h"

namespace conform {
namespace {

const Rules& TheRules() {
  static const Rules kRules = Rules::Embedded();
  return kRules;
}

CaseResult RunStepsOn(const DriverFleet& fleet, const std::string& steps,
                      const CaseOptions& options = {}) {
  const std::vector<SourceText> files = {
      {.name = "test.xml",
       .text = "<scenarios group='g'><scenario id='s' title='t'><goal>g</goal><steps>"
               "<actor name='primary' role='primary'/>" +
               steps + "</steps></scenario></scenarios>"}};
  const Suite suite = LoadSuite(files, TheRules());
  return RunCase(suite.cases.at(0), TheRules(), fleet, options);
}

// The fake fleet's codes follow no rules, so nobody asks the oracle.
CaseResult RunSteps(const std::string& steps, Script script, CaseOptions options = {}) {
  options.oracle = false;
  return RunStepsOn(FakeFleet(std::move(script)), steps, options);
}

constexpr const char* kMapInvalid =
    "<call actor='primary' method='MapBufferHandle' handle='0' into='v' expect='VD_E_INVALID' "
    "check='refused' clause='C-MAP-03'/>";

TEST(RunCase, PassesWhenTheCodeIsTheExpectedOne) {
  const CaseResult result =
      RunSteps(kMapInvalid, [](const Json&) { return Returned(VD_E_INVALID); });
  EXPECT_EQ(result.outcome, reports::Outcome::kPass) << result.reason;
  EXPECT_EQ(result.checks.size(), 2U);  // the step's own, and the documented set
}

TEST(RunCase, FailsWithAFindingThatPersuades) {
  const CaseResult result =
      RunSteps(kMapInvalid, [](const Json&) { return Returned(VD_E_PROTOCOL); });
  EXPECT_EQ(result.outcome, reports::Outcome::kFail);
  EXPECT_EQ(result.problem, reports::Problem::kReturnCodeMismatch);
  ASSERT_EQ(result.findings.size(), 1U);
  const reports::Finding& finding = result.findings[0];
  EXPECT_EQ(finding.check_id, "s/refused");
  EXPECT_EQ(finding.clause, "C-MAP-03");
  EXPECT_NE(finding.requirement.find("handle is invalid"), std::string::npos);
  EXPECT_NE(finding.expected.find("VD_E_INVALID"), std::string::npos);
  EXPECT_NE(finding.actual.find("VD_E_PROTOCOL"), std::string::npos);
  EXPECT_NE(finding.detail.find("ms  primary: MapBufferHandle handle=0"), std::string::npos)
      << finding.detail;
}

TEST(RunCase, ReportsACodeOutsideTheDocumentedSetByItself) {
  const CaseResult result = RunSteps(kMapInvalid, [](const Json&) { return Returned(VD_E_BUSY); });
  ASSERT_EQ(result.findings.size(), 2U);
  EXPECT_EQ(result.findings[1].check_id, "documented-codes/MapBufferHandle");
}

constexpr const char* kOpen =
    "<call actor='primary' method='OpenDevice' device='0' expect='NOERROR VD_E_INVALID' check='c' "
    "clause='C-ODV-05'/>";

CaseResult OpenWith(int code, bool given) {
  return RunSteps(kOpen, [=](const Json&) {
    HostAnswer answer = Returned(code);
    answer.body["out"]["given"] = given;
    return answer;
  });
}

TEST(RunCase, WantsADeviceExactlyWhenTheCodeSaysSo) {
  EXPECT_EQ(OpenWith(0, true).outcome, reports::Outcome::kPass);
  EXPECT_EQ(OpenWith(VD_E_INVALID, false).outcome, reports::Outcome::kPass);
  for (const CaseResult& result : {OpenWith(0, false), OpenWith(VD_E_INVALID, true)}) {
    EXPECT_EQ(result.outcome, reports::Outcome::kFail);
    ASSERT_EQ(result.findings.size(), 1U);
    EXPECT_EQ(result.findings[0].check_id, "outputs/OpenDevice");
    EXPECT_EQ(result.findings[0].clause, "C-ODV-11");
  }
}

constexpr const char* kInner =
    "<call actor='primary' method='GetBufferHandle' buffer='foreign' offset='1' save='h' "
    "expect='VD_E_INVALID' check='inner' clause='G-20'/>";

TEST(RunCase, OnlyWarnsAboutWhatIsNotDocumentedUnlessStrict) {
  const Script accepted = [](const Json&) { return Returned(0); };
  const CaseResult lenient = RunSteps(kInner, accepted);
  EXPECT_EQ(lenient.outcome, reports::Outcome::kPass);
  ASSERT_EQ(lenient.findings.size(), 1U);
  EXPECT_TRUE(lenient.findings[0].warning);
  EXPECT_EQ(RunSteps(kInner, accepted, {.strict = true}).outcome, reports::Outcome::kFail);
}

TEST(RunCase, TakesNotOpenForProtocolWithAWarning) {
  const CaseResult result = RunSteps(
      "<call actor='primary' method='MapBufferHandle' handle='0' into='v' expect='VD_E_PROTOCOL' "
      "check='c' clause='C-MAP-02'/>",
      [](const Json&) { return Returned(VD_E_NOTOPEN); });
  EXPECT_EQ(result.outcome, reports::Outcome::kPass);
}

TEST(RunCase, CarriesSavedValuesToOtherSteps) {
  int64_t mapped = 0;
  const CaseResult result = RunSteps(
      "<call actor='primary' method='GetBufferHandle' buffer='foreign' save='h'/>"
      "<call actor='primary' method='MapBufferHandle' handle='${h}+1' into='v' check='c' "
      "clause='C-MAP-01'/>",
      [&](const Json& request) {
        HostAnswer answer = Returned(0);
        if (request["method"] == "GetBufferHandle") answer.body["out"]["handle"] = 41;
        if (request["method"] == "MapBufferHandle") mapped = request["arguments"]["handle"];
        return answer;
      });
  EXPECT_EQ(result.outcome, reports::Outcome::kPass) << result.reason;
  EXPECT_EQ(mapped, 42);
}

TEST(RunCase, TakesTheDocumentsOfTheFacesPlatform) {
  const std::vector<SourceText> files = {
      {.name = "test.xml",
       .text = "<scenarios group='g'><scenario id='s' title='t' faces='com'><goal>g</goal><steps>"
               "<actor name='primary' role='primary'/>"
               "<call actor='primary' method='CreateEx' instance='a\\b' devices='1' "
               "expect='VD_E_INSTANCE_NAME' check='refused' clause='C-CRE-04'/>"
               "</steps></scenario></scenarios>"}};
  const Suite suite = LoadSuite(files, TheRules());
  Json arguments;
  const CaseResult result =
      RunCase(suite.cases.at(0), TheRules(), FakeFleet([&](const Json& request) {
                arguments = request["arguments"];
                return Returned(VD_E_INSTANCE_NAME);
              }),
              CaseOptions{.oracle = false});
  EXPECT_EQ(result.outcome, reports::Outcome::kPass) << result.reason;
  ASSERT_EQ(result.checks.size(), 2U);
  EXPECT_EQ(result.checks[1].id, "documented-codes/CreateEx");
  EXPECT_EQ(result.checks[1].clause, "C-CRE-01");
  EXPECT_EQ(arguments["instance"], "a\\b");
}

TEST(RunCase, PutsRealNamesAndNullPointersIntoCalls) {
  std::vector<Json> heard;
  const CaseResult result = RunSteps(
      "<call actor='primary' method='OpenInSecondary' name='null' expect='VD_E_INVALID'/>"
      "<call actor='primary' method='OpenInSecondary' name='${set:main}x' expect='VD_E_PROTOCOL'/>"
      "<call actor='primary' method='OpenInSecondary' name='${text:ab*3}' expect='VD_E_PROTOCOL'/>"
      "<call actor='primary' method='OpenInSecondary' expect='VD_E_PROTOCOL' check='c' "
      "clause='C-OIL-02'/>",
      [&](const Json& request) {
        heard.push_back(request["arguments"]["name"]);
        return Returned(heard.size() == 1 ? VD_E_INVALID : VD_E_PROTOCOL);
      });
  EXPECT_EQ(result.outcome, reports::Outcome::kPass) << result.reason;
  ASSERT_EQ(heard.size(), 4U);
  EXPECT_TRUE(heard[0].is_null());
  EXPECT_EQ(heard[1], heard[3].get<std::string>() + "x");
  EXPECT_EQ(heard[2], "ababab");
}

TEST(RunCase, FailsWhereNobodyWaitsOnTheClock) {
  Json asked;
  const auto script = [&](const Json& request) {
    if (request["op"] != "advance") return Returned(VD_E_INVALID);
    asked = request["arguments"];
    HostAnswer answer;
    answer.body["out"]["moved"] = false;
    return answer;
  };
  const std::vector<SourceText> files = {
      {.name = "test.xml",
       .text = std::string("<scenarios group='g'><scenario id='s' title='t' clock='virtual'>"
                           "<goal>g</goal><steps><actor name='primary' role='primary'/>"
                           "<actor name='engine' role='engine'/>"
                           "<advance actor='engine' ms='5000' waiting='2'/>") +
               kMapInvalid + "</steps></scenario></scenarios>"}};
  const Suite suite = LoadSuite(files, TheRules());
  const CaseResult result =
      RunCase(suite.cases.at(0), TheRules(), FakeFleet(script), CaseOptions{.oracle = false});
  EXPECT_EQ(result.outcome, reports::Outcome::kFail);
  EXPECT_EQ(result.findings.at(0).check_id, "s/setting.engine.advance");
  EXPECT_EQ(asked["ms"], 5000);
  EXPECT_EQ(asked["waiting"], 2);
  EXPECT_NE(asked["name"].get<std::string>().find("-main"), std::string::npos);
}

CaseResult RunStatement(const std::string& expectation, const char* out) {
  return RunSteps("<actor name='sql' role='sql-server'/><sql actor='sql' statement='s' " +
                      expectation + " check='c' clause='AB-01'/>",
                  [&](const Json&) {
                    HostAnswer answer;
                    answer.body["out"] = Json::parse(out);
                    return answer;
                  });
}

TEST(RunCase, ComparesTheEndOfAStatementAndItsMessages) {
  const char* const failed = R"({"success":false,"messages":[3202,3013],"texts":["Msg 3202"]})";
  EXPECT_EQ(RunStatement("expect='failure' messages='3013'", failed).outcome,
            reports::Outcome::kPass);
  EXPECT_EQ(RunStatement("expect='failure' messages='3201'", failed).outcome,
            reports::Outcome::kFail);
  const CaseResult result = RunStatement("expect='success'", failed);
  EXPECT_EQ(result.outcome, reports::Outcome::kFail);
  EXPECT_NE(result.findings.at(0).detail.find("Msg 3202"), std::string::npos);
}

TEST(RunCase, JudgesTheLastCodeOfADeviceThatWasServed) {
  const auto serve = [](int code, const char* method) {
    return RunSteps(
        "<call actor='primary' method='OpenDevice' device='0'/>"
        "<serve actor='primary' device='0' check='served' clause='C-GET-02'/>",
        [=](const Json& request) {
          if (request["op"] != "serve") return Returned(0);
          HostAnswer answer = Returned(code);
          answer.body["out"]["commands"] = 3;
          answer.body["out"]["method"] = method;
          return answer;
        });
  };
  EXPECT_EQ(serve(VD_E_CLOSE, "GetCommand").outcome, reports::Outcome::kPass);
  const CaseResult refused = serve(VD_E_INVALID, "CompleteCommand");
  EXPECT_EQ(refused.outcome, reports::Outcome::kFail);
  EXPECT_NE(refused.reason.find("CompleteCommand"), std::string::npos) << refused.reason;
}

TEST(RunCase, SaysThatItWasTheServersHalfThatAnswered) {
  const CaseResult result = RunSteps(
      std::string("<actor name='engine' role='engine'/><call actor='engine' method='Open'/>") +
          kMapInvalid,
      [](const Json&) { return Returned(VD_E_INVALID); });
  EXPECT_EQ(result.outcome, reports::Outcome::kFail);
  EXPECT_EQ(result.findings.at(0).check_id, "s/setting.engine.Open");
  EXPECT_NE(result.findings.at(0).detail.find("server's half, played by engine"),
            std::string::npos);
}

TEST(RunCase, StopsWhereTheSettingFails) {
  int calls = 0;
  const CaseResult result =
      RunSteps(std::string("<call actor='primary' method='Create' devices='1'/>") + kMapInvalid,
               [&](const Json&) {
                 ++calls;
                 return Returned(VD_E_NOTSUPPORTED);
               });
  EXPECT_EQ(result.outcome, reports::Outcome::kFail);
  EXPECT_EQ(result.findings.at(0).check_id, "s/setting.primary.Create");
  EXPECT_EQ(calls, 1);
}

struct HostEnd {
  HostTrouble trouble;
  reports::Problem problem;
};
class EachHostEnd : public testing::TestWithParam<HostEnd> {};
TEST_P(EachHostEnd, IsAnErrorOfItsKindAndNamesTheStep) {
  const CaseResult result = RunSteps(kMapInvalid, [](const Json&) {
    return HostAnswer{GetParam().trouble, {}, "went wrong"};
  });
  EXPECT_EQ(result.outcome, reports::Outcome::kError);
  EXPECT_EQ(result.problem, GetParam().problem);
  EXPECT_EQ(result.findings.at(0).check_id, "s/refused");
}
INSTANTIATE_TEST_SUITE_P(
    Troubles, EachHostEnd,
    testing::Values(HostEnd{HostTrouble::kCrashed, reports::Problem::kClientCrash},
                    HostEnd{HostTrouble::kExited, reports::Problem::kClientCrash},
                    HostEnd{HostTrouble::kGarbage, reports::Problem::kClientCrash},
                    HostEnd{HostTrouble::kTimedOut, reports::Problem::kClientTimeout}));

TEST(RunCase, OnlyWarnsAboutACrashWhereNoSubjectIsHeldToAnything) {
  const auto crash = [](const Json&) { return HostAnswer{HostTrouble::kCrashed, {}, "crashed"}; };
  constexpr const char* kNull =
      "<call actor='primary' method='GetConfiguration' out='null' expect='VD_E_INVALID' check='c' "
      "clause='G-62'/>";
  const CaseResult lenient = RunSteps(kNull, crash);
  EXPECT_EQ(lenient.outcome, reports::Outcome::kPass) << lenient.reason;
  ASSERT_EQ(lenient.findings.size(), 1U);
  EXPECT_TRUE(lenient.findings[0].warning);
  EXPECT_EQ(RunSteps(kNull, crash, {.strict = true}).outcome, reports::Outcome::kFail);
}

TEST(RunCase, TellsTroubleOfOursFromTheSubjects) {
  const CaseResult result = RunSteps(kMapInvalid, [](const Json&) {
    HostAnswer answer;
    answer.body = Json{{"error", "no such thing"}};
    return answer;
  });
  EXPECT_EQ(result.problem, reports::Problem::kHarnessError);
}

TEST(RunCase, TheEndOfAnEngineIsTroubleOfOursOnlyIfTheEngineIs) {
  constexpr const char* kBegins =
      "<actor name='engine' role='engine'/>"
      "<call actor='engine' method='Open' check='c' clause='S-OPN-10'/>";
  const auto crash = [](const Json&) { return HostAnswer{HostTrouble::kCrashed, {}, "crashed"}; };
  EXPECT_EQ(RunSteps(kBegins, crash).problem, reports::Problem::kHarnessError);
  EXPECT_EQ(RunSteps(kBegins, crash, {.bundled_engine = false}).problem,
            reports::Problem::kClientCrash);
  const auto hang = [](const Json&) { return HostAnswer{HostTrouble::kTimedOut, {}, "hangs"}; };
  EXPECT_EQ(RunSteps(kBegins, hang, {.bundled_engine = false}).problem,
            reports::Problem::kClientTimeout);
}

// Its clients end before they greet.
class SilentFleet final : public DriverFleet {
 public:
  std::unique_ptr<Driver> StartClient(const ActorSettings& /*settings*/) const override {
    return std::make_unique<Silent>();
  }
  std::unique_ptr<Driver> StartEngine(const ActorSettings& /*settings*/) const override {
    return std::make_unique<Silent>();
  }
  std::unique_ptr<Driver> StartSql(const ActorSettings& /*settings*/) const override {
    return std::make_unique<Silent>();
  }

 private:
  class Silent final : public Driver {
   public:
    int64_t Send(Json /*request*/) override { return 1; }
    HostAnswer Await(int64_t /*id*/, vdisim::Timeout /*timeout*/) override {
      return {HostTrouble::kExited, {}, "exited"};
    }
    HostAnswer End(vdisim::Timeout /*timeout*/) override { return {}; }
    void Kill() override {}
    bool running() const override { return false; }
    std::string ErrorOutput() const override { return {}; }
  };
};

TEST(RunCase, AClientThatDoesNotGreetIsAVerdict) {
  const CaseResult result = RunStepsOn(SilentFleet(), kMapInvalid);
  EXPECT_EQ(result.problem, reports::Problem::kClientCrash);
  EXPECT_NE(result.reason.find("exited"), std::string::npos) << result.reason;
}

// No process can be started.
class EmptyFleet final : public DriverFleet {
 public:
  std::unique_ptr<Driver> StartClient(const ActorSettings& /*settings*/) const override { Fail(); }
  std::unique_ptr<Driver> StartEngine(const ActorSettings& /*settings*/) const override { Fail(); }
  std::unique_ptr<Driver> StartSql(const ActorSettings& /*settings*/) const override { Fail(); }

 private:
  [[noreturn]] static void Fail() {
    throw std::system_error(ENOENT, std::generic_category(), "/no/such/host");
  }
};

TEST(RunCase, AProcessThatCannotBeStartedIsTroubleOfOurs) {
  const CaseResult result = RunStepsOn(EmptyFleet(), kMapInvalid);
  EXPECT_EQ(result.outcome, reports::Outcome::kError);
  EXPECT_EQ(result.problem, reports::Problem::kHarnessError);
  EXPECT_NE(result.reason.find("/no/such/host"), std::string::npos) << result.reason;
}

// Of an object without a set SignalAbort is VD_E_PROTOCOL (L-35), and the fleet says NOERROR; about
// NULL the oracle says nothing.
CaseResult AbortWithoutASet(const std::string& expectation, const CaseOptions& options = {}) {
  return RunStepsOn(FakeFleet([](const Json&) { return Returned(0); }),
                    "<call actor='primary' method='SignalAbort' " + expectation + "/>" +
                        "<call actor='primary' method='GetBufferHandle' out='null' buffer='null' "
                        "check='null' clause='G-62'/>",
                    options);
}

TEST(TheOracle, JudgesACallWhoseStepHasNoCheck) {
  const CaseResult result = AbortWithoutASet("expect='NOERROR'");
  EXPECT_EQ(result.outcome, reports::Outcome::kFail);
  ASSERT_EQ(result.findings.size(), 1U);
  const reports::Finding& finding = result.findings[0];
  EXPECT_EQ(finding.check_id, "oracle/client.SignalAbort");
  EXPECT_EQ(finding.clause, "L-35");
  EXPECT_EQ(finding.expected,
            "SignalAbort by primary in the state Does Not Exist returns VD_E_PROTOCOL");
  // It stands at the call that it is about, whatever came later.
  EXPECT_NE(finding.detail.find("Calls up to here (1 of 1)"), std::string::npos) << finding.detail;
  ASSERT_EQ(result.found_at.size(), 1U);
  EXPECT_EQ(result.found_at[0].call, 1);
}

TEST(TheOracle, JudgesAStepThatTakesTooMuch) {
  const CaseResult result =
      AbortWithoutASet("expect='NOERROR VD_E_PROTOCOL' check='c' clause='L-35'");
  EXPECT_EQ(result.outcome, reports::Outcome::kFail);
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].check_id, "oracle/client.SignalAbort");
  EXPECT_EQ(result.checks.front().result, reports::CheckResult::kHeld) << "the step's own";
}

TEST(TheOracle, ConfirmsAFindingInsteadOfMakingASecondOne) {
  const CaseResult result = AbortWithoutASet("expect='VD_E_PROTOCOL' check='c' clause='L-35'");
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].check_id, "s/c");
  EXPECT_NE(result.findings[0].detail.find("The state tables alone say so, too (L-35)"),
            std::string::npos)
      << result.findings[0].detail;
  for (const reports::Check& check : result.checks) {
    EXPECT_NE(check.id, "oracle/client.SignalAbort");
  }
}

TEST(TheOracle, IsNotSilencedByAStepThatOnlyWarns) {
  constexpr const char* kAdvice = "expect='VD_E_PROTOCOL' check='c' clause='G-20'";
  const CaseResult result = AbortWithoutASet(kAdvice);
  EXPECT_EQ(result.outcome, reports::Outcome::kFail);
  ASSERT_EQ(result.findings.size(), 2U);
  EXPECT_TRUE(result.findings[0].warning);
  EXPECT_EQ(result.findings[1].check_id, "oracle/client.SignalAbort");
  // Strictly, the step's own finding is a failure and says it all.
  EXPECT_EQ(AbortWithoutASet(kAdvice, {.strict = true}).findings.size(), 1U);
}

TEST(TheOracle, IsNotAskedWhereNobodyWantsIt) {
  const CaseResult result = AbortWithoutASet("expect='NOERROR'", {.oracle = false});
  EXPECT_EQ(result.outcome, reports::Outcome::kPass) << result.reason;
  EXPECT_FALSE(result.visits.empty()) << "it follows all the same";
}

TEST(UniqueSetName, NeverComesTwice) { EXPECT_NE(UniqueSetName("main"), UniqueSetName("main")); }

}  // namespace
}  // namespace conform
