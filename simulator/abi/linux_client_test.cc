// The classes of libsqlvdi.so against a server of this process. This program is linked with the
// library as a client is.
#include <gtest/gtest.h>
#include <vdi.h>
#include <vdi_codes.h>
#include <vdierror.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>

#include "simulator/abi/testing/server_side.h"
#include "simulator/base/utf16.h"

namespace vdisim {
namespace {

class LinuxClientTest : public testing::Test {
 protected:
  char* name() { return name_.data(); }
  std::u16string wide_name() { return Utf16FromUtf8(name_).value(); }

  // From Create to Active, with one device that bears the set's name.
  void Activate(ClientVirtualDeviceSet* set, ClientVirtualDevice** device) {
    ASSERT_EQ(set->Create(name(), &config_), 0);
    server_.Configure(wide_name());
    ASSERT_EQ(set->GetConfiguration(VDI_INFINITE, &config_), 0);
    server_.Prepare({wide_name()});
    ASSERT_EQ(set->OpenDevice(name(), device), 0);

    server_.WaitUntilActive();
  }

  std::string name_ = UniqueSetName() + " \xC3\xA9'\"";
  VDConfig config_ = RequestFor(1);
  VDC_Command* command_ = nullptr;
  ServerSide server_;
};

TEST_F(LinuxClientTest, CarriesACommandThereAndBack) {
  ClientVirtualDeviceSet set;
  ClientVirtualDevice* device = nullptr;
  ASSERT_NO_FATAL_FAILURE(Activate(&set, &device));
  EXPECT_EQ(config_.maxTransferSize, 65536U);
  EXPECT_NE(config_.features & VDF_WriteMedia, 0U);

  server_.SendWrite(0, 4096, 0xAB);
  ASSERT_EQ(device->GetCommand(VDI_INFINITE, &command_), 0);
  EXPECT_EQ(command_->commandCode, VDC_Write);
  EXPECT_EQ(command_->size, 4096);
  EXPECT_EQ(std::count(command_->buffer, command_->buffer + 4096, 0xAB), 4096);

  unsigned int handle = 0;
  uint8_t* mapped = nullptr;
  EXPECT_EQ(set.GetBufferHandle(command_->buffer, &handle), 0);
  EXPECT_EQ(set.MapBufferHandle(static_cast<int>(handle), &mapped), 0);
  EXPECT_EQ(mapped, command_->buffer);

  ASSERT_EQ(device->CompleteCommand(command_, ERROR_SUCCESS, 4096, 0), 0);
  const VDS_Command done = server_.WaitForCompletion();
  EXPECT_EQ(done.completionCode, 0);
  EXPECT_EQ(done.bytesTransferred, 4096);

  server_.CloseDevices();
  EXPECT_EQ(device->GetCommand(VDI_INFINITE, &command_), VD_E_CLOSE);
  EXPECT_EQ(set.Close(), 0);
  EXPECT_EQ(set.Close(), VD_E_PROTOCOL);
  delete device;
}

TEST_F(LinuxClientTest, ADeviceOutlivesItsSet) {
  auto set = std::make_unique<ClientVirtualDeviceSet>();
  ClientVirtualDevice* device = nullptr;
  ASSERT_NO_FATAL_FAILURE(Activate(set.get(), &device));
  EXPECT_EQ(set->Close(), VD_E_OPEN);  // C-CLO-03
  EXPECT_EQ(device->GetCommand(VDI_INFINITE, &command_), VD_E_PROTOCOL);
  set.reset();
  EXPECT_EQ(device->GetCommand(VDI_INFINITE, &command_), VD_E_PROTOCOL);
  EXPECT_EQ(device->CompleteCommand(command_, 0, 0, 0), VD_E_PROTOCOL);
  delete device;
}

TEST_F(LinuxClientTest, TheEndOfAnOpenSetClosesIt) {
  auto set = std::make_unique<ClientVirtualDeviceSet>();
  ClientVirtualDevice* device = nullptr;
  ASSERT_NO_FATAL_FAILURE(Activate(set.get(), &device));
  set.reset();
  EXPECT_EQ(device->GetCommand(VDI_INFINITE, &command_), VD_E_PROTOCOL);
  delete device;
  ClientVirtualDeviceSet again;
  EXPECT_EQ(again.Create(name(), &config_), 0) << "the name is free";
}

TEST_F(LinuxClientTest, ASetOutlivesItsDevice) {
  ClientVirtualDeviceSet set;
  ClientVirtualDevice* device = nullptr;
  ASSERT_NO_FATAL_FAILURE(Activate(&set, &device));
  delete device;
  EXPECT_EQ(set.SignalAbort(), 0);
  EXPECT_EQ(set.Close(), 0);
}

TEST_F(LinuxClientTest, ADeviceMayNeverBeDeleted) {  // as Microsoft's sample does
  ClientVirtualDeviceSet set;
  ClientVirtualDevice* device = nullptr;
  ASSERT_NO_FATAL_FAILURE(Activate(&set, &device));
  EXPECT_EQ(set.Close(), VD_E_OPEN);
}

TEST_F(LinuxClientTest, ADeviceOfItsOwnBelongsToNoSet) {
  ClientVirtualDevice device;
  EXPECT_EQ(device.GetCommand(VDI_INFINITE, &command_), VD_E_PROTOCOL);
  EXPECT_EQ(device.GetCommand(0, nullptr), VD_E_PROTOCOL);
  EXPECT_EQ(device.CompleteCommand(nullptr, 0, 0, 0), VD_E_PROTOCOL);
}

TEST_F(LinuxClientTest, ANameInUseIsAProtocolError) {  // C-CRL-03, G-40
  ClientVirtualDeviceSet first;
  ClientVirtualDeviceSet second;
  ASSERT_EQ(first.Create(name(), &config_), 0);
  EXPECT_EQ(second.Create(name(), &config_), VD_E_PROTOCOL);
  EXPECT_EQ(first.Create(name(), &config_), VD_E_PROTOCOL);
  EXPECT_EQ(first.Close(), 0);
  EXPECT_EQ(second.Create(name(), &config_), 0);
}

TEST_F(LinuxClientTest, BeforeCreateNothingIsOpen) {
  ClientVirtualDeviceSet set;
  ClientVirtualDevice* device = reinterpret_cast<ClientVirtualDevice*>(this);
  unsigned int handle = 0;
  uint8_t* buffer = nullptr;
  EXPECT_EQ(set.GetConfiguration(VDI_INFINITE, &config_), VD_E_PROTOCOL);  // C-GCF-04
  EXPECT_EQ(set.OpenDevice(name(), &device), VD_E_PROTOCOL);               // C-ODV-04
  EXPECT_EQ(device, nullptr);                                              // C-ODV-11
  EXPECT_EQ(set.SignalAbort(), VD_E_PROTOCOL);                             // C-ABT-02
  EXPECT_EQ(set.Close(), VD_E_PROTOCOL);                                   // C-CLO-02
  EXPECT_EQ(set.GetBufferHandle(buffer, &handle), VD_E_PROTOCOL);          // C-GBH-02
  EXPECT_EQ(set.MapBufferHandle(1, &buffer), VD_E_PROTOCOL);               // C-MAP-02
  EXPECT_EQ(set.OpenInSecondary(name()), VD_E_PROTOCOL);                   // C-OIL-02
}

TEST_F(LinuxClientTest, NullBeforeCreate) {  // G-62 after G-63
  ClientVirtualDeviceSet set;
  EXPECT_EQ(set.Create(nullptr, &config_), VD_E_INVALID);
  EXPECT_EQ(set.Create(name(), nullptr), VD_E_INVALID);
  EXPECT_EQ(set.OpenInSecondary(nullptr), VD_E_INVALID);
  EXPECT_EQ(set.GetConfiguration(0, nullptr), VD_E_PROTOCOL);
  EXPECT_EQ(set.OpenDevice(nullptr, nullptr), VD_E_PROTOCOL);
  EXPECT_EQ(set.GetBufferHandle(nullptr, nullptr), VD_E_PROTOCOL);
  EXPECT_EQ(set.MapBufferHandle(1, nullptr), VD_E_PROTOCOL);
}

TEST_F(LinuxClientTest, NullAfterCreate) {  // G-62 after G-63
  ClientVirtualDeviceSet set;
  ClientVirtualDevice* device = nullptr;
  ASSERT_NO_FATAL_FAILURE(Activate(&set, &device));
  server_.SendWrite(0, 512, 1);
  unsigned int handle = 0;
  EXPECT_EQ(set.Create(nullptr, nullptr), VD_E_PROTOCOL);
  EXPECT_EQ(set.OpenInSecondary(nullptr), VD_E_PROTOCOL);
  EXPECT_EQ(set.GetConfiguration(0, nullptr), VD_E_INVALID);
  EXPECT_EQ(set.GetBufferHandle(nullptr, &handle), VD_E_INVALID);
  EXPECT_EQ(set.MapBufferHandle(1, nullptr), VD_E_INVALID);
  EXPECT_EQ(device->CompleteCommand(nullptr, 0, 0, 0), VD_E_INVALID);
  EXPECT_EQ(device->GetCommand(VDI_INFINITE, nullptr), VD_E_INVALID);
  ASSERT_EQ(device->GetCommand(VDI_INFINITE, &command_), 0) << "the command was not lost";
  EXPECT_EQ(set.GetBufferHandle(command_->buffer, nullptr), VD_E_INVALID);
  EXPECT_EQ(set.SignalAbort(), 0);
  EXPECT_EQ(device->GetCommand(VDI_INFINITE, nullptr), VD_E_ABORT);
  EXPECT_EQ(set.GetConfiguration(0, nullptr), VD_E_ABORT);
}

TEST_F(LinuxClientTest, NullWhileDevicesCanBeOpened) {  // G-62
  config_.deviceCount = 2;
  ClientVirtualDeviceSet set;
  ASSERT_EQ(set.Create(name(), &config_), 0);
  server_.Configure(wide_name());
  server_.Prepare({wide_name(), u"second"});
  ClientVirtualDevice* device = nullptr;
  EXPECT_EQ(set.OpenDevice(nullptr, &device), VD_E_INVALID);
  EXPECT_EQ(set.OpenDevice(name(), nullptr), VD_E_INVALID);
  EXPECT_EQ(set.OpenDevice(name(), &device), 0) << "it was not opened in vain";
  delete device;
}

TEST_F(LinuxClientTest, PollsAndTimesOut) {  // C-GCF-03, G-75
  ClientVirtualDeviceSet set;
  ASSERT_EQ(set.Create(name(), &config_), 0);
  VDConfig untouched = RequestFor(77);
  EXPECT_EQ(set.GetConfiguration(0, &untouched), VD_E_TIMEOUT);
  EXPECT_EQ(set.GetConfiguration(1, &untouched), VD_E_TIMEOUT);
  EXPECT_EQ(untouched.deviceCount, 77U);  // C-GCF-11
}

TEST_F(LinuxClientTest, WaitsForEverWithEitherInfinite) {  // C-GCF-10, G-23
  for (const time_t infinite : {time_t{-1}, time_t{-5}, time_t{0xFFFFFFFF}}) {
    ClientVirtualDeviceSet set;
    ASSERT_EQ(set.Create(name(), &config_), 0);
    int code = 0;
    std::thread waiter([&] { code = set.GetConfiguration(infinite, &config_); });
    EXPECT_EQ(set.SignalAbort(), 0);
    waiter.join();
    EXPECT_EQ(code, VD_E_ABORT);
  }
}

TEST_F(LinuxClientTest, ManyBytesAreNotCutToFew) {  // G-58
  ClientVirtualDeviceSet set;
  ClientVirtualDevice* device = nullptr;
  ASSERT_NO_FATAL_FAILURE(Activate(&set, &device));
  server_.SendWrite(0, 512, 1);
  ASSERT_EQ(device->GetCommand(VDI_INFINITE, &command_), 0);
  ASSERT_EQ(device->CompleteCommand(command_, 0, (1UL << 32) + 512, 0), 0);
  EXPECT_NE(server_.WaitForCompletion().bytesTransferred, 512);
  server_.CloseDevices();
}

TEST_F(LinuxClientTest, ReadsNamesAndConfigurationOnly) {
  static const char kName[] = "LinuxClientTest read-only memory";
  static constexpr VDConfig kConfig = RequestFor(1);  // lies where writing faults
  ClientVirtualDeviceSet set;
  EXPECT_EQ(set.Create(const_cast<char*>(kName), const_cast<VDConfig*>(&kConfig)), 0);
  EXPECT_EQ(set.Close(), 0);
}

TEST_F(LinuxClientTest, RegisterDeviceClosedHasNoEffect) {  // C-RDC-01, G-70
  ClientVirtualDeviceSet set;
  set.RegisterDeviceClosed();
  ASSERT_EQ(set.Create(name(), &config_), 0);
  set.RegisterDeviceClosed();
  EXPECT_EQ(set.GetConfiguration(0, &config_), VD_E_TIMEOUT);
  EXPECT_EQ(set.Close(), 0);
}

}  // namespace
}  // namespace vdisim
