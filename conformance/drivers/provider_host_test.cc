// The client actor on a library that is a table of functions: what reaches it, and what is refused.
#include "conformance/drivers/provider_host.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "conformance/drivers/linux_face.h"
#include "simulator/include/vdierror.h"

namespace conform {
namespace {

// What the library last heard. One host at a time, one thread.
struct Heard {
  std::string name;
  VDConfig configuration = {};
  int handle = 0;
  int constructed = 0;
  int destroyed = 0;
  int closed = 0;
} heard;

std::array<uint8_t, 512> library_buffer;

ProviderFunctions Library() {
  heard = {};
  ProviderFunctions functions = {};
  functions.construct_set = [](ProviderObject*) { ++heard.constructed; };
  functions.destroy_set = [](ProviderObject*) { ++heard.destroyed; };
  functions.create = [](ProviderObject*, char* name, VDConfig* configuration) {
    heard.name = name;
    heard.configuration = *configuration;
    return 0;
  };
  functions.close = [](ProviderObject*) {
    ++heard.closed;
    return 0;
  };
  functions.open_device = [](ProviderObject*, char* name, ProviderObject**) {
    heard.name = name;
    return VD_E_INVALID;
  };
  functions.map_buffer_handle = [](ProviderObject*, int handle, uint8_t** buffer) {
    heard.handle = handle;
    *buffer = library_buffer.data();
    return 0;
  };
  return functions;
}

std::string Refusal(ProviderHost* host, const char* request) {
  try {
    (void)host->Handle(Json::parse(request));
  } catch (const RequestError& error) {
    return error.what();
  }
  return {};
}

TEST(ProviderHost, RefusesWhatItDoesNotKnow) {
  ProviderHost host(std::make_unique<LinuxFace>(Library()));
  EXPECT_EQ(Refusal(&host, R"({"op":"dance"})"), "unknown operation \"dance\"");
  EXPECT_EQ(Refusal(&host, R"({"op":"call","method":"Open"})"), "unknown method \"Open\"");
  EXPECT_EQ(Refusal(&host, R"({"op":"call","method":"GetCommand","arguments":{"device":"set/0"}})"),
            "device \"set/0\" is not open here");
  EXPECT_EQ(
      Refusal(&host, R"({"op":"call","method":"CompleteCommand","arguments":{"command":"w1"}})"),
      "no command is called \"w1\" here");
  EXPECT_EQ(
      Refusal(&host, R"({"op":"call","method":"GetBufferHandle","arguments":{"buffer":"w1"}})"),
      "no buffer is called \"w1\" here");
  EXPECT_EQ(Refusal(&host, R"({"op":"fill","arguments":{"buffer":"w1","size":1,"pattern":1}})"),
            "no buffer is called \"w1\" here");
}

TEST(ProviderHost, ADeviceThatCouldNotBeOpenedIsNotOpen) {
  ProviderHost host(std::make_unique<LinuxFace>(Library()));
  const Json answer = host.Handle(Json::parse(
      R"({"op":"call","method":"OpenDevice","arguments":{"name":"n","device":"set/0"}})"));
  EXPECT_EQ(answer["code"], VD_E_INVALID);
  EXPECT_EQ(answer["out"]["given"], true);  // this library does not set the pointer to NULL
  EXPECT_EQ(Refusal(&host, R"({"op":"call","method":"GetCommand","arguments":{"device":"set/0"}})"),
            "device \"set/0\" is not open here");
}

TEST(ProviderHost, CreateHandsTheConfigurationOn) {
  ProviderHost host(std::make_unique<LinuxFace>(Library()));
  const Json answer = host.Handle(Json::parse(
      R"({"op":"call","method":"Create",
          "arguments":{"name":"n","devices":3,"features":65536,"prefix":512,"alignment":4096}})"));
  EXPECT_EQ(answer["code"], 0);
  EXPECT_EQ(heard.name, "n");
  EXPECT_EQ(heard.configuration.deviceCount, 3U);
  EXPECT_EQ(heard.configuration.features, 65536U);
  EXPECT_EQ(heard.configuration.prefixZoneSize, 512U);
  EXPECT_EQ(heard.configuration.alignment, 4096U);
  EXPECT_EQ(heard.configuration.maxTransferSize, 0U);
}

TEST(ProviderHost, HandlesArriveAsTheirLower32Bits) {  // G-44
  ProviderHost host(std::make_unique<LinuxFace>(Library()));
  (void)host.Handle(Json::parse(
      R"({"op":"call","method":"MapBufferHandle","arguments":{"handle":4294967295},"into":"v"})"));
  EXPECT_EQ(heard.handle, -1);
}

TEST(ProviderHost, AMappingIsABufferFromThenOn) {
  ProviderHost host(std::make_unique<LinuxFace>(Library()));
  (void)host.Handle(Json::parse(
      R"({"op":"call","method":"MapBufferHandle","arguments":{"handle":1},"into":"v"})"));
  const std::string bytes = R"("arguments":{"buffer":"v","size":512,"pattern":3}})";
  (void)host.Handle(Json::parse(R"({"op":"fill",)" + bytes));
  EXPECT_EQ(host.Handle(Json::parse(R"({"op":"bytes",)" + bytes))["out"], Json::object());
  library_buffer[100] ^= 1;
  EXPECT_EQ(host.Handle(Json::parse(R"({"op":"bytes",)" + bytes))["out"]["mismatch"], 100);
}

TEST(ProviderHost, ObjectsLiveFromTheirFirstNameToTheHostsEnd) {
  {
    ProviderHost host(std::make_unique<LinuxFace>(Library()));
    EXPECT_EQ(heard.constructed, 0);
    for (const char* object : {"set", "other", "set"}) {
      Json request = {{"op", "call"}, {"method", "Close"}};
      request["object"] = object;
      (void)host.Handle(request);
    }
    EXPECT_EQ(heard.constructed, 2);
    EXPECT_EQ(heard.closed, 3);
    host.LetGo();
    EXPECT_EQ(heard.closed, 5);
    EXPECT_EQ(heard.destroyed, 0);
  }
  EXPECT_EQ(heard.destroyed, 2);
}

}  // namespace
}  // namespace conform
