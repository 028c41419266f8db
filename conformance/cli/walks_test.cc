// Walks from outside: on the bundled library, and on libraries with a bug, whose shortest sequence
// is run as a scenario.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "conformance/cli/program_test.h"

namespace conform {
namespace {

using testing::HasSubstr;

class Walks : public VdiConform {
 protected:
  static std::string Broken(const std::string& library) {
    return " --provider '" BROKEN_LIBRARIES "/lib" + library + ".so'";
  }
  static std::size_t Count(const std::string& text, const std::string& what) {
    std::size_t count = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
      ++count;
    }
    return count;
  }
};

TEST_F(Walks, AgreeWithTheBundledLibrary) {
  EXPECT_EQ(Run("walk --seed 2 --calls 1500 --junit walk.xml"), 0) << output_;
  EXPECT_THAT(output_, HasSubstr("seed 2: 15"));
  EXPECT_THAT(output_, HasSubstr(" reachable"));
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/reports/out/walk-seed-1-client-close.xml"));
  EXPECT_THAT(Read("walk.xml"), HasSubstr("walk.client.GetCommand"));
}

TEST_F(Walks, OfOneSeedAreTheSame) {
  ASSERT_EQ(Run("walk --seed 3 --calls 400 --log first"), 0) << output_;
  ASSERT_EQ(Run("walk --seed 3 --calls 400 --log second"), 0) << output_;
  EXPECT_GT(Read("first").size(), 10'000U);
  EXPECT_EQ(Read("first"), Read("second"));
  ASSERT_EQ(Run("walk --seed 4 --calls 400 --log third"), 0) << output_;
  EXPECT_NE(Read("first"), Read("third"));
}

TEST_F(Walks, SayWhatIsWrongWithTheCommandLine) {
  EXPECT_EQ(Run("walk --calls 0"), 2);
  EXPECT_EQ(Run("walk --provider nowhere.so"), 2);
  EXPECT_EQ(Run("walk --log nowhere/log"), 2);
  EXPECT_THAT(output_, HasSubstr("nowhere/log cannot be written"));
}

struct Bug {
  const char* library;
  const char* calls;
  const char* file;     // of the scenario, behind the seed
  std::size_t longest;  // steps of the scenario, without its actors
};

class WalksOnABug : public Walks, public testing::WithParamInterface<Bug> {};

TEST_P(WalksOnABug, FindItAndMakeItShort) {
  const Bug& bug = GetParam();
  const std::string walk = std::string("walk --seed 1 --out found --calls ") + bug.calls;
  ASSERT_EQ(Run(walk + Broken(bug.library)), 1) << output_;
  EXPECT_THAT(output_, HasSubstr("Disagreement: client"));
  EXPECT_THAT(output_, HasSubstr("Requirement: "));
  EXPECT_THAT(output_, HasSubstr("Reproduce: "));
  const std::string file = std::string("found/walk-seed-1-") + bug.file + ".xml";
  const std::string scenario = Read(file);
  ASSERT_FALSE(scenario.empty()) << output_;
  const std::size_t steps = Count(scenario, "<call ") + Count(scenario, "<await ") +
                            Count(scenario, "<completed ") + Count(scenario, "<advance ");
  EXPECT_LE(steps, bug.longest) << scenario;
  EXPECT_EQ(Run("run --junit '' --scenarios " + file + Broken(bug.library)), 1) << output_;
  EXPECT_EQ(Run("run --junit '' --scenarios " + file), 0) << output_;
}

INSTANTIATE_TEST_SUITE_P(
    Libraries, WalksOnABug,
    testing::Values(Bug{"close_with_device_open_is_ok", "3000", "client-close", 9},
                    Bug{"device_unknown_is_protocol", "3000", "client-open-device", 9},
                    Bug{"crashes", "3000", "client-map-buffer-handle", 2}),
    [](const auto& one) { return std::string(one.param.library); });

}  // namespace
}  // namespace conform
