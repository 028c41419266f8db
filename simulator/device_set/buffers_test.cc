// Buffers and handles: sections 7.9, 7.10, 8.5, 8.6, 8.9 to 8.11 and 9.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstring>
#include <set>

#include "simulator/base/test_clause.h"
#include "simulator/device_set/buffer_handle.h"
#include "simulator/device_set/limits.h"
#include "simulator/device_set/set_pair_for_test.h"
#include "simulator/include/vdi_codes.h"
#include "simulator/shm/segment.h"

namespace vdisim {
namespace {

// While one of these lives, this process gets no object it does not have yet.
class NoMoreFiles {
 public:
  NoMoreFiles() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit none = {.rlim_cur = 0, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoMoreFiles() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoMoreFiles(const NoMoreFiles&) = delete;
  NoMoreFiles& operator=(const NoMoreFiles&) = delete;

 private:
  rlimit before_{};
};

class Buffers : public ::testing::Test {
 protected:
  // Sends a Write with the buffer and fetches it: the client's address of the data zone.
  static uint8_t* Deliver(SetPair& pair, uint8_t* buffer, int32_t size, SentCommand* sent,
                          VDC_Command** command) {
    sent->get()->commandCode = VDC_Write;
    sent->get()->buffer = buffer;
    sent->get()->size = size;
    if (!pair.server_devices[0]->SendCommand(sent->get()).ok()) return nullptr;
    if (!pair.client_devices[0]->GetCommand(Timeout::Infinite(), command).ok()) return nullptr;
    return (*command)->buffer;
  }
};

using RequestBuffers = Buffers;
using AllocateBuffer = Buffers;
using FreeBuffer = Buffers;
using IsSharedBuffer = Buffers;
using Handles = Buffers;

TEST_F(RequestBuffers, AddsUpWhileConfigurableAndGrowsAfterwards) {
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

TEST_F(RequestBuffers, IsProtocolWhereTheStateDoesNotAllowIt) {
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

TEST_F(RequestBuffers, IsMemoryBeyondWhatASetMayHave) {
  CLAUSE("S-REQ-04");
  SetPair pair;
  pair.Begin();
  EXPECT_EQ(pair.server.RequestBuffers(kBufferBytesMax, 0, 1'000'000), kMemory);
  EXPECT_EQ(pair.server.RequestBuffers(512, 0, kAreasMax * kAreaBuffersMax + 1), kMemory);
  EXPECT_EQ(pair.server.EndConfiguration(), kOk) << "a refused request counts for nothing";
  EXPECT_EQ(pair.server.RequestBuffers(kBufferBytesMax, 0, 1'000'000), kMemory);
}

TEST_F(RequestBuffers, LeavesAFailedConfigurationConfigurableWithoutSums) {
  CLAUSE("S-END-04");
  SetPair pair;
  pair.Begin();
  ASSERT_EQ(pair.server.RequestBuffers(65536, 0, 2), kOk);
  HResult hr;
  {
    const NoMoreFiles none;
    hr = pair.server.EndConfiguration();
  }
  EXPECT_EQ(hr, kMemory);
  uint32_t count = 99;
  EXPECT_EQ(pair.server.QueryAvailableBuffers(512, 0, &count), kOk) << "still Configurable";
  EXPECT_EQ(count, 0U) << "G-76";
  EXPECT_EQ(pair.server.RequestBuffers(512, 0, 2), kOk);
  EXPECT_EQ(pair.server.EndConfiguration(), kOk);
}

TEST_F(RequestBuffers, IsMemoryWhenTheSystemHasNoneWhileActive) {
  CLAUSE("S-REQ-04");
  SetPair pair;
  pair.Activate();
  {
    const NoMoreFiles none;
    EXPECT_EQ(pair.server.RequestBuffers(512, 0, 1), kMemory);
  }
  EXPECT_EQ(pair.server.RequestBuffers(512, 0, 1), kOk);
}

TEST_F(RequestBuffers, RefusesShapesThatCannotBe) {
  CLAUSE("S-REQ-10");
  SetPair pair;
  pair.Begin();
  EXPECT_EQ(pair.server.RequestBuffers(0, 0, 1), kInvalid);
  EXPECT_EQ(pair.server.RequestBuffers(512, 0, 0), kInvalid);
  EXPECT_EQ(pair.server.RequestBuffers(512, 1000, 1), kInvalid);
  EXPECT_EQ(pair.server.RequestBuffers(512, kBufferAlignmentMax * 2, 1), kInvalid);
  EXPECT_EQ(pair.server.RequestBuffers(0x80000000U, 0, 1), kInvalid);
}

TEST_F(AllocateBuffer, HandsOutAlignedZonesThatDoNotOverlap) {
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
        uint8_t* const seen = Deliver(pair, buffers[i], 1000, &sent, &command);
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

TEST_F(AllocateBuffer, TakesTheBestFitAndEndsWithMemory) {
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

TEST_F(AllocateBuffer, RefusesInvalidParameters) {
  CLAUSE("S-ALC-03");
  SetPair pair;
  pair.End();
  uint8_t* buffer = nullptr;
  EXPECT_EQ(pair.server.AllocateBuffer(&buffer, 512, 3), kInvalid);
  EXPECT_EQ(pair.server.AllocateBuffer(&buffer, 0, 0), kInvalid);
  EXPECT_EQ(pair.server.AllocateBuffer(nullptr, 512, 0), kInvalid);
}

TEST_F(AllocateBuffer, FollowsTheStates) {
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

TEST_F(FreeBuffer, RefusesWhatWasNotAllocatedLikeThat) {
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

TEST_F(FreeBuffer, RefusesABufferThatACommandHolds) {
  CLAUSE("B-14");
  SetPair pair;
  pair.Activate();
  uint8_t* const buffer = pair.Allocate(4096);
  SentCommand sent(VDC_Write);
  VDC_Command* command = nullptr;
  ASSERT_NE(Deliver(pair, buffer, 4096, &sent, &command), nullptr);
  EXPECT_EQ(pair.server.FreeBuffer(buffer, 4096), kInvalid);
  ASSERT_EQ(pair.client_devices[0]->CompleteCommand(command, 0, 4096, 0), kOk);
  ASSERT_EQ(sent.Await(), ERROR_SUCCESS);
  EXPECT_EQ(pair.server.FreeBuffer(buffer, 4096), kOk);
}

TEST_F(IsSharedBuffer, IsTrueWithinAllocatedBuffersOnly) {
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

TEST_F(Handles, PackTheirThreePartsIntoAPositiveNumber) {
  CLAUSE("G-44");
  for (const uint32_t tag : {1U, 77U, kHandleTagMax}) {
    for (const BufferPlace place : {BufferPlace{0, 0}, BufferPlace{63, 2047}, BufferPlace{5, 9}}) {
      const auto handle = static_cast<int32_t>(EncodeHandle(tag, place));
      EXPECT_GT(handle, 0);
      EXPECT_EQ(DecodeHandle(tag, handle), place);
      EXPECT_EQ(DecodeHandle(tag == 1 ? 2 : tag - 1, handle), std::nullopt);
    }
  }
  EXPECT_EQ(DecodeHandle(1, 0), std::nullopt);
  EXPECT_EQ(DecodeHandle(1, -1), std::nullopt);
}

TEST_F(Handles, LeadASecondaryToTheSameBytesAndPrefix) {
  CLAUSE("C-MAP-01");
  VDConfig request = RequestOf(1);
  request.prefixZoneSize = 512;
  SetPair pair({.request = request});
  pair.Activate();
  SentCommand sent(VDC_Write);
  VDC_Command* command = nullptr;
  uint8_t* const delivered = Deliver(pair, pair.Allocate(), 65536, &sent, &command);
  ASSERT_NE(delivered, nullptr);
  std::memset(delivered - 512, 0x11, 512);
  std::memset(delivered, 0x22, 65536);
  uint32_t handle = 0;
  uint32_t again = 0;
  ASSERT_EQ(pair.client.GetBufferHandle(delivered, &handle), kOk);
  ASSERT_EQ(pair.client.GetBufferHandle(delivered, &again), kOk);
  EXPECT_EQ(handle, again) << "G-20";

  const auto secondary = pair.Secondary();
  uint8_t* mapped = nullptr;
  ASSERT_EQ(secondary->MapBufferHandle(static_cast<int32_t>(handle), &mapped), kOk);
  EXPECT_NE(mapped, delivered) << "an address of its own mapping (B-12)";
  EXPECT_EQ(mapped[-512], 0x11) << "B-15";
  EXPECT_EQ(mapped[65535], 0x22);
  mapped[0] = 0x33;
  EXPECT_EQ(delivered[0], 0x33);
  uint32_t of_mapping = 0;
  EXPECT_EQ(secondary->GetBufferHandle(mapped, &of_mapping), kOk);
  EXPECT_EQ(of_mapping, handle);
}

TEST_F(Handles, AreRefusedUnlessGivenOutForABufferInUse) {
  CLAUSE("C-MAP-03");
  SetPair pair;
  pair.Activate();
  SentCommand sent(VDC_Write);
  VDC_Command* command = nullptr;
  uint8_t* const buffer = pair.Allocate();
  uint8_t* const delivered = Deliver(pair, buffer, 65536, &sent, &command);
  uint32_t handle = 0;
  ASSERT_EQ(pair.client.GetBufferHandle(delivered, &handle), kOk);
  const auto number = static_cast<int32_t>(handle);
  uint8_t* mapped = nullptr;
  for (const int32_t wrong : {0, -1, -number, number + 1, number + (1 << 11), number ^ (1 << 17),
                              number ^ (1 << 30), 0x7FFFFFFF, INT32_MIN, 1}) {
    EXPECT_EQ(pair.client.MapBufferHandle(wrong, &mapped), kInvalid) << wrong;
  }
  EXPECT_EQ(mapped, nullptr);
  EXPECT_EQ(pair.client.MapBufferHandle(number, nullptr), kInvalid);
  EXPECT_EQ(pair.client.MapBufferHandle(number, &mapped), kOk);
  ASSERT_EQ(pair.client_devices[0]->CompleteCommand(command, 0, 65536, 0), kOk);
  ASSERT_EQ(sent.Await(), ERROR_SUCCESS);
  ASSERT_EQ(pair.server.FreeBuffer(buffer, 65536), kOk);
  EXPECT_EQ(pair.client.MapBufferHandle(number, &mapped), kInvalid) << "freed";
  ASSERT_EQ(pair.server.AllocateBuffer(&mapped, 65536, 0), kOk);
  EXPECT_EQ(pair.client.MapBufferHandle(number, &mapped), kInvalid) << "not given out for this one";
}

TEST_F(Handles, OfAnotherSetOrIncarnationAreSeenToBeForeign) {
  CLAUSE("C-MAP-20");
  const std::string name = FreshSetName();
  std::set<uint32_t> handles;
  std::optional<uint32_t> kept;
  SetPair other;
  other.Activate();
  for (int incarnation = 0; incarnation < 50; ++incarnation) {
    ClientSet client;
    ServerSet server;
    ASSERT_EQ(client.Create("", name, RequestOf(1)), kOk);
    ASSERT_EQ(server.Open("", name), kOk);
    ASSERT_EQ(server.BeginConfiguration(0, 512, 0, 65536), kOk);
    ASSERT_EQ(server.RequestBuffers(512, 0, 1), kOk);
    ASSERT_EQ(server.EndConfiguration(), kOk);
    std::shared_ptr<ServerDevice> server_device;
    std::shared_ptr<ClientDevice> client_device;
    ASSERT_EQ(server.OpenDevice(name, &server_device), kOk);
    ASSERT_EQ(client.OpenDevice(name, &client_device), kOk);
    std::thread agent([&] { EXPECT_EQ(server.ExecuteCompletionAgent(), kOk); });
    ASSERT_EQ(server.WaitForActive(Timeout::Infinite()), kOk);
    uint8_t* buffer = nullptr;
    ASSERT_EQ(server.AllocateBuffer(&buffer, 512, 0), kOk);
    SentCommand sent(VDC_Write, buffer, 512);
    ASSERT_EQ(server_device->SendCommand(sent.get()), kOk);
    VDC_Command* command = nullptr;
    ASSERT_EQ(client_device->GetCommand(Timeout::Infinite(), &command), kOk);
    uint32_t handle = 0;
    ASSERT_EQ(client.GetBufferHandle(command->buffer, &handle), kOk);
    EXPECT_TRUE(handles.insert(handle).second) << "given out before";
    uint8_t* mapped = nullptr;
    if (kept.has_value()) {
      EXPECT_EQ(client.MapBufferHandle(static_cast<int32_t>(*kept), &mapped), kInvalid);
    }
    EXPECT_EQ(other.client.MapBufferHandle(static_cast<int32_t>(handle), &mapped), kInvalid);
    kept = handle;
    ASSERT_EQ(server.Close(), kProtocol);
    agent.join();
    ASSERT_EQ(client.Close(), kOk);
    EXPECT_EQ(client.MapBufferHandle(static_cast<int32_t>(handle), &mapped), kProtocol)
        << "C-MAP-02";
  }
}

TEST_F(Handles, AreGivenForDataZoneStartsOnly) {
  CLAUSE("C-GBH-03");
  SetPair pair;
  pair.Activate();
  SentCommand sent(VDC_Write);
  VDC_Command* command = nullptr;
  uint8_t* const delivered = Deliver(pair, pair.Allocate(), 65536, &sent, &command);
  uint8_t own = 0;
  uint32_t handle = 7;
  EXPECT_EQ(pair.client.GetBufferHandle(nullptr, &handle), kInvalid);
  EXPECT_EQ(pair.client.GetBufferHandle(&own, &handle), kInvalid);
  EXPECT_EQ(pair.client.GetBufferHandle(delivered + 1, &handle), kInvalid);
  EXPECT_EQ(pair.client.GetBufferHandle(delivered - 1, &handle), kInvalid);
  EXPECT_EQ(pair.client.GetBufferHandle(delivered + 65536, &handle), kInvalid) << "not allocated";
  EXPECT_EQ(pair.client.GetBufferHandle(delivered, nullptr), kInvalid);
  EXPECT_EQ(handle, 7U);
  EXPECT_EQ(pair.client.GetBufferHandle(delivered, &handle), kOk) << "C-GBH-01";
}

TEST_F(Handles, NeedAnOpenSet) {
  CLAUSE("C-GBH-02");
  ClientSet set;
  uint8_t byte = 0;
  uint8_t* mapped = nullptr;
  uint32_t handle = 0;
  EXPECT_EQ(set.GetBufferHandle(&byte, &handle), kProtocol);
  EXPECT_EQ(set.MapBufferHandle(1, &mapped), kProtocol);
}

TEST_F(Handles, KeepWorkingInAbortAndAfterTheServersClose) {
  CLAUSE("G-16");
  SetPair pair;
  pair.Activate();
  const auto secondary = pair.Secondary();
  SentCommand sent(VDC_Write);
  VDC_Command* command = nullptr;
  uint8_t* const delivered = Deliver(pair, pair.Allocate(), 65536, &sent, &command);
  delivered[5] = 0x77;
  ASSERT_EQ(pair.server.SignalAbort(), kOk);
  ASSERT_EQ(pair.server.Close(), kOk);
  uint32_t handle = 0;
  EXPECT_EQ(pair.client.GetBufferHandle(delivered, &handle), kOk);
  uint8_t* mapped = nullptr;
  EXPECT_EQ(secondary->MapBufferHandle(static_cast<int32_t>(handle), &mapped), kOk)
      << "mapped for the first time only now";
  ASSERT_NE(mapped, nullptr);
  EXPECT_EQ(mapped[5], 0x77);
}

TEST_F(Handles, ReachBuffersRequestedWhileActive) {
  CLAUSE("S-REQ-20");
  SetPair pair;
  pair.Activate();
  const auto secondary = pair.Secondary();
  for (uint32_t size = 1024; size <= 8192; size *= 2) {
    ASSERT_EQ(pair.server.RequestBuffers(size, 0, 5), kOk);
    uint8_t* buffer = nullptr;
    ASSERT_EQ(pair.server.AllocateBuffer(&buffer, size, 0), kOk);
    buffer[size - 1] = static_cast<uint8_t>(size >> 8);
    SentCommand sent(VDC_Write);
    VDC_Command* command = nullptr;
    uint8_t* const delivered = Deliver(pair, buffer, static_cast<int32_t>(size), &sent, &command);
    ASSERT_NE(delivered, nullptr);
    EXPECT_EQ(delivered[size - 1], static_cast<uint8_t>(size >> 8));
    uint32_t handle = 0;
    ASSERT_EQ(pair.client.GetBufferHandle(delivered, &handle), kOk);
    uint8_t* mapped = nullptr;
    ASSERT_EQ(secondary->MapBufferHandle(static_cast<int32_t>(handle), &mapped), kOk);
    EXPECT_EQ(mapped[size - 1], static_cast<uint8_t>(size >> 8));
    ASSERT_EQ(pair.client_devices[0]->CompleteCommand(command, 0, size, 0), kOk);
    ASSERT_EQ(sent.Await(), ERROR_SUCCESS);
  }
}

}  // namespace
}  // namespace vdisim
