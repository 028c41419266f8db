// Buffer handles that travel between processes, by whatever way the application has: here the line
// between a test and its actors.
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "simulator/base/test_clause.h"
#include "simulator/itest/stage.h"

namespace vdisim::itest {
namespace {

Cast CastOf(const std::string& what, uint32_t devices) {
  Cast cast;
  cast.name = what + " " + std::to_string(getpid());
  cast.devices = devices;
  cast.prefix_bytes = 512;
  return cast;
}

// `from` holds a command; `to` sees its bytes through the handle, and `from` sees what `to` writes.
void ExpectShared(Stage& stage, uint32_t from, uint32_t to) {
  SCOPED_TRACE("from " + std::to_string(from) + " to " + std::to_string(to));
  stage.Deliver(from);
  const uint32_t sent = stage.client(from).Do(Order::kReadBuffer, from).value;
  EXPECT_NE(sent, 0U);
  const Answer mapped = stage.client(to).Do(Order::kMapBufferHandle, 0, stage.HandleOf(from));
  EXPECT_EQ(mapped.code, kOk);
  EXPECT_EQ(mapped.value, sent);
  EXPECT_EQ(stage.client(to).Do(Order::kWriteMapped, 0, 0xA7).value, 0xA7U);
  EXPECT_EQ(stage.client(from).Do(Order::kReadBuffer, from).value, 0xA7U);
  EXPECT_EQ(stage.client(from).Do(Order::kCompleteCommand, from).code, kOk);
}

TEST(HandlePassing, WorksBetweenAllProcessesOfASet) {
  CLAUSE("C-GBH-20");
  Stage stage(CastOf("handles", 3));
  ASSERT_NO_FATAL_FAILURE(stage.Activate(6));
  ExpectShared(stage, 0, 1);
  ExpectShared(stage, 1, 0);
  ExpectShared(stage, 1, 2);
  ExpectShared(stage, 2, 1);
  ExpectShared(stage, 0, 0);
  stage.End();
}

TEST(HandlePassing, ABufferThatTheSetGrewByIsSeenByWhoMappedBefore) {
  CLAUSE("S-REQ-20");
  Stage stage(CastOf("growth", 2));
  ASSERT_NO_FATAL_FAILURE(stage.Activate(1));
  stage.Deliver(0);
  const uint32_t first = stage.HandleOf(0);
  EXPECT_EQ(stage.client(1).Do(Order::kMapBufferHandle, 0, first).value, 1U);
  EXPECT_EQ(stage.server().Do(Order::kSendWrites, 0, 1).code, kMemory) << "the only one is in use";

  Stage::Must(stage.server(), Order::kRequestBuffers, 0, 3);
  for (uint8_t number = 2; number <= 4; ++number) {
    stage.Deliver(0);
    EXPECT_EQ(stage.client(0).Do(Order::kCompleteCommand, 0).code, kOk);
    const Answer mapped = stage.client(1).Do(Order::kMapBufferHandle, 0, stage.HandleOf(0));
    EXPECT_EQ(mapped.code, kOk);
    EXPECT_EQ(mapped.value, number);
  }
  EXPECT_EQ(stage.client(0).Do(Order::kCompleteCommand, 0).code, kOk);
  stage.End();
}

TEST(HandlePassing, AHandleOfAnotherSetIsInvalid) {
  CLAUSE("C-MAP-20");
  Stage one(CastOf("foreign, one", 2));
  Stage two(CastOf("foreign, two", 2));
  ASSERT_NO_FATAL_FAILURE(one.Activate(2));
  ASSERT_NO_FATAL_FAILURE(two.Activate(2));
  one.Deliver(0);
  two.Deliver(0);
  const uint32_t handle = one.HandleOf(0);
  static_cast<void>(two.HandleOf(0));
  EXPECT_EQ(two.client(1).Do(Order::kMapBufferHandle, 0, handle).code, kInvalid);
  EXPECT_EQ(two.client(0).Do(Order::kMapBufferHandle, 0, handle).code, kInvalid);
  EXPECT_EQ(one.client(1).Do(Order::kMapBufferHandle, 0, handle).code, kOk);
}

TEST(HandlePassing, AHandleOfAnEarlierSetOfThatNameIsInvalid) {
  CLAUSE("C-MAP-03");
  const Cast cast = CastOf("stale", 2);
  uint32_t handle = 0;
  {
    Stage before(cast);
    ASSERT_NO_FATAL_FAILURE(before.Activate(2));
    before.Deliver(0);
    handle = before.HandleOf(0);
    Stage::Must(before.client(0), Order::kCompleteCommand, 0);
    before.End();
    EXPECT_EQ(before.client(0).Do(Order::kMapBufferHandle, 0, handle).code, kProtocol);
    EXPECT_EQ(before.client(1).Do(Order::kMapBufferHandle, 0, handle).code, kProtocol);
  }
  Stage after(cast);
  ASSERT_NO_FATAL_FAILURE(after.Activate(2));
  after.Deliver(0);
  const uint32_t fresh = after.HandleOf(0);
  EXPECT_NE(fresh, handle);
  EXPECT_EQ(after.client(1).Do(Order::kMapBufferHandle, 0, handle).code, kInvalid);
  EXPECT_EQ(after.client(1).Do(Order::kMapBufferHandle, 0, fresh).code, kOk);
}

TEST(HandlePassing, NumbersThatWereNeverGivenOutAreInvalid) {
  CLAUSE("C-MAP-03");
  Stage stage(CastOf("no handles", 2));
  ASSERT_NO_FATAL_FAILURE(stage.Activate(4));
  stage.Deliver(0);
  const uint32_t handle = stage.HandleOf(0);
  for (const uint32_t number : {0U, UINT32_MAX, 0x80000000U, handle ^ 1U, handle + 1, handle + 4,
                                handle | 0x80000000U, handle ^ 0x40000000U}) {
    EXPECT_EQ(stage.client(1).Do(Order::kMapBufferHandle, 0, number).code, kInvalid) << number;
  }
}

}  // namespace
}  // namespace vdisim::itest
