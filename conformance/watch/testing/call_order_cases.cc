#include "conformance/watch/call_fields.h"
#include "conformance/watch/testing/cases.h"

namespace conform {
namespace {

using vdisim::kOk;
using vdisim::TraceNumber;

// A client whose Create fails, and which says so.
void FailCreate(Evidence& e, vdisim::HResult code) {
  CallOf(e, "Create").code = code.value();
  CutAfter(e, EndOf(CallOf(e, "Create")));
  e.stored.clear();
  e.after.clear();
  e.end.status = 1;
  e.job.expect = JobExpectation::kAgrees;
}

void Silence(Evidence& e) {
  e.calls.clear();
  e.engine.clear();
  e.system.clear();
  e.stored.clear();
  e.after.clear();
}

}  // namespace

std::vector<BreakCase> CallOrderCases() {
  return {
      {.name = "NothingIsCalled",
       .check = "started",
       .base = Backup,
       .broken = Silence,
       .kept =
           [](Evidence& e) {  // it could not start, and said so
             Silence(e);
             e.end.status = 1;
             e.job.expect = JobExpectation::kFailure;
           }},
      {.name = "ConfigurationIsAskedForBeforeCreate",
       .check = "call-order",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             AddSetCall(e, kStoryStart - kStoryStep, "GetConfiguration", vdisim::kProtocol);
           },
       .kept = [](Evidence& e) { AddSetCall(e, kStoryStart - kStoryStep, "Release", kOk); }},
      {.name = "AFailureOfCreateIsNotLookedAt",
       .check = "call-order",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             FailCreate(e, vdisim::kMemory);
             SetInput(CallOf(e, "Create"), "injected", TraceNumber(int64_t{1}));
             AddSetCall(e, kStoryStart + kStoryStep, "GetConfiguration", vdisim::kProtocol);
           },
       .kept =
           [](Evidence& e) {  // Close of what is not there does no harm
             FailCreate(e, vdisim::kMemory);
             SetInput(CallOf(e, "Create"), "injected", TraceNumber(int64_t{1}));
             AddSetCall(e, kStoryStart + kStoryStep, "Close", vdisim::kProtocol);
           }},
      {.name = "CreateWhileTheObjectHasASet",
       .check = "call-order",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             AddSetCall(e, EndOf(CallOf(e, "GetConfiguration")) + 1, "Create", vdisim::kProtocol);
           },
       .kept =
           [](Evidence& e) {  // after Close it may create another, and closes that, too
             const int64_t t = EndOf(CallOf(e, "Close")) + 1;
             AddSetCall(e, t, "Create", kOk);
             AddSetCall(e, t + 10000, "Close", kOk);
           }},
      {.name = "DevicesAreOpenedBeforeTheConfiguration",
       .check = "call-order",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             auto& open =
                 AddSetCall(e, EndOf(CallOf(e, "Create")) + 1, "OpenDevice", vdisim::kProtocol);
             SetInput(open, "name", std::string("set"));
           },
       .kept = [](Evidence&) {}},
      {.name = "TheNameOfTheSetIsInUse",
       .check = "set-name-unique",
       .base = Backup,
       .broken = [](Evidence& e) { FailCreate(e, vdisim::kProtocol); },
       .kept = [](Evidence& e) { FailCreate(e, vdisim::kSecurity); }},
      {.name = "CreateAsksForTooManyDevices",
       .check = "configuration-legal",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             FailCreate(e, vdisim::kNotSupported);
             SetInput(CallOf(e, "Create"), "deviceCount", TraceNumber(int64_t{65}));
           },
       .kept =
           [](Evidence& e) {
             FailCreate(e, vdisim::kNotSupported);
             SetInput(CallOf(e, "Create"), "injected", TraceNumber(int64_t{1}));
           }},
      {.name = "MembersOfTheServerAreFilled",
       .check = "server-fields",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             SetInput(CallOf(e, "Create"), "blockSize", TraceNumber(int64_t{65536}));
           },
       .kept =
           [](Evidence& e) {
             SetInput(CallOf(e, "Create"), "blockSize", TraceNumber(int64_t{0}));
             SetInput(CallOf(e, "Create"), "serverTimeOut", TraceNumber(int64_t{60000}));
           }},
      {.name = "TheConfigurationIsNeverRead",
       .check = "configuration-read",
       .base = Backup,
       .broken = [](Evidence& e) { DropCall(e, "GetConfiguration"); },
       .kept =
           [](Evidence& e) {  // and once more, by a thread
             auto& again =
                 AddSetCall(e, EndOf(CallOf(e, "OpenDevice")) + 1, "GetConfiguration", kOk);
             again.tid = 7;
           }},
      {.name = "ABackupIsServedByARestore",
       .check = "configuration-read",
       .base = [] { return CorrectRestore({.judge_statement = true}); },
       .broken =
           [](Evidence& e) {
             SetOutput(CallOf(e, "GetConfiguration"), "features", TraceNumber(int64_t{0x10000}));
             SetOutput(CallOf(e, "GetCommand"), "commandCode", TraceNumber(int64_t{2}));
           },
       .kept =
           [](Evidence& e) {  // positioning devices may read and write
             SetOutput(CallOf(e, "GetConfiguration"), "features", TraceNumber(int64_t{0x30000}));
           }},
      {.name = "ACallAfterClose",
       .check = "call-after-close",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             AddSetCall(e, EndOf(CallOf(e, "Close")) + 1, "GetConfiguration", vdisim::kProtocol);
           },
       .kept =
           [](Evidence& e) {  // it had begun before Close returned
             AddSetCall(e, EndOf(CallOf(e, "Close")) - 1, "SignalAbort", vdisim::kProtocol);
           }},
      {.name = "CommandsAreAskedForAfterAnAbort",
       .check = "calls-after-abort",
       .base =
           [] {
             Evidence e = Failed();
             CallOf(e, "GetCommand", 4).code = vdisim::kAbort.value();
             return e;
           },
       .broken =
           [](Evidence& e) {
             CutAfter(e, Fetched(e, 4));
             const int64_t t = e.calls.back().start_ns;
             AddDeviceCall(e, t + 5000, "GetCommand", vdisim::kAbort);
             AddSetCall(e, t + 9000, "Close", kOk);
           },
       .kept =
           [](Evidence& e) {  // another thread does not know yet
             CutAfter(e, Fetched(e, 4));
             const int64_t t = e.calls.back().start_ns;
             AddDeviceCall(e, t + 5000, "GetCommand", vdisim::kAbort).tid = 7;
             AddSetCall(e, t + 9000, "Close", kOk);
           }},

  };
}

}  // namespace conform
