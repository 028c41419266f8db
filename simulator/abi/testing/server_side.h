// The server's half of a device set, for tests of the client's faces: a server object of this
// process, with its agent on a thread of its own. Codes that a test does not ask for are expected
// to be successes.
#ifndef SIMULATOR_ABI_TESTING_SERVER_SIDE_H_
#define SIMULATOR_ABI_TESTING_SERVER_SIDE_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "simulator/abi/com_factory.h"
#include "simulator/base/com_ptr.h"

namespace vdisim {

// What a client asks for that wants nothing but devices.
constexpr VDConfig RequestFor(uint32_t devices) {
  VDConfig request{};
  request.deviceCount = devices;
  return request;
}

class ServerSide {
 public:
  ~ServerSide() { Close(); }

  // Open to EndConfiguration, with room for `buffers` transfers of 64 KiB.
  void Configure(const std::u16string& set, DWORD buffers = 2) {
    ASSERT_EQ(set_->Open(nullptr, set.c_str()), 0);
    ASSERT_EQ(set_->BeginConfiguration(VDF_WriteMedia, 512, 0, 65536, 0), 0);
    ASSERT_EQ(set_->RequestBuffers(65536, 0, buffers), 0);
    ASSERT_EQ(set_->EndConfiguration(), 0);
  }
  // Opens the devices and starts the agent.
  void Prepare(const std::vector<std::u16string>& devices) {
    for (const std::u16string& name : devices) {
      ComPtr<IServerVirtualDevice> device;
      ASSERT_EQ(set_->OpenDevice(name.c_str(), device.Receive()), 0);
      devices_.push_back(device);
    }
    agent_ = std::thread([this] { (void)set_->ExecuteCompletionAgent(); });
  }
  // Once the client has opened its devices.
  void WaitUntilActive() {
    ASSERT_EQ(set_.As<IVdiSimServerControl>(IID_IVdiSimServerControl)->WaitForActive(10'000), 0);
  }
  // Sends a write of `size` bytes whose buffer is filled with `fill`.
  void SendWrite(size_t device, int32_t size, uint8_t fill) {
    ASSERT_EQ(set_->AllocateBuffer(&command_.buffer, 65536, 0), 0);
    std::fill_n(command_.buffer, size, fill);
    command_.commandCode = VDC_Write;
    command_.size = size;
    command_.completionRoutine = reinterpret_cast<uint8_t*>(&Completed);
    command_.completionContext = reinterpret_cast<uint8_t*>(this);
    ASSERT_EQ(devices_[device]->SendCommand(&command_), 0);
  }
  // The command of SendWrite, once it is complete.
  VDS_Command WaitForCompletion() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(10), [this] { return completed_; }));
    completed_ = false;
    return command_;
  }
  void CloseDevices() {
    for (const ComPtr<IServerVirtualDevice>& device : devices_) {
      EXPECT_EQ(device->CloseDevice(), 0);
    }
  }
  // Answers whatever the state calls for.
  HRESULT Close() {
    const HRESULT hr = set_->Close();
    if (agent_.joinable()) agent_.join();
    devices_.clear();
    return hr;
  }

  IServerVirtualDeviceSet2* operator->() { return set_.get(); }
  IServerVirtualDevice* device(size_t index) { return devices_[index].get(); }

 private:
  static void Completed(VDS_Command* command) {
    auto* const self = reinterpret_cast<ServerSide*>(command->completionContext);
    const std::lock_guard lock(self->mutex_);
    self->completed_ = true;
    self->changed_.notify_all();
  }

  ComPtr<IServerVirtualDeviceSet2> set_ = MakeServerSet();
  std::vector<ComPtr<IServerVirtualDevice>> devices_;
  std::thread agent_;
  VDS_Command command_{};
  std::mutex mutex_;
  std::condition_variable changed_;
  bool completed_ = false;
};

// A name that no other test, run or process uses.
inline std::string UniqueSetName() {
  const testing::TestInfo* const test = testing::UnitTest::GetInstance()->current_test_info();
  return std::string(test->test_suite_name()) + "." + test->name() + "." + std::to_string(getpid());
}

}  // namespace vdisim

#endif  // SIMULATOR_ABI_TESTING_SERVER_SIDE_H_
