// A whole run through both halves, as L-70 to L-76 tell it.
#include <gtest/gtest.h>

#include <cstring>

#include "simulator/base/test_clause.h"
#include "simulator/device_set/set_directory.h"
#include "simulator/device_set/set_pair_for_test.h"
#include "simulator/include/vdi_codes.h"
#include "simulator/shm/segment.h"

namespace vdisim {
namespace {

TEST(WholeRun, MovesBytesFromServerToClientAndEndsNormally) {
  CLAUSE("L-74");
  const shm::ScopedSharedMappings shared;
  SetPair pair;
  pair.Activate();
  uint8_t* const buffer = pair.Allocate();
  std::memset(buffer, 0x5A, 65536);
  SentCommand write(VDC_Write, buffer, 65536, 4096);
  ASSERT_EQ(pair.server_devices[0]->SendCommand(write.get()), kOk);

  VDC_Command* command = nullptr;
  ASSERT_EQ(pair.client_devices[0]->GetCommand(Timeout::Infinite(), &command), kOk);
  EXPECT_EQ(command->commandCode, VDC_Write);
  EXPECT_EQ(command->size, 65536);
  EXPECT_EQ(command->position, 4096);
  EXPECT_EQ(command->buffer[65535], 0x5A);
  ASSERT_EQ(pair.client_devices[0]->CompleteCommand(command, 0, 65536, 77), kOk);
  EXPECT_EQ(write.Await(), ERROR_SUCCESS);
  EXPECT_EQ(write.raw().bytesTransferred, 65536);
  EXPECT_EQ(write.raw().outPosition, 77);

  EXPECT_EQ(pair.server_devices[0]->CloseDevice(), kOk);
  EXPECT_EQ(pair.client_devices[0]->GetCommand(Timeout::Infinite(), &command), kClose);
  EXPECT_EQ(pair.client.Close(), kOk);
  EXPECT_EQ(pair.server.Close(), kOk);
  EXPECT_EQ(pair.JoinAgent(), kOk);
  EXPECT_EQ(pair.Reason(), VdiSimNotAborted);
}

TEST(WholeRun, LeavesNothingBehind) {
  CLAUSE("L-19");
  std::string name;
  {
    SetPair pair;
    pair.Activate();
    name = pair.name();
  }
  for (const SetDescription& set : ListSets()) EXPECT_NE(set.name, name);
}

TEST(WholeRun, WorksWith64DevicesAndCommandsOnAll) {
  CLAUSE("CFG-01");
  const shm::ScopedSharedMappings shared;
  SetPair pair({.request = RequestOf(64), .buffers = 64});
  pair.Activate();
  std::vector<std::unique_ptr<SentCommand>> sent;
  for (const auto& device : pair.server_devices) {
    sent.push_back(std::make_unique<SentCommand>(VDC_Flush));
    ASSERT_EQ(device->SendCommand(sent.back()->get()), kOk);
  }
  for (const auto& device : pair.client_devices) {
    VDC_Command* command = nullptr;
    ASSERT_EQ(device->GetCommand(Timeout::Infinite(), &command), kOk);
    ASSERT_EQ(device->CompleteCommand(command, 0, 0, 0), kOk);
  }
  for (const auto& command : sent) EXPECT_EQ(command->Await(), ERROR_SUCCESS);
}

}  // namespace
}  // namespace vdisim
