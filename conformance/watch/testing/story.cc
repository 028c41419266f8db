#include "conformance/watch/testing/story.h"

#include <fmt/format.h>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/testing/changes.h"
#include "conformance/watch/win32_codes.h"

namespace conform {
namespace {

using vdisim::CallRecord;
using vdisim::TraceNumber;

constexpr uint32_t kWriteMedia = 0x10000;
constexpr uint32_t kReadMedia = 0x20000;
constexpr uint32_t kRequestComplete = 0x2000;
constexpr uint32_t kCompleteEnabled = 0x40000;

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

}  // namespace conform
