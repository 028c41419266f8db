// The server's buffers: sections 8.5, 8.6, 8.9 to 8.11 and B-03 to B-06.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstring>

#include "simulator/base/test_clause.h"
#include "simulator/device_set/limits.h"
#include "simulator/device_set/set_pair_for_test.h"
#include "simulator/include/vdi_codes.h"
#include "simulator/shm/segment.h"

namespace vdisim {
namespace {

// While one of these lives, no object that this process makes can have a single byte.
class NoMoreMemory {
 public:
  NoMoreMemory() : signal_before_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit none = {.rlim_cur = 0, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  ~NoMoreMemory() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, signal_before_);
  }
  NoMoreMemory(const NoMoreMemory&) = delete;
  NoMoreMemory& operator=(const NoMoreMemory&) = delete;

 private:
  void (*signal_before_)(int);
  rlimit before_{};
};

TEST(RequestBuffers, AddsUpWhileConfigurableAndGrowsAfterwards) {
  CLAUSE("S-REQ-20");
  SetPair pair;
  pair.Begin();
  uint32_t count = 99;
  EXPECT_EQ(pair.server.QueryAvailableBuffers(1, 0, &count), kOk);
  EXPECT_EQ(count, 0U);
  EXPECT_EQ(pair.server.RequestBuffers(65536, 0, 3), kOk);
  EXPECT_EQ(pair.server.RequestBuffers(65536, 0, 2), kOk);
  EXPECT_EQ(pair.server.RequestBuffers(512, 0, 1), kOk);
  EXPECT_EQ(pair.server.QueryAvailableBuffers(512, 0, &count), kOk);
  EXPECT_EQ(count, 6U);
  EXPECT_EQ(pair.server.QueryAvailableBuffers(1024, 0, &count), kOk);
  EXPECT_EQ(count, 5U);
  ASSERT_EQ(pair.server.EndConfiguration(), kOk);
  EXPECT_EQ(pair.server.QueryAvailableBuffers(1024, 0, &count), kOk);
  EXPECT_EQ(count, 5U);
  EXPECT_EQ(pair.server.RequestBuffers(1024, 8192, 4), kOk);
  EXPECT_EQ(pair.server.QueryAvailableBuffers(1024, 8192, &count), kOk);
  EXPECT_EQ(count, 4U);
}

TEST(RequestBuffers, IsProtocolWhereTheStateDoesNotAllowIt) {
  CLAUSE("S-REQ-03");
  SetPair pair;
  pair.ServerOpen();
  uint32_t count = 0;
  EXPECT_EQ(pair.server.RequestBuffers(512, 0, 1), kProtocol);
  EXPECT_EQ(pair.server.QueryAvailableBuffers(512, 0, &count), kProtocol) << "S-QAB-02";
  SetPair ended;
  ended.CloseDevices();
  EXPECT_EQ(ended.server.RequestBuffers(512, 0, 1), kProtocol);
  EXPECT_EQ(ended.server.QueryAvailableBuffers(512, 0, &count), kProtocol);
  ASSERT_EQ(ended.server.SignalAbort(), kOk);
  EXPECT_EQ(ended.server.QueryAvailableBuffers(512, 0, &count), kProtocol) << "G-12";
}

struct TooMuch {
  const char* title;
  uint32_t size;
  uint32_t count;
  friend void PrintTo(const TooMuch& much, std::ostream* out) { *out << much.title; }
};

class BeyondWhatASetMayHave : public testing::TestWithParam<TooMuch> {};

TEST_P(BeyondWhatASetMayHave, IsMemoryWhenTheConfigurationEnds) {
  CLAUSE("S-END-04");
  SetPair pair;
  pair.Begin();
  ASSERT_EQ(pair.server.RequestBuffers(512, 0, 1), kOk);
  EXPECT_EQ(pair.server.RequestBuffers(GetParam().size, 0, GetParam().count), kOk)
      << "requests only add up (S-REQ-20)";
  EXPECT_EQ(pair.server.EndConfiguration(), kMemory);
  uint32_t count = 99;
  EXPECT_EQ(pair.server.QueryAvailableBuffers(512, 0, &count), kOk) << "still Configurable";
  EXPECT_EQ(count, 0U) << "G-76";
  EXPECT_EQ(pair.server.RequestBuffers(512, 0, 1), kOk);
  EXPECT_EQ(pair.server.EndConfiguration(), kOk) << "the server may lower its request";
}

TEST_P(BeyondWhatASetMayHave, IsMemoryAtOnceLater) {
  CLAUSE("S-REQ-04");
  SetPair pair;
  pair.End();
  EXPECT_EQ(pair.server.RequestBuffers(GetParam().size, 0, GetParam().count), kMemory);
  EXPECT_EQ(pair.server.RequestBuffers(512, 0, 1), kOk);
}

INSTANTIATE_TEST_SUITE_P(RequestBuffers, BeyondWhatASetMayHave,
                         testing::Values(TooMuch{"Bytes", kBufferBytesMax, 1'000'000},
                                         TooMuch{"Areas", 512, kAreasMax* kAreaBuffersMax + 1},
                                         TooMuch{"MostOfAll", kBufferBytesMax, UINT32_MAX}),
                         [](const auto& much) { return std::string(much.param.title); });

TEST(RequestBuffers, IsMemoryForASumThatCannotBeCounted) {
  CLAUSE("S-REQ-04");
  SetPair pair;
  pair.Begin();
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(pair.server.RequestBuffers(0x7fffffff, 0, 0xffffffff), kOk) << "S-REQ-20";
  }
  EXPECT_EQ(pair.server.RequestBuffers(0x7fffffff, 0, 0xffffffff), kMemory);
  EXPECT_EQ(pair.server.EndConfiguration(), kMemory);
  EXPECT_EQ(pair.server.RequestBuffers(0x7fffffff, 0, 0xffffffff), kOk) << "G-76: from nothing";
}

TEST(RequestBuffers, LeavesAFailedConfigurationConfigurableWithoutSums) {
  CLAUSE("S-END-04");
  SetPair pair;
  pair.Begin();
  ASSERT_EQ(pair.server.RequestBuffers(65536, 0, 2), kOk);
  HResult hr;
  {
    const NoMoreMemory none;
    hr = pair.server.EndConfiguration();
  }
  EXPECT_EQ(hr, kMemory);
  uint32_t count = 99;
  EXPECT_EQ(pair.server.QueryAvailableBuffers(512, 0, &count), kOk) << "still Configurable";
  EXPECT_EQ(count, 0U) << "G-76";
  EXPECT_EQ(pair.server.RequestBuffers(512, 0, 2), kOk);
  EXPECT_EQ(pair.server.EndConfiguration(), kOk);
}

TEST(RequestBuffers, IsMemoryWhenTheSystemHasNoneWhileActive) {
  CLAUSE("S-REQ-04");
  SetPair pair;
  pair.Activate();
  {
    const NoMoreMemory none;
    EXPECT_EQ(pair.server.RequestBuffers(512, 0, 1), kMemory);
  }
  EXPECT_EQ(pair.server.RequestBuffers(512, 0, 1), kOk);
}

TEST(RequestBuffers, RefusesShapesThatCannotBe) {
  CLAUSE("S-REQ-10");
  SetPair pair;
  pair.Begin();
  EXPECT_EQ(pair.server.RequestBuffers(0, 0, 1), kInvalid);
  EXPECT_EQ(pair.server.RequestBuffers(512, 0, 0), kInvalid);
  EXPECT_EQ(pair.server.RequestBuffers(512, 1000, 1), kInvalid);
  EXPECT_EQ(pair.server.RequestBuffers(512, kBufferAlignmentMax * 2, 1), kInvalid);
  EXPECT_EQ(pair.server.RequestBuffers(0x80000000U, 0, 1), kInvalid);
}

TEST(AllocateBuffer, HandsOutAlignedZonesThatDoNotOverlap) {
  CLAUSE("B-03");
  for (const uint32_t prefix : {0U, 1U, 512U, 4096U}) {
    for (const uint32_t alignment : {0U, 512U, 4096U, 65536U, 1U << 20}) {
      VDConfig request = RequestOf(1);
      request.prefixZoneSize = prefix;
      SetPair pair(
          {.request = request, .buffers = 3, .buffer_bytes = 1000, .buffer_alignment = alignment});
      pair.Activate();
      uint8_t* buffers[3] = {};
      for (int i = 0; i < 3; ++i) {
        ASSERT_EQ(pair.server.AllocateBuffer(&buffers[i], 1000, alignment), kOk);
        const uint32_t least = alignment == 0 ? 512 : alignment;
        EXPECT_EQ(reinterpret_cast<uintptr_t>(buffers[i]) % least, 0U);
        std::memset(buffers[i] - prefix, 'a' + i, prefix + 1000);
      }
      for (int i = 0; i < 3; ++i) {
        SentCommand sent(VDC_Write);
        VDC_Command* command = nullptr;
        uint8_t* const seen = pair.Deliver(buffers[i], 1000, &sent, &command);
        ASSERT_NE(seen, nullptr);
        const uint32_t least = alignment == 0 ? 512 : alignment;
        EXPECT_EQ(reinterpret_cast<uintptr_t>(seen) % least, 0U) << "in the client as well";
        for (const int64_t at : {-int64_t{prefix}, int64_t{0}, int64_t{999}}) {
          EXPECT_EQ(seen[at], 'a' + i) << "prefix " << prefix << " at " << at;
        }
        ASSERT_EQ(pair.client_devices[0]->CompleteCommand(command, 0, 1000, 0), kOk);
        ASSERT_EQ(sent.Await(), ERROR_SUCCESS);
      }
    }
  }
}

TEST(AllocateBuffer, TakesTheBestFitAndEndsWithMemory) {
  CLAUSE("S-ALC-02");
  SetPair pair;
  pair.Begin();
  ASSERT_EQ(pair.server.RequestBuffers(65536, 0, 1), kOk);
  ASSERT_EQ(pair.server.RequestBuffers(4096, 0, 1), kOk);
  ASSERT_EQ(pair.server.EndConfiguration(), kOk);
  uint8_t* small = nullptr;
  uint8_t* large = nullptr;
  uint8_t* none = nullptr;
  EXPECT_EQ(pair.server.AllocateBuffer(&small, 100, 0), kOk);
  EXPECT_EQ(pair.server.AllocateBuffer(&large, 65536, 0), kOk) << "the small one was taken first";
  EXPECT_EQ(pair.server.AllocateBuffer(&none, 100, 0), kMemory);
  EXPECT_EQ(none, nullptr);
  EXPECT_EQ(pair.server.FreeBuffer(small, 100), kOk);
  EXPECT_EQ(pair.server.AllocateBuffer(&none, 4097, 0), kMemory);
  EXPECT_EQ(pair.server.AllocateBuffer(&none, 4096, 65536), kMemory) << "not aligned enough";
  EXPECT_EQ(pair.server.AllocateBuffer(&none, 4096, 0), kOk);
}

TEST(AllocateBuffer, RefusesInvalidParameters) {
  CLAUSE("S-ALC-03");
  SetPair pair;
  pair.End();
  uint8_t* buffer = nullptr;
  EXPECT_EQ(pair.server.AllocateBuffer(&buffer, 512, 3), kInvalid);
  EXPECT_EQ(pair.server.AllocateBuffer(&buffer, 0, 0), kInvalid);
  EXPECT_EQ(pair.server.AllocateBuffer(nullptr, 512, 0), kInvalid);
}

TEST(AllocateBuffer, FollowsTheStates) {
  CLAUSE("S-ALC-04");
  SetPair pair;
  pair.Begin();
  uint8_t* buffer = nullptr;
  EXPECT_EQ(pair.server.AllocateBuffer(&buffer, 512, 0), kProtocol);
  EXPECT_EQ(pair.server.FreeBuffer(buffer, 512), kProtocol) << "S-FRE-03";
  SetPair ended;
  ended.CloseDevices();
  EXPECT_EQ(ended.server.AllocateBuffer(&buffer, 512, 0), kOk) << "S-ALC-01";
  EXPECT_EQ(ended.server.FreeBuffer(buffer, 512), kOk) << "S-FRE-01";
  ASSERT_EQ(ended.server.SignalAbort(), kOk);
  EXPECT_EQ(ended.server.AllocateBuffer(&buffer, 512, 0), kAbort) << "S-ALC-05";
  EXPECT_EQ(ended.server.FreeBuffer(buffer, 512), kAbort) << "S-FRE-04";
}

TEST(FreeBuffer, RefusesWhatWasNotAllocatedLikeThat) {
  CLAUSE("S-FRE-02");
  SetPair pair;
  pair.End();
  uint8_t* const buffer = pair.Allocate(4096);
  uint8_t own[16];
  EXPECT_EQ(pair.server.FreeBuffer(buffer, 4095), kInvalid);
  EXPECT_EQ(pair.server.FreeBuffer(buffer + 1, 4096), kInvalid);
  EXPECT_EQ(pair.server.FreeBuffer(own, 16), kInvalid);
  EXPECT_EQ(pair.server.FreeBuffer(nullptr, 16), kInvalid);
  EXPECT_EQ(pair.server.FreeBuffer(buffer, 4096), kOk);
  EXPECT_EQ(pair.server.FreeBuffer(buffer, 4096), kInvalid) << "free already";
}

TEST(FreeBuffer, RefusesABufferThatACommandHolds) {
  CLAUSE("B-14");
  SetPair pair;
  pair.Activate();
  uint8_t* const buffer = pair.Allocate(4096);
  SentCommand sent(VDC_Write);
  VDC_Command* command = nullptr;
  ASSERT_NE(pair.Deliver(buffer, 4096, &sent, &command), nullptr);
  EXPECT_EQ(pair.server.FreeBuffer(buffer, 4096), kInvalid);
  ASSERT_EQ(pair.client_devices[0]->CompleteCommand(command, 0, 4096, 0), kOk);
  ASSERT_EQ(sent.Await(), ERROR_SUCCESS);
  EXPECT_EQ(pair.server.FreeBuffer(buffer, 4096), kOk);
}

TEST(IsSharedBuffer, IsTrueWithinAllocatedBuffersOnly) {
  CLAUSE("S-ISB-01");
  SetPair pair;
  pair.End();
  uint8_t* const buffer = pair.Allocate(1000);
  uint8_t own[4];
  EXPECT_TRUE(pair.server.IsSharedBuffer(buffer));
  EXPECT_TRUE(pair.server.IsSharedBuffer(buffer + 999));
  EXPECT_FALSE(pair.server.IsSharedBuffer(buffer + 1000));
  EXPECT_FALSE(pair.server.IsSharedBuffer(own)) << "S-ISB-02";
  EXPECT_FALSE(pair.server.IsSharedBuffer(nullptr));
  ASSERT_EQ(pair.server.FreeBuffer(buffer, 1000), kOk);
  EXPECT_FALSE(pair.server.IsSharedBuffer(buffer));
  ServerSet none;
  EXPECT_FALSE(none.IsSharedBuffer(buffer));
}

}  // namespace
}  // namespace vdisim
