#include "conformance/watch/testing/changes.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "conformance/watch/call_fields.h"

namespace conform {
namespace {

using vdisim::CallRecord;
using vdisim::TraceField;

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

Evidence Backup() { return CorrectBackup(); }
Evidence Restore() { return CorrectRestore(); }
Evidence TwoDevices() { return CorrectBackup({.devices = 2}); }

Evidence Failed() {
  Evidence evidence = CorrectBackup();
  MakeFailed(evidence, 3202);
  return evidence;
}

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

void SetCommand(CallRecord& get, int code) {
  SetOutput(get, "commandCode", vdisim::TraceNumber(int64_t{code}));
}

void SetCompletion(CallRecord& complete, int64_t code) {
  SetInput(complete, "completionCode", vdisim::TraceNumber(code));
}

void FailSystem(WitnessEvent& event, int error) {
  event.result = -1;
  event.error = error;
}

int64_t Fetched(Evidence& evidence, int nth) { return EndOf(CallOf(evidence, "GetCommand", nth)); }

int64_t Answered(Evidence& evidence, int nth) {
  return EndOf(CallOf(evidence, "CompleteCommand", nth));
}

void AbortAndClose(Evidence& evidence, int64_t t) {
  AddSetCall(evidence, t, "SignalAbort", vdisim::kOk);
  AddSetCall(evidence, t + 4000, "Close", vdisim::kOk);
}

void Hang(Evidence& evidence, int64_t t) {
  CutAfter(evidence, t);
  evidence.hang.hung = true;
  evidence.hang.silent_seconds = 10;
  evidence.end.exited = false;
  evidence.end.killed_by_us = true;
  evidence.stored.clear();
  evidence.after.clear();
}

void StopAt(Evidence& evidence, int64_t t) {
  const JournalEvent ended = EventOf(evidence, JournalKind::kEnded);
  CutAfter(evidence, t);
  evidence.engine.push_back(ended);
}

void GiveUpAt(Evidence& evidence, int64_t t) {
  StopAt(evidence, t);
  AbortAndClose(evidence, t + 1);
}

}  // namespace conform
