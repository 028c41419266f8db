#include "conformance/runner/subject.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/runner/fake_fleet.h"

namespace conform {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

// A fleet whose drivers only greet. A face without an answer dies.
class GreetingFleet final : public DriverFleet {
 public:
  std::map<std::string, Json> greetings;  // by "linux", "com", "engine"

  std::unique_ptr<Driver> StartClient(const ActorSettings& settings) const override {
    return Greeter(settings.com ? "com" : "linux");
  }
  std::unique_ptr<Driver> StartEngine(const ActorSettings& /*settings*/) const override {
    return Greeter("engine");
  }
  std::unique_ptr<Driver> StartSql(const ActorSettings& /*settings*/) const override {
    return Greeter("sql");
  }

 private:
  class Greeting final : public Driver {
   public:
    explicit Greeting(HostAnswer answer) : answer_(std::move(answer)) {}
    int64_t Send(Json /*request*/) override { return 1; }
    HostAnswer Await(int64_t /*id*/, vdisim::Timeout /*timeout*/) override { return answer_; }
    HostAnswer End(vdisim::Timeout /*timeout*/) override { return {}; }
    void Kill() override {}
    bool running() const override { return true; }
    std::string ErrorOutput() const override { return {}; }

   private:
    HostAnswer answer_;
  };

  std::unique_ptr<Driver> Greeter(const std::string& who) const {
    const auto found = greetings.find(who);
    if (found == greetings.end()) {
      return std::make_unique<Greeting>(
          HostAnswer{HostTrouble::kCrashed, {}, "killed by signal 9"});
    }
    return std::make_unique<Greeting>(HostAnswer{HostTrouble::kNone, found->second, {}});
  }
};

Json Hello(const std::vector<std::string>& capabilities) {
  Json hello = Json::object();
  hello["protocol"] = kProtocolVersion;
  hello["capabilities"] = capabilities;
  return hello;
}

Json UnusableHello(const std::string& why) {
  Json hello = Json::object();
  hello["unusable"] = why;
  return hello;
}

class FindingASubject : public testing::Test {
 protected:
  Subject Find() { return FindSubject(fleet_, doors_, vdisim::Timeout::Milliseconds(1000)); }
  void SetUp() override { fleet_.greetings["engine"] = Hello({"virtual-clock"}); }

  const std::vector<std::string> classes_ = {"linux-face", "secondary-clients", "buffer-handles"};
  GreetingFleet fleet_;
  SubjectDoors doors_;
};

TEST_F(FindingASubject, ALibraryHasTheFacesThatItsSymbolsShow) {
  doors_.com = SubjectDoors::Com::kIfFound;
  fleet_.greetings["linux"] = Hello(classes_);
  const Subject subject = Find();
  EXPECT_EQ(subject.unusable, "");
  EXPECT_THAT(subject.broken, IsEmpty());
  EXPECT_EQ(subject.Lacks({Capability::kLinuxFace, Capability::kBufferHandles}), "");
  EXPECT_EQ(subject.Lacks({Capability::kComFace, Capability::kSecondaryClients}), "com-face");
}

TEST_F(FindingASubject, AFoundComFaceIsAskedForItself) {
  doors_.com = SubjectDoors::Com::kIfFound;
  fleet_.greetings["linux"] = Hello({"linux-face", "com-face"});
  fleet_.greetings["com"] = Hello({"com-face"});
  EXPECT_EQ(Find().Lacks({Capability::kComFace}), "");
}

TEST_F(FindingASubject, AFaceThatDoesNotLoadFailsAndIsNotSkipped) {
  fleet_.greetings["linux"] = Hello(classes_);
  fleet_.greetings["com"] = UnusableHello("no VdiCreateInstance");
  const Subject subject = Find();
  EXPECT_EQ(subject.unusable, "");
  EXPECT_EQ(subject.Lacks({Capability::kComFace}), "");
  ASSERT_EQ(subject.Broken({Capability::kComFace}), Capability::kComFace);
  EXPECT_EQ(subject.broken.at(Capability::kComFace), "no VdiCreateInstance");
  EXPECT_EQ(subject.Broken({Capability::kLinuxFace}), std::nullopt);
}

TEST_F(FindingASubject, NothingCanBeRunWithoutAnyFace) {
  doors_.com = SubjectDoors::Com::kIfFound;
  EXPECT_THAT(Find().unusable, HasSubstr("killed by signal 9"));
}

TEST_F(FindingASubject, AnAdapterIsAskedForEverythingOnce) {
  doors_.adapter = true;
  fleet_.greetings["linux"] = Hello({"com-face", "secondary-clients"});
  const Subject subject = Find();
  EXPECT_EQ(subject.unusable, "");
  EXPECT_THAT(subject.capabilities.has,
              UnorderedElementsAre(Capability::kComFace, Capability::kSecondaryClients));
}

TEST_F(FindingASubject, AnAdapterMustSayWhatItHas) {
  doors_.adapter = true;
  fleet_.greetings["linux"] = Json{{"protocol", kProtocolVersion}};
  EXPECT_THAT(Find().unusable, HasSubstr("no \"capabilities\""));
}

TEST_F(FindingASubject, UnknownCapabilitiesAndVersionsAreRefused) {
  doors_.adapter = true;
  fleet_.greetings["linux"] = Hello({"linux-face", "teleport"});
  EXPECT_THAT(Find().unusable, HasSubstr("unknown capability \"teleport\""));
  fleet_.greetings["linux"] = Json{{"protocol", 7}, {"capabilities", {"linux-face"}}};
  EXPECT_THAT(Find().unusable, HasSubstr("speaks version 7"));
}

TEST_F(FindingASubject, WhatAFileDoesNotDeclareIsNotUsed) {
  doors_.declared = Capabilities{.has = {Capability::kLinuxFace}, .profile = "small"};
  fleet_.greetings["linux"] = Hello(classes_);
  fleet_.greetings["com"] = Hello({"com-face"});
  const Subject subject = Find();
  EXPECT_EQ(subject.Lacks({Capability::kLinuxFace, Capability::kBufferHandles, Capability::kSql}),
            "buffer-handles, sql");
  EXPECT_EQ(subject.capabilities.profile, "small");
}

TEST_F(FindingASubject, WhatAFileDeclaresAndIsNotThereIsBroken) {
  doors_.com = SubjectDoors::Com::kIfFound;
  doors_.declared =
      Capabilities{.has = {Capability::kLinuxFace, Capability::kComFace}, .profile = {}};
  fleet_.greetings["linux"] = Hello(classes_);
  const Subject subject = Find();
  EXPECT_EQ(subject.unusable, "");
  EXPECT_EQ(subject.Broken({Capability::kComFace}), Capability::kComFace);
}

TEST_F(FindingASubject, AnotherEngineHasNoSqlAndPerhapsNoClock) {
  fleet_.greetings["linux"] = Hello(classes_);
  fleet_.greetings["com"] = Hello({"com-face"});
  EXPECT_THAT(Find().capabilities.has, Contains(Capability::kSql));
  doors_.bundled_engine = false;
  EXPECT_THAT(Find().capabilities.has, Contains(Capability::kVirtualClock));
  EXPECT_THAT(Find().capabilities.has, Not(Contains(Capability::kSql)));
  fleet_.greetings["engine"] = Hello({});
  EXPECT_THAT(Find().capabilities.has, Not(Contains(Capability::kVirtualClock)));
}

TEST_F(FindingASubject, AnEngineThatDoesNotLoadIsNamed) {
  fleet_.greetings["linux"] = Hello(classes_);
  fleet_.greetings["com"] = Hello({"com-face"});
  fleet_.greetings["engine"] = UnusableHello("has no server interface");
  EXPECT_EQ(Find().engine_unusable, "has no server interface");
}

}  // namespace
}  // namespace conform
