// A Stage is an Active set with one process for each device: the primary has the first, secondaries
// have the others. Whatever cannot be set up fails the test. For one thread.
#ifndef SIMULATOR_ITEST_STAGE_H_
#define SIMULATOR_ITEST_STAGE_H_

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "simulator/itest/actor.h"

namespace vdisim::itest {

class Stage {
 public:
  explicit Stage(const Cast& cast) : cast_(cast), server_(Actor::Server(cast)) {
    for (uint32_t i = 0; i < cast.devices; ++i) clients_.push_back(Actor::Client(cast));
  }

  // From Create to Active; with so many buffers of 64 KiB.
  void Activate(uint32_t buffers) {
    Must(client(0), Order::kCreate);
    Must(server(), Order::kOpen);
    Must(server(), Order::kBeginConfiguration);
    Must(server(), Order::kRequestBuffers, 0, buffers);
    Must(server(), Order::kEndConfiguration);
    Must(client(0), Order::kGetConfiguration, 0, kForever);
    for (uint32_t i = 0; i < cast_.devices; ++i) {
      if (i > 0) Must(client(i), Order::kOpenInSecondary);
      Must(server(), Order::kOpenDevice, i);
      Must(client(i), Order::kOpenDevice, i);
    }
    Must(server(), Order::kStartAgent);
    Must(server(), Order::kWaitForActive);
  }

  // Closes everything in order; commands must be completed.
  void End() {
    for (uint32_t i = 0; i < cast_.devices; ++i) {
      Must(server(), Order::kCloseDevice, i);
      EXPECT_EQ(client(i).Do(Order::kGetCommand, i, kForever).code, kClose);
    }
    for (uint32_t i = cast_.devices; i-- > 0;) Must(client(i), Order::kClose);
    Must(server(), Order::kClose);
  }

  // A write on that device: sent, and fetched by its client.
  void Deliver(uint32_t device) {
    Must(server(), Order::kSendWrites, device, 1);
    Must(client(device), Order::kGetCommand, device, kForever);
  }

  // The handle of the oldest buffer that the device's client holds.
  uint32_t HandleOf(uint32_t device) {
    const Answer answer = client(device).Do(Order::kGetBufferHandle, device);
    EXPECT_EQ(answer.code, kOk);
    return answer.value;
  }

  static void Must(Actor& actor, Order order, uint32_t device = 0, uint32_t argument = 0) {
    ASSERT_EQ(actor.Do(order, device, argument).code, kOk) << "order " << static_cast<int>(order);
  }

  Actor& client(uint32_t device) { return *clients_[device]; }
  Actor& server() { return *server_; }

 private:
  const Cast cast_;
  std::unique_ptr<Actor> server_;
  std::vector<std::unique_ptr<Actor>> clients_;
};

}  // namespace vdisim::itest

#endif  // SIMULATOR_ITEST_STAGE_H_
