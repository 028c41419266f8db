#include "conformance/drivers/provider_library.h"

#include <gtest/gtest.h>

namespace conform {
namespace {

TEST(ProviderLibrary, NeedsTheNineteenSymbols) { EXPECT_EQ(ProviderSymbols().size(), 19U); }

TEST(ProviderLibrary, SaysWhichSymbolsAreMissing) {
  try {
    const ProviderLibrary library("libm.so.6");
    FAIL() << "loaded";
  } catch (const ProviderError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("19 of the 19"), std::string::npos) << message;
    for (const std::string& symbol : ProviderSymbols()) {
      EXPECT_NE(message.find(symbol), std::string::npos) << symbol;
    }
    EXPECT_NE(message.find("ClientVirtualDevice::GetCommand("), std::string::npos) << message;
  }
}

TEST(ProviderLibrary, SaysWhyAFileCannotBeLoaded) {
  EXPECT_THROW(ProviderLibrary("/dev/null"), ProviderError);
}

}  // namespace
}  // namespace conform
