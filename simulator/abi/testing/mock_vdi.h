// Mocks of the four interfaces, for the tests of what only forwards. They are counted as real
// objects are: made with new, given to a ComPtr, and gone with the last Release, when GoogleMock
// checks what was expected of them.
//
//   auto* device = new testing::StrictMock<MockClientDevice>;
//   ComPtr<IClientVirtualDevice> held(device);
//   EXPECT_CALL(*device, GetCommand(100, testing::_)).WillOnce(testing::Return(VD_E_TIMEOUT));
#ifndef SIMULATOR_ABI_TESTING_MOCK_VDI_H_
#define SIMULATOR_ABI_TESTING_MOCK_VDI_H_

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <initializer_list>
#include <vector>

#include "simulator/include/vdi_com.h"

namespace vdisim {

// IUnknown for a mock of `Interface`; answers for the ids given.
template <typename Interface>
class MockObject : public Interface {
 public:
  explicit MockObject(std::initializer_list<IID> iids) : iids_(iids) {}
  virtual ~MockObject() = default;
  MockObject(const MockObject&) = delete;
  MockObject& operator=(const MockObject&) = delete;

  HRESULT QueryInterface(REFIID iid, void** object) override {
    if (object == nullptr) return E_POINTER;
    *object = nullptr;
    if (iid != IID_IUnknown && std::find(iids_.begin(), iids_.end(), iid) == iids_.end()) {
      return E_NOINTERFACE;
    }
    AddRef();
    *object = static_cast<Interface*>(this);
    return S_OK;
  }
  ULONG AddRef() override { return ++references_; }
  ULONG Release() override {
    const ULONG left = --references_;
    if (left == 0) delete this;
    return left;
  }

 private:
  const std::vector<IID> iids_;
  std::atomic<ULONG> references_{1};
};

class MockClientDevice : public MockObject<IClientVirtualDevice> {
 public:
  MockClientDevice() : MockObject({IID_IClientVirtualDevice}) {}
  MOCK_METHOD(HRESULT, GetCommand, (DWORD, VDC_Command**), (override));
  MOCK_METHOD(HRESULT, CompleteCommand, (VDC_Command*, DWORD, DWORD, DWORDLONG), (override));
};

class MockClientSet : public MockObject<IClientVirtualDeviceSet2> {
 public:
  MockClientSet() : MockObject({IID_IClientVirtualDeviceSet, IID_IClientVirtualDeviceSet2}) {}
  MOCK_METHOD(HRESULT, Create, (LPCWSTR, VDConfig*), (override));
  MOCK_METHOD(HRESULT, GetConfiguration, (DWORD, VDConfig*), (override));
  MOCK_METHOD(HRESULT, OpenDevice, (LPCWSTR, IClientVirtualDevice**), (override));
  MOCK_METHOD(HRESULT, Close, (), (override));
  MOCK_METHOD(HRESULT, SignalAbort, (), (override));
  MOCK_METHOD(HRESULT, OpenInSecondary, (LPCWSTR), (override));
  MOCK_METHOD(HRESULT, GetBufferHandle, (BYTE*, DWORD*), (override));
  MOCK_METHOD(HRESULT, MapBufferHandle, (DWORD, BYTE**), (override));
  MOCK_METHOD(HRESULT, CreateEx, (LPCWSTR, LPCWSTR, VDConfig*), (override));
  MOCK_METHOD(HRESULT, OpenInSecondaryEx, (LPCWSTR, LPCWSTR), (override));
};

class MockServerDevice : public MockObject<IServerVirtualDevice> {
 public:
  MockServerDevice() : MockObject({IID_IServerVirtualDevice}) {}
  MOCK_METHOD(HRESULT, SendCommand, (VDS_Command*), (override));
  MOCK_METHOD(HRESULT, CloseDevice, (), (override));
};

class MockServerSet : public MockObject<IServerVirtualDeviceSet2> {
 public:
  MockServerSet() : MockObject({IID_IServerVirtualDeviceSet2}) {}
  MOCK_METHOD(HRESULT, Open, (LPCWSTR, LPCWSTR), (override));
  MOCK_METHOD(HRESULT, GetConfiguration, (VDConfig*), (override));
  MOCK_METHOD(HRESULT, BeginConfiguration, (DWORD, DWORD, DWORD, DWORD, DWORD), (override));
  MOCK_METHOD(HRESULT, EndConfiguration, (), (override));
  MOCK_METHOD(HRESULT, RequestBuffers, (DWORD, DWORD, DWORD), (override));
  MOCK_METHOD(HRESULT, QueryAvailableBuffers, (DWORD, DWORD, DWORD*), (override));
  MOCK_METHOD(HRESULT, ExecuteCompletionAgent, (), (override));
  MOCK_METHOD(HRESULT, OpenDevice, (LPCWSTR, IServerVirtualDevice**), (override));
  MOCK_METHOD(HRESULT, AllocateBuffer, (BYTE**, DWORD, DWORD), (override));
  MOCK_METHOD(HRESULT, FreeBuffer, (BYTE*, DWORD), (override));
  MOCK_METHOD(HRESULT, IsSharedBuffer, (BYTE*), (override));
  MOCK_METHOD(HRESULT, SignalAbort, (), (override));
  MOCK_METHOD(HRESULT, Close, (), (override));
};

}  // namespace vdisim

#endif  // SIMULATOR_ABI_TESTING_MOCK_VDI_H_
