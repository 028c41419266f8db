// Observations survive their way through a line, and a damaged line says what is wrong with it.
#include "conformance/monitor/observation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conform {
namespace {

std::vector<Seen> OneOfEach() {
  CallSeen call{.id = 3,
                .ms = 1.5,
                .actor = "primary",
                .object = "set",
                .method = "GetCommand",
                .arguments = Json::object({{"device", "set/0"}, {"timeout", -1}}),
                .into = "w1",
                .concurrent = true};
  CallSeen plain{.id = 4,
                 .ms = 2,
                 .actor = "engine",
                 .object = "set",
                 .method = "Close",
                 .arguments = Json::object(),
                 .into = {},
                 .concurrent = false};
  return {
      ActorSeen{"primary", "primary", "com", "main", "virtual", "vdi-conform-1-main", "SQL1"},
      call,
      plain,
      ReturnSeen{3, 2.25, static_cast<std::int32_t>(0x80770004U), Json::object({{"size", 512}})},
      GoneSeen{2.5, "primary", "killed"},
      AdvanceSeen{3, "engine", "main", 5000, 1},
      StepSeen{3.5, "fill", "engine", Json::object({{"buffer", "w1"}})}};
}

std::string Complaint(std::string_view text) {
  try {
    (void)ParseObservations(text);
  } catch (const ObservationError& error) {
    return error.what();
  }
  return "none";
}

TEST(Observation, SurvivesItsLine) {
  for (const Seen& one : OneOfEach()) {
    EXPECT_EQ(ParseObservation(ToLine(one)), one) << ToLine(one);
  }
}

TEST(Observation, HasItsMembersInAFixedOrder) {
  EXPECT_EQ(ToLine(GoneSeen{2.5, "primary", "killed"}),
            R"({"e":"gone","ms":2.5,"actor":"primary","how":"killed"})");
}

TEST(Observation, KeepsTheOrderOfAFile) {
  std::string text = "\n";
  for (const Seen& one : OneOfEach()) text += ToLine(one) + "\n";
  EXPECT_EQ(ParseObservations(text), OneOfEach());
}

TEST(Observation, SurvivesBrokenUtf8) {
  const std::string line = ToLine(GoneSeen{0, "primary", "killed\xff"});
  EXPECT_EQ(std::get<GoneSeen>(ParseObservation(line)).actor, "primary");
}

TEST(Observation, SaysWhatIsWrongAndWhere) {
  using testing::HasSubstr;
  const std::string good = ToLine(GoneSeen{0, "primary", "killed"}) + "\n";
  EXPECT_EQ(Complaint(good), "none");
  EXPECT_THAT(Complaint(good + "[]\n"), HasSubstr("line 2: this is no JSON object"));
  EXPECT_THAT(Complaint(R"({"e":"call","id":1})"), HasSubstr("\"actor\" is missing"));
  EXPECT_THAT(Complaint(R"({"e":"return","id":"x","code":0})"), HasSubstr("not a whole number"));
  EXPECT_THAT(Complaint(R"({"e":"start"})"), HasSubstr("\"start\" is no event"));
}

}  // namespace
}  // namespace conform
