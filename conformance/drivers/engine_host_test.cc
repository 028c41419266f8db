// The engine actor on a server interface that completes what it is told to: no set is needed.
#include "conformance/drivers/engine_host.h"

#include <gtest/gtest.h>

#include <vector>

#include "simulator/include/vdierror.h"

namespace conform {
namespace {

// NOLINTBEGIN(cppcoreguidelines-virtual-class-destructor): COM tables have no destructors.
class FakeDevice final : public IServerVirtualDevice {
 public:
  HRESULT QueryInterface(REFIID /*iid*/, void** /*object*/) override { return E_NOINTERFACE; }
  ULONG AddRef() override { return ++references; }
  ULONG Release() override { return --references; }
  HRESULT SendCommand(VDS_Command* command) override {
    sent.push_back(command);
    return 0;
  }
  HRESULT CloseDevice() override { return VD_E_PROTOCOL; }

  ULONG references = 0;
  std::vector<VDS_Command*> sent;
};

class FakeSet final : public IServerVirtualDeviceSet2 {
 public:
  HRESULT QueryInterface(REFIID /*iid*/, void** /*object*/) override { return E_NOINTERFACE; }
  ULONG AddRef() override { return ++references; }
  ULONG Release() override { return --references; }
  HRESULT Open(LPCWSTR /*instance*/, LPCWSTR name) override {
    opened = name;
    return 0;
  }
  HRESULT GetConfiguration(VDConfig* configuration) override {
    configuration->deviceCount = 64;
    return 0;
  }
  HRESULT BeginConfiguration(DWORD features, DWORD block_size, DWORD alignment, DWORD transfer,
                             DWORD timeout) override {
    began = {features, block_size, alignment, transfer, timeout};
    return 0;
  }
  HRESULT EndConfiguration() override { return VD_E_ABORT; }
  HRESULT RequestBuffers(DWORD /*size*/, DWORD /*alignment*/, DWORD /*count*/) override {
    return 0;
  }
  HRESULT QueryAvailableBuffers(DWORD /*size*/, DWORD /*alignment*/, DWORD* count) override {
    *count = 5;
    return 0;
  }
  HRESULT ExecuteCompletionAgent() override { return 0; }
  HRESULT OpenDevice(LPCWSTR /*name*/, IServerVirtualDevice** given) override {
    device.AddRef();
    *given = &device;
    return 0;
  }
  HRESULT AllocateBuffer(BYTE** given, DWORD /*size*/, DWORD /*alignment*/) override {
    *given = buffer.data();
    return 0;
  }
  HRESULT FreeBuffer(BYTE* freed, DWORD /*size*/) override {
    return freed == buffer.data() ? 0 : VD_E_INVALID;
  }
  HRESULT IsSharedBuffer(BYTE* asked) override { return asked == buffer.data() ? 1 : 0; }
  HRESULT SignalAbort() override { return 0; }
  HRESULT Close() override {
    ++closed;
    return 0;
  }

  ULONG references = 1;  // the host's
  int closed = 0;
  std::u16string opened;
  std::vector<DWORD> began;
  std::vector<BYTE> buffer = std::vector<BYTE>(512);
  FakeDevice device;
};

// A clock on which one call waits.
class FakeControl final : public IVdiSimServerControl {
 public:
  HRESULT QueryInterface(REFIID /*iid*/, void** /*object*/) override { return E_NOINTERFACE; }
  ULONG AddRef() override { return 1; }
  ULONG Release() override { return 0; }
  HRESULT WaitForActive(DWORD /*timeout_ms*/) override { return 0; }
  HRESULT GetAbortReason(DWORD* /*reason*/) override { return VD_E_PROTOCOL; }
  HRESULT AdvanceClock(DWORD milliseconds) override {
    advanced += milliseconds;
    return 0;
  }
  HRESULT WaitForWaiters(DWORD count, DWORD /*timeout_ms*/) override {
    if (!open) return VD_E_PROTOCOL;
    return count <= 1 ? 0 : VD_E_TIMEOUT;
  }
  HRESULT WaitForAgent(DWORD /*timeout_ms*/) override { return 0; }

  bool open = true;
  DWORD advanced = 0;
};
// NOLINTEND(cppcoreguidelines-virtual-class-destructor)

class EngineHostOnAFake : public testing::Test {
 protected:
  Json Ask(const char* request) { return host_.Handle(Json::parse(request)); }
  std::string Refusal(const char* request) {
    try {
      (void)Ask(request);
    } catch (const RequestError& error) {
      return error.what();
    }
    return {};
  }
  void SendOne() {
    (void)Ask(R"({"op":"call","method":"OpenDevice","arguments":{"name":"n","device":"set/0"}})");
    (void)Ask(R"({"op":"call","method":"AllocateBuffer","arguments":{"size":512},"into":"w1"})");
    (void)Ask(R"({"op":"call","method":"SendCommand","into":"sent-w1",
                  "arguments":{"device":"set/0","command":6,"size":512,"buffer":"w1"}})");
  }

  FakeSet set_;
  EngineHost host_{&set_, nullptr};
};

TEST_F(EngineHostOnAFake, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(Refusal(R"({"op":"dance"})"), "unknown operation \"dance\"");
  EXPECT_EQ(Refusal(R"({"op":"call","method":"Create"})"), "unknown method \"Create\"");
  EXPECT_EQ(Refusal(R"({"op":"call","method":"CloseDevice","arguments":{"device":"set/0"}})"),
            "device \"set/0\" is not open here");
  EXPECT_EQ(Refusal(R"({"op":"call","method":"FreeBuffer","arguments":{"buffer":"w1"}})"),
            "no buffer is called \"w1\" here");
  EXPECT_EQ(Refusal(R"({"op":"completion","arguments":{"command":"sent-w1","timeout":0}})"),
            "no command \"sent-w1\" was sent");
  EXPECT_EQ(Refusal(R"({"op":"call","method":"WaitForActive","arguments":{"timeout":0}})"),
            "this engine cannot wait for Active");
}

TEST_F(EngineHostOnAFake, GivesTheCodeAsItCame) {
  EXPECT_EQ(Ask(R"({"op":"call","method":"EndConfiguration"})")["code"], VD_E_ABORT);
  const Json available = Ask(R"({"op":"call","method":"QueryAvailableBuffers"})");
  EXPECT_EQ(available["out"]["count"], 5);
  EXPECT_EQ(Ask(R"({"op":"call","method":"GetConfiguration"})")["out"]["deviceCount"], 64);
}

TEST_F(EngineHostOnAFake, HandsTheArgumentsOn) {
  (void)Ask(R"({"op":"call","method":"Open","arguments":{"name":"a-set"}})");
  EXPECT_EQ(set_.opened, u"a-set");
  (void)Ask(R"({"op":"call","method":"BeginConfiguration",
                "arguments":{"features":1,"alignment":4096,"maxTransferSize":131072}})");
  EXPECT_EQ(set_.began, (std::vector<DWORD>{1, 512, 4096, 131072, 0}));
}

TEST_F(EngineHostOnAFake, ACompletionIsSeenOnceItsRoutineHasRun) {
  SendOne();
  ASSERT_EQ(set_.device.sent.size(), 1U);
  VDS_Command* command = set_.device.sent.front();
  EXPECT_EQ(command->commandCode, 6);
  EXPECT_EQ(command->buffer, set_.buffer.data());

  const char* const ask = R"({"op":"completion","arguments":{"command":"sent-w1","timeout":0}})";
  EXPECT_EQ(Ask(ask)["out"], Json::parse(R"({"completed":false})"));
  command->completionCode = 1117;
  command->bytesTransferred = 100;
  command->outPosition = 7;
  reinterpret_cast<void (*)(VDS_Command*)>(command->completionRoutine)(command);
  EXPECT_EQ(Ask(ask)["out"],
            Json::parse(R"({"completed":true,"completion":1117,"bytes":100,"position":7})"));
}

TEST_F(EngineHostOnAFake, ACommandsNameIsTakenOnce) {
  SendOne();
  EXPECT_EQ(Refusal(R"({"op":"call","method":"SendCommand","into":"sent-w1",
                        "arguments":{"device":"set/0","command":6}})"),
            "a command of this name was sent already");
  EXPECT_EQ(set_.device.sent.size(), 1U);
}

TEST_F(EngineHostOnAFake, HandsNullPointersOn) {
  (void)Ask(R"({"op":"call","method":"Open","arguments":{"name":"x","instance":"I"}})");
  EXPECT_EQ(set_.opened, u"x");
  (void)Ask(R"({"op":"call","method":"OpenDevice","arguments":{"name":"n","device":"set/0"}})");
  (void)Ask(R"({"op":"call","method":"SendCommand","into":"s1",
                "arguments":{"device":"set/0","command":6,"command-pointer":"null"}})");
  (void)Ask(R"({"op":"call","method":"SendCommand","into":"s2",
                "arguments":{"device":"set/0","command":6,"routine":"null"}})");
  ASSERT_EQ(set_.device.sent.size(), 2U);
  EXPECT_EQ(set_.device.sent[0], nullptr);
  EXPECT_EQ(set_.device.sent[1]->completionRoutine, nullptr);
  EXPECT_EQ(Refusal(R"({"op":"call","method":"GetConfiguration","arguments":{"out":"x"}})"),
            "\"out\" is neither left out nor null");
}

TEST(EngineHost, MovesTheClockOnceEnoughCallsWait) {
  FakeSet set;
  FakeControl control;
  std::string by_name;
  EngineHost host(&set, &control, [&](const std::string& name, DWORD, DWORD, DWORD) {
    by_name = name;
    return 0;
  });
  const auto moved = [&](int waiting) {
    Json request = Json::parse(R"({"op":"advance","arguments":{"name":"n","ms":500,"timeout":0}})");
    request["arguments"]["waiting"] = waiting;
    return host.Handle(request)["out"]["moved"].get<bool>();
  };
  EXPECT_TRUE(moved(1));
  EXPECT_EQ(control.advanced, 500U);
  EXPECT_FALSE(moved(2));
  EXPECT_EQ(control.advanced, 500U);
  EXPECT_EQ(by_name, "");
  control.open = false;  // the set is known by its name alone
  EXPECT_TRUE(moved(1));
  EXPECT_EQ(by_name, "n");
}

TEST(EngineHost, GivesItsReferencesBack) {
  FakeSet set;
  {
    EngineHost host(&set, nullptr);
    (void)host.Handle(Json::parse(
        R"({"op":"call","method":"OpenDevice","arguments":{"name":"n","device":"set/0"}})"));
    EXPECT_EQ(set.device.references, 1U);
    host.LetGo();
    EXPECT_EQ(set.closed, 1);
  }
  EXPECT_EQ(set.device.references, 0U);
  EXPECT_EQ(set.references, 0U);
}

}  // namespace
}  // namespace conform
