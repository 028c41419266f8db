// Correct clients of every style are found to be correct, by every check that can be made.
#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/watch/call_fields.h"
#include "conformance/watch/testing/changes.h"
#include "conformance/watch/watch.h"

namespace conform {
namespace {

std::string Tell(const std::vector<WatchFinding>& findings) {
  std::string text;
  for (const WatchFinding& finding : findings) {
    text += finding.check + ": " + finding.actual + "\n" + finding.note + "\n";
  }
  return text;
}

bool Held(const WatchResult& result, const std::string& check) {
  return std::find(result.held.begin(), result.held.end(), check) != result.held.end();
}

struct NamedStyle {
  const char* name;
  Style style;
};

const NamedStyle kStyles[] = {
    {"OneDevice", {}},
    {"Threads", {.devices = 3}},
    {"SingleThread", {.devices = 3, .single_thread = true}},
    {"Processes", {.devices = 3, .processes = true}},
    {"HeldAndReversed", {.devices = 2, .hold = 4, .reverse = true}},
    {"SingleThreadHeld", {.devices = 2, .single_thread = true, .hold = 2}},
    {"Polling", {.devices = 2, .polls = true}},
    {"RequestComplete", {.devices = 2, .request_complete = true}},
    {"SeveralFlushes", {.devices = 2, .extra_flush = true}},
    {"StatementBySomebodyElse", {.judge_statement = true}},
};

class CorrectStyles : public testing::TestWithParam<NamedStyle> {};

TEST_P(CorrectStyles, HaveNoFindingAtABackup) {
  const Evidence evidence = CorrectBackup(GetParam().style);
  const WatchResult result = Watch(evidence, Rules::Embedded());
  EXPECT_TRUE(result.findings.empty()) << Tell(result.findings);
  EXPECT_TRUE(Held(result, "program/flush-durable"));
  EXPECT_TRUE(Held(result, "program/artefact-equal"));
  EXPECT_TRUE(Held(result, "program/every-command-completed"));
}

TEST_P(CorrectStyles, HaveNoFindingAtARestore) {
  const Evidence evidence = CorrectRestore(GetParam().style);
  const WatchResult result = Watch(evidence, Rules::Embedded());
  EXPECT_TRUE(result.findings.empty()) << Tell(result.findings);
  EXPECT_TRUE(Held(result, "program/restore-equal"));
}

// Whatever goes wrong around them, they say so and give up as they should.
TEST_P(CorrectStyles, HaveNoFindingWhenTheServerAborts) {
  Evidence evidence = CorrectBackup(GetParam().style);
  MakeFailed(evidence, 3202);
  const int64_t t = EndOf(CallOf(evidence, "CompleteCommand", 2));
  const JournalEvent ended = EventOf(evidence, JournalKind::kEnded);
  CutAfter(evidence, t);
  evidence.engine.push_back(ended);
  AddDeviceCall(evidence, t + 1, "GetCommand", vdisim::kAbort);
  AddSetCall(evidence, t + 5000, "Close", vdisim::kOk);
  if (GetParam().style.processes) {  // each secondary leaves the set, too
    for (uint32_t device = 1; device <= 3; ++device) {
      AddSetCall(evidence, t + 5000, "Close", vdisim::kOk).pid = kStoryPid + device;
    }
  }
  const WatchResult result = Watch(evidence, Rules::Embedded());
  EXPECT_TRUE(result.findings.empty()) << Tell(result.findings);
}

INSTANTIATE_TEST_SUITE_P(Watch, CorrectStyles, testing::ValuesIn(kStyles),
                         [](const auto& its) { return std::string(its.param.name); });

// Nobody watched system calls, as with a program that is linked statically.
TEST(Watch, JudgesNoDurabilityWithoutAWitness) {
  Evidence evidence = CorrectBackup();
  evidence.system.clear();
  const WatchResult result = Watch(evidence, Rules::Embedded());
  EXPECT_TRUE(result.findings.empty()) << Tell(result.findings);
  EXPECT_FALSE(Held(result, "program/flush-durable"));
}

TEST(Watch, JudgesNothingOfAProgramThatCouldNotBeStarted) {
  Evidence evidence;
  const WatchResult result = Watch(evidence, Rules::Embedded());
  EXPECT_TRUE(result.findings.empty()) << Tell(result.findings);
  EXPECT_TRUE(result.held.empty());
}

}  // namespace
}  // namespace conform
