// Pins the COM binary interface: interface ids, and which entry of a table a method is. The tables
// are called as a compiler for another language would: by number.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "simulator/abi/testing/mock_vdi.h"
#include "simulator/base/com_ptr.h"
#include "simulator/include/vdi_sim.h"

namespace vdisim {
namespace {

using testing::Return;
using testing::StrictMock;

std::string Text(const GUID& id) {
  char text[37];
  snprintf(text, sizeof text, "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x", id.Data1,
           id.Data2, id.Data3, id.Data4[0], id.Data4[1], id.Data4[2], id.Data4[3], id.Data4[4],
           id.Data4[5], id.Data4[6], id.Data4[7]);
  return text;
}

TEST(ComHeader, InterfaceIds) {  // ABI-01, ABI-02
  EXPECT_EQ(Text(IID_IUnknown), "00000000-0000-0000-c000-000000000046");
  EXPECT_EQ(Text(IID_IClientVirtualDevice), "40700424-0080-11d2-851f-00c04fc21759");
  EXPECT_EQ(Text(IID_IClientVirtualDeviceSet), "40700425-0080-11d2-851f-00c04fc21759");
  EXPECT_EQ(Text(IID_IClientVirtualDeviceSet2), "d0e6eb07-7a62-11d2-8573-00c04fc21759");
  EXPECT_EQ(Text(IID_IServerVirtualDevice), "b5e7a131-a7bd-11d1-84c2-00c04fc21759");
  EXPECT_EQ(Text(IID_IServerVirtualDeviceSet), "b5e7a132-a7bd-11d1-84c2-00c04fc21759");
  EXPECT_EQ(Text(IID_IServerVirtualDeviceSet2), "aecbd0d6-24c6-11d3-85b7-00c04fc21759");
  EXPECT_EQ(CLSID_MSSQL_ClientVirtualDeviceSet, IID_IClientVirtualDeviceSet);
  EXPECT_EQ(CLSID_MSSQL_ServerVirtualDeviceSet, IID_IServerVirtualDeviceSet);
  EXPECT_EQ(sizeof(GUID), 16U);
}

TEST(ComHeader, StatusCodesOfCom) {
  EXPECT_EQ(static_cast<uint32_t>(E_NOINTERFACE), 0x80004002U);
  EXPECT_EQ(static_cast<uint32_t>(E_POINTER), 0x80004003U);
  EXPECT_EQ(static_cast<uint32_t>(CLASS_E_NOAGGREGATION), 0x80040110U);
  EXPECT_EQ(static_cast<uint32_t>(REGDB_E_CLASSNOTREG), 0x80040154U);
}

// Calls entry `index` of the table that the object begins with.
template <typename... Arguments>
HRESULT CallEntry(void* object, size_t index, Arguments... arguments) {
  using Method = HRESULT (*)(void*, Arguments...);
  void** const table = *static_cast<void***>(object);
  return reinterpret_cast<Method>(table[index])(object, arguments...);
}

constexpr DWORD kZero = 0;
constexpr LPCWSTR kNoName = nullptr;
VDConfig* const kNoConfig = nullptr;
BYTE* const kNoBuffer = nullptr;
BYTE** const kNoAddress = nullptr;
DWORD* const kNoNumber = nullptr;

TEST(ComHeader, IUnknownComesFirst) {  // ABI-03
  ComPtr<IClientVirtualDevice> device(new StrictMock<MockClientDevice>);
  void* again = nullptr;
  EXPECT_EQ(CallEntry(device.get(), 0, &IID_IUnknown, &again), S_OK);
  EXPECT_EQ(again, device.get());
  EXPECT_EQ(CallEntry(device.get(), 1), 3);
  EXPECT_EQ(CallEntry(device.get(), 2), 2);
  EXPECT_EQ(CallEntry(device.get(), 2), 1);
}

TEST(ComHeader, TableOfIClientVirtualDevice) {  // ABI-03
  auto* const mock = new StrictMock<MockClientDevice>;
  const ComPtr<IClientVirtualDevice> device(mock);
  EXPECT_CALL(*mock, GetCommand(7U, nullptr)).WillOnce(Return(3));
  EXPECT_CALL(*mock, CompleteCommand(nullptr, 1U, 2U, 3U)).WillOnce(Return(4));
  EXPECT_EQ(CallEntry(device.get(), 3, DWORD{7}, static_cast<VDC_Command**>(nullptr)), 3);
  EXPECT_EQ(CallEntry(device.get(), 4, static_cast<VDC_Command*>(nullptr), DWORD{1}, DWORD{2},
                      DWORDLONG{3}),
            4);
}

TEST(ComHeader, TableOfIClientVirtualDeviceSet2) {  // ABI-03
  auto* const mock = new StrictMock<MockClientSet>;
  const ComPtr<IClientVirtualDeviceSet2> set(mock);
  EXPECT_CALL(*mock, Create).WillOnce(Return(3));
  EXPECT_CALL(*mock, GetConfiguration).WillOnce(Return(4));
  EXPECT_CALL(*mock, OpenDevice).WillOnce(Return(5));
  EXPECT_CALL(*mock, Close).WillOnce(Return(6));
  EXPECT_CALL(*mock, SignalAbort).WillOnce(Return(7));
  EXPECT_CALL(*mock, OpenInSecondary).WillOnce(Return(8));
  EXPECT_CALL(*mock, GetBufferHandle).WillOnce(Return(9));
  EXPECT_CALL(*mock, MapBufferHandle).WillOnce(Return(10));
  EXPECT_CALL(*mock, CreateEx).WillOnce(Return(11));
  EXPECT_CALL(*mock, OpenInSecondaryEx).WillOnce(Return(12));
  IClientVirtualDevice** const no_device = nullptr;
  EXPECT_EQ(CallEntry(set.get(), 3, kNoName, kNoConfig), 3);
  EXPECT_EQ(CallEntry(set.get(), 4, kZero, kNoConfig), 4);
  EXPECT_EQ(CallEntry(set.get(), 5, kNoName, no_device), 5);
  EXPECT_EQ(CallEntry(set.get(), 6), 6);
  EXPECT_EQ(CallEntry(set.get(), 7), 7);
  EXPECT_EQ(CallEntry(set.get(), 8, kNoName), 8);
  EXPECT_EQ(CallEntry(set.get(), 9, kNoBuffer, kNoNumber), 9);
  EXPECT_EQ(CallEntry(set.get(), 10, kZero, kNoAddress), 10);
  EXPECT_EQ(CallEntry(set.get(), 11, kNoName, kNoName, kNoConfig), 11);
  EXPECT_EQ(CallEntry(set.get(), 12, kNoName, kNoName), 12);
}

TEST(ComHeader, TableOfIServerVirtualDevice) {  // ABI-03
  auto* const mock = new StrictMock<MockServerDevice>;
  const ComPtr<IServerVirtualDevice> device(mock);
  EXPECT_CALL(*mock, SendCommand(nullptr)).WillOnce(Return(3));
  EXPECT_CALL(*mock, CloseDevice).WillOnce(Return(4));
  EXPECT_EQ(CallEntry(device.get(), 3, static_cast<VDS_Command*>(nullptr)), 3);
  EXPECT_EQ(CallEntry(device.get(), 4), 4);
}

TEST(ComHeader, TableOfIServerVirtualDeviceSet2) {  // ABI-03, G-14
  auto* const mock = new StrictMock<MockServerSet>;
  const ComPtr<IServerVirtualDeviceSet2> set(mock);
  EXPECT_CALL(*mock, Open).WillOnce(Return(3));
  EXPECT_CALL(*mock, GetConfiguration).WillOnce(Return(4));
  EXPECT_CALL(*mock, BeginConfiguration(1U, 2U, 3U, 4U, 5U)).WillOnce(Return(5));
  EXPECT_CALL(*mock, EndConfiguration).WillOnce(Return(6));
  EXPECT_CALL(*mock, RequestBuffers(1U, 2U, 3U)).WillOnce(Return(7));
  EXPECT_CALL(*mock, QueryAvailableBuffers).WillOnce(Return(8));
  EXPECT_CALL(*mock, ExecuteCompletionAgent).WillOnce(Return(9));
  EXPECT_CALL(*mock, OpenDevice).WillOnce(Return(10));
  EXPECT_CALL(*mock, AllocateBuffer).WillOnce(Return(11));
  EXPECT_CALL(*mock, FreeBuffer).WillOnce(Return(12));
  EXPECT_CALL(*mock, IsSharedBuffer).WillOnce(Return(13));
  EXPECT_CALL(*mock, SignalAbort).WillOnce(Return(14));
  EXPECT_CALL(*mock, Close).WillOnce(Return(15));
  IServerVirtualDevice** const no_device = nullptr;
  EXPECT_EQ(CallEntry(set.get(), 3, kNoName, kNoName), 3);
  EXPECT_EQ(CallEntry(set.get(), 4, kNoConfig), 4);
  EXPECT_EQ(CallEntry(set.get(), 5, DWORD{1}, DWORD{2}, DWORD{3}, DWORD{4}, DWORD{5}), 5);
  EXPECT_EQ(CallEntry(set.get(), 6), 6);
  EXPECT_EQ(CallEntry(set.get(), 7, DWORD{1}, DWORD{2}, DWORD{3}), 7);
  EXPECT_EQ(CallEntry(set.get(), 8, kZero, kZero, kNoNumber), 8);
  EXPECT_EQ(CallEntry(set.get(), 9), 9);
  EXPECT_EQ(CallEntry(set.get(), 10, kNoName, no_device), 10);
  EXPECT_EQ(CallEntry(set.get(), 11, kNoAddress, kZero, kZero), 11);
  EXPECT_EQ(CallEntry(set.get(), 12, kNoBuffer, kZero), 12);
  EXPECT_EQ(CallEntry(set.get(), 13, kNoBuffer), 13);
  EXPECT_EQ(CallEntry(set.get(), 14), 14);
  EXPECT_EQ(CallEntry(set.get(), 15), 15);
}

TEST(ComPtr, CountsAndGivesBack) {
  auto* const mock = new StrictMock<MockServerDevice>;
  ComPtr<IServerVirtualDevice> one(mock);
  {
    const ComPtr<IServerVirtualDevice> two = one;
    ComPtr<IServerVirtualDevice> three = ComPtr<IServerVirtualDevice>::Share(mock);
    const ComPtr<IServerVirtualDevice> moved = std::move(three);
    EXPECT_EQ(mock->AddRef(), 4U);
    EXPECT_EQ(mock->Release(), 3U);
    EXPECT_EQ(two.get(), moved.get());
  }
  const ComPtr<IUnknown> unknown = one.As<IUnknown>(IID_IUnknown);
  EXPECT_TRUE(unknown);
  EXPECT_FALSE(one.As<IClientVirtualDevice>(IID_IClientVirtualDevice));
  IServerVirtualDevice* const raw = one.Detach();
  EXPECT_FALSE(one);
  *one.Receive() = raw;
  EXPECT_EQ(one.get(), mock);
}

}  // namespace
}  // namespace vdisim
