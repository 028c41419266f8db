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
        Mistake{"CallThatDoesNotGoOn", "<await call='x'/>", "no call goes on as x"},
        Mistake{"UnknownFixture", "<use fixture='f'/>", "no fixture is called f"},
        Mistake{"TooManyTurns", "<repeat var='i' from='1' to='100000'/>", "at most"},
        Mistake{"ActorTwice", "<actor name='primary' role='primary'/>", "stands here twice"}),
    [](const auto& mistake) { return mistake.param.name; });

TEST(LoadSuite, RefusesAScenarioThatChecksNothing) {
  EXPECT_THROW(Load(WithSteps("<call actor='primary' method='Close'/>")), ScenarioError);
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
