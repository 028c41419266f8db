#include "simulator/engine/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vdisim {
namespace {

VDConfig Client(uint32_t devices, uint32_t features = 0, uint32_t alignment = 0) {
  VDConfig config{};
  config.deviceCount = devices;
  config.features = features;
  config.alignment = alignment;
  return config;
}

Configuration Agreed(const VDConfig& client, const ConfigurationRequest& request,
                     const char* profile = "default") {
  std::string why;
  const auto chosen = NegotiateTransfer(client, request, *FindProfile(profile), &why);
  EXPECT_TRUE(chosen) << why;
  return chosen.value_or(Configuration{});
}

ConfigurationRequest Request(uint32_t devices, bool backup = true) {
  ConfigurationRequest request;
  request.devices = devices;
  request.backup = backup;
  return request;
}

TEST(NegotiateTransfer, TakesTheDocumentedDefaults) {
  const Configuration chosen = Agreed(Client(1), Request(1));
  EXPECT_EQ(chosen.block_bytes, 512U);
  EXPECT_EQ(chosen.max_transfer_bytes, 65536U);
  EXPECT_EQ(chosen.alignment, 512U);
  EXPECT_EQ(chosen.features, static_cast<uint32_t>(VDF_WriteMedia));
  EXPECT_EQ(Agreed(Client(1), Request(1, false)).features, static_cast<uint32_t>(VDF_ReadMedia));
}

TEST(NegotiateTransfer, TakesTheStricterAlignment) {
  EXPECT_EQ(Agreed(Client(1, 0, 4096), Request(1)).alignment, 4096U);
  ConfigurationRequest request = Request(1);
  request.block_bytes = 65536;
  EXPECT_EQ(Agreed(Client(1, 0, 4096), request).alignment, 65536U);
}

TEST(NegotiateTransfer, GrantsCompleteForABackupThatAskedForItUnderAProfileThatHasIt) {
  const VDConfig asks = Client(1, VDF_RequestComplete);
  EXPECT_TRUE(Agreed(asks, Request(1)).complete);
  EXPECT_NE(Agreed(asks, Request(1)).features & VDF_CompleteEnabled, 0U);
  EXPECT_FALSE(Agreed(asks, Request(1, false)).complete);
  EXPECT_FALSE(Agreed(asks, Request(1), "no-complete").complete);
  EXPECT_FALSE(Agreed(Client(1), Request(1)).complete);
}

TEST(NegotiateTransfer, IgnoresServerBitsInARequest) {
  EXPECT_EQ(Agreed(Client(1, VDF_ReadMedia | VDF_CompleteEnabled), Request(1)).features,
            static_cast<uint32_t>(VDF_WriteMedia));
}

TEST(NegotiateTransfer, RefusesWhatItCannotServe) {
  std::string why;
  const Profile& profile = *FindProfile("default");
  EXPECT_FALSE(NegotiateTransfer(Client(2), Request(1), profile, &why));
  EXPECT_THAT(why, ::testing::HasSubstr("names 1 device(s), the client created the set with 2"));
  EXPECT_FALSE(NegotiateTransfer(Client(1, VDF_LikeTape), Request(1), profile, &why));
  EXPECT_THAT(why, ::testing::HasSubstr("not simulated"));
  EXPECT_FALSE(NegotiateTransfer(Client(1, 0, 131072), Request(1), profile, &why));
}

TEST(NegotiateTransfer, GivesEveryDeviceABuffer) {
  ConfigurationRequest request = Request(8);
  request.buffers = 3;
  EXPECT_EQ(Agreed(Client(8), request).buffers, 8U);
  request.buffers = 50;
  EXPECT_EQ(Agreed(Client(8), request).buffers, 50U);
  request.buffers.reset();
  EXPECT_EQ(Agreed(Client(8), request).buffers, 32U);
  request.max_transfer_bytes = 4U << 20;
  EXPECT_EQ(Agreed(Client(8), request).buffers, 16U);  // 64 MiB
}

TEST(BufferShare, AddsUpToAllBuffers) {
  for (uint32_t devices = 1; devices <= 64; ++devices) {
    for (uint32_t buffers = devices; buffers < 3 * devices; ++buffers) {
      uint32_t sum = 0;
      for (uint32_t i = 0; i < devices; ++i) {
        EXPECT_GE(BufferShare(buffers, devices, i), 1U);
        sum += BufferShare(buffers, devices, i);
      }
      ASSERT_EQ(sum, buffers);
    }
  }
}

}  // namespace
}  // namespace vdisim
