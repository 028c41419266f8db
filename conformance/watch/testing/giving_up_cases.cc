#include "conformance/watch/call_fields.h"
#include "conformance/watch/testing/cases.h"

namespace conform {
namespace {

using vdisim::CallRecord;
using vdisim::kOk;
using vdisim::TraceNumber;

}  // namespace

std::vector<BreakCase> GivingUpCases() {
  return {
      {.name = "ATimeOutOfGetCommandEndsTheJob",
       .check = "timeout-goes-on",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             MakeFailed(e, 3202);
             e.job.expect = JobExpectation::kSuccess;
             const int64_t t = Answered(e, 3);
             StopAt(e, t);
             AddDeviceCall(e, t + 1, "GetCommand", vdisim::kTimeout);
             AbortAndClose(e, t + 5000);
           },
       .kept =
           [](Evidence& e) {
             AddDeviceCall(e, Answered(e, 3) + 1, "GetCommand", vdisim::kTimeout);
           }},
      {.name = "ATimeOutOfGetConfigurationEndsTheJob",
       .check = "timeout-goes-on",
       .base = Backup,
       .broken =
           [](Evidence& e) {
             MakeFailed(e, 3202);
             e.job.expect = JobExpectation::kSuccess;
             e.client.idle_limit_seconds = 30;
             const int64_t t = EndOf(CallOf(e, "Create"));
             StopAt(e, t + kStoryStep);
             AddSetCall(e, t + 1, "GetConfiguration", vdisim::kTimeout);
             AbortAndClose(e, t + 5000);
           },
       .kept =
           [](Evidence& e) {
             AddSetCall(e, EndOf(CallOf(e, "Create")) + 1, "GetConfiguration", vdisim::kTimeout);
           }},
      {.name = "TheSetIsClosedInMidStream",
       .check = "close-after-end",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             const int64_t t = Answered(e, 3);
             StopAt(e, t);
             AddSetCall(e, t + 1, "Close", vdisim::kOpen);
           },
       .kept =
           [](Evidence& e) {  // the server had given up
             const int64_t t = Answered(e, 3);
             StopAt(e, t);
             AddDeviceCall(e, t + 1, "GetCommand", vdisim::kAbort);
             AddSetCall(e, t + 5000, "Close", kOk);
           }},
      {.name = "AFailureClosesTheSetWithoutAnAbort",
       .check = "abort-on-failure",
       .base =
           [] {
             Evidence e = Failed();
             SetInput(CallOf(e, "CompleteCommand", 3), "completionCode", TraceNumber(int64_t{29}));
             return e;
           },
       .broken =
           [](Evidence& e) {
             const int64_t t = Answered(e, 3);
             StopAt(e, t);
             AddSetCall(e, t + 1, "Close", vdisim::kOpen);
           },
       .kept = [](Evidence& e) { GiveUpAt(e, Answered(e, 3)); }},
      {.name = "TheProgramWalksOff",
       .check = "abort-on-failure",
       .base = Failed,
       .broken = [](Evidence& e) { StopAt(e, Answered(e, 3)); },
       .kept = [](Evidence& e) { GiveUpAt(e, Answered(e, 3)); }},
      {.name = "ACancelIsNotToldToTheServer",
       .check = "abort-on-failure",
       .base =
           [] {
             Evidence e = CorrectBackup();
             e.job.cancelled = true;
             e.cancel_seconds = 1;
             e.job.expect = JobExpectation::kAgrees;
             return e;
           },
       .broken = [](Evidence& e) { e.end.status = 130; },
       .kept = [](Evidence&) {}},  // it came too late, and the program says that all is well
      {.name = "AFailedDeviceIsLeftAlone",
       .check = "abort-on-failure",
       .base = [] { return CorrectBackup({.devices = 2}); },
       .broken =
           [](Evidence& e) {
             const int64_t t = Answered(e, 3);
             SetInput(CallOf(e, "CompleteCommand", 3), "completionCode", TraceNumber(int64_t{29}));
             const CallRecord other = CallOf(e, "GetCommand", 4);
             Hang(e, t);
             e.begun.push_back({.method = "GetCommand",
                                .start_ns = t + 1,
                                .pid = other.pid,
                                .tid = other.tid,
                                .face = other.face,
                                .object = other.object,
                                .set = other.set,
                                .device = other.device});
           },
       .kept = [](Evidence&) {}},
      {.name = "ATimeOutIsTakenForTheEnd",
       .check = "close-after-end",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             e.job.expect = JobExpectation::kSuccess;
             const int64_t t = Answered(e, 5);
             StopAt(e, t);
             AddDeviceCall(e, t + 1, "GetCommand", vdisim::kTimeout);
             AddSetCall(e, t + 5000, "Close", vdisim::kOpen);
           },
       .kept = [](Evidence&) {}},
      {.name = "TheProgramLeavesWhenOpenDeviceFails",
       .check = "abort-on-failure",
       .base = Failed,
       .broken =
           [](Evidence& e) {
             CallRecord& open = CallOf(e, "OpenDevice");
             open.code = vdisim::kMemory.value();
             const int64_t t = EndOf(open);
             StopAt(e, t);
           },
       .kept =
           [](Evidence& e) {
             CallRecord& open = CallOf(e, "OpenDevice");
             open.code = vdisim::kMemory.value();
             GiveUpAt(e, EndOf(open));
           }},
  };
}

}  // namespace conform
