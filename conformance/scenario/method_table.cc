#include "conformance/scenario/method_table.h"

namespace conform {
namespace {

constexpr auto kInteger = ArgumentKind::kInteger;
constexpr bool kRequired = true;
constexpr bool kOptional = false;

const std::vector<MethodSpec>& Table() {
  static const std::vector<MethodSpec> kTable = {
      // The client interface, in the order of its header.
      {Side::kClient,
       "Create",
       {{"set", ArgumentKind::kSet, kOptional},
        {"devices", kInteger, kRequired},
        {"features", kInteger, kOptional},
        {"prefix", kInteger, kOptional},
        {"alignment", kInteger, kOptional},
        {"serverTimeOut", kInteger, kOptional}},
       OutputKind::kNothing,
       {}},
      {Side::kClient,
       "GetConfiguration",
       {{"timeout", kInteger, kOptional}},
       OutputKind::kValues,
       "features"},
      {Side::kClient,
       "OpenDevice",
       {{"set", ArgumentKind::kSet, kOptional}, {"device", ArgumentKind::kDevice, kRequired}},
       OutputKind::kNothing,
       {}},
      {Side::kClient, "Close", {}, OutputKind::kNothing, {}},
      {Side::kClient, "SignalAbort", {}, OutputKind::kNothing, {}},
      {Side::kClient,
       "OpenInSecondary",
       {{"set", ArgumentKind::kSet, kOptional}},
       OutputKind::kNothing,
       {}},
      {Side::kClient,
       "GetBufferHandle",
       {{"buffer", ArgumentKind::kBuffer, kRequired}, {"offset", kInteger, kOptional}},
       OutputKind::kValues,
       "handle"},
      {Side::kClient,
       "MapBufferHandle",
       {{"handle", kInteger, kRequired}},
       OutputKind::kNamed,
       "given"},
      {Side::kClient,
       "GetCommand",
       {{"device", ArgumentKind::kDevice, kRequired}, {"timeout", kInteger, kOptional}},
       OutputKind::kNamed,
       "command"},
      {Side::kClient,
       "CompleteCommand",
       {{"device", ArgumentKind::kDevice, kRequired},
        {"command", ArgumentKind::kCommand, kRequired},
        {"completion", kInteger, kOptional},
        {"bytes", kInteger, kOptional},
        {"position", kInteger, kOptional}},
       OutputKind::kNothing,
       {}},
      // The server interface, in the order of its header.
      {Side::kServer, "Open", {{"set", ArgumentKind::kSet, kOptional}}, OutputKind::kNothing, {}},
      {Side::kServer, "GetConfiguration", {}, OutputKind::kValues, "features"},
      {Side::kServer,
       "BeginConfiguration",
       {{"features", kInteger, kOptional},
        {"blockSize", kInteger, kOptional},
        {"alignment", kInteger, kOptional},
        {"maxTransferSize", kInteger, kOptional}},
       OutputKind::kNothing,
       {}},
      {Side::kServer, "EndConfiguration", {}, OutputKind::kNothing, {}},
      {Side::kServer,
       "RequestBuffers",
       {{"size", kInteger, kRequired},
        {"alignment", kInteger, kOptional},
        {"count", kInteger, kRequired}},
       OutputKind::kNothing,
       {}},
      {Side::kServer,
       "QueryAvailableBuffers",
       {{"size", kInteger, kRequired}, {"alignment", kInteger, kOptional}},
       OutputKind::kValues,
       "count"},
      {Side::kServer, "ExecuteCompletionAgent", {}, OutputKind::kNothing, {}},
      {Side::kServer,
       "OpenDevice",
       {{"set", ArgumentKind::kSet, kOptional}, {"device", ArgumentKind::kDevice, kRequired}},
       OutputKind::kNothing,
       {}},
      {Side::kServer,
       "AllocateBuffer",
       {{"size", kInteger, kRequired}, {"alignment", kInteger, kOptional}},
       OutputKind::kNamed,
       {}},
      {Side::kServer,
       "FreeBuffer",
       {{"buffer", ArgumentKind::kBuffer, kRequired}, {"size", kInteger, kRequired}},
       OutputKind::kNothing,
       {}},
      {Side::kServer,
       "IsSharedBuffer",
       {{"buffer", ArgumentKind::kBuffer, kRequired}, {"offset", kInteger, kOptional}},
       OutputKind::kNothing,
       {}},
      {Side::kServer,
       "SendCommand",
       {{"device", ArgumentKind::kDevice, kRequired},
        {"command", kInteger, kRequired},
        {"buffer", ArgumentKind::kBuffer, kOptional},
        {"size", kInteger, kOptional},
        {"position", kInteger, kOptional}},
       OutputKind::kNamed,
       {}},
      {Side::kServer,
       "CloseDevice",
       {{"device", ArgumentKind::kDevice, kRequired}},
       OutputKind::kNothing,
       {}},
      {Side::kServer, "SignalAbort", {}, OutputKind::kNothing, {}},
      {Side::kServer, "Close", {}, OutputKind::kNothing, {}},
      // What SQL Server knows without a call: every device is open on both sides.
      {Side::kServer, "WaitForActive", {}, OutputKind::kNothing, {}},
  };
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
