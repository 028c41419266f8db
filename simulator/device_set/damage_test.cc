// Values in shared memory that no correct process writes: each half answers with a code and touches
// nothing outside its mappings.
#include <gtest/gtest.h>

#include <cstring>

#include "simulator/base/test_clause.h"
#include "simulator/device_set/buffer_handle.h"
#include "simulator/device_set/limits.h"
#include "simulator/device_set/rings.h"
#include "simulator/device_set/set_directory.h"
#include "simulator/device_set/set_pair_for_test.h"
#include "simulator/include/vdi_codes.h"
#include "simulator/shm/object_name.h"
#include "simulator/shm/segment.h"

namespace vdisim {
namespace {

class Damage : public ::testing::Test {
 protected:
  void SetUp() override {
    pair_.Activate();
    spy_ = pair_.Spy();
  }
  DeviceSlot& slot() { return spy_->device(0); }
  // A command that the client holds and a sane completion for it, to be spoilt by one value.
  RingCompletion SaneCompletion() {
    VDC_Command* command = nullptr;
    EXPECT_EQ(pair_.server_devices[0]->SendCommand(flush_.get()), kOk);
    EXPECT_EQ(pair_.client_devices[0]->GetCommand(Timeout::Infinite(), &command), kOk);
    const RingCommand sent = Read(slot().commands, 0);
    return {.command = 0, .fetched = 0, .position = 0, .slot = sent.slot, .code = 0, .bytes = 0};
  }
  void Deliver(const RingCompletion& completion) {
    Write(slot().completions, 0, completion);
    spy_->events().agent.Signal();
  }
  void ExpectDamaged() {
    EXPECT_EQ(flush_.Await(), ERROR_OPERATION_ABORTED);
    EXPECT_EQ(pair_.JoinAgent(), kOk);
    EXPECT_EQ(pair_.Reason(), VdiSimDamaged);
  }
  void ExpectClientRefuses(const RingCommand& command) {
    Write(slot().commands, 0, command);
    VDC_Command* delivered = nullptr;
    EXPECT_EQ(pair_.client_devices[0]->GetCommand(Timeout::Poll(), &delivered), kAbort);
    EXPECT_EQ(delivered, nullptr);
    EXPECT_EQ(pair_.Reason(), VdiSimDamaged);
  }
  static RingCommand Command(uint32_t buffer, uint32_t slot, int32_t size) {
    return {
        .code = VDC_Write, .size = size, .position = 0, .buffer = buffer, .slot = slot, .epoch = 0};
  }

 private:
  const shm::ScopedSharedMappings shared_;

 protected:
  SetPair pair_;
  std::unique_ptr<ControlSegment> spy_;
  SentCommand flush_{VDC_Flush};
};

TEST_F(Damage, SaneCompletionIsTaken) {
  CLAUSE("C-CMP-01");
  Deliver(SaneCompletion());
  EXPECT_EQ(flush_.Await(), ERROR_SUCCESS);
}

TEST_F(Damage, CompletionOfAnUnknownPlaceAborts) {
  CLAUSE("AB-02");
  RingCompletion completion = SaneCompletion();
  completion.slot = 0xFFFFFFFF;
  Deliver(completion);
  ExpectDamaged();
}

TEST_F(Damage, CompletionOfAFreePlaceAborts) {
  CLAUSE("AB-02");
  RingCompletion completion = SaneCompletion();
  completion.slot = (completion.slot + 1) % kOutstandingMax;
  Deliver(completion);
  ExpectDamaged();
}

TEST_F(Damage, CompletionOfAnotherPositionAborts) {
  CLAUSE("AB-02");
  RingCompletion completion = SaneCompletion();
  completion.command = 1ULL << 60;
  Deliver(completion);
  ExpectDamaged();
}

TEST_F(Damage, ErrorThatClaimsToHaveFetchedTooMuchAborts) {
  CLAUSE("CMD-12");
  RingCompletion completion = SaneCompletion();
  completion.code = ERROR_DISK_FULL;
  completion.fetched = 2;
  Deliver(completion);
  ExpectDamaged();
}

TEST_F(Damage, RingPositionThatNobodyWritesAborts) {
  CLAUSE("AB-02");
  const RingCompletion completion = SaneCompletion();
  static_cast<void>(completion);
  slot().completions[0].turn = 0xDEADBEEF;
  spy_->events().agent.Signal();
  ExpectDamaged();
}

TEST_F(Damage, StateThatNobodyWritesIsAnAbort) {
  CLAUSE("AB-02");
  SaneCompletion();
  std::byte* const at = spy_->segment().bytes().data() + offsetof(ControlLayout, state);
  reinterpret_cast<StateBlock*>(at)->word.store(0xEE);
  spy_->WakeAll();
  ExpectDamaged();
  VDC_Command* command = nullptr;
  EXPECT_EQ(pair_.client_devices[0]->GetCommand(Timeout::Infinite(), &command), kAbort);
}

TEST_F(Damage, CommandInAnUnknownPlaceIsRefused) {
  CLAUSE("C-GET-04");
  ExpectClientRefuses(Command(kNoBuffer, kOutstandingMax, 0));
}

TEST_F(Damage, CommandWithAnUnknownAreaIsRefused) {
  CLAUSE("C-GET-04");
  ExpectClientRefuses(Command(BufferPlace{63, 0}.Packed(), 0, 512));
}

TEST_F(Damage, CommandWithABufferBeyondItsAreaIsRefused) {
  CLAUSE("C-GET-04");
  ExpectClientRefuses(Command(BufferPlace{0, 2047}.Packed(), 0, 512));
}

TEST_F(Damage, CommandWithAPackedPlaceOutOfRangeIsRefused) {
  CLAUSE("C-GET-04");
  ExpectClientRefuses(Command(0xFFFFFFFE, 0, 512));
}

TEST_F(Damage, CommandLargerThanItsBufferIsRefused) {
  CLAUSE("C-GET-04");
  ExpectClientRefuses(Command(BufferPlace{0, 0}.Packed(), 0, 65537));
}

TEST_F(Damage, CommandInAPlaceStillHeldIsRefused) {
  CLAUSE("C-GET-04");
  const RingCompletion held = SaneCompletion();
  Write(slot().commands, 1, Command(kNoBuffer, held.slot, 0));
  VDC_Command* delivered = nullptr;
  EXPECT_EQ(pair_.client_devices[0]->GetCommand(Timeout::Poll(), &delivered), kAbort);
}

TEST_F(Damage, AreaTableOfAnotherShapeIsRefused) {
  CLAUSE("C-GET-04");
  spy_->server().area_alignment[0] = 3;
  ExpectClientRefuses(Command(BufferPlace{0, 0}.Packed(), 0, 512));
}

TEST_F(Damage, NameLengthsOutOfRangeAreCut) {
  CLAUSE("C-ODV-05");
  slot().server.name_bytes = 0xFFFFFFFF;
  EXPECT_LE(spy_->DeviceName(0).size(), size_t{kNameBytesMax});
}

// A control segment whose header is wrong in one field is no set.
TEST(DamagedHeader, IsNotOpenedWhateverFieldIsWrong) {
  CLAUSE("S-OPN-02");
  struct Case {
    const char* what;
    size_t offset;
    uint32_t value;
  };
  const Case cases[] = {
      {"magic", offsetof(ControlHeader, magic), 0},
      {"version", offsetof(ControlHeader, layout_version), 99},
      {"size", offsetof(ControlHeader, size_bytes), 0xFFFFFFFF},
      {"tag 0", offsetof(ControlHeader, handle_tag), 0},
      {"tag too large", offsetof(ControlHeader, handle_tag), 1U << 14},
      {"clock", offsetof(ControlHeader, clock_mode), 2},
      {"instance length", offsetof(ControlHeader, instance_bytes), 257},
      {"name length", offsetof(ControlHeader, name_bytes), 1025},
      {"device count", offsetof(ControlHeader, requested), 64},
      {"no devices", offsetof(ControlHeader, requested), 0},
  };
  for (const Case& c : cases) {
    SetPair pair;
    pair.Create();
    {
      const auto spy = pair.Spy();
      std::memcpy(spy->segment().bytes().data() + c.offset, &c.value, sizeof c.value);
    }
    ServerSet server;
    EXPECT_EQ(server.Open("", pair.name()), kInvalid) << c.what;
    ClientSet secondary;
    EXPECT_EQ(secondary.OpenInSecondary("", pair.name()), kProtocol) << c.what;
    ClientSet rival;
    EXPECT_EQ(rival.Create("", pair.name(), RequestOf(1)), kProtocol)
        << c.what << ": its owner lives, so nobody replaces it";
    bool listed = false;
    for (const SetDescription& set : ListSets()) {
      listed |=
          set.object_name == shm::ControlObjectName("", pair.name()) && set.state == "damaged";
    }
    EXPECT_TRUE(listed) << c.what;
    EXPECT_EQ(pair.client.Close(), kOk);
  }
}

}  // namespace
}  // namespace vdisim
