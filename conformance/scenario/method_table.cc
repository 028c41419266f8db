#include "conformance/scenario/method_table.h"

#include <utility>

namespace conform {
namespace {

constexpr auto kInteger = ArgumentKind::kInteger;
constexpr auto kText = ArgumentKind::kText;
constexpr auto kNull = ArgumentKind::kNull;
constexpr bool kRequired = true;
constexpr bool kOptional = false;

// The set that a call names, or the raw name in its place.
constexpr ArgumentSpec kSet = {"set", ArgumentKind::kSet, kOptional};
constexpr ArgumentSpec kName = {"name", kText, kOptional};
constexpr ArgumentSpec kInstance = {"instance", kText, kOptional};
constexpr ArgumentSpec kDevice = {"device", ArgumentKind::kDevice, kRequired};
constexpr ArgumentSpec kBuffer = {"buffer", ArgumentKind::kBuffer, kRequired};
constexpr ArgumentSpec kOffset = {"offset", kInteger, kOptional};
constexpr ArgumentSpec kTimeout = {"timeout", kInteger, kOptional};
constexpr ArgumentSpec kNoOut = {"out", kNull, kOptional};

// The members of VDConfig under the names that scenarios give them; what is left out is 0. Without
// a configuration not even the number of devices is needed.
std::vector<ArgumentSpec> WithConfiguration(std::vector<ArgumentSpec> arguments) {
  for (const std::string_view member :
       {"devices", "features", "prefix", "alignment", "softFileMarkBlockSize", "EOMWarningSize",
        "serverTimeOut", "blockSize", "maxIODepth", "maxTransferSize", "bufferAreaSize"}) {
    arguments.push_back({member, kInteger, member == "devices"});
  }
  arguments.push_back({"configuration", kNull, kOptional});
  return arguments;
}

std::vector<MethodSpec> ClientMethods() {
  constexpr auto kSide = Side::kClient;
  constexpr auto kNothing = OutputKind::kNothing;
  return {
      {kSide, "Create", WithConfiguration({kSet, kName}), kNothing, {}},
      {kSide, "CreateEx", WithConfiguration({kSet, kName, kInstance}), kNothing, {}, Face::kCom},
      {kSide, "GetConfiguration", {kTimeout, kNoOut}, OutputKind::kValues, "features"},
      {kSide, "OpenDevice", {kSet, kName, kDevice, kNoOut}, kNothing, {}},
      {kSide, "Close", {}, kNothing, {}},
      {kSide, "SignalAbort", {}, kNothing, {}},
      {kSide, "OpenInSecondary", {kSet, kName}, kNothing, {}},
      {kSide, "OpenInSecondaryEx", {kSet, kName, kInstance}, kNothing, {}, Face::kCom},
      {kSide, "GetBufferHandle", {kBuffer, kOffset, kNoOut}, OutputKind::kValues, "handle"},
      {kSide,
       "MapBufferHandle",
       {{"handle", kInteger, kRequired}, kNoOut},
       OutputKind::kNamed,
       "given"},
      {kSide, "GetCommand", {kDevice, kTimeout, kNoOut}, OutputKind::kNamed, "command"},
      {kSide,
       "CompleteCommand",
       {kDevice,
        {"command", ArgumentKind::kCommand, kRequired},
        {"completion", kInteger, kOptional},
        {"bytes", kInteger, kOptional},
        {"position", kInteger, kOptional}},
       kNothing,
       {}},
  };
}

std::vector<MethodSpec> ServerMethods() {
  constexpr auto kSide = Side::kServer;
  constexpr auto kNothing = OutputKind::kNothing;
  constexpr ArgumentSpec kSize = {"size", kInteger, kRequired};
  constexpr ArgumentSpec kAlignment = {"alignment", kInteger, kOptional};
  return {
      {kSide, "Open", {kSet, kName, kInstance}, kNothing, {}},
      {kSide, "GetConfiguration", {kNoOut}, OutputKind::kValues, "features"},
      {kSide,
       "BeginConfiguration",
       {{"features", kInteger, kOptional},
        {"blockSize", kInteger, kOptional},
        kAlignment,
        {"maxTransferSize", kInteger, kOptional},
        kTimeout},
       kNothing,
       {}},
      {kSide, "EndConfiguration", {}, kNothing, {}},
      {kSide, "RequestBuffers", {kSize, kAlignment, {"count", kInteger, kRequired}}, kNothing, {}},
      {kSide, "QueryAvailableBuffers", {kSize, kAlignment, kNoOut}, OutputKind::kValues, "count"},
      {kSide, "ExecuteCompletionAgent", {}, kNothing, {}},
      {kSide, "OpenDevice", {kSet, kName, kDevice, kNoOut}, kNothing, {}},
      {kSide, "AllocateBuffer", {kSize, kAlignment, kNoOut}, OutputKind::kNamed, {}},
      {kSide, "FreeBuffer", {kBuffer, kOffset, kSize}, kNothing, {}},
      {kSide, "IsSharedBuffer", {kBuffer, kOffset}, kNothing, {}},
      {kSide,
       "SendCommand",
       {kDevice,
        {"command", kInteger, kRequired},
        {"buffer", ArgumentKind::kBuffer, kOptional},
        kOffset,
        {"size", kInteger, kOptional},
        {"position", kInteger, kOptional},
        {"command-pointer", kNull, kOptional},
        {"routine", kNull, kOptional}},
       OutputKind::kNamed,
       {}},
      {kSide, "CloseDevice", {kDevice}, kNothing, {}},
      {kSide, "SignalAbort", {}, kNothing, {}},
      {kSide, "Close", {}, kNothing, {}},
      // What SQL Server knows without a call: every device is open on both sides; its agent runs.
      {kSide, "WaitForActive", {}, kNothing, {}},
      {kSide, "WaitForAgent", {}, kNothing, {}},
  };
}

// Both, each in the order of its header.
const std::vector<MethodSpec>& Table() {
  static const std::vector<MethodSpec> kTable = [] {
    std::vector<MethodSpec> table = ClientMethods();
    for (MethodSpec& method : ServerMethods()) table.push_back(std::move(method));
    return table;
  }();
  return kTable;
}

}  // namespace

const MethodSpec* FindMethodSpec(Side side, std::string_view name) {
  for (const MethodSpec& spec : Table()) {
    if (spec.side == side && spec.name == name) return &spec;
  }
  return nullptr;
}

std::span<const MethodSpec> AllMethodSpecs() { return Table(); }

}  // namespace conform
