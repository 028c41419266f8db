#include "simulator/shm/liveness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>

#include "simulator/base/test_process.h"

namespace vdisim::shm {
namespace {

// A child that passes its identity to the parent and waits to be told to end.
int TellIdentity(TestLine& parent) {
  const ProcessIdentity me = ThisProcess();
  parent.Tell(me.pid);
  parent.Tell(me.start_time);
  parent.Tell(me.pid_namespace);
  parent.Hear();
  return 0;
}

ProcessIdentity HearIdentity(const TestProcess& child) {
  ProcessIdentity identity{};
  identity.pid = static_cast<uint32_t>(child.Hear().value_or(0));
  identity.start_time = child.Hear().value_or(0);
  identity.pid_namespace = child.Hear().value_or(0);
  return identity;
}

TEST(ThisProcess, IsAliveAndAlwaysTheSame) {
  const ProcessIdentity me = ThisProcess();
  EXPECT_EQ(me.pid, static_cast<uint32_t>(::getpid()));
  EXPECT_GT(me.start_time, 0U);
  EXPECT_GT(me.pid_namespace, 0U);
  EXPECT_EQ(me, ThisProcess());
  EXPECT_EQ(StateOf(me), ProcessState::kAlive);
}

TEST(ThisProcess, IsAnotherAfterAFork) {
  const ProcessIdentity me = ThisProcess();
  const TestProcess child(TellIdentity);
  const ProcessIdentity other = HearIdentity(child);
  EXPECT_EQ(other.pid, static_cast<uint32_t>(child.pid()));
  EXPECT_GE(other.start_time, me.start_time);
  EXPECT_EQ(other.pid_namespace, me.pid_namespace);
  EXPECT_EQ(StateOf(other), ProcessState::kAlive);
}

TEST(StateOf, CallsAZombieDead) {
  TestProcess child(TellIdentity);
  const ProcessIdentity other = HearIdentity(child);
  child.Signal(SIGKILL);
  child.WaitUntilZombie();
  EXPECT_EQ(StateOf(other), ProcessState::kDead);
  child.Wait();
  EXPECT_EQ(StateOf(other), ProcessState::kDead);
}

TEST(StateOf, CallsAStoppedProcessAlive) {
  const TestProcess child(TellIdentity);
  const ProcessIdentity other = HearIdentity(child);
  child.Signal(SIGSTOP);
  EXPECT_EQ(StateOf(other), ProcessState::kAlive);
}

TEST(StateOf, TellsAReusedPidByItsStartTime) {
  ProcessIdentity earlier = ThisProcess();
  --earlier.start_time;
  EXPECT_EQ(StateOf(earlier), ProcessState::kDead);
}

TEST(StateOf, DoesNotJudgeAnotherPidNamespace) {
  ProcessIdentity foreign = ThisProcess();
  ++foreign.pid_namespace;
  EXPECT_EQ(StateOf(foreign), ProcessState::kUnknown);
}

TEST(StateOf, CallsNobodyAndNonsenseDead) {
  EXPECT_EQ(StateOf(ProcessIdentity{}), ProcessState::kDead);
  ProcessIdentity nonsense = ThisProcess();
  nonsense.pid = 0xFFFFFFFF;
  EXPECT_EQ(StateOf(nonsense), ProcessState::kDead);
}

std::string StatLine(pid_t pid) {
  std::string line;
  std::getline(std::ifstream("/proc/" + std::to_string(pid) + "/stat"), line);
  return line;
}

// Such a process shows the state of a zombie, and works on.
TEST(StateOf, CallsAProcessAliveWhoseFirstThreadHasEnded) {
  TestProcess child([](TestLine& parent) {
    std::thread([&parent] { ::_exit(TellIdentity(parent)); }).detach();
    ::syscall(SYS_exit, 0);  // of this thread alone; nothing is unwound, `parent` lives on
    return 1;
  });
  const ProcessIdentity other = HearIdentity(child);
  while (StatLine(child.pid()).find(") Z ") == std::string::npos) std::this_thread::yield();
  EXPECT_EQ(StateOf(other), ProcessState::kAlive);
  child.Tell();
  EXPECT_EQ(child.Wait(), 0);
  EXPECT_EQ(StateOf(other), ProcessState::kDead);
}

TEST(StateOf, ReadsPastACommandThatLooksLikeFields) {
  const TestProcess child([](TestLine& parent) {
    ::prctl(PR_SET_NAME, ") Z 1 (\t");
    return TellIdentity(parent);
  });
  const ProcessIdentity other = HearIdentity(child);
  EXPECT_EQ(StateOf(other), ProcessState::kAlive);
  EXPECT_EQ(Describe(other), "pid " + std::to_string(child.pid()) + " () Z 1 (?)");
}

TEST(Describe, NamesPidAndCommandOfTheLiving) {
  ProcessIdentity me = ThisProcess();
  const std::string pid = "pid " + std::to_string(::getpid());
  EXPECT_THAT(Describe(me), testing::StartsWith(pid + " (shm_test"));
  --me.start_time;
  EXPECT_EQ(Describe(me), pid);
}

}  // namespace
}  // namespace vdisim::shm
