#include "conformance/runner/documented_codes.h"

#include <gtest/gtest.h>

namespace conform {
namespace {

constexpr std::uint32_t kNotOpen = 0x80770002U;
constexpr std::uint32_t kAbort = 0x80770004U;
constexpr std::uint32_t kUnexpected = 0x8077000BU;
constexpr std::uint32_t kProtocol = 0x8077000CU;

Foundation Of(Side side, const char* method, Platform platform, std::uint32_t code) {
  static const Rules kRules = Rules::Embedded();
  return FoundationOf(kRules, side, method, platform, code);
}

TEST(FoundationOf, IsThePageOfTheMethod) {
  EXPECT_EQ(Of(Side::kClient, "MapBufferHandle", Platform::kLinux, kProtocol),
            Foundation::kDocumented);
  EXPECT_EQ(Of(Side::kClient, "MapBufferHandle", Platform::kLinux, kAbort),
            Foundation::kDocumented);  // G-16
  EXPECT_EQ(Of(Side::kClient, "Close", Platform::kLinux, kAbort), Foundation::kNone);
}

TEST(FoundationOf, KnowsTheServersInterfaceAsWell) {
  EXPECT_EQ(Of(Side::kServer, "Close", Platform::kWindows, kProtocol), Foundation::kDocumented);
  EXPECT_EQ(Of(Side::kServer, "Close", Platform::kWindows, kAbort), Foundation::kNone);
  // G-02: nobody published a number for VD_E_IO_ERROR.
  EXPECT_EQ(Of(Side::kServer, "SendCommand", Platform::kWindows, kUnexpected),
            Foundation::kDocumented);
}

TEST(FoundationOf, TellsAFailureOfTheMachineFromAnAnswer) {
  EXPECT_EQ(Of(Side::kClient, "Close", Platform::kLinux, 0x80070005U), Foundation::kEnvironment);
  EXPECT_EQ(Of(Side::kClient, "Close", Platform::kLinux, kNotOpen), Foundation::kWarned);
}

TEST(FoundationOf, IsSilentWhereThePlatformHasNoSuchMethod) {
  EXPECT_EQ(Of(Side::kClient, "CreateEx", Platform::kLinux, kAbort), Foundation::kSilent);
  EXPECT_EQ(Of(Side::kServer, "WaitForActive", Platform::kWindows, kAbort), Foundation::kSilent);
}

}  // namespace
}  // namespace conform
