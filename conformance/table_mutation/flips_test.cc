// Flips and their judgement, on recordings of a few lines.
#include "conformance/table_mutation/flips.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>

namespace conform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Rules& TheRules() {
  static const Rules kRules = Rules::Embedded();
  return kRules;
}

constexpr const char* kServerThere =
    R"({"e":"actor","actor":"primary","role":"primary","face":"linux","set":"main"}
{"e":"actor","actor":"engine","role":"engine","face":"com","set":"main"}
{"e":"call","id":1,"ms":0,"actor":"primary","method":"Create","arguments":{"name":"S","devices":1}}
{"e":"return","id":1,"ms":0,"code":0}
{"e":"call","id":2,"ms":0,"actor":"engine","method":"Open","arguments":{"name":"S"}}
{"e":"return","id":2,"ms":0,"code":0}
{"e":"finding","check":"c","call":2}
)";

// The server asks for the configuration in Connected and is told `code`.
Recording Asked(std::int64_t code) {
  return ReadRecording(
      "asked",
      kServerThere +
          std::string(R"({"e":"call","id":3,"ms":0,"actor":"engine","method":"GetConfiguration",)"
                      R"("arguments":{}})"
                      "\n"
                      R"({"e":"return","id":3,"ms":0,"code":)") +
          std::to_string(code) + "}\n");
}

Flip FlipAt(const std::string& described) {
  for (Flip& flip : AllFlips(TheRules())) {
    if (Describe(flip.position) == described) return flip;
  }
  ADD_FAILURE() << "no flip at " << described;
  return {};
}

std::size_t Noticed(const std::string& described, const std::vector<Recording>& recordings) {
  return Judge(TheRules(), recordings, {FlipAt(described)}, 1).at(0).noticed_by;
}

TEST(Recordings, KnowWhoCalledWhat) {
  const Recording recording = Asked(0);
  EXPECT_THAT(recording.methods, ElementsAre(CalledMethod(Side::kClient, "Create"),
                                             CalledMethod(Side::kServer, "GetConfiguration"),
                                             CalledMethod(Side::kServer, "Open")));
  EXPECT_THAT(Findings(TheRules(), recording), IsEmpty());
}

TEST(Recordings, NameFileAndLineOfWhatCannotBeRead) {
  EXPECT_THROW((void)ReadRecording("broken", "{\"e\":\"return\"}\n"), ObservationError);
}

TEST(Findings, SayWhatWasWrongAndHowItWasFound) {
  const std::vector<std::string> findings = Findings(TheRules(), Asked(-2139684858));
  EXPECT_THAT(findings, ElementsAre(HasSubstr("documented-codes: server.GetConfiguration")));
}

TEST(AllFlips, AreOneForEachCodeAndNeverACodeThatIsTakenThere) {
  const std::vector<Flip> flips = AllFlips(TheRules());
  EXPECT_EQ(flips.size(), TheRules().CodePositions().size());
  for (const Flip& flip : flips) {
    for (const auto& [side, method] : flip.about) {
      const auto value = TheRules().CodeValue(flip.to);
      ASSERT_TRUE(value.has_value()) << flip.to;
      EXPECT_FALSE(TheRules().IsDocumented(side, method, *value)) << Describe(flip.position);
    }
  }
}

TEST(Judge, NoticesAFlipOfTheCellThatACaseWasIn) {
  EXPECT_EQ(Noticed("L-41 in Connected: NOERROR", {Asked(0)}), 1U);
  EXPECT_EQ(Noticed("S-GCF-01", {Asked(0), Asked(0)}), 2U);
}

TEST(Judge, IsNotMovedByCellsThatNoCaseWasIn) {
  EXPECT_EQ(Noticed("L-41 in Abort: VD_E_ABORT", {Asked(0)}), 0U);
  EXPECT_EQ(Noticed("C-MAP-03", {Asked(0)}), 0U);
}

TEST(Judge, LeavesOutWhatTheTrueRulesDoNotTake) {
  EXPECT_EQ(Noticed("L-41 in Connected: NOERROR", {Asked(-2139684858)}), 0U);
}

class SurvivorsFile : public testing::Test {
 protected:
  SurvivorsFile() : file_(testing::TempDir() + "survivors-" + std::to_string(getpid()) + ".xml") {}
  ~SurvivorsFile() override { std::remove(file_.c_str()); }
  Survivors Read(const std::string& entries) {
    std::ofstream(file_) << "<survivors>" << entries << "</survivors>";
    return ReadSurvivors(TheRules(), file_);
  }
  const std::string file_;
};

TEST_F(SurvivorsFile, GivesTheReasonOfAPosition) {
  const Survivors survivors = Read("<survivor at='C-MAP-03'>It is\n so.</survivor>");
  EXPECT_EQ(survivors.at("C-MAP-03"), "It is so.");
}

TEST_F(SurvivorsFile, RefusesWhatMeansNothing) {
  EXPECT_THROW(Read("<survivor at='C-MAP-99'>Why.</survivor>"), RulesError);
  EXPECT_THROW(Read("<survivor at='C-MAP-03'/>"), RulesError);
  EXPECT_THROW(Read("<survivor at='C-MAP-03'>a</survivor><survivor at='C-MAP-03'>b</survivor>"),
               RulesError);
  EXPECT_THROW((void)ReadSurvivors(TheRules(), file_ + ".none"), RulesError);
}

TEST_F(SurvivorsFile, IsNotNeededForWhatTheRulesCallBeyondReach) {
  std::vector<Flip> flips = AllFlips(TheRules());
  std::size_t beyond = 0;
  for (Flip& flip : flips) {
    if (flip.beyond.empty()) flip.noticed_by = 1;
    beyond += flip.beyond.empty() ? 0 : 1;
  }
  EXPECT_GE(beyond, 10U);
  EXPECT_THAT(Complaints(flips, {}), IsEmpty());
  EXPECT_THAT(FlipTable(flips, {}), testing::Not(HasSubstr("no reason is known")));
  EXPECT_THAT(FlipSummary(flips), HasSubstr("that a call can show (100.0 %)"));
}

// Flips of which the first so many are noticed.
std::vector<Flip> Judged(std::size_t noticed, std::size_t all) {
  std::vector<Flip> flips = AllFlips(TheRules());
  flips.resize(all);
  for (std::size_t i = 0; i < noticed; ++i) flips[i].noticed_by = 1;
  return flips;
}

TEST(Complaints, AreNoneWhenEachSurvivorHasItsReason) {
  const std::vector<Flip> flips = Judged(19, 20);
  EXPECT_THAT(Complaints(flips, {{Describe(flips[19].position), "Why."}}), IsEmpty());
}

TEST(Complaints, NameASurvivorWithoutAReason) {
  const std::vector<Flip> flips = Judged(19, 20);
  EXPECT_THAT(Complaints(flips, {}), ElementsAre(HasSubstr(Describe(flips[19].position))));
}

TEST(Complaints, NameAReasonThatIsWrong) {
  const std::vector<Flip> flips = Judged(20, 20);
  EXPECT_THAT(Complaints(flips, {{Describe(flips[3].position), "Why."}}),
              ElementsAre(HasSubstr("nobody can notice it")));
}

TEST(Complaints, NameAShareThatIsTooSmall) {
  const std::vector<Flip> flips = Judged(18, 20);
  const Survivors survivors = {{Describe(flips[18].position), "Why."},
                               {Describe(flips[19].position), "Why."}};
  EXPECT_THAT(Complaints(flips, survivors), ElementsAre(HasSubstr("95 % are required")));
}

TEST(FlipTable, ShowsSurvivorsWithTheirReasonAndWhoNoticedTheOthers) {
  std::vector<Flip> flips = Judged(1, 2);
  flips[0].first_case = "a.case";
  const std::string table = FlipTable(flips, {{Describe(flips[1].position), "It is so."}});
  EXPECT_THAT(table, HasSubstr("1 of 2 flips are noticed (50.0 %), of the 2 that"));
  EXPECT_THAT(table, HasSubstr("| It is so. |"));
  EXPECT_THAT(table, HasSubstr("`a.case`"));
  EXPECT_THAT(FlipTable(flips, {}), HasSubstr("**no reason is known**"));
}

}  // namespace
}  // namespace conform
