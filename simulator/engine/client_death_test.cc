// The client is a process of its own here, and is killed in the middle.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <random>
#include <string>
#include <thread>

#include "simulator/base/test_process.h"
#include "simulator/device_set/client_set.h"
#include "simulator/engine/engine.h"
#include "simulator/engine/testing/device_set_server.h"
#include "simulator/engine/testing/recording_sink.h"

namespace vdisim {
namespace {

using testing_support::RecordingSink;
using testing_support::TestServerSet;

// Serves as many commands as it is told, then keeps the next one until it is killed.
int ServeThenHold(const std::string& name, int serve, TestLine& parent) {
  ClientSet set;
  VDConfig config{};
  config.deviceCount = 1;
  if (!set.Create("", name, config).ok()) return 1;
  parent.Tell();
  if (!set.GetConfiguration(Timeout::Milliseconds(20000), &config).ok()) return 2;
  std::shared_ptr<ClientDevice> device;
  if (!set.OpenDevice(name, &device).ok()) return 3;
  for (int i = 0;; ++i) {
    VDC_Command* command = nullptr;
    if (!device->GetCommand(Timeout::Infinite(), &command).ok()) return 4;
    if (i == serve) break;
    const auto bytes = static_cast<uint32_t>(command->size);
    if (!device->CompleteCommand(command, 0, bytes, 0).ok()) return 5;
  }
  parent.Tell();
  parent.Hear();
  return 6;
}

TEST(ClientDeath, EndsTheStatementWithinTwoSecondsAndLeavesTheNameFree) {
  std::random_device chance;
  const std::string name = "death-test-" + std::to_string(chance());
  const std::filesystem::path home = std::filesystem::temp_directory_path() / name;
  for (int round = 0; round < 2; ++round) {
    TestProcess client([&](TestLine& parent) { return ServeThenHold(name, 3, parent); });
    ASSERT_TRUE(client.Hear());
    EngineOptions options;
    options.home = home;
    options.server_set_factory = [] { return new TestServerSet; };
    std::string error;
    const auto engine = Engine::Open(options, &error);
    ASSERT_NE(engine, nullptr) << error;
    ASSERT_TRUE(engine->AddDatabase("pubs", "seed:1,size:8M", &error)) << error;
    RecordingSink sink;
    StatementOutcome outcome;
    std::thread statement([&] {
      outcome =
          engine->Execute("BACKUP DATABASE pubs TO VIRTUAL_DEVICE = '" + name + "'", {}, sink, {});
    });
    EXPECT_TRUE(client.Hear());
    const auto killed = std::chrono::steady_clock::now();
    client.Kill();
    statement.join();
    EXPECT_LT(std::chrono::steady_clock::now() - killed, std::chrono::seconds(2));
    EXPECT_FALSE(outcome.succeeded);
    EXPECT_THAT(sink.Numbers(), ::testing::ElementsAre(3202, 3271, 3013));
    EXPECT_THAT(sink.Text(), ::testing::HasSubstr("primary client process ended without Close"));
  }
  std::error_code ignored;
  std::filesystem::remove_all(home, ignored);
}

}  // namespace
}  // namespace vdisim
