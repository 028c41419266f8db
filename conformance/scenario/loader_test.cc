#include "conformance/scenario/loader.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "conformance/scenario/element.h"

namespace conform {
namespace {

const Rules& TheRules() {
  static const Rules kRules = Rules::Embedded();
  return kRules;
}

Suite Load(const std::string& text) {
  const std::vector<SourceText> files = {{.name = "test.xml", .text = text}};
  return LoadSuite(files, TheRules());
}

// A file with one scenario whose first step stands in line 5.
std::string WithSteps(const std::string& steps) {
  return "<scenarios group='g'>\n<scenario id='s' title='t'>\n<goal>g</goal><steps>\n"
         "<actor name='primary' role='primary'/><actor name='engine' role='engine'/>\n" +
         steps + "\n</steps></scenario></scenarios>";
}

constexpr const char* kChecked =
    "<call actor='primary' method='Close' expect='VD_E_PROTOCOL' check='c' clause='C-CLO-02'/>";

TEST(LoadSuite, MakesOneCaseOfAScenarioWithoutTables) {
  const Suite suite = Load(WithSteps(kChecked));
  ASSERT_EQ(suite.cases.size(), 2U);  // one on each face
  const Case& one = suite.cases[0];
  EXPECT_EQ(one.id, "s");
  ASSERT_EQ(one.steps.size(), 1U);
  EXPECT_EQ(one.steps[0].accepted, std::vector{vdisim::kProtocol});
  EXPECT_EQ(one.steps[0].place.line, 5);
  EXPECT_EQ(one.Clauses(), std::vector<std::string>{"C-CLO-02"});
  EXPECT_EQ(one.Methods(), std::vector<std::string>{"Close"});
}

TEST(LoadSuite, MakesACaseOfEachCombinationOfRows) {
  const Suite suite = Load(fmt::format(
      "<scenarios group='g'><scenario id='s' title='${{a}} ${{b}}'><goal>g</goal>"
      "<table><row id='x' a='1'/><row id='y' a='2'/></table><table><row id='z' b='3'/></table>"
      "<steps><actor name='primary' role='primary'/>{}</steps></scenario></scenarios>",
      kChecked));
  ASSERT_EQ(suite.cases.size(), 4U);
  EXPECT_EQ(suite.cases[2].id, "s.x.z@com");
  EXPECT_EQ(suite.cases[0].id, "s.x.z");
  EXPECT_EQ(suite.cases[1].id, "s.y.z");
  EXPECT_EQ(suite.cases[1].title, "2 3");
  EXPECT_EQ(suite.cases[1].scenario, "s");
}

TEST(LoadSuite, ReadsNoStepsOfACaseThatNobodyWants) {
  const std::vector<SourceText> files = {{.name = "test.xml", .text = WithSteps(kChecked)}};
  const Suite suite =
      LoadSuite(files, TheRules(), [](const Case& head) { return head.face == Face::kCom; });
  ASSERT_EQ(suite.cases.size(), 2U);
  EXPECT_EQ(suite.cases[0].id, "s");
  EXPECT_EQ(suite.cases[0].title, "t");
  EXPECT_TRUE(suite.cases[0].steps.empty());
  EXPECT_EQ(suite.cases[1].id, "s@com");
  EXPECT_EQ(suite.cases[1].steps.size(), 1U);
}

// A scenario of one step, with these attributes.
std::string Scenario(const std::string& attributes, const std::string& steps) {
  return "<scenarios group='g'>\n<scenario id='s' title='${face}' " + attributes +
         "><goal>g</goal><steps>\n<actor name='primary' role='primary'/>\n"
         "<actor name='engine' role='engine'/>\n" +
         steps + "\n</steps></scenario></scenarios>";
}

TEST(LoadSuite, MakesCasesOfEachFace) {
  const Suite suite = Load(
      "<scenarios group='g'><fixture id='f'><call actor='primary' method='${create}' devices='1'/>"
      "</fixture><scenario id='s' title='${face}'><goal>g</goal><steps>"
      "<actor name='primary' role='primary'/><use fixture='f'/>"
      "<call actor='primary' method='Close' expect='VD_E_PROTOCOL' expect-com='VD_E_OPEN' "
      "check='c' "
      "clause='C-CLO-02' clause-com='C-CLO-03 C-CLO-22' clause-linux='C-CLO-02 MP-04'/></steps>"
      "</scenario></scenarios>");
  ASSERT_EQ(suite.cases.size(), 2U);
  const Case& linux_case = suite.cases[0];
  const Case& com_case = suite.cases[1];
  EXPECT_EQ(linux_case.id, "s");
  EXPECT_EQ(linux_case.title, "linux");
  EXPECT_EQ(linux_case.steps[0].method->name, "Create");
  EXPECT_EQ(linux_case.steps[0].clause, "C-CRL-01");
  EXPECT_EQ(linux_case.steps[1].accepted, std::vector{vdisim::kProtocol});
  EXPECT_EQ(linux_case.Clauses(), (std::vector<std::string>{"C-CLO-02", "MP-04"}));
  EXPECT_EQ(linux_case.required, std::set{Capability::kLinuxFace});
  EXPECT_EQ(com_case.id, "s@com");
  EXPECT_EQ(com_case.scenario, "s");
  EXPECT_EQ(com_case.face, Face::kCom);
  EXPECT_EQ(com_case.steps[0].method->name, "CreateEx");
  EXPECT_EQ(com_case.steps[0].clause, "C-CRE-01");
  EXPECT_EQ(com_case.steps[1].accepted, std::vector{vdisim::kOpen});
  EXPECT_EQ(com_case.steps[1].clause, "C-CLO-03");
  EXPECT_EQ(com_case.Clauses(), (std::vector<std::string>{"C-CLO-03", "C-CLO-22"}));
  EXPECT_EQ(com_case.required, std::set{Capability::kComFace});
}

TEST(LoadSuite, ReadsTheInstanceOfAnActorsEnvironment) {
  const Suite suite = Load(
      Scenario("", std::string("<actor name='other' role='primary' instance='I1'/>") + kChecked));
  EXPECT_EQ(suite.cases[0].FindActor("other").instance, "I1");
  EXPECT_EQ(suite.cases[0].FindActor("primary").instance, "");
}

TEST(LoadSuite, MakesCasesOfTheNamedFacesOnly) {
  const Suite suite = Load(Scenario("faces='com'", kChecked));
  ASSERT_EQ(suite.cases.size(), 1U);
  EXPECT_EQ(suite.cases[0].id, "s@com");
}

TEST(LoadSuite, KnowsWhatACaseNeeds) {
  const Suite suite = Load(Scenario(
      "faces='linux' clock='virtual' requires='sql' no-mutant='why'",
      "<actor name='second' role='secondary'/>"
      "<call actor='second' method='MapBufferHandle' handle='1' expect='VD_E_PROTOCOL' check='c' "
      "clause='C-MAP-02'/>"));
  const Case& one = suite.cases.at(0);
  EXPECT_TRUE(one.virtual_clock);
  EXPECT_EQ(one.no_mutant, "why");
  EXPECT_EQ(one.required,
            (std::set{Capability::kLinuxFace, Capability::kSecondaryClients,
                      Capability::kBufferHandles, Capability::kVirtualClock, Capability::kSql}));
}

TEST(LoadSuite, TakesNullPointersAndRawNames) {
  const Suite suite = Load(Scenario(
      "faces='com'",
      "<call actor='primary' method='CreateEx' name='${set:main}' instance='null' devices='1'/>"
      "<call actor='engine' method='Open' name='${text:x*200}' expect='VD_E_INVALID'/>"
      "<call actor='primary' method='OpenDevice' device='0' out='null' expect='VD_E_INVALID'/>"
      "<call actor='primary' method='CreateEx' configuration='null' expect='VD_E_INVALID' "
      "check='c' clause='G-62'/>"));
  EXPECT_EQ(suite.cases[0].steps[0].arguments.at("instance"), "null");
  EXPECT_EQ(suite.cases[0].steps[2].arguments.at("out"), "null");
}

TEST(LoadSuite, AwaitsTakeWhatTheyAwait) {
  const Suite suite = Load(
      Scenario("faces='linux'",
               "<actor name='sql' role='sql-server'/>"
               "<sql actor='sql' statement='BACKUP ${set:main}' start='s'/>"
               "<call actor='primary' method='OpenDevice' device='0'/>"
               "<serve actor='primary' device='0' keep='m' start='d'/>"
               "<await call='d' check='served' clause='C-GET-02'/>"
               "<serve actor='primary' device='0' replay='m' commands='1'/>"
               "<await call='s' expect='failure' messages='3013 3202' check='c' clause='AB-01'/>"));
  const Case& one = suite.cases.at(0);
  EXPECT_TRUE(one.required.contains(Capability::kSql));
  EXPECT_EQ(one.steps[3].accepted, std::vector{vdisim::kClose});
  EXPECT_EQ(one.steps[4].accepted, std::vector{vdisim::kOk});
  EXPECT_EQ(one.steps[5].outcome, "failure");
  EXPECT_EQ(one.steps[5].messages, (std::vector<int>{3013, 3202}));
}

TEST(LoadSuite, UnfoldsFixturesAndRepetitions) {
  const Suite suite = Load(
      "<scenarios group='g'><fixture id='f'><parameter name='n' default='2'/>"
      "<repeat var='i' from='1' to='${n}'><call actor='primary' method='Close' "
      "expect='VD_E_PROTOCOL' check='c-${i}' clause='C-CLO-02'/></repeat></fixture>"
      "<scenario id='s' title='t'><goal>g</goal><steps><actor name='primary' role='primary'/>"
      "<use fixture='f' n='3'/></steps></scenario></scenarios>");
  ASSERT_EQ(suite.cases[0].steps.size(), 3U);
  EXPECT_EQ(suite.cases[0].steps[2].check, "c-3");
}

TEST(LoadSuite, TakesCodesThatAReadingAccepts) {
  const Suite suite =
      Load(WithSteps("<call actor='primary' method='MapBufferHandle' handle='1' into='v' "
                     "expect='NOERROR VD_E_ABORT' check='c' clause='G-16'/>"));
  EXPECT_EQ(suite.cases[0].steps[0].accepted, (std::vector{vdisim::kOk, vdisim::kAbort}));
}

TEST(LoadSuite, KeepsWhatIsKnownOnlyWhileRunning) {
  const Suite suite =
      Load(WithSteps("<call actor='primary' method='GetBufferHandle' buffer='foreign' save='h'/>"
                     "<call actor='primary' method='MapBufferHandle' handle='${h}+1' into='v' "
                     "expect='VD_E_INVALID' check='c' clause='C-MAP-03'/>"));
  EXPECT_EQ(suite.cases[0].steps[1].arguments.at("handle"), "${h}+1");
}

TEST(LoadSuite, LoadsEveryScenarioThatIsBuiltIn) {
  const Suite suite = LoadSuite(EmbeddedScenarios(), TheRules());
  EXPECT_GE(suite.cases.size(), 60U);
}

// What is wrong, and what the message must say.
struct Mistake {
  std::string name;
  std::string steps;
  std::string says;
};
void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class EachMistake : public testing::TestWithParam<Mistake> {};

TEST_P(EachMistake, IsNamedWithFileLineAndWhatWasExpected) {
  try {
    Load(WithSteps(GetParam().steps));
    FAIL() << "loaded";
  } catch (const ScenarioError& error) {
    const std::string message = error.what();
    EXPECT_EQ(message.find("test.xml:5: "), 0U) << message;
    EXPECT_NE(message.find(GetParam().says), std::string::npos) << message;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Steps, EachMistake,
    testing::Values(
        Mistake{"UnknownElement", "<jump/>", "expected call"},
        Mistake{"UnknownActor", "<call actor='nobody' method='Close'/>",
                "no actor is called nobody"},
        Mistake{"UnknownMethod", "<call actor='primary' method='Shut'/>", "expected one of:"},
        Mistake{"MethodOfTheOtherSide", "<call actor='primary' method='SendCommand'/>",
                "has no method SendCommand"},
        Mistake{"MissingArgument", "<call actor='primary' method='MapBufferHandle' into='v'/>",
                "needs the argument handle"},
        Mistake{"UnknownArgument", "<call actor='primary' method='Close' handle='1'/>",
                "has no attribute handle"},
        Mistake{"UnknownCode", "<call actor='primary' method='Close' expect='VD_E_MAYBE'/>",
                "VD_E_MAYBE"},
        Mistake{"UndocumentedCode",
                "<call actor='primary' method='MapBufferHandle' handle='1' into='v' "
                "expect='VD_E_CLOSE'/>",
                "no documented code of MapBufferHandle"},
        Mistake{"UnknownClause", "<call actor='primary' method='Close' check='c' clause='C-X-1'/>",
                "unknown clause C-X-1"},
        Mistake{"CheckWithoutClause",
                "<fill actor='primary' buffer='foreign' size='1' pattern='1' check='c'/>",
                "has no attribute check"},
        Mistake{"ValueThatNobodySaved",
                "<call actor='primary' method='MapBufferHandle' handle='${h}' into='v'/>",
                "neither a parameter nor a value"},
        Mistake{"BufferThatNobodyNamed",
                "<call actor='primary' method='GetBufferHandle' buffer='w1' save='h'/>",
                "knows no buffer w1"},
        Mistake{"CallOfTheOtherFace", "<call actor='primary' method='CreateEx' devices='1'/>",
                "has no method CreateEx on the linux face"},
        Mistake{"OutThatIsNotNull",
                "<call actor='primary' method='GetConfiguration' out='x' expect='VD_E_INVALID'/>",
                "out=\"x\", expected null"},
        Mistake{"UnknownSet", "<call actor='primary' method='Create' set='mian' devices='1'/>",
                "no actor has a set mian, expected one of: main"},
        Mistake{"UnknownSetInAText",
                "<call actor='primary' method='OpenInSecondary' name='${set:other}'/>",
                "no actor has a set other"},
        Mistake{"TextWithoutACount",
                "<call actor='primary' method='OpenInSecondary' name='${text:x}'/>",
                "expected such as ${text:x*200}"},
        Mistake{"NameThatOtherRunsMayTake",
                "<call actor='primary' method='Create' name='mine' devices='1'/>",
                "may meet that of another run"},
        Mistake{"DeviceThatWasNeverOpened",
                "<call actor='primary' method='GetCommand' device='0' into='w'/>",
                "has no device 0 of its object set"},
        Mistake{"DeviceThatFailedToOpen",
                "<call actor='engine' method='OpenDevice' device='1' expect='VD_E_PROTOCOL'/>"
                "<call actor='engine' method='CloseDevice' device='1'/>",
                "has no device 1"},
        Mistake{"BufferThatWasRefused",
                "<call actor='primary' method='MapBufferHandle' handle='0' into='v' "
                "expect='VD_E_INVALID'/>"
                "<call actor='primary' method='GetBufferHandle' buffer='v' save='h'/>",
                "knows no buffer v"},
        Mistake{"CommandThatNobodyFetched",
                "<call actor='primary' method='OpenDevice' device='0'/>"
                "<call actor='primary' method='CompleteCommand' device='0' command='copy:w1'/>",
                "knows no command w1"},
        Mistake{"TruthWithoutAnExpectation",
                "<call actor='engine' method='IsSharedBuffer' buffer='foreign'/>",
                "expected expect=\"TRUE\" or \"FALSE\""},
        Mistake{"SecondClauseUnknown",
                "<call actor='primary' method='Close' check='c' clause='C-CLO-01 C-CLO-99'/>",
                "unknown clause C-CLO-99"},
        Mistake{"AdvanceInRealTime", "<advance actor='engine' ms='1'/>",
                "expected clock=\"virtual\" at the scenario"},
        Mistake{"AdvanceByAClient", "<advance actor='primary' ms='1'/>",
                "expected an actor of role engine"},
        Mistake{"ReleaseByTheEngine", "<release actor='engine'/>",
                "expected an actor of a client's role"},
        Mistake{"ReleasedDevice",
                "<call actor='primary' method='OpenDevice' device='0'/>"
                "<release actor='primary' device='0'/>"
                "<call actor='primary' method='GetCommand' device='0' into='w'/>",
                "has no device 0"},
        Mistake{"DeviceOfADeletedSet",
                "<call actor='primary' method='OpenDevice' device='0'/>"
                "<release actor='primary'/>"
                "<call actor='primary' method='GetCommand' device='0' into='w'/>",
                "has no device 0"},
        Mistake{"SqlForAClient", "<sql actor='primary' statement='x'/>",
                "<sql> is for an actor of role sql-server"},
        Mistake{"CallForAServer",
                "<actor name='sql' role='sql-server'/><call actor='sql' method='Open'/>",
                "takes <sql>, <kill> and <end>"},
        Mistake{"StatementWithACode",
                "<actor name='sql' role='sql-server'/>"
                "<sql actor='sql' statement='x' expect='NOERROR'/>",
                "expected success or failure"},
        Mistake{"AwaitedStatementWithACode",
                "<actor name='sql' role='sql-server'/><sql actor='sql' statement='x' start='s'/>"
                "<await call='s' expect='VD_E_ABORT'/>",
                "a statement gives no code"},
        Mistake{"AwaitedCallWithAnOutcome",
                "<call actor='engine' method='ExecuteCompletionAgent' start='a'/>"
                "<await call='a' expect='success'/>",
                "a is no statement"},
        Mistake{"MessageThatIsNoNumber",
                "<actor name='sql' role='sql-server'/>"
                "<sql actor='sql' statement='x' messages='all'/>",
                "expected numbers such as 3013"},
        Mistake{"MediumThatNobodyKept",
                "<call actor='primary' method='OpenDevice' device='0'/>"
                "<serve actor='primary' device='0' replay='m'/>",
                "has no medium m"},
        Mistake{"NearMiss", "<call actor='primary' method='Clsoe'/>", "did you mean Close"},
        Mistake{"CallThatDoesNotGoOn", "<await call='x'/>", "no call goes on as x"},
        Mistake{"UnknownFixture", "<use fixture='f'/>", "no fixture is called f"},
        Mistake{"TooManyTurns", "<repeat var='i' from='1' to='100000'/>", "at most"},
        Mistake{"ActorTwice", "<actor name='primary' role='primary'/>", "stands here twice"}),
    [](const auto& mistake) { return mistake.param.name; });

TEST(LoadSuite, RefusesAScenarioThatChecksNothing) {
  EXPECT_THROW(Load(WithSteps("<call actor='primary' method='Close'/>")), ScenarioError);
}

// Attributes of a scenario that cannot be used, and what the message must say.
TEST(LoadSuite, RefusesAttributesOfAScenarioThatItDoesNotKnow) {
  const std::pair<const char*, const char*> kMistakes[] = {
      {"faces='windows'", "expected linux, com or both"},
      {"clock='fake'", "expected real or virtual"},
      {"requires='telepathy'", "expected some of: linux-face"},
      {"facse='com'", "has no attribute facse"}};
  for (const auto& [attributes, says] : kMistakes) {
    try {
      Load(Scenario(attributes, kChecked));
      ADD_FAILURE() << attributes << " was loaded";
    } catch (const ScenarioError& error) {
      const std::string message = error.what();
      EXPECT_EQ(message.find("test.xml:2: "), 0U) << message;
      EXPECT_NE(message.find(says), std::string::npos) << message;
    }
  }
}

TEST(LoadSuite, RefusesAnIdThatIsTaken) {
  const std::string one = fmt::format(
      "<scenario id='s' title='t'><goal>g</goal><steps><actor name='primary' role='primary'/>{}"
      "</steps></scenario>",
      kChecked);
  EXPECT_THROW(Load("<scenarios group='g'>" + one + one + "</scenarios>"), ScenarioError);
}

TEST(LoadSuite, RefusesAFixtureThatUsesItself) {
  EXPECT_THROW(Load("<scenarios group='g'><fixture id='f'><use fixture='f'/></fixture>"
                    "<scenario id='s' title='t'><goal>g</goal><steps><use fixture='f'/></steps>"
                    "</scenario></scenarios>"),
               ScenarioError);
}

TEST(LoadSuite, NamesTheLineWhereXmlEnds) {
  try {
    Load("<scenarios>\n<scenario");
    FAIL() << "loaded";
  } catch (const ScenarioError& error) {
    EXPECT_EQ(std::string(error.what()).find("test.xml:2: not XML"), 0U) << error.what();
  }
}

}  // namespace
}  // namespace conform
