// What the guard finds under GuardMode::kDetect, and what it leaves in peace: for each breach the
// client that commits it and the nearest one that does not.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "simulator/base/test_clause.h"
#include "simulator/device_set/guard_pattern.h"
#include "simulator/device_set/set_pair_for_test.h"
#include "simulator/include/vdi_codes.h"

namespace vdisim {
namespace {

class GuardTest : public testing::Test {
 protected:
  void Start(uint32_t prefix_bytes = 0, uint32_t buffer_bytes = 65536,
             uint32_t buffer_alignment = 0) {
    SetPair::Options options;
    options.request.prefixZoneSize = prefix_bytes;
    options.buffer_bytes = buffer_bytes;
    options.buffer_alignment = buffer_alignment;
    options.guard = {GuardMode::kDetect,
                     [this](const GuardViolation& violation) { seen_.push_back(violation); }};
    pair_ = std::make_unique<SetPair>(options);
    pair_->Activate();
    buffer_ = pair_->Allocate(buffer_bytes);
  }

  // Lends the buffer with a command of that size.
  VDC_Command* Lend(int32_t code, int32_t size) {
    sent_ = std::make_unique<SentCommand>(code, buffer_, size);
    VDC_Command* command = nullptr;
    EXPECT_EQ(pair_->server_devices[0]->SendCommand(sent_->get()), kOk);
    EXPECT_EQ(pair_->client_devices[0]->GetCommand(Timeout::Infinite(), &command), kOk);
    EXPECT_EQ(command->commandCode, code);
    EXPECT_EQ(command->size, size);
    return command;
  }
  void Complete(VDC_Command* command, uint32_t bytes) {
    EXPECT_EQ(pair_->client_devices[0]->CompleteCommand(command, 0, bytes, 0), kOk);
    EXPECT_EQ(sent_->Await(), ERROR_SUCCESS);
  }
  void End() {
    for (const auto& device : pair_->server_devices) EXPECT_EQ(device->CloseDevice(), kOk);
    VDC_Command* command = nullptr;
    EXPECT_EQ(pair_->client_devices[0]->GetCommand(Timeout::Infinite(), &command), kClose);
    EXPECT_EQ(pair_->client.Close(), kOk);
  }
  // "past-end buffer 512": what was seen, in order.
  std::string Seen() const {
    std::string text;
    for (const GuardViolation& one : seen_) {
      text += (text.empty() ? "" : ", ") + std::string(NameOf(one.breach)) +
              (one.of_command ? " command " : " buffer ") + std::to_string(one.offset);
    }
    return text;
  }

  std::vector<GuardViolation> seen_;
  std::unique_ptr<SetPair> pair_;
  std::unique_ptr<SentCommand> sent_;
  uint8_t* buffer_ = nullptr;  // the server's
};

TEST_F(GuardTest, LeavesACorrectClientInPeaceAndItsBytesIntact) {
  Start(512);
  for (int round = 0; round < 3; ++round) {
    for (const int32_t size : {512, 4096, 65535, 65536}) {
      const auto bytes = static_cast<size_t>(size);
      std::memset(buffer_, 0x40 + round, 65536);
      VDC_Command* write = Lend(VDC_Write, size);
      EXPECT_EQ(std::count(write->buffer, write->buffer + size, 0x40 + round), size);
      std::memset(write->buffer - 512, 1, 512);  // B-04: the prefix zone is the client's
      Complete(write, static_cast<uint32_t>(size));
      EXPECT_EQ(std::count(buffer_, buffer_ + 65536, 0x40 + round), 65536)
          << "behind the size, too";

      VDC_Command* read = Lend(VDC_Read, size);
      std::memset(read->buffer, 0x50 + round, bytes);
      Complete(read, static_cast<uint32_t>(size));
      EXPECT_EQ(std::count(buffer_, buffer_ + size, 0x50 + round), size);
      EXPECT_EQ(std::count(buffer_ + size, buffer_ + 65536, 0x40 + round), 65536 - size);
    }
  }
  VDC_Command* flush = Lend(VDC_Flush, 0);
  Complete(flush, 0);
  End();
  EXPECT_EQ(Seen(), "");
}

TEST_F(GuardTest, FindsWhatIsWrittenBehindTheSize) {
  CLAUSE("B-03");
  Start();
  VDC_Command* command = Lend(VDC_Read, 512);
  command->buffer[511] = 1;
  Complete(command, 512);
  EXPECT_EQ(Seen(), "");
  command = Lend(VDC_Read, 512);
  command->buffer[512] = 1;
  const VDC_Command* const address = command;
  Complete(command, 512);
  EXPECT_EQ(Seen(), "past-end buffer 512");
  EXPECT_EQ(seen_[0].command, address);
  EXPECT_EQ(seen_[0].command_code, VDC_Read);
  EXPECT_EQ(seen_[0].size, 512);
  EXPECT_EQ(seen_[0].device, pair_->name());
  EXPECT_EQ(seen_[0].set, pair_->name());
  EXPECT_FALSE(seen_[0].stops);
}

TEST_F(GuardTest, FindsWhatIsWrittenBehindAFullBuffer) {
  Start();
  uint8_t* const neighbour = pair_->Allocate();
  neighbour[0] = 7;
  VDC_Command* const command = Lend(VDC_Write, 65536);
  command->buffer[65536] = 1;
  Complete(command, 65536);
  EXPECT_EQ(Seen(), "past-end buffer 65536");
  EXPECT_EQ(neighbour[0], 7);
}

TEST_F(GuardTest, FindsWhatIsWrittenBeforeTheBuffer) {
  Start();
  VDC_Command* const command = Lend(VDC_Read, 65536);
  command->buffer[-1] = 1;
  Complete(command, 65536);
  EXPECT_EQ(Seen(), "before-begin buffer -1");
}

TEST_F(GuardTest, KnowsThePrefixZoneFromWhatLiesBeforeIt) {
  CLAUSE("B-04");
  Start(100, 1000);
  VDC_Command* command = Lend(VDC_Write, 1000);
  command->buffer[-100] = 1;
  Complete(command, 1000);
  EXPECT_EQ(Seen(), "");
  command = Lend(VDC_Write, 1000);
  command->buffer[-101] = 1;
  command->buffer[1000] = 1;
  Complete(command, 1000);
  EXPECT_EQ(Seen(), "past-end buffer 1000, before-begin buffer -101");
}

TEST_F(GuardTest, KeepsTheAlignment) {
  CLAUSE("B-05");
  Start(512, 65536, 65536);
  for (int round = 0; round < 2; ++round) {
    VDC_Command* const command = Lend(VDC_Write, 65536);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(command->buffer) % 65536, 0U);
    Complete(command, 65536);
  }
}

TEST_F(GuardTest, FindsAWriteWhoseDataWereChanged) {
  Start();
  VDC_Command* command = Lend(VDC_Write, 4096);
  const uint8_t byte = command->buffer[4095];
  command->buffer[4095] = byte;  // what it was
  Complete(command, 4096);
  EXPECT_EQ(Seen(), "");
  command = Lend(VDC_Write, 4096);
  command->buffer[4095] = static_cast<uint8_t>(byte + 1);
  Complete(command, 4096);
  EXPECT_EQ(Seen(), "write-buffer-changed buffer 4095");
}

TEST_F(GuardTest, FindsACommandThatWasChanged) {
  CLAUSE("C-GET-11");
  Start();
  VDC_Command* const command = Lend(VDC_Read, 512);
  command->size = 17;
  EXPECT_EQ(pair_->client_devices[0]->CompleteCommand(command, 0, 512, 0), kOk);
  EXPECT_EQ(sent_->Await(), ERROR_SUCCESS);
  EXPECT_EQ(Seen(), "command-changed command " + std::to_string(offsetof(VDC_Command, size)));
  End();
  EXPECT_EQ(seen_.size(), 1U) << "told once";
}

TEST_F(GuardTest, FindsABufferThatIsWrittenAfterItsCompletion) {
  CLAUSE("C-CMP-21");
  Start();
  VDC_Command* command = Lend(VDC_Read, 4096);
  uint8_t* const late = command->buffer;
  std::memset(late, 5, 4096);
  Complete(command, 4096);
  late[100] = 6;
  EXPECT_EQ(buffer_[100], 5) << "the server's bytes are out of its reach";
  command = Lend(VDC_Write, 512);
  EXPECT_EQ(Seen(), "after-completion buffer 100");
  EXPECT_EQ(seen_[0].command_code, VDC_Read) << "of the command before";
  Complete(command, 512);
  late[4095] = 7;  // within the page of edge
  End();
  EXPECT_EQ(Seen(), "after-completion buffer 100, after-completion buffer 4095");
}

TEST_F(GuardTest, ABufferHoldsNothingOfWorthAfterItsCompletion) {
  Start();
  std::memset(buffer_, 9, 65536);
  VDC_Command* const command = Lend(VDC_Write, 4096);
  const uint8_t* const late = command->buffer;
  Complete(command, 4096);
  EXPECT_EQ(FirstOther({late, 4096}, kCompletedPattern), std::nullopt);
  End();
  EXPECT_EQ(Seen(), "") << "it was only read";
}

TEST_F(GuardTest, FindsACommandThatIsWrittenAfterItsCompletion) {
  CLAUSE("C-CMP-21");
  Start();
  VDC_Command* command = Lend(VDC_Read, 512);
  Complete(command, 512);
  EXPECT_EQ(command->commandCode, VDC_Read) << "as Microsoft's sample looks at it";
  command = Lend(VDC_Read, 512);
  EXPECT_EQ(Seen(), "");
  Complete(command, 512);
  command->commandCode = 0;
  End();
  EXPECT_EQ(Seen(), "after-completion command 0");
}

TEST_F(GuardTest, LooksAtWhatWasNeverCompleted) {
  Start();
  VDC_Command* const command = Lend(VDC_Write, 512);
  command->buffer[3] = static_cast<uint8_t>(command->buffer[3] + 1);
  EXPECT_EQ(pair_->client.SignalAbort(), kOk);
  EXPECT_EQ(pair_->client_devices[0]->CompleteCommand(command, 0, 512, 0), kAbort);
  EXPECT_EQ(pair_->client.Close(), kOk);
  EXPECT_EQ(Seen(), "write-buffer-changed buffer 3");
}

TEST_F(GuardTest, HandlesLeadToTheSameBytes) {
  CLAUSE("C-MAP-01");
  Start(512);
  VDC_Command* const command = Lend(VDC_Read, 65536);
  uint32_t handle = 0;
  ASSERT_EQ(pair_->client.GetBufferHandle(command->buffer, &handle), kOk);
  uint8_t* here = nullptr;
  ASSERT_EQ(pair_->client.MapBufferHandle(static_cast<int32_t>(handle), &here), kOk);
  EXPECT_EQ(here, command->buffer);
  const auto secondary = pair_->Secondary();
  uint8_t* there = nullptr;
  ASSERT_EQ(secondary->MapBufferHandle(static_cast<int32_t>(handle), &there), kOk);
  there[5] = 0x33;
  EXPECT_EQ(command->buffer[5], 0x33);
  command->buffer[-1] = 0x44;
  EXPECT_EQ(there[-1], 0x44) << "B-15";
  Complete(command, 65536);
  EXPECT_EQ(buffer_[5], 0x33);
  EXPECT_EQ(Seen(), "");
}

TEST_F(GuardTest, TwoCommandsWithOneBufferAreLentAsTheyAre) {
  Start();
  VDC_Command* const first = Lend(VDC_Write, 512);
  const auto sent = std::move(sent_);
  VDC_Command* const second = Lend(VDC_Write, 512);
  second->buffer[0] = 1;
  Complete(second, 512);
  EXPECT_EQ(pair_->client_devices[0]->CompleteCommand(first, 0, 512, 0), kOk);
  EXPECT_EQ(sent->Await(), ERROR_SUCCESS);
}

TEST_F(GuardTest, GivesEachBufferPagesOfItsOwnAndOnlyThen) {
  SetPair pair({.buffer_bytes = 512});
  pair.Activate();
  const uint8_t* const first = pair.Allocate(512);
  EXPECT_EQ(pair.Allocate(512) - first, 512);
  Start(0, 512);
  EXPECT_EQ(pair_->Allocate(512) - buffer_, 4096);
}

TEST(GuardPattern, IsFoundIntactAndNotIntact) {
  std::vector<uint8_t> bytes(1000);
  for (size_t from = 0; from < 20; ++from) {
    const std::span<uint8_t> part(bytes.data() + from, 900);
    Fill(part, kEdgePattern);
    EXPECT_EQ(FirstOther(part, kEdgePattern), std::nullopt);
    for (const size_t at : {size_t{0}, size_t{15}, size_t{16}, size_t{17}, size_t{899}}) {
      ++part[at];
      EXPECT_EQ(FirstOther(part, kEdgePattern), at);
      --part[at];
    }
  }
  EXPECT_EQ(FirstOther({}, kEdgePattern), std::nullopt);
}

}  // namespace
}  // namespace vdisim
