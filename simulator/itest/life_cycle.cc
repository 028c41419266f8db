#include "simulator/itest/life_cycle.h"

#include <gtest/gtest.h>

#include <utility>

#include "simulator/base/check.h"
#include "simulator/shm/object_name.h"

namespace vdisim::itest {

std::string_view RoleName(Role role) {
  switch (role) {
    case Role::kPrimary:
      return "Primary";
    case Role::kSecondary:
      return "Secondary";
    case Role::kServer:
      break;
  }
  return "Server";
}

const std::vector<Step>& LifeCycle() {
  constexpr Role kP = Role::kPrimary;
  constexpr Role kS = Role::kSecondary;
  constexpr Role kE = Role::kServer;
  static const std::vector<Step> steps{
      {"Create", kP, Order::kCreate},
      {"ServerOpen", kE, Order::kOpen},
      {"BeginConfiguration", kE, Order::kBeginConfiguration},
      {"RequestBuffers", kE, Order::kRequestBuffers, 0, 8},
      {"EndConfiguration", kE, Order::kEndConfiguration},
      {"GetConfiguration", kP, Order::kGetConfiguration, 0, kForever},
      {"OpenInSecondary", kS, Order::kOpenInSecondary},
      {"ServerOpenDevice", kE, Order::kOpenDevice, 0},
      {"PrimaryOpenDevice", kP, Order::kOpenDevice, 0},
      {"ServerOpenLastDevice", kE, Order::kOpenDevice, 1},
      {"AgentBeforeActive", kE, Order::kStartAgent},
      {"SecondaryOpenDevice", kS, Order::kOpenDevice, 1},
      {"Active", kE, Order::kWaitForActive},
      {"CommandsSent", kE, Order::kSendWrites, 0, 4},
      {"CommandsSentToBoth", kE, Order::kSendWrites, 1, 2},
      {"PrimaryHoldsOne", kP, Order::kGetCommand, 0, kForever, kOk, 1},
      {"PrimaryHoldsTwo", kP, Order::kGetCommand, 0, kForever, kOk, 2},
      {"PrimaryHoldsThree", kP, Order::kGetCommand, 0, kForever, kOk, 3},
      {"PrimaryHoldsFour", kP, Order::kGetCommand, 0, kForever, kOk, 4},
      {"SecondaryHoldsOne", kS, Order::kGetCommand, 1, kForever, kOk, 1},
      {"PrimaryMadeHandle", kP, Order::kGetBufferHandle, 0},
      {"SecondaryMapped", kS, Order::kMapBufferHandle, 0, 0, kOk, 1},
      {"PrimaryCompletedOne", kP, Order::kCompleteCommand, 0},
      {"PrimaryCompletedTwo", kP, Order::kCompleteCommand, 0},
      {"SecondaryCompletedOne", kS, Order::kCompleteCommand, 1},
      {"SecondaryHoldsAnother", kS, Order::kGetCommand, 1, kForever, kOk, 2},
      {"SecondaryCompletedAll", kS, Order::kCompleteCommand, 1},
      {"PrimaryCompletedThree", kP, Order::kCompleteCommand, 0},
      {"PrimaryCompletedAll", kP, Order::kCompleteCommand, 0},
      {"ServerSawAll", kE, Order::kAwaitCompleted, 0, 6, kOk, 6},
      {"OneDeviceClosed", kE, Order::kCloseDevice, 0},
      {"PrimarySawClose", kP, Order::kGetCommand, 0, kForever, kClose},
      {"AllDevicesClosed", kE, Order::kCloseDevice, 1},
      {"SecondarySawClose", kS, Order::kGetCommand, 1, kForever, kClose},
      {"SecondaryClose", kS, Order::kClose},
      {"PrimaryClose", kP, Order::kClose},
      {"ServerClose", kE, Order::kClose},
  };
  return steps;
}

size_t StepNamed(std::string_view name) {
  const std::vector<Step>& steps = LifeCycle();
  for (size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].name == name) return i;
  }
  VDI_CHECK(false, "no step of that name");
  return 0;
}

Scene::Scene(const std::string& name) : cast_{.name = name} {
  for (const Role role : kAllRoles) Replace(role);
}

void Scene::Replace(Role role) {
  actors_[static_cast<size_t>(role)] =
      role == Role::kServer ? Actor::Server(cast_) : Actor::Client(cast_);
}

void Scene::PlayThrough(size_t last) {
  for (; next_ <= last && !testing::Test::HasFatalFailure(); ++next_) {
    const Step& step = LifeCycle()[next_];
    if (!absent_[static_cast<size_t>(step.role)]) Play(step);
  }
}

void Scene::Play(const Step& step) {
  SCOPED_TRACE(step.name);
  // The handle that one process got is what another maps.
  const uint32_t argument = step.order == Order::kMapBufferHandle ? handle_ : step.argument;
  const Answer answer = actor(step.role).Do(step.order, step.device, argument);
  ASSERT_TRUE(answer.came) << "the process is gone, or hangs";
  ASSERT_EQ(answer.code, step.expected);
  if (step.expected_value != 0) {
    ASSERT_EQ(answer.value, step.expected_value);
  }
  if (step.order == Order::kGetBufferHandle) handle_ = answer.value;
  if (step.order == Order::kCreate) LookAtSet();
}

void Scene::LookAtSet() {
  auto control = ControlSegment::Open("", cast_.name);
  ASSERT_TRUE(control.ok()) << control.code();
  control_ = std::move(control.value());
}

std::vector<std::string> Scene::Objects() const {
  std::vector<std::string> found;
  const std::string control = shm::ControlObjectName("", cast_.name);
  for (const shm::ObjectInfo& object : shm::ListObjects()) {
    const bool ours = object.kind == shm::ObjectKind::kArea
                          ? object.incarnation == control_->facts().incarnation
                          : object.name == control;
    if (ours) found.push_back(object.name);
  }
  return found;
}

}  // namespace vdisim::itest
