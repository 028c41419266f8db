// Buffer handles: sections 7.9, 7.10, B-10 to B-15, G-16, G-20, G-44.
#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <set>
#include <thread>

#include "simulator/base/test_clause.h"
#include "simulator/device_set/buffer_handle.h"
#include "simulator/device_set/set_pair_for_test.h"
#include "simulator/include/vdi_codes.h"

namespace vdisim {
namespace {

TEST(Handles, PackTheirThreePartsIntoAPositiveNumber) {
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

TEST(Handles, LeadASecondaryToTheSameBytesAndPrefix) {
  CLAUSE("C-MAP-01");
  VDConfig request = RequestOf(1);
  request.prefixZoneSize = 512;
  SetPair pair({.request = request});
  pair.Activate();
  SentCommand sent(VDC_Write);
  VDC_Command* command = nullptr;
  uint8_t* const delivered = pair.Deliver(pair.Allocate(), 65536, &sent, &command);
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

TEST(Handles, AreRefusedUnlessGivenOutForABufferInUse) {
  CLAUSE("C-MAP-03");
  SetPair pair;
  pair.Activate();
  SentCommand sent(VDC_Write);
  VDC_Command* command = nullptr;
  uint8_t* const buffer = pair.Allocate();
  uint8_t* const delivered = pair.Deliver(buffer, 65536, &sent, &command);
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

TEST(Handles, OfAnotherSetOrIncarnationAreSeenToBeForeign) {
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

TEST(Handles, AreGivenForDataZoneStartsOnly) {
  CLAUSE("C-GBH-03");
  SetPair pair;
  pair.Activate();
  SentCommand sent(VDC_Write);
  VDC_Command* command = nullptr;
  uint8_t* const delivered = pair.Deliver(pair.Allocate(), 65536, &sent, &command);
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

TEST(Handles, NeedAnOpenSet) {
  CLAUSE("C-GBH-02");
  ClientSet set;
  uint8_t byte = 0;
  uint8_t* mapped = nullptr;
  uint32_t handle = 0;
  EXPECT_EQ(set.GetBufferHandle(&byte, &handle), kProtocol);
  EXPECT_EQ(set.MapBufferHandle(1, &mapped), kProtocol);
}

TEST(Handles, KeepWorkingInAbortAndAfterTheServersClose) {
  CLAUSE("G-16");
  SetPair pair;
  pair.Activate();
  const auto secondary = pair.Secondary();
  SentCommand sent(VDC_Write);
  VDC_Command* command = nullptr;
  uint8_t* const delivered = pair.Deliver(pair.Allocate(), 65536, &sent, &command);
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

TEST(Handles, ReachBuffersRequestedWhileActive) {
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
    uint8_t* const delivered = pair.Deliver(buffer, static_cast<int32_t>(size), &sent, &command);
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
