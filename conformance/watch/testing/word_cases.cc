#include <cerrno>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/testing/cases.h"

namespace conform {
namespace {

using vdisim::kOk;

}  // namespace

std::vector<BreakCase> WordCases() {
  return {
      {.name = "SuccessIsReportedForAFailedStatement",
       .check = "false-success",
       .base = Failed,
       .broken = [](Evidence& e) { e.end.status = 0; },
       .kept =
           [](Evidence& e) {  // another status that means failure
             e.end.status = 3;
           }},
      {.name = "SuccessIsReportedForAStatementThatNeverEnded",
       .check = "false-success",
       .base =
           [] {
             Evidence e = Failed();
             e.engine.pop_back();
             return e;
           },
       .broken = [](Evidence& e) { e.end.status = 0; },
       .kept = [](Evidence&) {}},
      {.name = "SuccessIsReportedForAJobThatCannotSucceed",
       .check = "false-success",
       .base =
           [] {
             Evidence e = CorrectBackup();
             e.job.expect = JobExpectation::kFailure;
             return e;
           },
       .broken = [](Evidence&) {},
       .kept = [](Evidence& e) { e.end.status = 1; }},
      {.name = "AnAbortIsReportedAsASuccessByWhoDoesNotSeeTheStatement",
       .check = "false-success",
       .base =
           [] {
             Evidence e = CorrectBackup({.judge_statement = true});
             MakeFailed(e, 3202);
             e.end.status = 0;
             return e;
           },
       .broken = [](Evidence& e) { CallOf(e, "GetCommand", 6).code = vdisim::kAbort.value(); },
       .kept = [](Evidence&) {}},  // the devices ended well; it cannot know better
      {.name = "TheLastLineSpeaksOfSuccess",
       .check = "false-success",
       .base = Failed,
       .broken = [](Evidence& e) { e.end.output = "writing\nBackup of d is complete.\n"; },
       .kept = [](Evidence& e) { e.end.output = "complete\nThe backup was not completed.\n\n"; }},
      {.name = "AFileThatCouldNotBeNamedIsCalledABackup",
       .check = "false-success",
       .base =
           [] {
             Evidence e = CorrectBackup();
             e.job.expect = JobExpectation::kAny, e.job.trouble = true;
             WitnessEvent rename = SystemOf(e, "write");
             rename.call = "rename";
             rename.t = EndOf(CallOf(e, "Close")) + 1;
             rename.to = "/media/final";
             rename.result = -1;
             rename.error = ENOENT;
             e.system.push_back(rename);
             return e;
           },
       .broken = [](Evidence&) {},
       .kept =
           [](Evidence& e) {  // it has its name, by another way
             e.after.push_back({.path = "final", .size = 1, .hash = "", .mtime_ns = 0});
           }},
      {.name = "FailureIsReportedForASuccess",
       .check = "false-failure",
       .base = Backup,
       .broken = [](Evidence& e) { e.end.status = 1; },
       .kept =
           [](Evidence& e) {
             e.client.success_statuses = {0, 4}, e.end.status = 4;
           }},
      {.name = "NothingIsTransferredAndAllIsWell",
       .check = "nothing-transferred",
       .base =
           [] {
             Evidence e = CorrectBackup({.judge_statement = true});
             e.engine.clear();
             CutAfter(e, EndOf(CallOf(e, "Create")));
             AddSetCall(e, kStoryStart + kStoryStep, "GetConfiguration", vdisim::kTimeout);
             AddSetCall(e, kStoryStart + 2 * kStoryStep, "Close", kOk);
             e.stored.clear();
             e.after.clear();
             e.job.expect = JobExpectation::kAgrees;
             return e;
           },
       .broken = [](Evidence&) {},
       .kept = [](Evidence& e) { e.end.status = 1; }},
      {.name = "AFailureIsNotTold",
       .check = "failure-told",
       .base = Failed,
       .broken = [](Evidence& e) { e.end.output = " \n"; },
       .kept = [](Evidence& e) { e.end.output.clear(), e.end.error = "BACKUP failed"; }},
      {.name = "ABackupThatWasCalledGoodCannotBeRestored",
       .check = "restorable",
       .base =
           [] {
             Evidence e = Restore();
             MakeFailed(e, 3203);
             e.job.expect = JobExpectation::kAgrees;
             return e;
           },
       .broken = [](Evidence& e) { e.job.called_good = true; },
       .kept = [](Evidence&) {}},
      {.name = "AJobFailsThatShouldSucceed",
       .check = "job-done",
       .base = Failed,
       .broken = [](Evidence& e) { e.job.expect = JobExpectation::kSuccess; },
       .kept = [](Evidence& e) { e.job.expect = JobExpectation::kAny; }},
  };
}

}  // namespace conform
