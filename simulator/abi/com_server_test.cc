// The server's COM faces and the factory.
#include "simulator/abi/com_server.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "simulator/abi/com_factory.h"
#include "simulator/abi/testing/server_side.h"
#include "simulator/base/utf16.h"

namespace vdisim {
namespace {

class ComServerTest : public testing::Test {
 protected:
  LPCWSTR name() const { return name_.c_str(); }

  // A client's set with one device, from Create to Active.
  void Activate() {
    ASSERT_EQ(client_->CreateEx(nullptr, name(), &config_), 0);
    server_.Configure(name_);
    server_.Prepare({name_});
    ASSERT_EQ(client_->OpenDevice(name(), device_.Receive()), 0);
    server_.WaitUntilActive();
  }

  const std::u16string name_ = Utf16FromUtf8(UniqueSetName()).value();
  VDConfig config_ = RequestFor(1);
  ServerSide server_;
  ComPtr<IClientVirtualDeviceSet2> client_ = MakeClientSet();
  ComPtr<IClientVirtualDevice> device_;
};

TEST_F(ComServerTest, FindsASetByItsName) {
  const ComPtr<IServerVirtualDeviceSet2> server = MakeServerSet();
  EXPECT_EQ(server->GetConfiguration(&config_), VD_E_PROTOCOL);  // S-GCF-02
  EXPECT_EQ(server->Open(nullptr, name()), VD_E_INVALID);        // S-OPN-02
  ASSERT_EQ(client_->CreateEx(u"Sales", name(), &config_), 0);
  EXPECT_EQ(server->Open(nullptr, name()), VD_E_INVALID) << "another instance";
  EXPECT_EQ(server->Open(u"sales", name()), 0);               // S-OPN-01
  EXPECT_EQ(server->Open(u"sales", name()), VD_E_PROTOCOL);   // S-OPN-03
  EXPECT_EQ(server->Open(u"a\\b", name()), VD_E_PROTOCOL);    // G-63
  EXPECT_EQ(server->Open(u"sales", nullptr), VD_E_PROTOCOL);  // G-63
  VDConfig seen{};
  EXPECT_EQ(server->GetConfiguration(&seen), 0);
  EXPECT_EQ(seen.deviceCount, 1U);
}

TEST_F(ComServerTest, ANameThatCannotBeOneIdentifiesNoSet) {  // S-OPN-02
  const ComPtr<IServerVirtualDeviceSet2> server = MakeServerSet();
  const char16_t torn[] = {0xDC00, 0};
  EXPECT_EQ(server->Open(u"host\\sales", name()), VD_E_INVALID);
  EXPECT_EQ(server->Open(nullptr, torn), VD_E_INVALID);
  EXPECT_EQ(server->Open(nullptr, nullptr), VD_E_INVALID);
}

TEST_F(ComServerTest, IsSharedBufferIsATruthValue) {  // S-ISB-01, S-ISB-02, S-ISB-20
  ASSERT_NO_FATAL_FAILURE(Activate());
  BYTE* buffer = nullptr;
  ASSERT_EQ(server_->AllocateBuffer(&buffer, 65536, 0), 0);
  EXPECT_EQ(server_->IsSharedBuffer(buffer), 1);
  BYTE own = 0;
  EXPECT_EQ(server_->IsSharedBuffer(&own), 0);
  EXPECT_EQ(server_->IsSharedBuffer(nullptr), 0);
  EXPECT_EQ(server_->FreeBuffer(buffer, 65536), 0);
}

TEST_F(ComServerTest, NullArguments) {  // G-62
  ASSERT_NO_FATAL_FAILURE(Activate());
  EXPECT_EQ(server_->GetConfiguration(nullptr), VD_E_INVALID);
  EXPECT_EQ(server_->QueryAvailableBuffers(65536, 0, nullptr), VD_E_INVALID);
  EXPECT_EQ(server_->AllocateBuffer(nullptr, 65536, 0), VD_E_INVALID);
  EXPECT_EQ(server_->FreeBuffer(nullptr, 65536), VD_E_INVALID);
  EXPECT_EQ(server_.device(0)->SendCommand(nullptr), VD_E_INVALID);
  const auto control = ComPtr<IServerVirtualDevice>::Share(server_.device(0));
  EXPECT_EQ(control->QueryInterface(IID_IUnknown, nullptr), E_POINTER);
}

TEST_F(ComServerTest, TellsWhoAborted) {
  ASSERT_EQ(client_->CreateEx(nullptr, name(), &config_), 0);
  const ComPtr<IServerVirtualDeviceSet2> server = MakeServerSet();
  const auto control = server.As<IVdiSimServerControl>(IID_IVdiSimServerControl);
  DWORD reason = 77;
  EXPECT_EQ(control->GetAbortReason(&reason), VD_E_PROTOCOL);
  EXPECT_EQ(control->WaitForActive(0), VD_E_PROTOCOL);
  EXPECT_EQ(control->WaitForAgent(0), VD_E_PROTOCOL);
  EXPECT_EQ(control->AdvanceClock(1), VD_E_PROTOCOL);
  EXPECT_EQ(control->WaitForWaiters(0, 0), VD_E_PROTOCOL);
  EXPECT_EQ(reason, 77U);
  ASSERT_EQ(server->Open(nullptr, name()), 0);
  EXPECT_EQ(control->AdvanceClock(1), VD_E_NOTSUPPORTED);
  EXPECT_EQ(control->WaitForWaiters(0, 0), VD_E_NOTSUPPORTED);
  EXPECT_EQ(client_->SignalAbort(), 0);
  EXPECT_EQ(control->GetAbortReason(nullptr), VD_E_INVALID);
  EXPECT_EQ(control->GetAbortReason(&reason), 0);
  EXPECT_EQ(reason, static_cast<DWORD>(VdiSimClientAborted));
}

TEST_F(ComServerTest, EveryFaceIsOneObject) {
  const ComPtr<IServerVirtualDeviceSet2> server = MakeServerSet();
  const auto control = server.As<IVdiSimServerControl>(IID_IVdiSimServerControl);
  ASSERT_TRUE(control);
  EXPECT_EQ(control.As<IUnknown>(IID_IUnknown).get(), server.As<IUnknown>(IID_IUnknown).get());
  EXPECT_EQ(control.As<IServerVirtualDeviceSet2>(IID_IServerVirtualDeviceSet2).get(), server.get());
  EXPECT_FALSE(server.As<IUnknown>(IID_IServerVirtualDeviceSet)) << "the 7.0 interface, S-OLD-01";
  EXPECT_EQ(control->AddRef(), 3U);
  EXPECT_EQ(server->Release(), 2U);
}

TEST_F(ComServerTest, ADeviceMayBeReleasedLast) {
  ASSERT_NO_FATAL_FAILURE(Activate());
  ComPtr<IServerVirtualDevice> device = ComPtr<IServerVirtualDevice>::Share(server_.device(0));
  EXPECT_EQ(server_->SignalAbort(), 0);
  EXPECT_EQ(server_.Close(), 0);
  EXPECT_NE(device->CloseDevice(), 0);
  EXPECT_EQ(device.Detach()->Release(), 0U);
}

TEST(VdiCreateInstance, MakesBothClasses) {  // ABI-02
  ComPtr<IUnknown> client;
  EXPECT_EQ(CreateVdiInstance(CLSID_MSSQL_ClientVirtualDeviceSet, IID_IClientVirtualDeviceSet2,
                              client.ReceiveVoid()),
            S_OK);
  EXPECT_TRUE(client.As<IUnknown>(IID_IClientVirtualDeviceSet));
  ComPtr<IUnknown> server;
  EXPECT_EQ(
      CreateVdiInstance(CLSID_MSSQL_ServerVirtualDeviceSet, IID_IUnknown, server.ReceiveVoid()),
      S_OK);
  EXPECT_TRUE(server.As<IUnknown>(IID_IServerVirtualDeviceSet2));
}

TEST(VdiCreateInstance, SaysWhatItCannotMake) {
  void* object = &object;
  EXPECT_EQ(CreateVdiInstance(IID_IUnknown, IID_IUnknown, &object), REGDB_E_CLASSNOTREG);
  EXPECT_EQ(object, nullptr);
  object = &object;
  EXPECT_EQ(
      CreateVdiInstance(CLSID_MSSQL_ClientVirtualDeviceSet, IID_IServerVirtualDeviceSet2, &object),
      E_NOINTERFACE);
  EXPECT_EQ(object, nullptr);
  EXPECT_EQ(CreateVdiInstance(CLSID_MSSQL_ClientVirtualDeviceSet, IID_IUnknown, nullptr),
            E_POINTER);
}

}  // namespace
}  // namespace vdisim
