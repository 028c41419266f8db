// A client program as the subject, from outside: what a vendor types, and what is answered.
#include "conformance/cli/client_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>

namespace conform {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST_F(ClientRun, KeepsEveryRuleWhenTheClientIsRight) {
  ASSERT_EQ(RunClient(Reference() + "program.ordinary.backup program.ordinary.round-trip "
                                    "program.flush.mid-stream --events e.jsonl --trace t"),
            0)
      << output_;
  EXPECT_THAT(output_, HasSubstr("kept every rule in 4 situations"));
  EXPECT_THAT(output_, HasSubstr("How it used the interface"));
  EXPECT_THAT(output_, HasSubstr("\n  never called  "));
  EXPECT_THAT(Read("j.xml"), HasSubstr("program.ordinary.round-trip"));
  EXPECT_THAT(Read("t/program.ordinary.round-trip/1/job2/trace.jsonl"), HasSubstr("OpenDevice"));
  EXPECT_THAT(Read("t/program.ordinary.round-trip/1/job2/journal.jsonl"),
              HasSubstr("\"comparison\":\"equal\""));
  EXPECT_EQ(CasesLeft(), 0);
}

// The first figure of a line of the scoreboard, memory in KiB; -1: there is none.
double FigureOf(const std::string& output, const std::string& line) {
  const std::string head = "\n  " + line + "  ";
  const size_t at = output.find(head);
  if (at == std::string::npos) return -1;
  std::istringstream words(output.substr(at + head.size()));
  double figure = -1;
  std::string unit;
  words >> figure >> unit;
  return unit == "MiB" ? figure * 1024 : figure;
}

TEST_F(ClientRun, ShowsWhatALeakingProgramLeavesBehind) {
  ASSERT_EQ(RunClient(Reference() + "program.ordinary.backup"), 0) << output_;
  EXPECT_THAT(output_, HasSubstr("left open at its end    2 descriptors, 0 threads, 0 mappings"));
  EXPECT_THAT(output_, HasSubstr("open: 2 x a pipe\n"));  // that wakes it, to its end
  EXPECT_THAT(output_, Not(HasSubstr("program/left-resources")));
  const double correct_kib = FigureOf(output_, "memory left at its end");
  EXPECT_GE(correct_kib, 0) << output_;
  std::string leaking = Reference("--bug=leaks-descriptors ");
  leaking.replace(leaking.find(REFCLIENT), std::string(REFCLIENT).size(), BUGGY_CLIENT);
  ASSERT_EQ(RunClient(leaking + "program.ordinary.backup"), 0) << output_;  // it only warns
  EXPECT_THAT(output_, HasSubstr("program/left-resources"));
  EXPECT_GT(FigureOf(output_, "left open at its end"), 16) << output_;
  // A buffer for each command is as much as was moved, 2 MiB.
  EXPECT_GT(FigureOf(output_, "memory left at its end"), correct_kib + 1024) << output_;
}

TEST_F(ClientRun, SaysThatItDoesNotKnowWhatAProgramLeavesThatLeavesByExit) {
  ASSERT_EQ(RunClient(" --client '" BUGGY_CLIENT
                      " {operation} --bug=crash-at-Close --database={database} "
                      "--directory={artefact_dir}' program.ordinary.backup"),
            1)
      << output_;
  EXPECT_THAT(output_, HasSubstr("left open at its end    not seen"));
  EXPECT_THAT(output_, HasSubstr("memory left at its end  not seen"));
}

TEST_F(ClientRun, ServesAClientThatWaitsForSomebodyElse) {
  const std::string waits = Reference("--no-sql") + "--client-statement judge ";
  EXPECT_EQ(RunClient(waits + "program.ordinary.round-trip program.stripes.count.two"), 0)
      << output_;
  EXPECT_EQ(RunClient(waits + "--client-printed 'ready {set}' --client-ready 'statement *' "
                              "program.ordinary.backup"),
            0)
      << output_;
  EXPECT_EQ(RunClient(waits + "--client-printed 'statement {statement}' program.ordinary.backup"),
            0)
      << output_;
}

// Of an artefact that nobody else can read only its restore tells that it is not good.
TEST_F(ClientRun, RestoresWhatTheProgramCallsGood) {
  const std::string words = " {operation} --database={database} --directory={artefact_dir} ";
  const std::string believing = " --client '" BUGGY_CLIENT + words + "--bug=short-write-believed' ";
  const std::string short_write = "program.medium.short-write.once ";
  ASSERT_EQ(RunClient(believing + short_write), 1) << output_;
  EXPECT_THAT(output_, HasSubstr("program/restorable"));
  EXPECT_THAT(output_, HasSubstr("Job 2 of 2: restore"));
  ASSERT_EQ(RunClient(believing + short_write + "--client-restore ''"), 0) << output_;
  // What is called bad is not restored.
  ASSERT_EQ(RunClient(" --client '" REFCLIENT + words + "' program.medium.full.half-way --trace t"),
            0)
      << output_;
  EXPECT_THAT(Read("t/program.medium.full.half-way/1/job1/trace.jsonl"), HasSubstr("OpenDevice"));
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/t/program.medium.full.half-way/1/job2"));
}

// What the judge itself puts on the command line is no fault of the program, nor of its children.
TEST_F(ClientRun, KnowsThePasswordThatItGaveItself) {
  const std::string program =
      " --client 'sh -c \"mkfifo f; (read x <f) & " REFCLIENT
      " {operation} --database={database} --directory={artefact_dir}; s=$?; echo >f; wait; "
      "exit $s\" {password}' ";
  // The server is silent for so long that the processes are looked at.
  EXPECT_EQ(RunClient(program + "program.course.gap.long"), 0) << output_;
  EXPECT_EQ(RunClient(program + "--client-password backup program.ordinary.backup"), 1) << output_;
  EXPECT_THAT(output_, HasSubstr("program/secret-shown"));
}

TEST_F(ClientRun, PreloadsTheLibraryOnRequest) {
  EXPECT_EQ(RunClient(Reference() + "--client-library preload program.ordinary.backup"), 0)
      << output_;
}

TEST_F(ClientRun, SaysWhatWasTriedWhenTheClientNeverCallsCreate) {
  EXPECT_EQ(RunClient(Script("echo hello; echo oh >&2") + "program.ordinary.backup"), 1);
  EXPECT_THAT(output_, HasSubstr("program/started"));
  EXPECT_THAT(output_, HasSubstr("Started: sh -c"));
  EXPECT_THAT(output_, HasSubstr("No process of it was seen with a libsqlvdi.so loaded"));
  EXPECT_THAT(output_, HasSubstr("hello"));
  EXPECT_THAT(output_, HasSubstr("libsqlvdi.so by LD_LIBRARY_PATH"));
}

TEST_F(ClientRun, NamesAnotherLibraryThatTheClientTook) {
  std::filesystem::create_directories(folder_ + "/other");
  std::filesystem::copy_file(SQLVDI, folder_ + "/other/libsqlvdi.so");
  // Its trace goes nowhere, as that of a library which is not ours.
  EXPECT_EQ(RunClient(Reference() + "--client-env LD_LIBRARY_PATH=" + folder_ +
                      "/other --client-env VDISIM_TRACE= program.ordinary.backup"),
            1);
  EXPECT_THAT(output_, HasSubstr("It loaded another libsqlvdi.so: " +
                                 std::filesystem::canonical(folder_).string() + "/other"));
  EXPECT_THAT(output_, HasSubstr("--client-library preload"));
}

TEST_F(ClientRun, EndsAClientThatHangs) {
  EXPECT_EQ(RunClient(Script("setsid sleep 1000 & echo waiting; sleep 1000") +
                      "program.ordinary.backup --timeout-scale 0.1"),
            1);
  EXPECT_THAT(output_, HasSubstr("program/hang"));
  EXPECT_THAT(Read("j.xml"), HasSubstr("ClientTimeout"));
  EXPECT_EQ(CasesLeft(), 0);
}

TEST_F(ClientRun, TellsOfACrash) {
  EXPECT_EQ(RunClient(Script("kill -SEGV $$") + "program.ordinary.backup"), 1);
  EXPECT_THAT(output_, HasSubstr("program/crash"));
  EXPECT_THAT(Read("j.xml"), HasSubstr("ClientCrash"));
}

TEST_F(ClientRun, CountsAnExitStatusThatNobodyNamedAsACrash) {
  EXPECT_EQ(RunClient(Script("exit 139") + "--client-failure 1,2 program.ordinary.backup"), 1);
  EXPECT_THAT(output_, HasSubstr("program/crash"));
  EXPECT_THAT(output_, HasSubstr("exit status 139"));
}

// The command of a finding is the whole of it: it gives the same verdict in another place.
TEST_F(ClientRun, PrintsACommandThatRepeatsTheVerdict) {
  ASSERT_EQ(RunClient(Script("exit 0") + "--client-name 'my client' program.ordinary.backup"), 1);
  const std::string marker = "Reproduce: ";
  const size_t at = output_.find(marker);
  ASSERT_NE(at, std::string::npos) << output_;
  const std::string line =
      output_.substr(at + marker.size(), output_.find('\n', at) - at - marker.size());
  const std::string program = VDI_CONFORM;
  ASSERT_TRUE(line.starts_with(program + " ")) << line;
  EXPECT_EQ(Run(line.substr(program.size() + 1)), 1) << output_;
  EXPECT_THAT(output_, HasSubstr("program/started"));
  EXPECT_THAT(output_, HasSubstr("my client broke a rule in 1 of 1 situation."));
}

TEST_F(ClientRun, SkipsWhatTheClientDoesNotDeclare) {
  EXPECT_EQ(RunClient(" --client '" REFCLIENT " {operation} --database={database} "
                      "--directory={artefact_dir}' program.stripes.count.two"),
            77)
      << output_;
  EXPECT_THAT(output_, HasSubstr("not declared: stripes: 1 situation skipped"));
}

TEST_F(ClientRun, TakesADescriptionFromAFileAndOptionsOverIt) {
  ASSERT_EQ(Run("init c.xml"), 0) << output_;
  EXPECT_EQ(Run("init c.xml"), 2);
  EXPECT_THAT(output_, HasSubstr("c.xml exists already"));
  Write("mine.xml",
        "<client name=\"mine\">\n<command>" REFCLIENT
        " {operation} --database={database} --directory={artefact_dir}</command>\n</client>\n");
  EXPECT_EQ(RunClient("--client-file mine.xml program.ordinary.backup"), 0) << output_;
  EXPECT_THAT(output_, HasSubstr("mine kept every rule"));
  EXPECT_EQ(RunClient("--client-file mine.xml --client-name yours program.ordinary.backup"), 0);
  EXPECT_THAT(output_, HasSubstr("yours kept every rule"));
  Write("bad.xml", "<client>\n<cancel by=\"fax\"/></client>");
  EXPECT_EQ(RunClient("--client-file bad.xml"), 2);
  EXPECT_THAT(output_, HasSubstr("bad.xml:2: by=: \"fax\", expected none, stdin"));
}

TEST_F(ClientRun, RefusesWhatCannotBeMeant) {
  EXPECT_EQ(RunClient("--client '/nowhere/prog {operation}'"), 2);
  EXPECT_THAT(output_, HasSubstr("there is no program /nowhere/prog"));
  EXPECT_EQ(RunClient("--client 'sh {opration}'"), 2);
  EXPECT_THAT(output_, HasSubstr("unknown placeholder {opration}"));
  EXPECT_EQ(RunClient("--client 'sh {operation}' --client-cancel later"), 2);
  EXPECT_THAT(output_, HasSubstr("--client-cancel: \"later\", expected none, stdin"));
  EXPECT_EQ(RunClient("--client 'sh {operation}' --provider x.so"), 2);
  EXPECT_THAT(output_, HasSubstr("are of runs without --client"));
  EXPECT_EQ(RunClient("--client 'sh {operation}' --guard mine"), 2);
  EXPECT_EQ(Run("run --guard fault"), 2);
  EXPECT_THAT(output_, HasSubstr("--guard are of runs of a client program"));
  EXPECT_EQ(RunClient("--client 'sh {operation}' --budget soon"), 2);
  EXPECT_THAT(output_, HasSubstr("expected a time such as 30s or 2m"));
  EXPECT_EQ(RunClient("--client 'sh {operation}' --require-coverage"), 2);
  EXPECT_EQ(RunClient("--budget 30s"), 2);
  EXPECT_THAT(output_, HasSubstr("--client"));
  EXPECT_EQ(RunClient("--client 'sh {operation}' program.no-such"), 2);
  EXPECT_THAT(output_, HasSubstr("vdi-conform list --client"));
}

TEST_F(ClientRun, ListsItsSituations) {
  EXPECT_EQ(Run("list --client 'program.flush.*'"), 0);
  EXPECT_THAT(output_, HasSubstr("program.flush.mid-stream.first"));
  EXPECT_THAT(output_, Not(HasSubstr("program.sweep")));
  EXPECT_EQ(Run("list --client --sweep 'program.sweep.*'"), 0);
  EXPECT_THAT(output_, HasSubstr("program.sweep."));
}

TEST_F(ClientRun, SpendsABudget) {
  EXPECT_EQ(RunClient(Reference() + "--budget 1s --jobs 1"), 0) << output_;
  EXPECT_THAT(output_, HasSubstr("--budget: "));
  EXPECT_THAT(output_, HasSubstr("kept every rule in"));
}

}  // namespace
}  // namespace conform
