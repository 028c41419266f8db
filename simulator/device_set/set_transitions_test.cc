// The transition tables, cell by cell, written out from tables 3.3 and 3.4 of the reference as
// text: a second encoding that shares nothing with the arrays under test.
#include "simulator/device_set/set_transitions.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "simulator/base/test_clause.h"

namespace vdisim {
namespace {

constexpr std::array kStates = {SetState::kCreated,      SetState::kConnected,
                                SetState::kConfigurable, SetState::kInitializing,
                                SetState::kActive,       SetState::kNormallyTerminated,
                                SetState::kAborted};
constexpr std::array kEvents = {SetEvent::kServerOpens,       SetEvent::kConfigurationBegins,
                                SetEvent::kConfigurationEnds, SetEvent::kEverythingReady,
                                SetEvent::kLastDeviceCloses,  SetEvent::kAborts};

struct Row {
  const char* clause;
  const char* cells;  // OK goes on to the arguments; P, A, OPEN are codes
};

std::vector<HResult> CodesOf(const Row& row) {
  static const std::map<std::string, HResult> codes = {
      {"OK", kOk}, {"P", kProtocol}, {"A", kAbort}, {"OPEN", kOpen}};
  std::istringstream cells(row.cells);
  std::vector<HResult> found;
  for (std::string cell; cells >> cell;) found.push_back(codes.at(cell));
  return found;
}

TEST(ClientTable, AnswersAsTable33Says) {
  //                    DNE Config. Init. Active Term. Abort
  const std::map<ClientCall, Row> rows = {
      {ClientCall::kCreate, {"L-30", "OK P P P P P"}},
      {ClientCall::kGetConfiguration, {"L-31", "P OK OK OK OK A"}},
      {ClientCall::kOpenDevice, {"L-32 with G-08", "P P OK OPEN P A"}},
      {ClientCall::kGetCommand, {"L-33 with G-09", "P P OK OK P A"}},
      {ClientCall::kCompleteCommand, {"L-34", "P P P OK P A"}},
      {ClientCall::kSignalAbort, {"L-35", "P OK OK OK OK OK"}},
      {ClientCall::kCloseSet, {"L-36", "P OK OK OK OK OK"}},
      {ClientCall::kOpenInSecondary, {"C-OIL-02", "OK P P P P P"}},
      {ClientCall::kGetBufferHandle, {"G-16", "P OK OK OK OK OK"}},
      {ClientCall::kMapBufferHandle, {"G-16", "P OK OK OK OK OK"}},
  };
  ASSERT_EQ(rows.size(), static_cast<size_t>(kClientCalls));
  CLAUSE("L-30 to L-36");
  for (const auto& [call, row] : rows) {
    const std::vector<HResult> codes = CodesOf(row);
    ASSERT_EQ(codes.size(), static_cast<size_t>(kClientViews)) << row.clause;
    for (int view = 0; view < kClientViews; ++view) {
      EXPECT_EQ(ClientAnswer(call, static_cast<ClientView>(view)), codes[static_cast<size_t>(view)])
          << row.clause << ", column " << view;
    }
  }
}

TEST(ServerTable, AnswersAsTable34Says) {
  //                    DNE Conn. Config. Init. Active Term. Abort
  const std::map<ServerCall, Row> rows = {
      {ServerCall::kOpenSet, {"L-40", "OK P P P P P P"}},
      {ServerCall::kGetConfiguration, {"L-41", "P OK OK OK OK OK A"}},
      {ServerCall::kBeginConfiguration, {"L-42 with G-12", "P OK P P P P A"}},
      {ServerCall::kRequestBuffers, {"L-43 with G-12", "P P OK OK OK P A"}},
      {ServerCall::kQueryAvailableBuffers, {"L-44", "P P OK OK OK P P"}},
      {ServerCall::kEndConfiguration, {"L-45 with G-12", "P P OK P P P A"}},
      {ServerCall::kOpenDevice, {"L-46 with G-08", "P P P OK OPEN P A"}},
      {ServerCall::kExecuteCompletionAgent, {"L-47", "P P P OK P P A"}},
      {ServerCall::kAllocateBuffer, {"L-48", "P P P OK OK OK A"}},
      {ServerCall::kFreeBuffer, {"L-49 with G-11", "P P P OK OK OK A"}},
      {ServerCall::kSendCommand, {"L-50 with G-11", "P P P P OK P A"}},
      {ServerCall::kCloseDevice, {"L-51 with G-11", "P P P P OK OK A"}},
      {ServerCall::kSignalAbort, {"L-52", "P OK OK OK OK OK OK"}},
      {ServerCall::kCloseSet, {"L-53", "P OK OK OK OK OK OK"}},
      {ServerCall::kIsSharedBuffer, {"L-54", "P OK OK OK OK OK OK"}},
  };
  ASSERT_EQ(rows.size(), static_cast<size_t>(kServerCalls));
  CLAUSE("L-40 to L-53");
  for (const auto& [call, row] : rows) {
    const std::vector<HResult> codes = CodesOf(row);
    ASSERT_EQ(codes.size(), static_cast<size_t>(kServerViews)) << row.clause;
    for (int view = 0; view < kServerViews; ++view) {
      EXPECT_EQ(ServerAnswer(call, static_cast<ServerView>(view)), codes[static_cast<size_t>(view)])
          << row.clause << ", column " << view;
    }
  }
}

TEST(Transitions, AreThoseOfSection32AndNoOthers) {
  CLAUSE("L-11 to L-16");
  using Arrow = std::pair<SetState, SetEvent>;
  std::map<Arrow, SetState> arrows = {
      {{SetState::kCreated, SetEvent::kServerOpens}, SetState::kConnected},
      {{SetState::kConnected, SetEvent::kConfigurationBegins}, SetState::kConfigurable},
      {{SetState::kConfigurable, SetEvent::kConfigurationEnds}, SetState::kInitializing},
      {{SetState::kInitializing, SetEvent::kEverythingReady}, SetState::kActive},
      {{SetState::kActive, SetEvent::kLastDeviceCloses}, SetState::kNormallyTerminated},
  };
  for (const SetState state : kStates) arrows[{state, SetEvent::kAborts}] = SetState::kAborted;
  for (const SetState state : kStates) {
    for (const SetEvent event : kEvents) {
      const auto arrow = arrows.find({state, event});
      const std::optional<SetState> expected =
          arrow == arrows.end() ? std::nullopt : std::optional(arrow->second);
      EXPECT_EQ(Next(state, event), expected)
          << SetStateName(state) << ", event " << static_cast<int>(event);
    }
  }
}

TEST(ClientView, IsTheOneOfG06) {
  CLAUSE("G-06");
  for (const bool reported : {false, true}) {
    EXPECT_EQ(ViewOfClient(SetState::kCreated, reported), ClientView::kConfigurable);
    EXPECT_EQ(ViewOfClient(SetState::kConnected, reported), ClientView::kConfigurable);
    EXPECT_EQ(ViewOfClient(SetState::kConfigurable, reported), ClientView::kConfigurable);
    EXPECT_EQ(ViewOfClient(SetState::kInitializing, reported), ClientView::kInitializing);
    EXPECT_EQ(ViewOfClient(SetState::kActive, reported), ClientView::kActive);
    EXPECT_EQ(ViewOfClient(SetState::kAborted, reported), ClientView::kAborted);
  }
}

TEST(ClientView, EndsNormallyOnlyWhenEveryCloseWasReported) {
  CLAUSE("L-15");
  EXPECT_EQ(ViewOfClient(SetState::kNormallyTerminated, false), ClientView::kActive);
  EXPECT_EQ(ViewOfClient(SetState::kNormallyTerminated, true), ClientView::kNormallyTerminated);
}

TEST(ServerView, IsTheSharedStateOnceOpened) {
  CLAUSE("L-02");
  EXPECT_EQ(ViewOfServer(SetState::kCreated), ServerView::kDoesNotExist);
  EXPECT_EQ(ViewOfServer(SetState::kConnected), ServerView::kConnected);
  EXPECT_EQ(ViewOfServer(SetState::kConfigurable), ServerView::kConfigurable);
  EXPECT_EQ(ViewOfServer(SetState::kInitializing), ServerView::kInitializing);
  EXPECT_EQ(ViewOfServer(SetState::kActive), ServerView::kActive);
  EXPECT_EQ(ViewOfServer(SetState::kNormallyTerminated), ServerView::kNormallyTerminated);
  EXPECT_EQ(ViewOfServer(SetState::kAborted), ServerView::kAborted);
}

TEST(Secondary, IsTakenOnceThePrimaryHasItsConfiguration) {
  CLAUSE("C-OIS-20");
  for (const SetState state : kStates) {
    const bool early = state == SetState::kCreated || state == SetState::kConnected ||
                       state == SetState::kConfigurable;
    const HResult expected = state == SetState::kAborted ? kAbort : early ? kProtocol : kOk;
    EXPECT_EQ(SecondaryAnswer(state, true), expected) << SetStateName(state);
    EXPECT_EQ(SecondaryAnswer(state, false), expected.ok() ? kProtocol : expected)
        << SetStateName(state);
  }
}

}  // namespace
}  // namespace vdisim
