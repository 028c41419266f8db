#include "simulator/device_set/configuration.h"

#include <gtest/gtest.h>

#include "simulator/base/test_clause.h"

namespace vdisim {
namespace {

VDConfig Request() {
  VDConfig request{};
  request.deviceCount = 2;
  return request;
}

TEST(CheckRequest, TakesOneTo64Devices) {
  CLAUSE("CFG-01");
  VDConfig request = Request();
  for (const uint32_t count : {1U, 64U}) {
    request.deviceCount = count;
    EXPECT_EQ(CheckRequest(request), kOk) << count;
  }
  for (const uint32_t count : {0U, 65U, 0xFFFFFFFFU}) {
    request.deviceCount = count;
    EXPECT_EQ(CheckRequest(request), kNotSupported) << count;
  }
}

TEST(CheckRequest, TakesPowersOfTwoAsAlignment) {
  CLAUSE("G-18");
  VDConfig request = Request();
  for (const uint32_t alignment : {0U, 1U, 512U, 65536U}) {
    request.alignment = alignment;
    EXPECT_EQ(CheckRequest(request), kOk) << alignment;
  }
  for (const uint32_t alignment : {3U, 513U, 131072U}) {
    request.alignment = alignment;
    EXPECT_EQ(CheckRequest(request), kNotSupported) << alignment;
  }
}

TEST(CheckRequest, TakesAnyPrefixZoneThatFits) {
  CLAUSE("G-56");
  VDConfig request = Request();
  for (const uint32_t prefix : {0U, 1U, 512U, 4096U, 1048576U}) {
    request.prefixZoneSize = prefix;
    EXPECT_EQ(CheckRequest(request), kOk) << prefix;
  }
  request.prefixZoneSize = 1048577;
  EXPECT_EQ(CheckRequest(request), kNotSupported);
}

TEST(CheckRequest, IgnoresServerOwnedBits) {
  CLAUSE("G-55");
  VDConfig request = Request();
  request.features = kServerFeatures | VDF_Discard;
  request.blockSize = 7;
  EXPECT_EQ(CheckRequest(request), kOk);
  EXPECT_EQ(WithoutServerFields(request).features, static_cast<uint32_t>(VDF_Discard));
  EXPECT_EQ(WithoutServerFields(request).blockSize, 0U);
}

TEST(Negotiate, EchoesTheClientAndComputesTheRest) {
  CLAUSE("CFG-20");
  VDConfig request = Request();
  request.features = VDF_Discard | VDF_RequestComplete;
  request.prefixZoneSize = 100;
  request.softFileMarkBlockSize = 11;
  request.EOMWarningSize = 12;
  request.serverTimeOut = 13;
  VDConfig actual{};
  ASSERT_EQ(Negotiate(request, VDF_WriteMedia, 1024, 0, 131072, &actual), kOk);
  EXPECT_EQ(actual.deviceCount, 2U);
  EXPECT_EQ(actual.features,
            static_cast<uint32_t>(VDF_Discard | VDF_RequestComplete | VDF_WriteMedia));
  EXPECT_EQ(actual.prefixZoneSize, 100U);
  EXPECT_EQ(actual.alignment, 1024U);
  EXPECT_EQ(actual.softFileMarkBlockSize, 11U);
  EXPECT_EQ(actual.EOMWarningSize, 12U);
  EXPECT_EQ(actual.serverTimeOut, 13U);
  EXPECT_EQ(actual.blockSize, 1024U);
  EXPECT_EQ(actual.maxIODepth, 4U);
  EXPECT_EQ(actual.maxTransferSize, 131072U);
  EXPECT_EQ(actual.bufferAreaSize, 131072U * 4 * 2);
}

TEST(Negotiate, TakesTheStrictestAlignment) {
  CLAUSE("B-05");
  VDConfig request = Request();
  VDConfig actual{};
  request.alignment = 8192;
  ASSERT_EQ(Negotiate(request, 0, 512, 4096, 65536, &actual), kOk);
  EXPECT_EQ(actual.alignment, 8192U);
  request.alignment = 1024;
  ASSERT_EQ(Negotiate(request, 0, 512, 4096, 65536, &actual), kOk);
  EXPECT_EQ(actual.alignment, 4096U);
}

TEST(Negotiate, RefusesWhatSection42DoesNotAllow) {
  CLAUSE("CFG-25 to CFG-27");
  struct Case {
    uint32_t block;
    uint32_t alignment;
    uint32_t transfer;
    HResult expected;
  };
  const Case cases[] = {{512, 0, 65536, kOk},
                        {65536, 0, 4194304, kOk},
                        {512, 65536, 65536, kOk},
                        {256, 0, 65536, kInvalid},
                        {131072, 0, 65536, kInvalid},
                        {1000, 0, 65536, kInvalid},
                        {1024, 512, 65536, kInvalid},
                        {512, 3000, 65536, kInvalid},
                        {512, 131072, 65536, kInvalid},
                        {512, 0, 0, kInvalid},
                        {512, 0, 65535, kInvalid},
                        {512, 0, 98304, kInvalid},
                        {512, 0, 4194304 + 65536, kInvalid}};
  for (const Case& c : cases) {
    VDConfig actual{};
    EXPECT_EQ(Negotiate(Request(), 0, c.block, c.alignment, c.transfer, &actual), c.expected)
        << c.block << " " << c.alignment << " " << c.transfer;
  }
}

}  // namespace
}  // namespace vdisim
