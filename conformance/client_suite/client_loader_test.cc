#include "conformance/client_suite/client_loader.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Rules& TheRules() {
  static const Rules kRules = Rules::Embedded();
  return kRules;
}

std::vector<ClientScenario> Load(const std::string& text) {
  const std::vector<SourceText> files = {{.name = "test.xml", .text = text}};
  return LoadClientScenarios(files, TheRules());
}

// A file with one scenario; its inside begins in line 3.
std::string WithInside(const std::string& inside, const std::string& attributes = "") {
  return "<client-scenarios group='g'>\n<scenario id='g.s' title='t ${a}' clauses='CMD-Flush-1' "
         "aims='program/x program/y' " +
         attributes + "><goal>why</goal>\n" + inside + "</scenario></client-scenarios>";
}

// What is said about a text that cannot be used.
std::string Refusal(const std::string& text) {
  try {
    Load(text);
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "nothing";
}

TEST(LoadClientScenarios, ReadsEverythingThatAJobSays) {
  const auto suite = Load(WithInside(
      "<job operation='restore' statement='backup' devices='3' statement-devices='5' copies='2' "
      "inject='GetCommand#3="
      "VD_E_TIMEOUT; OpenDevice#1=0x8077000A' guard='fault' trouble='full:4096' damage='flip' "
      "cancel-at='Read#2' kill-at='any#7' kill='pause:1.5T' options='BUFFERCOUNT = 2' "
      "expect='failure'/>",
      "database=\"a]b\" source='seed:2,size:64K' tags='x y' no-bug='none'"));
  ASSERT_EQ(suite.size(), 1U);
  EXPECT_EQ(suite[0].id, "g.s");
  EXPECT_EQ(suite[0].goal, "why");
  EXPECT_EQ(suite[0].group, "g");
  EXPECT_EQ(suite[0].file, "test.xml");
  EXPECT_EQ(suite[0].line, 2);
  EXPECT_EQ(suite[0].database, "a]b");
  EXPECT_EQ(suite[0].source, "seed:2,size:64K");
  EXPECT_EQ(suite[0].no_bug, "none");
  EXPECT_THAT(suite[0].tags, ElementsAre("x", "y"));
  EXPECT_THAT(suite[0].aims, ElementsAre("program/x", "program/y"));
  EXPECT_THAT(suite[0].clauses, ElementsAre("CMD-Flush-1"));
  ASSERT_EQ(suite[0].jobs.size(), 1U);
  const ClientJob& job = suite[0].jobs[0];
  EXPECT_EQ(job.operation, ClientJob::Operation::kRestore);
  EXPECT_EQ(job.statement, "backup");
  EXPECT_EQ(job.devices, 3);
  EXPECT_EQ(job.statement_devices, 5);
  EXPECT_EQ(job.copies, 2);
  EXPECT_EQ(job.inject, "GetCommand#3=VD_E_TIMEOUT; OpenDevice#1=0x8077000A");
  EXPECT_EQ(job.guard, "fault");
  EXPECT_EQ(job.environment_trouble, "full:4096");
  EXPECT_EQ(job.damage, "flip");
  EXPECT_EQ(job.cancel_at, "Read#2");
  EXPECT_EQ(job.kill_at, "any#7");
  EXPECT_EQ(job.kill_target, "pause:1.5T");
  EXPECT_EQ(job.statement_options, "BUFFERCOUNT = 2");
  EXPECT_EQ(job.expect, ClientJob::Expect::kFailure);
  EXPECT_EQ(job.line, 3);
}

TEST(LoadClientScenarios, AJobThatSaysLittleIsAnOrdinaryOne) {
  const auto suite = Load(WithInside("<job operation='backup'/>"));
  ASSERT_EQ(suite.size(), 1U);
  const ClientJob& job = suite[0].jobs[0];
  EXPECT_EQ(job.operation, ClientJob::Operation::kBackup);
  EXPECT_EQ(job.devices, 1);
  EXPECT_EQ(job.statement_devices, 0);
  EXPECT_EQ(job.copies, 1);
  EXPECT_EQ(job.guard, "detect");
  EXPECT_EQ(job.kill_target, "client");
  EXPECT_EQ(job.faults, "");
  EXPECT_EQ(job.expect, ClientJob::Expect::kAgrees);
  EXPECT_TRUE(suite[0].requirements.empty());
}

TEST(LoadClientScenarios, RequiresWhatItsJobsShow) {
  const auto suite = Load(
      WithInside("<job operation='backup' devices='2'/>"
                 "<job operation='restore' cancel-at='idle' kill-at='Read#1' kill='secondary'/>"
                 "<job operation='backup' options='BLOCKSIZE = 4096'/>",
                 "requires='complete'"));
  EXPECT_THAT(suite[0].requirements, ElementsAre("cancel", "complete", "judge-statement", "restore",
                                                 "secondary-processes", "stripes"));
}

// What is done only if it can be asks for nothing.
TEST(LoadClientScenarios, AsksForNoRestoreThatComesAfterASuccess) {
  const auto suite =
      Load(WithInside("<job operation='backup'/><job operation='restore' after='success'/>"));
  EXPECT_THAT(suite[0].requirements, IsEmpty());
  EXPECT_FALSE(suite[0].jobs[0].after_success);
  EXPECT_TRUE(suite[0].jobs[1].after_success);
}

TEST(LoadClientScenarios, MakesACaseOfEachRow) {
  const auto suite = Load(
      WithInside("<table><row id='one' a='1'/><row id='two' a='&lt;2>'/></table>"
                 "<job operation='backup'><faults>\n  <stall at='Write' nth=\"${a}\"/></faults>"
                 "</job>"));
  ASSERT_EQ(suite.size(), 2U);
  EXPECT_EQ(suite[0].id, "g.s.one");
  EXPECT_EQ(suite[0].scenario, "g.s");
  EXPECT_EQ(suite[0].title, "t 1");
  EXPECT_EQ(suite[0].jobs[0].faults, "<faults>\n  <stall at='Write' nth=\"1\"/></faults>");
  // Where the text is XML the value stays text.
  EXPECT_EQ(suite[1].jobs[0].faults, "<faults>\n  <stall at='Write' nth=\"&lt;2>\"/></faults>");
}

TEST(LoadClientScenarios, RefusesWithFileAndLineAndWhatWasExpected) {
  const auto job = [](const std::string& attributes) {
    return WithInside("<job operation='backup' " + attributes + "/>");
  };
  EXPECT_THAT(Refusal("<scenarios/>"), HasSubstr("test.xml:1: <scenarios>, expected <client-"));
  EXPECT_THAT(Refusal(WithInside("<job operation='verify'/>")),
              HasSubstr("test.xml:3: operation=\"verify\", expected backup, restore"));
  EXPECT_THAT(Refusal(job("devices='65'")), HasSubstr("devices=\"65\", expected 1 to 64"));
  EXPECT_THAT(Refusal(job("copies='0'")), HasSubstr("copies=\"0\", expected 1 to 16"));
  EXPECT_THAT(Refusal(job("cancel-at='Write'")), HasSubstr("expected a point: Write#3"));
  EXPECT_THAT(Refusal(job("trouble='full'")), HasSubstr("expected read-only, full:BYTES"));
  EXPECT_THAT(Refusal(job("trouble='failing:open#1'")), HasSubstr("such as failing:write#3"));
  EXPECT_THAT(Refusal(job("trouble='short:sync#1'")), HasSubstr("such as short:write#3"));
  EXPECT_THAT(Refusal(job("after='failure'")), HasSubstr("after=\"failure\", expected"));
  EXPECT_THAT(Refusal(job("after='success'")), HasSubstr("expected a job before it"));
  EXPECT_THAT(Refusal(job("damage='flipp'")), HasSubstr("did you mean flip?"));
  EXPECT_THAT(Refusal(job("kill='client'")), HasSubstr("kill without kill-at"));
  EXPECT_THAT(Refusal(job("inject='GetCommand=VD_E_ABORT'")), HasSubstr("METHOD#NTH=CODE"));
  EXPECT_THAT(Refusal(job("inject='SendCommand#1=VD_E_ABORT'")),
              HasSubstr("SendCommand, expected a method of the client"));
  EXPECT_THAT(Refusal(job("inject='GetCommand#1=VD_E_NONE'")), HasSubstr("expected a code"));
  EXPECT_THAT(Refusal(job("expects='success'")), HasSubstr("did you mean expect?"));
  EXPECT_THAT(Refusal(WithInside("")), HasSubstr("test.xml:2: a scenario needs a <job>"));
  EXPECT_THAT(Refusal(WithInside("<job operation='backup'/>", "requires='complet'")),
              HasSubstr("did you mean complete?"));
  EXPECT_THAT(Refusal(WithInside("<job operation='backup'><faults/></job>")),
              HasSubstr("<faults> is empty"));
  EXPECT_THAT(Refusal(WithInside("<job operation='backup'><faults><abort nth='${n}'/></faults>"
                                 "</job>")),
              HasSubstr("${n}, expected a column of a table"));
  EXPECT_THAT(Refusal("<client-scenarios group='g'><scenario id='h.s' title='t' "
                      "clauses='CMD-Flush-1' aims='program/x'><goal>g</goal><job "
                      "operation='backup'/></scenario></client-scenarios>"),
              HasSubstr("that begin with the group: g."));
  EXPECT_THAT(Refusal("<client-scenarios group='g'><scenario id='g.s' title='t' "
                      "clauses='CMD-Flush-77' aims='program/x'><goal>g</goal><job "
                      "operation='backup'/></scenario></client-scenarios>"),
              HasSubstr("clauses names CMD-Flush-77"));
  EXPECT_THAT(Refusal("<client-scenarios group='g'><scenario id='g.s' title='t' "
                      "clauses='CMD-Flush-1' aims='flush'><goal>g</goal><job "
                      "operation='backup'/></scenario></client-scenarios>"),
              HasSubstr("expected ids of checks such as program/flush-durable"));
}

}  // namespace
}  // namespace conform
