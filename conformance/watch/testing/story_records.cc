// Single records of a story: calls, events of the server and of the system.
#include <fmt/format.h>

#include "conformance/watch/testing/changes.h"
#include "conformance/watch/testing/story.h"
#include "conformance/watch/win32_codes.h"

namespace conform {

using vdisim::CallRecord;
using vdisim::TraceNumber;

std::string Story::DeviceName(int device) const {
  return device == 1 ? "set" : fmt::format("set_{}", device);
}

std::string Story::FileName(int device) const { return fmt::format("d.{}", device); }

uint32_t Story::Pid(int device) const {
  return style_.processes ? kStoryPid + static_cast<uint32_t>(device) : kStoryPid;
}

uint32_t Story::Tid(int device) const {
  return style_.single_thread ? kStoryPid : kStoryPid + static_cast<uint32_t>(device);
}

CallRecord& Story::SetCall(const std::string& method, vdisim::HResult code) {
  CallRecord call;
  call.number = ++number_;
  call.start_ns = Now();
  call.duration_ns = 1000;
  call.pid = kStoryPid;
  call.tid = kStoryPid;
  call.face = vdisim::kClientFace;
  call.object = 1;
  call.set = "set";
  call.method = method;
  call.code = code.value();
  evidence.calls.push_back(call);
  return evidence.calls.back();
}

CallRecord& Story::Call(int device, const std::string& method, vdisim::HResult code) {
  CallRecord& call = SetCall(method, code);
  call.pid = Pid(device);
  call.tid = Tid(device);
  call.object = style_.processes ? 2 : static_cast<uint64_t>(device) + 1;
  call.device = DeviceName(device);
  return call;
}

JournalEvent& Story::Engine(JournalKind kind) {
  JournalEvent event;
  event.kind = kind;
  event.t = Now();
  event.statement = 1;
  evidence.engine.push_back(event);
  return evidence.engine.back();
}

WitnessEvent& Story::System(int device, const std::string& call) {
  WitnessEvent event;
  event.t = Now();
  event.duration_ns = 1000;
  event.pid = Pid(device);
  event.tid = Tid(device);
  event.call = call;
  event.fd = 10 + device;
  event.path = std::string(kStoryFolder) + "/" + FileName(device);
  event.inode = 1000 + static_cast<uint64_t>(device);
  evidence.system.push_back(event);
  return evidence.system.back();
}

std::string Story::Get(int device, int code, int64_t size) {
  if (style_.polls) Call(device, "GetCommand", vdisim::kTimeout);
  CallRecord& call = Call(device, "GetCommand", vdisim::kOk);
  std::string address = fmt::format("{:#x}", 0x1000 + 8 * ++addresses_);
  SetInput(call, "timeOut", TraceNumber(int64_t{1000}));
  SetOutput(call, "pCmd", address);
  SetOutput(call, "commandCode", TraceNumber(int64_t{code}));
  SetOutput(call, "size", TraceNumber(size));
  return address;
}

void Story::Answer(int device, const std::string& address, int code, int64_t completion,
                   int64_t bytes) {
  (void)code;
  CallRecord& call = Call(device, "CompleteCommand", vdisim::kOk);
  SetInput(call, "pCmd", address);
  SetInput(call, "completionCode", TraceNumber(completion));
  SetInput(call, "bytesTransferred", TraceNumber(bytes));
}

void Story::Begin(int device, int code, int64_t size) {
  const auto at = static_cast<size_t>(device) - 1;
  JournalEvent& sent = Engine(JournalKind::kSent);
  sent.device = device;
  sent.n = ++sent_[at];
  sent.code = code;
  sent.size = size;
  if (code == kVdcWrite) {
    sent.offset = offset_[at];
    sent.database = offset_[at];
  }
  offset_[at] += size;
  const int n = sent.n;
  held_[at].push_back({Get(device, code, size), code, size, n});
}

void Story::Finish(int device, int64_t completion, int64_t bytes) {
  auto& held = held_[static_cast<size_t>(device) - 1];
  const Held command = style_.reverse ? held.back() : held.front();
  held.erase(style_.reverse ? held.end() - 1 : held.begin());
  Answer(device, command.address, command.code, completion, bytes);
  JournalEvent& event = Engine(JournalKind::kCompleted);
  event.device = device;
  event.n = command.n;
  event.code = command.code;
  event.size = command.size;
  event.completion = completion;
  event.bytes = bytes;
  if (command.code == kVdcRead) event.filled = bytes;
}

}  // namespace conform
