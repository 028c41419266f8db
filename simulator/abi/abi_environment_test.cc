#include "simulator/abi/abi_environment.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace vdisim {
namespace {

struct Parsed {
  AbiEnvironment environment;
  std::vector<std::string> complaints;
};
Parsed Parse(const std::map<std::string, std::string>& variables) {
  Parsed parsed;
  parsed.environment = ParseAbiEnvironment(
      [&](const char* name) -> const char* {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
      },
      &parsed.complaints);
  return parsed;
}

TEST(AbiEnvironment, NeedsNothing) {
  const Parsed parsed = Parse({});
  EXPECT_EQ(parsed.environment.client_options.mode, 0600U);
  EXPECT_FALSE(parsed.environment.client_options.virtual_clock);
  EXPECT_EQ(parsed.environment.get_command_unit_ms, 1);
  EXPECT_FALSE(parsed.environment.log_failures);
  EXPECT_TRUE(parsed.complaints.empty());
}

TEST(AbiEnvironment, TakesWhatItOffers) {
  const Parsed parsed = Parse({{"VDISIM_CLOCK", "virtual"},
                               {"VDISIM_MODE", "0660"},
                               {"VDISIM_TIMEOUT_UNIT", "seconds"},
                               {"VDISIM_GUARD", "detect"},
                               {"VDISIM_KEEPER", "4711"},
                               {"VDISIM_LOG", "1"}});
  EXPECT_EQ(parsed.environment.client_options.mode, 0660U);
  EXPECT_EQ(parsed.environment.client_options.keeper, 4711U);
  EXPECT_TRUE(parsed.environment.client_options.virtual_clock);
  EXPECT_EQ(parsed.environment.get_command_unit_ms, 1000);
  EXPECT_TRUE(parsed.environment.log_failures);
  EXPECT_EQ(parsed.environment.client_options.guard.mode, GuardMode::kDetect);
  EXPECT_TRUE(parsed.complaints.empty());
  EXPECT_EQ(Parse({{"VDISIM_GUARD", "fault"}}).environment.client_options.guard.mode,
            GuardMode::kFault);
}

TEST(AbiEnvironment, TheDefaultsCanBeSpelledOut) {
  EXPECT_TRUE(Parse({{"VDISIM_CLOCK", "real"},
                     {"VDISIM_MODE", "600"},
                     {"VDISIM_TIMEOUT_UNIT", "milliseconds"},
                     {"VDISIM_GUARD", "off"},
                     {"VDISIM_LOG", "0"}})
                  .complaints.empty());
}

TEST(AbiEnvironment, SaysWhatItIgnores) {
  const Parsed parsed = Parse({{"VDISIM_CLOCK", "manual"},
                               {"VDISIM_TIMEOUT_UNIT", "minutes"},
                               {"VDISIM_GUARD", "on"},
                               {"VDISIM_KEEPER", "me"},
                               {"VDISIM_LOG", "yes"}});
  ASSERT_EQ(parsed.complaints.size(), 5U);
  EXPECT_EQ(parsed.environment.client_options.guard.mode, GuardMode::kOff);
  EXPECT_EQ(parsed.complaints[1],
            "vdisim: VDISIM_TIMEOUT_UNIT=minutes is ignored; it can be milliseconds or seconds");
  EXPECT_EQ(parsed.environment.get_command_unit_ms, 1);
}

TEST(AbiEnvironment, TheOwnerKeepsItsObjects) {
  for (const char* mode : {"0", "0060", "0400", "0777", "01600", "0688", "0x1b0", "660 ", "-660"}) {
    const Parsed parsed = Parse({{"VDISIM_MODE", mode}});
    EXPECT_EQ(parsed.complaints.size(), 1U) << mode;
    EXPECT_EQ(parsed.environment.client_options.mode, 0600U) << mode;
  }
}

TEST(TimeoutOfLinux, NegativeAndThirtyTwoBitInfiniteWaitForEver) {  // C-GET-10, G-23
  for (const int64_t timeout : {int64_t{-1}, INT64_MIN, int64_t{0xFFFFFFFF}}) {
    EXPECT_TRUE(TimeoutOfLinux(timeout, 1).infinite()) << timeout;
    EXPECT_TRUE(TimeoutOfLinux(timeout, 1000).infinite()) << timeout;
  }
  EXPECT_FALSE(TimeoutOfLinux(0xFFFFFFFE, 1).infinite());
  EXPECT_FALSE(TimeoutOfLinux(0x100000000, 1).infinite());
}

TEST(TimeoutOfLinux, CountsInItsUnit) {  // G-22
  EXPECT_EQ(TimeoutOfLinux(90, 1).length(), std::chrono::milliseconds(90));
  EXPECT_EQ(TimeoutOfLinux(90, 1000).length(), std::chrono::seconds(90));
  EXPECT_EQ(TimeoutOfLinux(0, 1000).length(), Nanoseconds(0));
}

TEST(TimeoutOfLinux, WhatOverflowsWaitsForEver) {
  EXPECT_TRUE(TimeoutOfLinux(INT64_MAX, 1).infinite());
  EXPECT_TRUE(TimeoutOfLinux(INT64_MAX / 1000 + 1, 1000).infinite());
}

TEST(TimeoutOfCom, HasOneInfinite) {
  EXPECT_TRUE(TimeoutOfCom(0xFFFFFFFF).infinite());
  EXPECT_EQ(TimeoutOfCom(0xFFFFFFFE).length(), std::chrono::milliseconds(0xFFFFFFFE));
}

}  // namespace
}  // namespace vdisim
