// The COM face on objects of ours: what reaches them, and what is given back.
#include "conformance/drivers/com_face.h"

#include <gtest/gtest.h>

#include <vector>

#include "conformance/drivers/host_loop.h"
#include "conformance/drivers/provider_host.h"
#include "conformance/drivers/provider_library.h"
#include "simulator/include/vdierror.h"

namespace conform {
namespace {

// What the objects last heard. One test at a time.
struct Heard {
  std::string method;
  std::u16string instance = u"(NULL)";
  std::u16string name = u"(NULL)";
  bool configured = true;
  bool asked_for_a_device = true;
  DWORD timeout = 0;
  int set_references = 0;
  int device_references = 0;
} heard;

std::u16string OrNull(LPCWSTR text) { return text == nullptr ? u"(NULL)" : text; }

// NOLINTBEGIN(cppcoreguidelines-virtual-class-destructor): COM tables have no destructors.
class FakeDevice final : public IClientVirtualDevice {
 public:
  HRESULT QueryInterface(REFIID /*iid*/, void** /*object*/) override { return E_NOINTERFACE; }
  ULONG AddRef() override { return static_cast<ULONG>(++heard.device_references); }
  ULONG Release() override { return static_cast<ULONG>(--heard.device_references); }
  HRESULT GetCommand(DWORD timeout, VDC_Command** /*command*/) override {
    heard.timeout = timeout;
    return VD_E_TIMEOUT;
  }
  HRESULT CompleteCommand(VDC_Command* /*command*/, DWORD /*code*/, DWORD /*bytes*/,
                          DWORDLONG /*position*/) override {
    return VD_E_INVALID;
  }
} device;

class FakeSet final : public IClientVirtualDeviceSet2 {
 public:
  HRESULT QueryInterface(REFIID iid, void** object) override {
    if (!(iid == IID_IClientVirtualDeviceSet)) return E_NOINTERFACE;
    AddRef();
    *object = static_cast<IClientVirtualDeviceSet*>(this);
    return S_OK;
  }
  ULONG AddRef() override { return static_cast<ULONG>(++heard.set_references); }
  ULONG Release() override { return static_cast<ULONG>(--heard.set_references); }
  HRESULT Create(LPCWSTR name, VDConfig* configuration) override {
    return Hear("Create", nullptr, name, configuration);
  }
  HRESULT GetConfiguration(DWORD timeout, VDConfig* configuration) override {
    heard.timeout = timeout;
    return Hear("GetConfiguration", nullptr, nullptr, configuration);
  }
  HRESULT OpenDevice(LPCWSTR name, IClientVirtualDevice** given) override {
    heard.asked_for_a_device = given != nullptr;
    heard.name = OrNull(name);
    if (given == nullptr) return VD_E_INVALID;
    device.AddRef();
    *given = &device;
    return 0;
  }
  HRESULT Close() override { return VD_E_OPEN; }
  HRESULT SignalAbort() override { return 0; }
  HRESULT OpenInSecondary(LPCWSTR name) override {
    return Hear("OpenInSecondary", nullptr, name, nullptr);
  }
  HRESULT GetBufferHandle(BYTE* /*buffer*/, DWORD* handle) override {
    *handle = 7;
    return 0;
  }
  HRESULT MapBufferHandle(DWORD /*handle*/, BYTE** /*buffer*/) override { return VD_E_INVALID; }
  HRESULT CreateEx(LPCWSTR instance, LPCWSTR name, VDConfig* configuration) override {
    return Hear("CreateEx", instance, name, configuration);
  }
  HRESULT OpenInSecondaryEx(LPCWSTR instance, LPCWSTR name) override {
    return Hear("OpenInSecondaryEx", instance, name, nullptr);
  }

 private:
  static HRESULT Hear(const char* method, LPCWSTR instance, LPCWSTR name, VDConfig* configuration) {
    heard.method = method;
    heard.instance = OrNull(instance);
    heard.name = OrNull(name);
    heard.configured = configuration != nullptr;
    return 0;
  }
} the_set;
// NOLINTEND(cppcoreguidelines-virtual-class-destructor)

HRESULT MakeSet(REFCLSID clsid, REFIID iid, void** object) {
  if (!(clsid == CLSID_MSSQL_ClientVirtualDeviceSet)) return REGDB_E_CLASSNOTREG;
  if (!(iid == IID_IClientVirtualDeviceSet2)) return E_NOINTERFACE;
  the_set.AddRef();
  *object = static_cast<IClientVirtualDeviceSet2*>(&the_set);
  return S_OK;
}

HRESULT MakeNothing(REFCLSID /*clsid*/, REFIID /*iid*/, void** /*object*/) {
  return REGDB_E_CLASSNOTREG;
}

class ComHost : public testing::Test {
 protected:
  ComHost() { heard = {}; }
  Json Ask(const std::string& request) { return host_->Handle(Json::parse(request)); }
  Json Call(const std::string& method, const std::string& arguments) {
    return Ask(R"({"op":"call","method":")" + method + R"(","into":"x","arguments":)" + arguments +
               "}");
  }

  std::unique_ptr<ProviderHost> host_ =
      std::make_unique<ProviderHost>(std::make_unique<ComFace>(&MakeSet));
};

TEST_F(ComHost, NamesArriveIn16BitUnitsAndNullAsNull) {
  EXPECT_EQ(Call("CreateEx", R"({"name":"Sätze","instance":null,"devices":1})")["code"], 0);
  EXPECT_EQ(heard.method, "CreateEx");
  EXPECT_EQ(heard.name, u"S\u00e4tze");
  EXPECT_EQ(heard.instance, u"(NULL)");
  EXPECT_TRUE(heard.configured);
  (void)Call("CreateEx", R"({"name":null,"instance":"I1","configuration":"null"})");
  EXPECT_EQ(heard.name, u"(NULL)");
  EXPECT_EQ(heard.instance, u"I1");
  EXPECT_FALSE(heard.configured);
  (void)Call("OpenInSecondaryEx", R"({"name":"n"})");
  EXPECT_EQ(heard.method, "OpenInSecondaryEx");
  EXPECT_EQ(heard.instance, u"(NULL)");
}

TEST_F(ComHost, DeprecatedCallsGoThroughTheOldInterface) {
  (void)Call("Create", R"({"name":"n","devices":1})");
  EXPECT_EQ(heard.method, "Create");
  (void)Call("OpenInSecondary", R"({"name":"n"})");
  EXPECT_EQ(heard.method, "OpenInSecondary");
  EXPECT_EQ(heard.set_references, 1);  // the host's own; the interface's was given back
}

TEST_F(ComHost, TimeOutsAreMillisecondsAndNegativeOnesInfinite) {
  EXPECT_EQ(Call("OpenDevice", R"({"name":"n","device":"set/0"})")["out"]["given"], true);
  EXPECT_EQ(Call("GetCommand", R"({"device":"set/0","timeout":250})")["code"], VD_E_TIMEOUT);
  EXPECT_EQ(heard.timeout, 250U);
  (void)Call("GetCommand", R"({"device":"set/0","timeout":-1})");
  EXPECT_EQ(heard.timeout, 0xFFFFFFFFU);
  (void)Call("GetConfiguration", R"({"timeout":5000000000,"out":"null"})");
  EXPECT_EQ(heard.timeout, 0xFFFFFFFFU);
  EXPECT_FALSE(heard.configured);
}

TEST_F(ComHost, EveryReferenceIsGivenBack) {
  (void)Call("OpenDevice", R"({"name":"n","device":"set/0"})");
  (void)Call("OpenDevice", R"({"name":"n","device":"set/1"})");
  EXPECT_EQ(heard.device_references, 2);
  (void)Ask(R"({"op":"release","arguments":{"device":"set/0"}})");
  EXPECT_EQ(heard.device_references, 1);
  EXPECT_THROW(Call("GetCommand", R"({"device":"set/0"})"), RequestError);
  (void)Ask(R"({"op":"release","object":"set"})");
  EXPECT_EQ(heard.set_references, 0);
  // A device outlives its set's object (C-CLO-21).
  EXPECT_EQ(Call("GetCommand", R"({"device":"set/1"})")["code"], VD_E_TIMEOUT);
  host_.reset();
  EXPECT_EQ(heard.device_references, 0);
}

TEST_F(ComHost, ADeviceOpenedWithoutAnAddressIsNotOpen) {
  EXPECT_EQ(Call("OpenDevice", R"({"name":"n","device":"set/0","out":"null"})")["code"],
            VD_E_INVALID);
  EXPECT_FALSE(heard.asked_for_a_device);
  EXPECT_THROW(Call("GetCommand", R"({"device":"set/0"})"), RequestError);
}

TEST(ComFace, SaysWhenNoSetIsMade) {
  ProviderHost host(std::make_unique<ComFace>(&MakeNothing));
  EXPECT_THROW(host.Handle(Json::parse(R"({"op":"call","method":"Close"})")), RequestError);
}

TEST(LoadComFactory, RefusesWhatIsNoLibraryOfTheKind) {
  const auto load = [](const char* path) {
    return LoadComFactory(path, CLSID_MSSQL_ClientVirtualDeviceSet, IID_IClientVirtualDeviceSet2);
  };
  EXPECT_THROW(load("/nowhere.so"), ProviderError);
  EXPECT_THROW(load("libm.so.6"), ProviderError);
}

}  // namespace
}  // namespace conform
