// After the death of its peer each side learns of it at its next call, whichever that is: AB-14 and
// L-20. The peers are real processes, and have ended when the call is made.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "simulator/base/test_clause.h"
#include "simulator/base/test_process.h"
#include "simulator/device_set/set_pair_for_test.h"

namespace vdisim {
namespace {

// A server in this process whose client dies.
struct LonelyServer {
  explicit LonelyServer(const std::string& set_name)
      : name(set_name), primary([this](TestLine& parent) {
          ClientSet client;
          if (!client.Create("", name, RequestOf(1)).ok()) return 1;
          parent.Tell(1);
          parent.Hear();
          return 0;
        }) {}
  // A call before the death, so that no look around is due when the next one comes.
  void Bereave() {
    VDConfig request{};
    ASSERT_EQ(server.GetConfiguration(&request), kOk);
    primary.Kill();
    primary.Wait();
  }

  const std::string name;
  TestProcess primary;
  ServerSet server;
  std::shared_ptr<ServerDevice> device;
  uint8_t* buffer = nullptr;
};

struct ServerNext {
  const char* title;
  int stage;  // 0 Connected, 1 Configurable, 2 Initializing with the device open
  std::function<HResult(LonelyServer&)> call;
  HResult answer = kAbort;
  friend void PrintTo(const ServerNext& next, std::ostream* out) { *out << next.title; }
};

class NextCallOfServer : public testing::TestWithParam<ServerNext> {};

TEST_P(NextCallOfServer, KnowsThatThePrimaryDied) {
  CLAUSE("AB-14");
  LonelyServer set(FreshSetName());
  set.primary.Hear();
  ASSERT_EQ(set.server.Open("", set.name), kOk);
  if (GetParam().stage >= 1) {
    ASSERT_EQ(set.server.BeginConfiguration(0, 512, 0, 65536), kOk);
  }
  if (GetParam().stage >= 2) {
    ASSERT_EQ(set.server.RequestBuffers(512, 0, 2), kOk);
    ASSERT_EQ(set.server.EndConfiguration(), kOk);
    ASSERT_EQ(set.server.OpenDevice(set.name, &set.device), kOk);
    ASSERT_EQ(set.server.AllocateBuffer(&set.buffer, 512, 0), kOk);
  }
  set.Bereave();
  EXPECT_EQ(GetParam().call(set), GetParam().answer);
  VdiSimAbortReason reason = VdiSimNotAborted;
  ASSERT_EQ(set.server.GetAbortReason(&reason), kOk);
  EXPECT_EQ(reason, VdiSimPrimaryDied);
}

const ServerNext kServerCalls[] = {
    {"GetConfiguration", 0,
     [](LonelyServer& set) {
       VDConfig request{};
       return set.server.GetConfiguration(&request);
     }},
    {"BeginConfiguration", 0,
     [](LonelyServer& set) { return set.server.BeginConfiguration(0, 512, 0, 65536); }},
    {"RequestBuffers", 1, [](LonelyServer& set) { return set.server.RequestBuffers(512, 0, 1); }},
    {"QueryAvailableBuffers", 1,
     [](LonelyServer& set) {
       uint32_t count = 0;
       return set.server.QueryAvailableBuffers(512, 0, &count);
     },
     kProtocol},  // G-12
    {"EndConfiguration", 1, [](LonelyServer& set) { return set.server.EndConfiguration(); }},
    {"OpenDevice", 2,
     [](LonelyServer& set) { return set.server.OpenDevice(set.name, &set.device); }},
    {"ExecuteCompletionAgent", 2,
     [](LonelyServer& set) { return set.server.ExecuteCompletionAgent(); }},
    {"WaitForActive", 2,
     [](LonelyServer& set) { return set.server.WaitForActive(Timeout::Poll()); }},
    {"AllocateBuffer", 2,
     [](LonelyServer& set) { return set.server.AllocateBuffer(&set.buffer, 512, 0); }},
    {"FreeBuffer", 2, [](LonelyServer& set) { return set.server.FreeBuffer(set.buffer, 512); }},
    {"CloseDevice", 2, [](LonelyServer& set) { return set.device->CloseDevice(); }},
    {"Close", 2, [](LonelyServer& set) { return set.server.Close(); }, kOk}};

INSTANTIATE_TEST_SUITE_P(Calls, NextCallOfServer, testing::ValuesIn(kServerCalls),
                         [](const auto& next) { return std::string(next.param.title); });

// A primary in this process whose server dies when everything is open.
struct LonelyClient {
  explicit LonelyClient(const std::string& set_name) : name(set_name) {}

  const std::string name;
  ClientSet client;
  ClientSet secondary;
  std::shared_ptr<ClientDevice> device;
};

struct ClientNext {
  const char* title;
  std::function<HResult(LonelyClient&)> call;
  HResult answer = kAbort;
  friend void PrintTo(const ClientNext& next, std::ostream* out) { *out << next.title; }
};

class NextCallOfClient : public testing::TestWithParam<ClientNext> {};

TEST_P(NextCallOfClient, KnowsThatTheServerDied) {
  CLAUSE("AB-14");
  LonelyClient set(FreshSetName());
  ASSERT_EQ(set.client.Create("", set.name, RequestOf(1)), kOk);
  TestProcess process([&set](TestLine& parent) {
    ServerSet server;
    if (!server.Open("", set.name).ok()) return 1;
    if (!server.BeginConfiguration(0, 512, 0, 65536).ok()) return 2;
    if (!server.RequestBuffers(512, 0, 1).ok()) return 3;
    if (!server.EndConfiguration().ok()) return 4;
    std::shared_ptr<ServerDevice> device;
    if (!server.OpenDevice(set.name, &device).ok()) return 5;
    parent.Tell(1);
    parent.Hear();
    return 0;
  });
  process.Hear();
  VDConfig actual{};
  ASSERT_EQ(set.client.GetConfiguration(Timeout::Infinite(), &actual), kOk);
  ASSERT_EQ(set.client.OpenDevice(set.name, &set.device), kOk);
  process.Kill();
  process.Wait();
  EXPECT_EQ(GetParam().call(set), GetParam().answer);
}

const ClientNext kClientCalls[] = {
    {"GetConfiguration",
     [](LonelyClient& set) {
       VDConfig actual{};
       return set.client.GetConfiguration(Timeout::Poll(), &actual);
     }},
    {"OpenDevice",
     [](LonelyClient& set) {
       std::shared_ptr<ClientDevice> device;
       return set.client.OpenDevice(set.name, &device);
     }},
    {"GetCommand",
     [](LonelyClient& set) {
       VDC_Command* command = nullptr;
       return set.device->GetCommand(Timeout::Infinite(), &command);
     }},
    {"OpenInSecondary",
     [](LonelyClient& set) { return set.secondary.OpenInSecondary("", set.name); }},
    {"Close", [](LonelyClient& set) { return set.client.Close(); }, kOk}};

INSTANTIATE_TEST_SUITE_P(Calls, NextCallOfClient, testing::ValuesIn(kClientCalls),
                         [](const auto& next) { return std::string(next.param.title); });

}  // namespace
}  // namespace vdisim
