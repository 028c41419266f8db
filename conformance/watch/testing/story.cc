#include "conformance/watch/testing/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

using vdisim::CallRecord;
using vdisim::TraceField;
using vdisim::TraceNumber;

constexpr uint32_t kWriteMedia = 0x10000;
constexpr uint32_t kReadMedia = 0x20000;
constexpr uint32_t kRequestComplete = 0x2000;
constexpr uint32_t kCompleteEnabled = 0x40000;

void Set(std::vector<TraceField>* fields, const std::string& name, vdisim::TraceValue value) {
  for (TraceField& field : *fields) {
    if (field.name == name) {
      field.value = std::move(value);
      return;
    }
  }
  fields->push_back({name, std::move(value)});
}

template <typename T, typename Matches>
size_t NthOf(const std::vector<T>& all, int nth, Matches matches, const std::string& what) {
  for (size_t i = 0; i < all.size(); ++i) {
    if (matches(all[i]) && --nth == 0) return i;
  }
  throw std::out_of_range("the story has no such " + what);
}

size_t IndexOfCall(const Evidence& evidence, const std::string& method, int nth) {
  return NthOf(
      evidence.calls, nth, [&](const CallRecord& c) { return c.method == method; }, method);
}

size_t IndexOfSystem(const Evidence& evidence, const std::string& call, int nth) {
  return NthOf(
      evidence.system, nth, [&](const WitnessEvent& e) { return e.call == call; }, call);
}

CallRecord& AddCall(Evidence& evidence, const CallRecord& like, int64_t t,
                    const std::string& method, vdisim::HResult code) {
  CallRecord call = like;
  call.method = method;
  call.start_ns = t;
  call.duration_ns = 1000;
  call.inputs.clear();
  call.outputs.clear();
  call.code = code.value();
  const auto at = std::find_if(evidence.calls.begin(), evidence.calls.end(),
                               [&](const CallRecord& other) { return EndOf(other) > EndOf(call); });
  return *evidence.calls.insert(at, call);
}

}  // namespace

Story::Story(JobOperation operation, Style style)
    : style_(style),
      held_(static_cast<size_t>(style.devices)),
      sent_(static_cast<size_t>(style.devices)),
      offset_(static_cast<size_t>(style.devices)) {
  AskedJob& job = evidence.job;
  job.operation = operation;
  job.devices = style.devices;
  job.database = "d";
  job.expect = JobExpectation::kSuccess;
  job.judge_statement = style.judge_statement;
  evidence.artefact_dir = kStoryFolder;
  for (int device = 1; device <= style.devices; ++device) {
    evidence.artefacts.push_back(FileName(device));
  }
  evidence.end.started = true;
}

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

void Story::Create() {
  CallRecord& call = SetCall("Create", vdisim::kOk);
  SetInput(call, "name", std::string("set"));
  SetInput(call, "deviceCount", TraceNumber(int64_t{style_.devices}));
  SetInput(call, "features", TraceNumber(int64_t{style_.request_complete ? kRequestComplete : 0}));
}

void Story::GiveStatement() {
  const bool backup = evidence.job.operation == JobOperation::kBackup;
  JournalEvent& event = Engine(JournalKind::kStatement);
  event.operation = backup ? "backup" : "restore";
  event.text = backup ? "BACKUP DATABASE [d] TO " : "RESTORE DATABASE [d] FROM ";
  for (int device = 1; device <= style_.devices; ++device) {
    event.text +=
        fmt::format("{}VIRTUAL_DEVICE = '{}'", device == 1 ? "" : ", ", DeviceName(device));
  }
}

void Story::Configure() {
  const bool backup = evidence.job.operation == JobOperation::kBackup;
  uint32_t features = backup ? kWriteMedia : kReadMedia;
  if (style_.request_complete) features |= kRequestComplete | kCompleteEnabled;
  JournalEvent& event = Engine(JournalKind::kConfigured);
  event.set = "set";
  event.features = features;
  for (int device = 1; device <= style_.devices; ++device) {
    event.devices.push_back(DeviceName(device));
  }
  event.block_size = 512;
  event.max_transfer_size = kStoryTransfer;
  if (style_.polls) SetCall("GetConfiguration", vdisim::kTimeout);
  CallRecord& call = SetCall("GetConfiguration", vdisim::kOk);
  SetOutput(call, "features", TraceNumber(int64_t{features}));
  SetOutput(call, "deviceCount", TraceNumber(int64_t{style_.devices}));
}

void Story::OpenDevices() {
  for (int device = 1; device <= style_.devices; ++device) {
    if (style_.processes) {
      CallRecord& join = Call(device, "OpenInSecondary", vdisim::kOk);
      join.object = 1;
      join.device.reset();
    }
    CallRecord& call = Call(device, "OpenDevice", vdisim::kOk);
    const auto object = static_cast<int64_t>(call.object);
    call.object = 1;
    call.device.reset();
    SetInput(call, "name", DeviceName(device));
    SetOutput(call, "device", TraceNumber(object));
    WitnessEvent& open = System(device, "open");
    const bool backup = evidence.job.operation == JobOperation::kBackup;
    open.flags = backup ? "O_WRONLY|O_CREAT|O_EXCL" : "O_RDONLY";
    open.result = open.fd;
  }
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

void Story::Write(int device) {
  Begin(device, kVdcWrite, kStoryTransfer);
  WitnessEvent& write = System(device, "write");
  write.bytes = kStoryTransfer;
  write.result = kStoryTransfer;
}

void Story::Read(int device) {
  Begin(device, kVdcRead, kStoryTransfer);
  WitnessEvent& read = System(device, "read");
  read.bytes = kStoryTransfer;
  read.result = kStoryTransfer;
}

void Story::Transfer() {
  const bool backup = evidence.job.operation == JobOperation::kBackup;
  for (int done = 0; done < kStoryTransfers; done += style_.hold) {
    for (int device = 1; device <= style_.devices; ++device) {
      for (int i = 0; i < style_.hold; ++i) backup ? Write(device) : Read(device);
    }
    for (int device = 1; device <= style_.devices; ++device) {
      for (int i = 0; i < style_.hold; ++i) Finish(device, kWinSuccess, kStoryTransfer);
    }
    if (style_.extra_flush && backup && done == 0) Flush();
  }
}

void Story::Sync(int device, int code) {
  Begin(device, code, 0);
  System(device, "fsync");
  Finish(device, kWinSuccess, 0);
}

void Story::Flush() {
  if (evidence.job.operation != JobOperation::kBackup) return;
  for (int device = 1; device <= style_.devices; ++device) Sync(device, kVdcFlush);
}

void Story::Complete() {
  if (!style_.request_complete || evidence.job.operation != JobOperation::kBackup) return;
  for (int device = 1; device <= style_.devices; ++device) Sync(device, kVdcComplete);
}

void Story::CloseDevices() {
  Engine(JournalKind::kClosing);
  for (int device = 1; device <= style_.devices; ++device) {
    Call(device, "GetCommand", vdisim::kClose);
  }
}

void Story::CloseSet() {
  if (style_.processes) {
    for (int device = 1; device <= style_.devices; ++device) {
      CallRecord& close = Call(device, "Close", vdisim::kOk);
      close.object = 1;
      close.device.reset();
    }
  }
  SetCall("Close", vdisim::kOk);
  SetCall("~ClientVirtualDeviceSet", vdisim::kOk);
}

void Story::EndStatement(bool succeeded, int first_error) {
  const bool backup = evidence.job.operation == JobOperation::kBackup;
  JournalEvent& event = Engine(JournalKind::kEnded);
  event.succeeded = succeeded;
  event.first_error = first_error;
  event.comparison = backup ? "not-compared" : "equal";
}

void Story::Exit(int status) {
  ClientEnd& end = evidence.end;
  end.exited = true;
  end.status = status;
  end.t = Now();
  end.seconds = static_cast<double>(end.t - kStoryStart) / 1e9;
  end.output = "told\n";
  const bool backup = evidence.job.operation == JobOperation::kBackup;
  for (int device = 1; device <= style_.devices; ++device) {
    const auto at = static_cast<size_t>(device) - 1;
    const FileFact file{FileName(device), offset_[at], fmt::format("hash{}", device), 1};
    evidence.after.push_back(file);
    if (!backup) {
      evidence.before.push_back(file);
      continue;
    }
    StoredStream stream;
    stream.statement = 1;
    stream.device = device;
    stream.path = FileName(device);
    stream.sent = stream.stored = stream.first_bad = offset_[at];
    stream.equal = true;
    evidence.stored.push_back(stream);
  }
  for (const CallRecord& call : evidence.calls) {
    if (!IsCreate(call) && !IsOpenInSecondary(call)) continue;
    WitnessEvent event;
    event.t = end.t;
    event.pid = event.tid = call.pid;
    event.call = "exit";
    event.threads = 1;
    evidence.system.push_back(event);
  }
}

namespace {

Evidence Correct(JobOperation operation, Style style) {
  Story story(operation, style);
  story.Create();
  story.GiveStatement();
  story.Configure();
  story.OpenDevices();
  story.Transfer();
  story.Flush();
  story.Complete();
  story.CloseDevices();
  story.CloseSet();
  story.EndStatement(true);
  story.Exit(0);
  return story.evidence;
}

}  // namespace

Evidence CorrectBackup(Style style) { return Correct(JobOperation::kBackup, style); }
Evidence CorrectRestore(Style style) { return Correct(JobOperation::kRestore, style); }

CallRecord& CallOf(Evidence& evidence, const std::string& method, int nth) {
  return evidence.calls[IndexOfCall(evidence, method, nth)];
}

JournalEvent& EventOf(Evidence& evidence, JournalKind kind, int nth) {
  return evidence.engine[NthOf(
      evidence.engine, nth, [&](const JournalEvent& e) { return e.kind == kind; },
      std::string(Name(kind)))];
}

WitnessEvent& SystemOf(Evidence& evidence, const std::string& call, int nth) {
  return evidence.system[IndexOfSystem(evidence, call, nth)];
}

void DropCall(Evidence& evidence, const std::string& method, int nth) {
  const auto at = static_cast<std::ptrdiff_t>(IndexOfCall(evidence, method, nth));
  evidence.calls.erase(evidence.calls.begin() + at);
}

void DropSystem(Evidence& evidence, const std::string& call, int nth) {
  const auto at = static_cast<std::ptrdiff_t>(IndexOfSystem(evidence, call, nth));
  evidence.system.erase(evidence.system.begin() + at);
}

void CutAfter(Evidence& evidence, int64_t t) {
  const auto cut = [&](auto& all, auto time) {
    all.erase(std::remove_if(all.begin(), all.end(), [&](const auto& e) { return time(e) > t; }),
              all.end());
  };
  cut(evidence.calls, [](const CallRecord& call) { return EndOf(call); });
  cut(evidence.engine, [](const JournalEvent& event) { return event.t; });
  cut(evidence.system, [](const WitnessEvent& event) { return event.end(); });
}

void SetInput(CallRecord& call, const std::string& name, vdisim::TraceValue value) {
  Set(&call.inputs, name, std::move(value));
}

void SetOutput(CallRecord& call, const std::string& name, vdisim::TraceValue value) {
  Set(&call.outputs, name, std::move(value));
}

CallRecord& AddSetCall(Evidence& evidence, int64_t t, const std::string& method,
                       vdisim::HResult code) {
  return AddCall(evidence, CallOf(evidence, "Create"), t, method, code);
}

CallRecord& AddDeviceCall(Evidence& evidence, int64_t t, const std::string& method,
                          vdisim::HResult code) {
  return AddCall(evidence, CallOf(evidence, "GetCommand"), t, method, code);
}

void MakeFailed(Evidence& evidence, int message) {
  JournalEvent& ended = EventOf(evidence, JournalKind::kEnded);
  ended.succeeded = false;
  ended.first_error = message;
  ended.messages = {{message, 16, "It failed."}, {3013, 16, "BACKUP DATABASE is terminating."}};
  ended.comparison = "not-compared";
  evidence.job.expect = JobExpectation::kAgrees;
  evidence.end.status = 1;
  evidence.stored.clear();
  if (evidence.job.operation == JobOperation::kBackup) evidence.after.clear();
}

void PrintTo(const BreakCase& one, std::ostream* out) { *out << one.check << ": " << one.name; }

}  // namespace conform
