// A fixture for tests of whole statements: an engine with a home of its own and a database "pubs",
// and for each statement a scripted client that serves it.
#ifndef SIMULATOR_ENGINE_TESTING_ENGINE_WORLD_H_
#define SIMULATOR_ENGINE_TESTING_ENGINE_WORLD_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <stop_token>
#include <string>
#include <vector>

#include "simulator/engine/data_source.h"
#include "simulator/engine/engine.h"
#include "simulator/engine/testing/device_set_server.h"
#include "simulator/engine/testing/recording_sink.h"
#include "simulator/engine/testing/scripted_client.h"

namespace vdisim::testing_support {

inline constexpr const char* kPubsSource = "seed:7,size:1100001";

class EngineWorld : public ::testing::Test {
 protected:
  void SetUp() override {
    std::random_device chance;
    name_ = "engine-test-" + std::to_string(chance()) + std::to_string(chance());
    home_ = std::filesystem::temp_directory_path() / name_;
    options_.home = home_;
    options_.wait = std::chrono::seconds(20);
    options_.stall = std::chrono::seconds(20);
    options_.server_set_factory = [] { return new TestServerSet; };
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(home_, ignored);
  }

  Engine& engine() {
    if (engine_ == nullptr) {
      std::string error;
      engine_ = Engine::Open(options_, &error);
      EXPECT_NE(engine_, nullptr) << error;
      EXPECT_TRUE(engine_->AddDatabase("pubs", kPubsSource, &error)) << error;
    }
    return *engine_;
  }

  std::vector<std::string> Devices(int count) const {
    std::vector<std::string> devices = {name_};
    for (int i = 1; i < count; ++i) devices.push_back(name_ + "." + std::to_string(i));
    return devices;
  }

  static std::string Clauses(const std::vector<std::string>& devices) {
    std::string clauses;
    for (const std::string& device : devices) {
      clauses += (clauses.empty() ? " VIRTUAL_DEVICE = '" : ", VIRTUAL_DEVICE = '") + device + "'";
    }
    return clauses;
  }

  // Runs a statement while a client serves it; `%` stands for the device clauses.
  StatementOutcome Run(std::string statement, int devices, const ClientScript& script = {}) {
    statement.replace(statement.find('%'), 1, Clauses(Devices(devices)));
    sink_ = {};
    client_ = std::make_unique<ScriptedClient>(name_, Devices(devices), &media_, script);
    EXPECT_EQ(client_->created(), kOk);
    StatementOutcome outcome = engine().Execute(statement, {}, sink_, stop_.get_token());
    client_->Join();
    return outcome;
  }

  // The same with nobody there.
  StatementOutcome RunAlone(const std::string& statement) {
    sink_ = {};
    return engine().Execute(statement, {}, sink_, stop_.get_token());
  }

  std::string RestoredFile(const std::string& name) const {
    std::ifstream file(home_ / "data" / (name + ".mdf"), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string Log() const {
    std::ifstream file(home_ / "log" / "errorlog", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static std::string Source() {
    std::string error;
    const auto source = OpenDataSource(kPubsSource, &error);
    std::string bytes(source->size_bytes(), '\0');
    source->OpenReader()->Read(0, {reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()});
    return bytes;
  }

  std::string name_;
  std::filesystem::path home_;
  EngineOptions options_;
  std::unique_ptr<Engine> engine_;
  std::stop_source stop_;
  std::vector<Media> media_;
  std::unique_ptr<ScriptedClient> client_;
  RecordingSink sink_;
};

}  // namespace vdisim::testing_support

#endif  // SIMULATOR_ENGINE_TESTING_ENGINE_WORLD_H_
