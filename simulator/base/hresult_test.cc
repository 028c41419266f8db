#include "simulator/base/hresult.h"

#include <gtest/gtest.h>

#include "simulator/include/vdierror.h"

namespace vdisim {
namespace {

TEST(HResult, PrintsItsNameAndValue) {
  EXPECT_EQ(kAbort.ToString(), "VD_E_ABORT (0x80770004)");
  EXPECT_EQ(kOk.ToString(), "NOERROR (0x00000000)");
}

TEST(HResult, PrintsTheNumberOfACodeWithoutName) {
  EXPECT_EQ(HResult::FromWin32(5).ToString(), "0x80070005");
}

TEST(HResult, HasTheValuesOfThePublicHeader) {
  EXPECT_EQ(kTimeout.value(), VD_E_TIMEOUT);
  EXPECT_EQ(kSecurity.value(), VD_E_SECURITY);
  EXPECT_EQ(kInvalid.value(), VD_E_INVALID);
  EXPECT_EQ(kInstanceName.value(), VD_E_INSTANCE_NAME);
  EXPECT_EQ(kNotSupported.value(), VD_E_NOTSUPPORTED);
  EXPECT_EQ(kMemory.value(), VD_E_MEMORY);
  EXPECT_EQ(kUnexpected.value(), VD_E_UNEXPECTED);
  EXPECT_EQ(kProtocol.value(), VD_E_PROTOCOL);
  EXPECT_EQ(kOpen.value(), VD_E_OPEN);
  EXPECT_EQ(kClose.value(), VD_E_CLOSE);
  EXPECT_EQ(kQueueFull.value(), VD_E_BUSY);
}

TEST(HResult, KnowsSuccessFromFailure) {
  EXPECT_TRUE(kOk.ok());
  EXPECT_TRUE(HResult(1).ok());
  EXPECT_FALSE(kProtocol.ok());
}

TEST(ParseHResultName, FindsEveryNamePrinted) {
  HResult code;
  for (const HResult hr : {kOk, kTimeout, kAbort, kSecurity, kInvalid, kInstanceName, kNotSupported,
                           kMemory, kUnexpected, kProtocol, kOpen, kClose, kQueueFull, kNotOpen}) {
    ASSERT_TRUE(ParseHResultName(hr.name(), &code)) << hr;
    EXPECT_EQ(code, hr);
  }
  EXPECT_TRUE(ParseHResultName("VD_E_QUEUE_FULL", &code));
  EXPECT_EQ(code, kQueueFull);
}

TEST(ParseHResultName, RefusesANameNobodyKnows) {
  HResult code = kAbort;
  EXPECT_FALSE(ParseHResultName("VD_E_ABROT", &code));
  EXPECT_EQ(code, kAbort);
}

}  // namespace
}  // namespace vdisim
