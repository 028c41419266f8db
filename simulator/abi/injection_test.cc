#include "simulator/abi/injection.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "simulator/abi/abi_guard.h"
#include "simulator/abi/com_factory.h"
#include "simulator/abi/testing/server_side.h"
#include "simulator/base/utf16.h"
#include "simulator/trace/trace_reader.h"

namespace vdisim {
namespace {

constexpr DWORD kForever = 0xFFFFFFFF;

TEST(ParseInjections, ReadsNamesAndNumbers) {
  std::string error;
  const auto injections = ParseInjections(
      " GetCommand#3=VD_E_TIMEOUT ;OpenDevice # 1 = 0x80070005; CompleteCommand#3=VD_E_ABORT;",
      &error);
  ASSERT_TRUE(injections.has_value()) << error;
  const std::vector<Injection> expected = {{"GetCommand", 3, kTimeout},
                                           {"OpenDevice", 1, kAccessDenied},
                                           {"CompleteCommand", 3, kAbort}};
  EXPECT_EQ(*injections, expected);
  EXPECT_TRUE(ParseInjections("", &error)->empty());
}

TEST(ParseInjections, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> kMistakes[] = {
      {"GetCommand=VD_E_TIMEOUT", "\"GetCommand=VD_E_TIMEOUT\" is not of the form METHOD#N=CODE"},
      {"Open#1=VD_E_OPEN", "\"Open\" is no method of a client that answers with a code"},
      {"GetCommand#0=VD_E_TIMEOUT", "\"0\" is no number of a call, which counts from 1"},
      {"GetCommand#x=VD_E_TIMEOUT", "\"x\" is no number of a call, which counts from 1"},
      {"GetCommand#1=TIMEOUT", "\"TIMEOUT\" is neither the name of a code nor 0x and its number"},
      {"GetCommand#1=0x8077000Z",
       "\"0x8077000Z\" is neither the name of a code nor 0x and its number"},
      {"OpenDevice#1=NOERROR", "NOERROR says that a call succeeded that was not made"},
      {"GetCommand#1=VD_E_CLOSE", "VD_E_CLOSE cannot be injected; only the engine closes a device"},
      {"GetCommand#1=0x8077000E", "VD_E_CLOSE cannot be injected; only the engine closes a device"},
      {"Close#1=VD_E_OPEN; Close#1=VD_E_ABORT",
       "\"Close#1=VD_E_ABORT\" gives a call a second answer"},
  };
  for (const auto& [text, sentence] : kMistakes) {
    std::string error;
    EXPECT_FALSE(ParseInjections(text, &error).has_value()) << text;
    EXPECT_EQ(error, sentence);
  }
}

class InjectorTest : public testing::Test {
 protected:
  ~InjectorTest() override { Injector::Start({}); }

  static int32_t Call(const char* method, const CallSubject& subject, bool* made) {
    *made = false;
    return AbiGuard(method, subject, [&] {
      *made = true;
      return kOk;
    });
  }
};

TEST_F(InjectorTest, AnswersOnceInsteadOfTheCall) {
  Injector::Start({{"GetCommand", 2, kTimeout}, {"GetCommand", 3, kMemory}});
  const CallSubject one(kClientFace);
  const CallSubject other(kComClientFace);
  bool made = false;
  EXPECT_EQ(Call("GetCommand", one, &made), 0);
  EXPECT_TRUE(made);
  EXPECT_EQ(Call("CompleteCommand", one, &made), 0);
  EXPECT_EQ(Call("GetCommand", other, &made), VD_E_TIMEOUT);
  EXPECT_FALSE(made);
  EXPECT_EQ(Call("GetCommand", one, &made), VD_E_MEMORY);
  EXPECT_FALSE(made);
  EXPECT_EQ(Call("GetCommand", one, &made), 0);
  EXPECT_TRUE(made);
}

TEST_F(InjectorTest, LeavesTheServerAlone) {
  Injector::Start({{"Close", 1, kUnexpected}});
  bool made = false;
  EXPECT_EQ(Call("Close", CallSubject(kServerFace), &made), 0);
  EXPECT_TRUE(made);
  EXPECT_EQ(Call("Close", CallSubject(kClientFace), &made), VD_E_UNEXPECTED);
}

TEST_F(InjectorTest, IsRecordedAsSuch) {
  const std::string path = testing::TempDir() + "/injection." + std::to_string(getpid());
  std::string error;
  ASSERT_TRUE(CallTrace::Start(path, &error)) << error;
  Injector::Start({{"Close", 1, kUnexpected}});
  const CallSubject subject(kClientFace);
  bool made = false;
  Call("Close", subject, &made);
  Call("Close", subject, &made);
  CallTrace::Stop();
  const Trace trace = ReadTraceFile(path);
  std::filesystem::remove(path);
  ASSERT_EQ(trace.entries.size(), 2U);
  const std::vector<TraceField> injected = {{"injected", TraceNumber(int64_t{1})}};
  EXPECT_EQ(trace.entries[0].record.inputs, injected);
  EXPECT_EQ(trace.entries[0].record.code, VD_E_UNEXPECTED);
  EXPECT_TRUE(trace.entries[1].record.inputs.empty());
}

class InjectedClientTest : public InjectorTest {
 protected:
  void Activate() {
    VDConfig config = RequestFor(1);
    ASSERT_EQ(set_->CreateEx(nullptr, name_.c_str(), &config), 0);
    server_.Configure(name_);
    ASSERT_EQ(set_->GetConfiguration(kForever, &config), 0);
    server_.Prepare({name_});
    ASSERT_EQ(set_->OpenDevice(name_.c_str(), device_.Receive()), 0);
    server_.WaitUntilActive();
  }

  const std::u16string name_ = Utf16FromUtf8(UniqueSetName()).value();
  VDC_Command* command_ = nullptr;
  ServerSide server_;
  ComPtr<IClientVirtualDeviceSet2> set_ = MakeClientSet();
  ComPtr<IClientVirtualDevice> device_;
};

TEST_F(InjectedClientTest, AnAbortIsReal) {
  ASSERT_NO_FATAL_FAILURE(Activate());
  Injector::Start({{"GetCommand", 1, kAbort}});
  EXPECT_EQ(device_->GetCommand(0, &command_), VD_E_ABORT);
  EXPECT_EQ(device_->GetCommand(0, &command_), VD_E_ABORT);
  VDS_Command sent{};
  EXPECT_EQ(server_.device(0)->SendCommand(&sent), VD_E_ABORT);
  EXPECT_EQ(set_->Close(), 0);
}

TEST_F(InjectedClientTest, AnythingElseLeavesTheSetAsItWas) {
  ASSERT_NO_FATAL_FAILURE(Activate());
  server_.SendWrite(0, 512, 1);
  Injector::Start({{"GetCommand", 1, kMemory}, {"CompleteCommand", 1, kUnexpected}});
  EXPECT_EQ(device_->GetCommand(kForever, &command_), VD_E_MEMORY);
  EXPECT_EQ(command_, nullptr);
  ASSERT_EQ(device_->GetCommand(kForever, &command_), 0);
  EXPECT_EQ(device_->CompleteCommand(command_, 0, 512, 0), VD_E_UNEXPECTED);
  EXPECT_EQ(device_->CompleteCommand(command_, 0, 512, 0), 0);
  EXPECT_EQ(server_.WaitForCompletion().bytesTransferred, 512);
  server_.CloseDevices();
  EXPECT_EQ(device_->GetCommand(kForever, &command_), VD_E_CLOSE);
}

TEST_F(InjectedClientTest, AnAbortWithoutASetIsNothingButACode) {
  Injector::Start({{"Create", 1, kAbort}});
  VDConfig config = RequestFor(1);
  EXPECT_EQ(set_->Create(name_.c_str(), &config), VD_E_ABORT);
  EXPECT_EQ(set_->Create(name_.c_str(), &config), 0);
}

}  // namespace
}  // namespace vdisim
