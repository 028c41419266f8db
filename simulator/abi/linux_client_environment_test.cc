// What the environment changes about sets that libsqlvdi.so makes. It is read once in the life of a
// process, so every test here runs under the same settings, made before the first object.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <vdi.h>
#include <vdierror.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

#include "simulator/abi/testing/server_side.h"
#include "simulator/base/utf16.h"
#include "simulator/device_set/set_directory.h"
#include "simulator/trace/trace_reader.h"

namespace vdisim {
namespace {

class LinuxClientEnvironmentTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    setenv("VDISIM_CLOCK", "virtual", 1);
    setenv("VDISIM_MODE", "0660", 1);
    setenv("VDISIM_TIMEOUT_UNIT", "seconds", 1);
    setenv("VDISIM_GUARD", "detect", 1);
    setenv("VDISIM_TRACE", TracePath().c_str(), 1);
  }
  static void TearDownTestSuite() { std::filesystem::remove(TracePath()); }
  static std::string TracePath() {
    return testing::TempDir() + "/linux_client_environment." + std::to_string(getpid());
  }

  // Moves the set's clock in steps until the call has ended; returns how many that took. After each
  // step the call gets a while to notice.
  int StepsUntilEnd(std::future<int>* call, std::chrono::milliseconds step) {
    int steps = 0;
    while (call->wait_for(std::chrono::milliseconds(5)) != std::future_status::ready) {
      EXPECT_EQ(AdvanceSetClock("", name_, step), kOk);
      ++steps;
    }
    return steps;
  }

  std::string name_ = UniqueSetName();
  VDConfig config_ = RequestFor(1);
  ServerSide server_;
  ClientVirtualDeviceSet set_;
};

TEST_F(LinuxClientEnvironmentTest, TimeMovesOnlyWhenItIsMoved) {
  ASSERT_EQ(set_.Create(name_.data(), &config_), 0);
  std::future<int> call =
      std::async(std::launch::async, [this] { return set_.GetConfiguration(600'000, &config_); });
  EXPECT_GE(StepsUntilEnd(&call, std::chrono::minutes(1)), 10);
  EXPECT_EQ(call.get(), VD_E_TIMEOUT);
}

TEST_F(LinuxClientEnvironmentTest, GetCommandCountsSecondsAndGetConfigurationDoesNot) {  // G-22
  ASSERT_EQ(set_.Create(name_.data(), &config_), 0);
  std::future<int> configuration =
      std::async(std::launch::async, [this] { return set_.GetConfiguration(20, &config_); });
  EXPECT_LT(StepsUntilEnd(&configuration, std::chrono::milliseconds(20)), 200);
  EXPECT_EQ(configuration.get(), VD_E_TIMEOUT);

  const std::u16string wide_name = Utf16FromUtf8(name_).value();
  server_.Configure(wide_name);
  server_.Prepare({wide_name});
  ClientVirtualDevice* device = nullptr;
  ASSERT_EQ(set_.OpenDevice(name_.data(), &device), 0);
  VDC_Command* command = nullptr;
  std::future<int> call =
      std::async(std::launch::async, [&] { return device->GetCommand(20, &command); });
  EXPECT_GE(StepsUntilEnd(&call, std::chrono::seconds(1)), 20);
  EXPECT_EQ(call.get(), VD_E_TIMEOUT);
  delete device;
}

TEST_F(LinuxClientEnvironmentTest, WhatTheGuardFindsIsRecorded) {
  ASSERT_EQ(set_.Create(name_.data(), &config_), 0);
  const std::u16string wide_name = Utf16FromUtf8(name_).value();
  server_.Configure(wide_name);
  ASSERT_EQ(set_.GetConfiguration(0, &config_), 0);
  server_.Prepare({wide_name});
  ClientVirtualDevice* device = nullptr;
  ASSERT_EQ(set_.OpenDevice(name_.data(), &device), 0);
  server_.WaitUntilActive();
  server_.SendWrite(0, 4096, 1);
  VDC_Command* command = nullptr;
  ASSERT_EQ(device->GetCommand(0, &command), 0);
  command->buffer[4096] = 2;
  ASSERT_EQ(device->CompleteCommand(command, 0, 4096, 0), 0);
  server_.WaitForCompletion();
  delete device;

  std::vector<CallRecord> found;
  for (const TraceEntry& entry : ReadTraceFile(TracePath()).entries) {
    if (entry.record.method == "GuardViolation") found.push_back(entry.record);
  }
  ASSERT_EQ(found.size(), 1U);
  const std::vector<TraceField> expected = {
      {"what", TraceText("past-end")},      {"of", TraceText("buffer")},
      {"pCmd", TraceAddress(command)},      {"commandCode", TraceNumber(int64_t{2})},
      {"size", TraceNumber(int64_t{4096})}, {"offset", TraceNumber(int64_t{4096})},
      {"stops", TraceNumber(int64_t{0})}};
  EXPECT_EQ(found[0].inputs, expected);
  EXPECT_EQ(found[0].face, kClientFace);
  EXPECT_EQ(found[0].set, name_);
  EXPECT_EQ(found[0].device, name_);
}

TEST_F(LinuxClientEnvironmentTest, TheGroupMayUseTheObjects) {  // SEC-04
  ASSERT_EQ(set_.Create(name_.data(), &config_), 0);
  for (const SetDescription& description : ListSets()) {
    if (description.name != name_) continue;
    struct stat status {};
    ASSERT_EQ(stat(("/dev/shm/" + description.object_name).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0660U);
    return;
  }
  ADD_FAILURE() << "the set is not listed";
}

TEST_F(LinuxClientEnvironmentTest, TheInstanceComesFromItsVariable) {  // C-CRE-22
  setenv("_VIRTUAL_SERVER_NAME_", "Sales", 1);
  EXPECT_EQ(set_.Create(name_.data(), &config_), 0);
  setenv("_VIRTUAL_SERVER_NAME_", "no/instance", 1);
  ClientVirtualDeviceSet other;
  EXPECT_EQ(other.Create(name_.data(), &config_), VD_E_INSTANCE_NAME);
  EXPECT_EQ(set_.Create(name_.data(), &config_), VD_E_PROTOCOL) << "G-63";
  unsetenv("_VIRTUAL_SERVER_NAME_");
  const std::u16string wide_name = Utf16FromUtf8(name_).value();
  EXPECT_EQ(server_->Open(nullptr, wide_name.c_str()), VD_E_INVALID);
  EXPECT_EQ(server_->Open(u"SALES", wide_name.c_str()), 0);
}

}  // namespace
}  // namespace vdisim
