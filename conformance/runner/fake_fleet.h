// Drivers that answer by a table instead of a process, for tests of the runner's own logic.
#ifndef CONFORMANCE_RUNNER_FAKE_FLEET_H_
#define CONFORMANCE_RUNNER_FAKE_FLEET_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "conformance/drivers/driver_fleet.h"

namespace conform {

using Script = std::function<HostAnswer(const Json& request)>;

class FakeDriver final : public Driver {
 public:
  explicit FakeDriver(Script script) : script_(std::move(script)) {}
  int64_t Send(Json request) override {
    requests_[++last_] = std::move(request);
    return last_;
  }
  HostAnswer Await(int64_t id, vdisim::Timeout /*timeout*/) override {
    const Json request = requests_.at(id);
    if (request["op"] == "hello") return {HostTrouble::kNone, Json::object(), {}};
    return script_(request);
  }
  HostAnswer End(vdisim::Timeout /*timeout*/) override {
    running_ = false;
    return {};
  }
  void Kill() override { running_ = false; }
  bool running() const override { return running_; }
  std::string ErrorOutput() const override { return {}; }

 private:
  Script script_;
  int64_t last_ = 0;
  std::map<int64_t, Json> requests_;
  bool running_ = true;
};

class FakeFleet final : public DriverFleet {
 public:
  explicit FakeFleet(Script script) : script_(std::move(script)) {}
  std::unique_ptr<Driver> StartClient(const ActorSettings& /*settings*/) const override {
    return std::make_unique<FakeDriver>(script_);
  }
  std::unique_ptr<Driver> StartEngine(const ActorSettings& /*settings*/) const override {
    return std::make_unique<FakeDriver>(script_);
  }
  std::unique_ptr<Driver> StartSql(const ActorSettings& /*settings*/) const override {
    return std::make_unique<FakeDriver>(script_);
  }

 private:
  Script script_;
};

// An answer that holds a code.
inline HostAnswer Returned(int code) {
  Json body = Json::object();
  body["code"] = code;
  return {HostTrouble::kNone, std::move(body), {}};
}

}  // namespace conform

#endif  // CONFORMANCE_RUNNER_FAKE_FLEET_H_
