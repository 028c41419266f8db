#include "conformance/client/job_trail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "simulator/base/hresult.h"

namespace conform {
namespace {

using testing::ElementsAre;

vdisim::CallRecord Call(const std::string& method, int64_t start_ns, int64_t duration_ns) {
  vdisim::CallRecord call;
  call.method = method;
  call.set = "vdi-77-x";
  call.start_ns = start_ns;
  call.duration_ns = duration_ns;
  return call;
}

JournalEvent Event(JournalKind kind, int64_t t) {
  JournalEvent event;
  event.kind = kind;
  event.t = t;
  return event;
}

std::vector<std::string> TextsOf(const JobOutcome& outcome) {
  std::vector<std::string> texts;
  for (const TrailLine& line : TrailOf({&outcome})) texts.push_back(line.text);
  return texts;
}

TEST(CallText, TellsArgumentsPlaceAndCode) {
  vdisim::CallRecord call = Call("GetCommand", 0, 0);
  call.device = "d";
  call.inputs = {{"timeOut", int64_t{1000}}};
  call.outputs = {{"commandCode", int64_t{2}}, {"size", int64_t{65536}}};
  EXPECT_EQ(CallText(call), "GetCommand(timeOut=1000) on d -> NOERROR, commandCode=2 size=65536");
  call.device.reset();
  call.code = vdisim::kTimeout.value();
  call.outputs.clear();
  EXPECT_EQ(CallText(call), "GetCommand(timeOut=1000) on vdi-77-x -> VD_E_TIMEOUT");
}

TEST(CallText, LeavesOutAddressesAndWhatIsEmptyButNotAZeroThatCounts) {
  vdisim::CallRecord call = Call("CompleteCommand", 0, 0);
  call.set.clear();
  call.inputs = {{"pCmd", std::string("0x7f00")},
                 {"completionCode", int64_t{0}},
                 {"bytesTransferred", int64_t{0}},
                 {"position", int64_t{0}}};
  EXPECT_EQ(CallText(call), "CompleteCommand(completionCode=0, bytesTransferred=0) -> NOERROR");
}

TEST(TrailOf, PutsAllSidesInTheOrderOfTheirEnds) {
  JobOutcome outcome;
  outcome.evidence.artefact_dir = "/tmp/vdi-case-Ab/1/media";
  outcome.evidence.calls = {Call("Close", 900, 50), Call("GetConfiguration", 100, 400)};
  JournalEvent statement = Event(JournalKind::kStatement, 150);
  statement.text = "BACKUP DATABASE d TO VIRTUAL_DEVICE = 'vdi-77-x'";
  JournalEvent configured = Event(JournalKind::kConfigured, 450);
  configured.set = "vdi-77-x";
  configured.devices = {"vdi-77-x"};
  configured.max_transfer_size = 65536;
  JournalEvent fault = Event(JournalKind::kFault, 600);
  fault.text = "stall";
  fault.device = 1;
  fault.n = 3;
  JournalEvent ended = Event(JournalKind::kEnded, 800);
  ended.first_error = 3202;
  outcome.evidence.engine = {statement, configured, fault, Event(JournalKind::kSent, 460), ended};
  outcome.moments = {{.t = 50, .text = "the client was started in /tmp/vdi-case-Ab/1/home"}};
  EXPECT_THAT(
      TextsOf(outcome),
      ElementsAre("judge: the client was started in CASE/home",
                  "server: begins BACKUP DATABASE d TO VIRTUAL_DEVICE = 'SET'",
                  "server: configures SET with 1 device, transfers up to 65536 bytes",
                  "GetConfiguration() on SET -> NOERROR", "server: stall at command 3 of device 1",
                  "server: the statement failed with 3202", "Close() on SET -> NOERROR"));
}

TEST(TrailOf, TellsHowTheServerEnds) {
  JobOutcome outcome;
  JournalEvent aborted = Event(JournalKind::kAborted, 2);
  aborted.text = "the client is gone";
  JournalEvent ended = Event(JournalKind::kEnded, 3);
  ended.succeeded = true;
  JournalEvent devices = Event(JournalKind::kConfigured, 0);
  devices.devices = {"a", "b"};
  devices.max_transfer_size = 512;
  JournalEvent fault = Event(JournalKind::kFault, 4);
  fault.text = "no-flush";
  outcome.evidence.engine = {devices, Event(JournalKind::kClosing, 1), aborted, ended, fault};
  EXPECT_THAT(TextsOf(outcome),
              ElementsAre("server: configures  with 2 devices, transfers up to 512 bytes",
                          "server: closes the devices", "server: aborts: the client is gone",
                          "server: the statement succeeded", "server: no-flush"));
}

TEST(TrailOf, SaysWhichCopyDidWhat) {
  JobOutcome first;
  first.evidence.artefact_dir = "/tmp/vdi-case-Ab/1/media";
  first.evidence.calls = {Call("Create", 100, 50), Call("Close", 900, 50)};
  JobOutcome second = first;
  second.evidence.artefact_dir = "/tmp/vdi-case-Ab/2/media";
  second.evidence.calls = {Call("Create", 200, 50)};
  second.evidence.calls[0].set = "vdi-78-y";
  second.moments = {{.t = 150, .text = "the client was started in /tmp/vdi-case-Ab/2/home"}};
  std::vector<std::string> texts;
  for (const TrailLine& line : TrailOf({&first, &second})) texts.push_back(line.text);
  EXPECT_THAT(texts, ElementsAre("copy 1: Create() on SET -> NOERROR",
                                 "copy 2: judge: the client was started in CASE2/home",
                                 "copy 2: Create() on SET2 -> NOERROR",
                                 "copy 1: Close() on SET -> NOERROR"));
}

// What is compared between two runs must not depend on names that each run makes anew.
TEST(Steady, NamesSetsAndTheFolderAlikeInEachRun) {
  const auto steady = [](const std::string& one, const std::string& other,
                         const std::string& folder) {
    JobOutcome outcome;
    outcome.evidence.artefact_dir = folder + "/media";
    outcome.evidence.calls = {Call("Create", 1, 1), Call("Create", 2, 1)};
    outcome.evidence.calls[0].set = one;
    outcome.evidence.calls[1].set = other;
    return Steady({&outcome}, one + " and " + other + " in " + folder + "/media/a");
  };
  EXPECT_EQ(steady("vdi-1-a", "vdi-1-b", "/tmp/x"), "SET and SET2 in CASE/media/a");
  EXPECT_EQ(steady("vdi-9-a", "vdi-9-b", "/tmp/y"), "SET and SET2 in CASE/media/a");
}

}  // namespace
}  // namespace conform
