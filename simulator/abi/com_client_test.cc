// The client's COM faces, against a server of this process.
#include "simulator/abi/com_client.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "simulator/abi/com_factory.h"
#include "simulator/abi/testing/server_side.h"
#include "simulator/base/utf16.h"
#include "simulator/trace/call_trace.h"
#include "simulator/trace/trace_reader.h"

namespace vdisim {
namespace {

constexpr DWORD kForever = 0xFFFFFFFF;

class ComClientTest : public testing::Test {
 protected:
  LPCWSTR name() const { return name_.c_str(); }

  // From CreateEx to Active, with one device.
  void Activate(ComPtr<IClientVirtualDevice>* device) {
    ASSERT_EQ(set_->CreateEx(nullptr, name(), &config_), 0);
    server_.Configure(name_);
    ASSERT_EQ(set_->GetConfiguration(kForever, &config_), 0);
    server_.Prepare({name_});
    ASSERT_EQ(set_->OpenDevice(name(), device->Receive()), 0);
    server_.WaitUntilActive();
  }

  const std::u16string name_ = Utf16FromUtf8(UniqueSetName()).value() + u" \u00e9\U0001F4BE";
  VDConfig config_ = RequestFor(1);
  VDC_Command* command_ = nullptr;
  ServerSide server_;
  ComPtr<IClientVirtualDeviceSet2> set_ = MakeClientSet();
};

TEST_F(ComClientTest, OneTableForEveryFace) {  // G-51
  for (const IID& iid : {IID_IUnknown, IID_IClientVirtualDeviceSet, IID_IClientVirtualDeviceSet2}) {
    ComPtr<IUnknown> face = set_.As<IUnknown>(iid);
    EXPECT_EQ(static_cast<void*>(face.get()), static_cast<void*>(set_.get()));
  }
  void* other = this;
  EXPECT_EQ(set_->QueryInterface(IID_IClientVirtualDevice, &other), E_NOINTERFACE);
  EXPECT_EQ(other, nullptr);
  EXPECT_EQ(set_->QueryInterface(IID_IUnknown, nullptr), E_POINTER);
  EXPECT_EQ(set_->AddRef(), 2U) << "every face was given back";
  EXPECT_EQ(set_->Release(), 1U);
}

TEST_F(ComClientTest, CarriesACommandThereAndBack) {
  ComPtr<IClientVirtualDevice> device;
  ASSERT_NO_FATAL_FAILURE(Activate(&device));
  server_.SendWrite(0, 1024, 0x5A);
  ASSERT_EQ(device->GetCommand(kForever, &command_), 0);
  EXPECT_EQ(command_->size, 1024);
  EXPECT_EQ(command_->buffer[1023], 0x5A);
  DWORD handle = 0;
  BYTE* mapped = nullptr;
  EXPECT_EQ(set_->GetBufferHandle(command_->buffer, &handle), 0);
  EXPECT_EQ(set_->MapBufferHandle(handle, &mapped), 0);
  EXPECT_EQ(mapped, command_->buffer);
  ASSERT_EQ(device->CompleteCommand(command_, ERROR_DISK_FULL, 512, 0), 0);
  const VDS_Command done = server_.WaitForCompletion();
  EXPECT_EQ(done.completionCode, ERROR_DISK_FULL);
  EXPECT_EQ(done.bytesTransferred, 512);
  server_.CloseDevices();
  EXPECT_EQ(device->GetCommand(kForever, &command_), VD_E_CLOSE);
  EXPECT_EQ(set_->Close(), 0);
}

TEST_F(ComClientTest, ADeviceMayBeReleasedAfterClose) {  // C-CLO-21
  ComPtr<IClientVirtualDevice> device;
  ASSERT_NO_FATAL_FAILURE(Activate(&device));
  EXPECT_EQ(set_->Close(), VD_E_OPEN);
  set_.Reset();
  EXPECT_EQ(device->GetCommand(kForever, &command_), VD_E_PROTOCOL);
  EXPECT_EQ(device.Detach()->Release(), 0U);
}

TEST_F(ComClientTest, ADeviceKeepsItsSetOpen) {
  ComPtr<IClientVirtualDevice> device;
  ASSERT_NO_FATAL_FAILURE(Activate(&device));
  set_.Reset();
  EXPECT_EQ(device->GetCommand(0, &command_), VD_E_TIMEOUT);
  device.Reset();
  EXPECT_EQ(MakeClientSet()->CreateEx(nullptr, name(), &config_), 0) << "the name is free";
}

TEST_F(ComClientTest, ADeviceHasItsOwnFaces) {
  ComPtr<IClientVirtualDevice> device;
  ASSERT_NO_FATAL_FAILURE(Activate(&device));
  EXPECT_TRUE(device.As<IClientVirtualDevice>(IID_IClientVirtualDevice));
  EXPECT_TRUE(device.As<IUnknown>(IID_IUnknown));
  EXPECT_FALSE(device.As<IUnknown>(IID_IClientVirtualDeviceSet2));
  EXPECT_EQ(device->QueryInterface(IID_IUnknown, nullptr), E_POINTER);
}

TEST_F(ComClientTest, InstanceNames) {  // C-CRE-04, C-CRE-10, G-52
  for (LPCWSTR instance : {u"host\\sales", u"seventeen_letters", u"1st", u"a b", u"\xD800"}) {
    EXPECT_EQ(set_->CreateEx(instance, name(), &config_), VD_E_INSTANCE_NAME);
    EXPECT_EQ(set_->OpenInSecondaryEx(instance, name()), VD_E_INSTANCE_NAME);
  }
  ASSERT_EQ(set_->CreateEx(u"Sales", name(), &config_), 0);
  EXPECT_EQ(set_->CreateEx(u"host\\sales", name(), &config_), VD_E_PROTOCOL) << "G-63";
  const ComPtr<IClientVirtualDeviceSet2> other = MakeClientSet();
  EXPECT_EQ(other->CreateEx(u"SALES", name(), &config_), VD_E_PROTOCOL) << "the same instance";
  EXPECT_EQ(other->CreateEx(u"mssqlserver", name(), &config_), 0) << "another instance";
  const ComPtr<IClientVirtualDeviceSet2> third = MakeClientSet();
  EXPECT_EQ(third->CreateEx(u"", name(), &config_), VD_E_PROTOCOL) << "the default one, too";
}

TEST_F(ComClientTest, CreateAsksTheEnvironmentForTheInstance) {  // C-CRE-22
  setenv("_VIRTUAL_SERVER_NAME_", "sales", 1);
  const HRESULT created = set_->Create(name(), &config_);
  setenv("_VIRTUAL_SERVER_NAME_", "host\\sales", 1);
  const ComPtr<IClientVirtualDeviceSet2> other = MakeClientSet();
  const HRESULT refused = other->Create(name(), &config_);
  unsetenv("_VIRTUAL_SERVER_NAME_");
  EXPECT_EQ(created, 0);
  EXPECT_EQ(refused, VD_E_INSTANCE_NAME);
  EXPECT_EQ(other->CreateEx(u"SALES", name(), &config_), VD_E_PROTOCOL) << "it is there";
  EXPECT_EQ(other->Create(name(), &config_), 0) << "the default instance";
}

TEST_F(ComClientTest, NamesThatAreNoText) {
  const char16_t torn[] = {u'a', 0xD800, u'b', 0};
  EXPECT_EQ(set_->CreateEx(nullptr, torn, &config_), VD_E_INVALID);
  EXPECT_EQ(set_->CreateEx(nullptr, nullptr, &config_), VD_E_INVALID);
  EXPECT_EQ(set_->CreateEx(nullptr, name(), nullptr), VD_E_INVALID);
  EXPECT_EQ(set_->OpenInSecondaryEx(nullptr, torn), VD_E_INVALID);
  ASSERT_EQ(set_->CreateEx(nullptr, name(), &config_), 0);
  server_.Configure(name_);
  server_.Prepare({name_});
  ComPtr<IClientVirtualDevice> device;
  EXPECT_EQ(set_->OpenDevice(torn, device.Receive()), VD_E_INVALID);
  EXPECT_FALSE(device);
}

TEST_F(ComClientTest, WaitsForEverWithInfinite) {
  ASSERT_EQ(set_->CreateEx(nullptr, name(), &config_), 0);
  EXPECT_EQ(set_->GetConfiguration(0, &config_), VD_E_TIMEOUT);
  HRESULT code = 0;
  std::thread waiter([&] { code = set_->GetConfiguration(kForever, &config_); });
  EXPECT_EQ(set_->SignalAbort(), 0);
  waiter.join();
  EXPECT_EQ(code, VD_E_ABORT);
}

TEST_F(ComClientTest, ThreadsShareTheCount) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      for (int k = 0; k < 1000; ++k) {
        set_->AddRef();
        set_->Release();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(set_->AddRef(), 2U);
  EXPECT_EQ(set_->Release(), 1U);
}

TEST_F(ComClientTest, ItsCallsAreRecorded) {
  const std::string path = testing::TempDir() + "/com_client." + std::to_string(getpid());
  std::string error;
  ASSERT_TRUE(CallTrace::Start(path, &error)) << error;
  ComPtr<IClientVirtualDevice> device;
  ASSERT_NO_FATAL_FAILURE(Activate(&device));
  EXPECT_EQ(device->GetCommand(0, &command_), VD_E_TIMEOUT);
  EXPECT_EQ(set_->Close(), VD_E_OPEN);
  device.Reset();
  set_.Reset();
  server_.Close();
  CallTrace::Stop();
  const Trace trace = ReadTraceFile(path);
  std::filesystem::remove(path);
  EXPECT_TRUE(trace.damages.empty());

  std::string client_calls;
  std::string server_calls;
  uint64_t device_number = 0;
  for (const TraceEntry& entry : trace.entries) {
    const CallRecord& record = entry.record;
    (record.face == kServerFace ? server_calls : client_calls) += record.method + " ";
    if (record.face == kServerFace) continue;
    EXPECT_EQ(record.set, Utf8FromUtf16(name_)) << record.method;
    if (record.method == "OpenDevice") {
      ASSERT_EQ(record.outputs.size(), 1U);
      device_number = static_cast<uint64_t>(std::get<int64_t>(record.outputs[0].value));
    }
    if (record.method == "GetCommand") {
      EXPECT_EQ(record.object, device_number);
      EXPECT_EQ(record.device, Utf8FromUtf16(name_));
      EXPECT_EQ(record.code, VD_E_TIMEOUT);
    }
    if (record.method == "CreateEx") {
      ASSERT_EQ(record.inputs.size(), 13U);
      EXPECT_EQ(record.inputs[0], (TraceField{"lpInstanceName", TraceText(nullptr)}));
      EXPECT_EQ(record.inputs[2], (TraceField{"deviceCount", TraceNumber(int64_t{1})}));
    }
  }
  EXPECT_EQ(client_calls,
            "CreateEx GetConfiguration OpenDevice GetCommand Close ~IClientVirtualDeviceSet2 ");
  EXPECT_EQ(server_calls.substr(0, server_calls.find("WaitForActive")),
            "Open BeginConfiguration RequestBuffers EndConfiguration OpenDevice ");
}

}  // namespace
}  // namespace vdisim
