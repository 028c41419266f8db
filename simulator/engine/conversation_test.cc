#include "simulator/engine/conversation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulator/engine/backup_run.h"
#include "simulator/engine/data_source.h"
#include "simulator/engine/testing/fake_server_set.h"

namespace vdisim {
namespace {

using ::testing::ElementsAre;
using testing_support::FakeLocator;
using testing_support::FakeServerSet;
using testing_support::FakeSetState;

class ConversationTest : public ::testing::Test {
 protected:
  ConversationOptions Options(uint32_t devices) {
    ConversationOptions options;
    state_.device_count = devices;
    for (uint32_t i = 0; i < devices; ++i) options.devices.push_back("d" + std::to_string(i));
    options.request.devices = devices;
    options.profile = FindProfile("default");
    options.factory = [this] { return new FakeServerSet(&state_); };
    options.locator = &locator_;
    options.wait = std::chrono::seconds(10);
    options.stall = std::chrono::seconds(10);
    return options;
  }

  static bool Backup(Conversation& conversation, uint64_t size) {
    MediaDescriptor media;
    media.plan = {.content_bytes = size,
                  .extent_bytes = 65536,
                  .block_bytes = 512,
                  .stripes = conversation.device_count()};
    return RunBackup(conversation, media, *MakeSeededSource(1, size));
  }

  FakeSetState state_;
  FakeLocator locator_;
};

TEST_F(ConversationTest, CallsInTheDocumentedOrder) {
  Conversation conversation(Options(3));
  ASSERT_TRUE(conversation.Start());
  EXPECT_TRUE(Backup(conversation, 300'000));
  EXPECT_TRUE(conversation.Finish());
  // L-70 to L-76.
  EXPECT_THAT(state_.calls,
              ElementsAre("Open", "GetConfiguration", "BeginConfiguration", "RequestBuffers",
                          "EndConfiguration", "OpenDevice", "CloseDevice", "Close"));
}

TEST_F(ConversationTest, AsksForLessWhenMemoryIsShort) {
  state_.most_buffers = 5;  // two of them for metadata
  Conversation conversation(Options(2));
  ASSERT_TRUE(conversation.Start());
  EXPECT_EQ(conversation.configuration().buffers, 2U);
  EXPECT_TRUE(Backup(conversation, 1'000'000));
  EXPECT_TRUE(conversation.Finish());
}

TEST_F(ConversationTest, GivesUpWhenOneBufferADeviceIsTooMuch) {
  state_.most_buffers = 3;
  Conversation conversation(Options(2));
  EXPECT_FALSE(conversation.Start());
  EXPECT_FALSE(conversation.Finish());
  EXPECT_EQ(conversation.failure()->kind, FailureKind::kNoBuffers);
  EXPECT_EQ(state_.calls.back(), "Close");
}

TEST_F(ConversationTest, WaitsForRoomWhenTheQueueIsFull) {
  state_.queue_depth = 1;
  state_.hold_until_full = true;
  ConversationOptions options = Options(1);
  options.request.buffers = 16;
  Conversation conversation(std::move(options));
  ASSERT_TRUE(conversation.Start());
  EXPECT_TRUE(Backup(conversation, 4'000'000));
  EXPECT_TRUE(conversation.Finish()) << conversation.failure()->os_code;
  EXPECT_GT(state_.queue_full, 0);
  // Header, last block and everything between them arrived once.
  const StripePlan plan = {
      .content_bytes = 4'000'000, .extent_bytes = 65536, .block_bytes = 512, .stripes = 1};
  const uint64_t between = plan.StreamBytes(0) - plan.HeaderBytes() - 512;
  EXPECT_EQ(state_.written, static_cast<int>(2 + (between + 65535) / 65536));
}

TEST_F(ConversationTest, ReportsACallThatFails) {
  state_.begin_answer = VD_E_UNEXPECTED;
  Conversation conversation(Options(1));
  EXPECT_FALSE(conversation.Start());
  EXPECT_EQ(conversation.failure()->kind, FailureKind::kCallFailed);
  EXPECT_EQ(conversation.failure()->hr, kUnexpected);
}

TEST_F(ConversationTest, RejectsAfterLookingAndCloses) {
  ConversationOptions options = Options(1);
  state_.device_count = 2;
  Conversation conversation(std::move(options));
  EXPECT_FALSE(conversation.Start());
  EXPECT_FALSE(conversation.Finish());
  EXPECT_EQ(conversation.failure()->kind, FailureKind::kConfigurationRejected);
  EXPECT_THAT(state_.calls, ElementsAre("Open", "GetConfiguration", "SignalAbort", "Close"));
}

TEST(LocateSet, LooksInItsOwnInstanceFirstAndThenInTheDefaultOne) {
  class Recorder final : public SetLocator {
   public:
    bool WaitForSet(std::string_view instance, std::string_view,
                    std::chrono::milliseconds) override {
      asked.emplace_back(instance);
      return instance == present;
    }
    std::vector<std::string> KnownSets() override { return {}; }
    std::string present;
    std::vector<std::string> asked;
  };
  Recorder locator;
  const std::chrono::milliseconds now(0);
  EXPECT_EQ(LocateSet(locator, "INST", "x", now, {}), "");
  EXPECT_THAT(locator.asked, ElementsAre("INST", ""));
  locator.present = "INST";
  EXPECT_EQ(LocateSet(locator, "INST", "x", now, {}), "INST");
  locator.present = "elsewhere";
  EXPECT_EQ(LocateSet(locator, "INST", "x", now, {}), std::nullopt);
}

}  // namespace
}  // namespace vdisim
