// The state machine of a device set as pure functions: which event leads where, and what the state
// alone answers to each call. Both halves ask here and nowhere else. The state is looked at before
// the arguments (G-63). Answers for L-10 to L-18, L-30 to L-36, L-40 to L-53 with the readings
// G-08 to G-12, G-16, G-49, G-50.
#ifndef SIMULATOR_DEVICE_SET_SET_TRANSITIONS_H_
#define SIMULATOR_DEVICE_SET_SET_TRANSITIONS_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "simulator/base/hresult.h"

namespace vdisim {

// The shared state. "Does Not Exist" is no state of the segment but of an object without one.
enum class SetState : uint8_t {
  kCreated = 1,  // the client's Configurable, before a server has come
  kConnected = 2,
  kConfigurable = 3,
  kInitializing = 4,
  kActive = 5,
  kNormallyTerminated = 6,
  kAborted = 7
};
std::string_view SetStateName(SetState state);

enum class SetEvent : uint8_t {
  kServerOpens,          // L-11
  kConfigurationBegins,  // L-12
  kConfigurationEnds,    // L-13
  kEverythingReady,      // L-14: all devices open on both sides, the agent runs
  kLastDeviceCloses,     // L-15
  kAborts                // L-16, L-17, L-20
};

// The state after an event; empty if the event cannot happen in that state. An aborted set stays
// aborted.
constexpr std::optional<SetState> Next(SetState state, SetEvent event) {
  switch (event) {
    case SetEvent::kServerOpens:
      if (state == SetState::kCreated) return SetState::kConnected;
      break;
    case SetEvent::kConfigurationBegins:
      if (state == SetState::kConnected) return SetState::kConfigurable;
      break;
    case SetEvent::kConfigurationEnds:
      if (state == SetState::kConfigurable) return SetState::kInitializing;
      break;
    case SetEvent::kEverythingReady:
      if (state == SetState::kInitializing) return SetState::kActive;
      break;
    case SetEvent::kLastDeviceCloses:
      if (state == SetState::kActive) return SetState::kNormallyTerminated;
      break;
    case SetEvent::kAborts:
      return SetState::kAborted;
  }
  return std::nullopt;
}

// What one opening of the set sees, client side (table 3.3).
enum class ClientView : uint8_t {
  kDoesNotExist,
  kConfigurable,  // spans Created, Connected and Configurable (G-06)
  kInitializing,
  kActive,  // also when the server has closed every device and a client has not been told (L-15)
  kNormallyTerminated,
  kAborted
};
inline constexpr int kClientViews = 6;

constexpr ClientView ViewOfClient(SetState state, bool every_close_reported) {
  switch (state) {
    case SetState::kCreated:
    case SetState::kConnected:
    case SetState::kConfigurable:
      return ClientView::kConfigurable;
    case SetState::kInitializing:
      return ClientView::kInitializing;
    case SetState::kActive:
      return ClientView::kActive;
    case SetState::kNormallyTerminated:
      return every_close_reported ? ClientView::kNormallyTerminated : ClientView::kActive;
    case SetState::kAborted:
      break;
  }
  return ClientView::kAborted;
}

// What one opening of the set sees, server side (table 3.4).
enum class ServerView : uint8_t {
  kDoesNotExist,
  kConnected,
  kConfigurable,
  kInitializing,
  kActive,
  kNormallyTerminated,
  kAborted
};
inline constexpr int kServerViews = 7;

constexpr ServerView ViewOfServer(SetState state) {
  switch (state) {
    case SetState::kCreated:  // this server's Open has not happened
      return ServerView::kDoesNotExist;
    case SetState::kConnected:
      return ServerView::kConnected;
    case SetState::kConfigurable:
      return ServerView::kConfigurable;
    case SetState::kInitializing:
      return ServerView::kInitializing;
    case SetState::kActive:
      return ServerView::kActive;
    case SetState::kNormallyTerminated:
      return ServerView::kNormallyTerminated;
    case SetState::kAborted:
      break;
  }
  return ServerView::kAborted;
}

enum class ClientCall : uint8_t {
  kCreate,
  kGetConfiguration,
  kOpenDevice,
  kGetCommand,
  kCompleteCommand,
  kSignalAbort,
  kCloseSet,
  kOpenInSecondary,
  kGetBufferHandle,
  kMapBufferHandle
};
inline constexpr int kClientCalls = 10;

enum class ServerCall : uint8_t {
  kOpenSet,
  kGetConfiguration,
  kBeginConfiguration,
  kRequestBuffers,
  kQueryAvailableBuffers,
  kEndConfiguration,
  kOpenDevice,
  kExecuteCompletionAgent,
  kAllocateBuffer,
  kFreeBuffer,
  kSendCommand,
  kCloseDevice,
  kSignalAbort,
  kCloseSet,
  kIsSharedBuffer
};
inline constexpr int kServerCalls = 15;

// The code that the state alone gives, or kOk when the call may go on to look at its arguments.
constexpr HResult ClientAnswer(ClientCall call, ClientView view) {
  constexpr HResult k = kOk;
  constexpr HResult P = kProtocol;
  constexpr HResult A = kAbort;
  constexpr HResult O = kOpen;
  // DNE, Configurable, Initializing, Active, Normally Terminated, Abort
  constexpr HResult answers[kClientCalls][kClientViews] = {
      {k, P, P, P, P, P},  // L-30 Create
      {P, k, k, k, k, A},  // L-31 GetConfiguration
      {P, P, k, O, P, A},  // L-32 OpenDevice; Active: G-08
      {P, P, k, k, P, A},  // L-33 GetCommand; Initializing: G-09
      {P, P, P, k, P, A},  // L-34 CompleteCommand
      {P, k, k, k, k, k},  // L-35 SignalAbort
      {P, k, k, k, k, k},  // L-36 Close; open devices: G-10
      {k, P, P, P, P, P},  // L-38 OpenInSecondary: C-OIL-02
      {P, k, k, k, k, k},  // L-38 GetBufferHandle: G-16
      {P, k, k, k, k, k},  // L-38 MapBufferHandle: G-16
  };
  return answers[static_cast<int>(call)][static_cast<int>(view)];
}

constexpr HResult ServerAnswer(ServerCall call, ServerView view) {
  constexpr HResult k = kOk;
  constexpr HResult P = kProtocol;
  constexpr HResult A = kAbort;
  constexpr HResult O = kOpen;
  // DNE, Connected, Configurable, Initializing, Active, Normally Terminated, Abort
  constexpr HResult answers[kServerCalls][kServerViews] = {
      {k, P, P, P, P, P, P},  // L-40 Open
      {P, k, k, k, k, k, A},  // L-41 GetConfiguration
      {P, k, P, P, P, P, A},  // L-42 BeginConfiguration; Abort: G-12
      {P, P, k, k, k, P, A},  // L-43 RequestBuffers; Abort: G-12
      {P, P, k, k, k, P, P},  // L-44 QueryAvailableBuffers; Abort: G-12
      {P, P, k, P, P, P, A},  // L-45 EndConfiguration; Abort: G-12
      {P, P, P, k, O, P, A},  // L-46 OpenDevice; Active: G-08
      {P, P, P, k, P, P, A},  // L-47 ExecuteCompletionAgent
      {P, P, P, k, k, k, A},  // L-48 AllocateBuffer
      {P, P, P, k, k, k, A},  // L-49 FreeBuffer; Connected: G-11
      {P, P, P, P, k, P, A},  // L-50 SendCommand; Connected: G-11
      {P, P, P, P, k, k, A},  // L-51 CloseDevice; Connected: G-11
      {P, k, k, k, k, k, k},  // L-52 SignalAbort
      {P, k, k, k, k, k, k},  // L-53 Close; open devices: G-10
      {P, k, k, k, k, k, k},  // L-54 IsSharedBuffer: FALSE where this says VD_E_PROTOCOL
  };
  return answers[static_cast<int>(call)][static_cast<int>(view)];
}

// Whether a set takes a secondary. primary_configured: its primary's GetConfiguration has succeeded
// (C-OIS-20).
constexpr HResult SecondaryAnswer(SetState state, bool primary_configured) {
  switch (state) {
    case SetState::kCreated:
    case SetState::kConnected:
    case SetState::kConfigurable:
      return kProtocol;
    case SetState::kInitializing:
    case SetState::kActive:
    case SetState::kNormallyTerminated:
      return primary_configured ? kOk : kProtocol;
    case SetState::kAborted:
      break;
  }
  return kAbort;
}

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_SET_TRANSITIONS_H_
