#include "reports/live_report.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <pugixml.hpp>
#include <system_error>
#include <thread>
#include <vector>

#include "reports/json_report.h"
#include "reports/sample_run.h"
#include "reports/schema_check.h"

namespace reports {
namespace {

ReportPaths PathsIn(const std::filesystem::path& folder) {
  return {folder / "out" / "events.jsonl", folder / "out" / "junit.xml",
          folder / "out" / "results.json"};
}

std::vector<std::string> FilesIn(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void Select(LiveReport& report, int count) {
  report.Append(RunStarted{"killed", {}, "1", "command", "2026-09-01T10:11:12", "host"});
  for (int i = 0; i < count; ++i) {
    report.Append(CaseSelected{"case." + std::to_string(i), "ends in time", "group", "", 0});
  }
  report.Start();
}

// A clock that is 200 ms later each time it is asked, so that every case rewrites the file.
LiveReport::Now Hasty() {
  return [now = std::chrono::steady_clock::time_point{}]() mutable {
    return now += LiveReport::kRewriteInterval;
  };
}

CaseEnded Passed(int i) {
  CaseEnded end;
  end.case_id = "case." + std::to_string(i);
  end.outcome = Outcome::kPass;
  return end;
}

TEST(LiveReport, IsRedBeforeTheFirstCaseRuns) {
  const ScratchFolder scratch;
  const ReportPaths paths = PathsIn(scratch.path());
  LiveReport report(paths);
  Select(report, 3);
  pugi::xml_document document;
  ASSERT_TRUE(document.load_file(paths.junit.c_str()));
  EXPECT_EQ(document.select_nodes("//error[@type='NotFinished']").size(), 3U);
  EXPECT_STREQ(document.child("testsuites").attribute("errors").value(), "3");
}

TEST(LiveReport, ReplacesTheFileAsCasesEnd) {
  const ScratchFolder scratch;
  const ReportPaths paths = PathsIn(scratch.path());
  LiveReport report(paths, Hasty());
  Select(report, 3);
  report.Append(Passed(1));
  pugi::xml_document document;
  ASSERT_TRUE(document.load_file(paths.junit.c_str()));
  EXPECT_EQ(document.select_nodes("//error[@type='NotFinished']").size(), 2U);
}

TEST(LiveReport, DoesNotReplaceTheFileMoreOftenThanTheInterval) {
  const ScratchFolder scratch;
  const ReportPaths paths = PathsIn(scratch.path());
  std::chrono::steady_clock::time_point now{std::chrono::hours(1)};
  LiveReport report(paths, [&] { return now; });
  Select(report, 4);
  const auto red = [&] {
    pugi::xml_document document;
    EXPECT_TRUE(document.load_file(paths.junit.c_str()));
    return document.select_nodes("//error[@type='NotFinished']").size();
  };
  now += LiveReport::kRewriteInterval - std::chrono::milliseconds(1);
  report.Append(Passed(0));
  EXPECT_EQ(red(), 4U);
  now += std::chrono::milliseconds(1);
  report.Append(Passed(1));
  EXPECT_EQ(red(), 2U);
  report.Append(Passed(2));
  EXPECT_EQ(red(), 2U);
  report.Append(RunEnded{false, 1});
  EXPECT_EQ(red(), 1U);
}

TEST(LiveReport, GivesOneCaseSoFar) {
  LiveReport report({});
  Select(report, 2);
  report.Append(Passed(1));
  EXPECT_EQ(report.CaseSoFar("case.0").outcome, Outcome::kNotFinished);
  EXPECT_EQ(report.CaseSoFar("case.1").outcome, Outcome::kPass);
  EXPECT_THROW(report.CaseSoFar("case.2"), std::invalid_argument);
}

TEST(LiveReport, WritesEveryReportFromTheSameEvents) {
  const ScratchFolder scratch;
  const ReportPaths paths = PathsIn(scratch.path());
  LiveReport report(paths);
  for (const Event& event : SampleEvents()) report.Append(event);
  const reports::Run run = BuildRun(ParseEvents(ReadFile(paths.events)));
  EXPECT_EQ(ReadFile(paths.junit), JUnitXml(run));
  EXPECT_EQ(ReadFile(paths.json), JsonReport(run));
  EXPECT_EQ(FilesIn(paths.junit.parent_path()),
            (std::vector<std::string>{"events.jsonl", "junit.xml", "results.json"}));
}

TEST(LiveReport, WritesOneSurefireFileForEachGroup) {
  const ScratchFolder scratch;
  ReportPaths paths;
  paths.junit = scratch.path() / "surefire";
  paths.junit_flavour = JUnitFlavour::kSurefire;
  LiveReport report(paths);
  for (const Event& event : SampleEvents()) report.Append(event);
  EXPECT_EQ(FilesIn(paths.junit), (std::vector<std::string>{"TEST-vdi.life_cycle.xml",
                                                            "TEST-vdi.map_buffer_handle.xml"}));
}

TEST(LiveReport, WritesNothingOfAnEventThatItRefuses) {
  const ScratchFolder scratch;
  const ReportPaths paths = PathsIn(scratch.path());
  LiveReport report(paths);
  Select(report, 1);
  const std::string before = ReadFile(paths.events);
  EXPECT_THROW(report.Append(Passed(7)), std::invalid_argument);
  EXPECT_EQ(ReadFile(paths.events), before);
}

TEST(LiveReport, TakesEventsOfSeveralThreads) {
  const ScratchFolder scratch;
  const ReportPaths paths = PathsIn(scratch.path());
  LiveReport report(paths);
  constexpr int kThreads = 4;
  Select(report, kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&report, i] {
      for (int n = 0; n < 50; ++n)
        report.Append(OutputSeen{"case." + std::to_string(i), false, "x"});
      report.Append(Passed(i));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(BuildRun(ParseEvents(ReadFile(paths.events))), report.Snapshot());
  EXPECT_EQ(CountCases(report.Snapshot()).pass, kThreads);
}

TEST(LiveReport, NamesAFileThatItCannotWrite) {
  const ScratchFolder scratch;
  ReplaceFile(scratch.path() / "file", "");
  ReportPaths paths;
  paths.events = scratch.path() / "file" / "events.jsonl";
  EXPECT_THROW(LiveReport{paths}, std::filesystem::filesystem_error);
}

TEST(ReplaceFile, LeavesTheOldFileWhenItFails) {
  const ScratchFolder scratch;
  std::filesystem::create_directories(scratch.path() / "taken" / "inside");
  EXPECT_THROW(ReplaceFile(scratch.path() / "taken", "text"), std::system_error);
  EXPECT_EQ(FilesIn(scratch.path()), std::vector<std::string>{"taken"});
}

// A process that reports a case after another, tells each through a pipe, and never ends the run.
class Reporter {
 public:
  static constexpr int kCases = 40;

  explicit Reporter(const ReportPaths& paths) {
    if (pipe(pipe_) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    pid_ = fork();
    if (pid_ == 0) {
      close(pipe_[0]);
      Report(paths);
    }
    close(pipe_[1]);
  }

  // Waits until this many cases have ended; the next ones go on meanwhile.
  void WaitFor(int cases) const {
    for (int i = 0; i < cases; ++i) {
      char byte = 0;
      ASSERT_EQ(read(pipe_[0], &byte, 1), 1);
    }
  }

  void Kill() const {
    ASSERT_EQ(kill(pid_, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(pid_, &status, 0), pid_);
    EXPECT_TRUE(WIFSIGNALED(status));
    close(pipe_[0]);
  }

 private:
  [[noreturn]] void Report(const ReportPaths& paths) const {
    LiveReport report(paths, Hasty());
    Select(report, kCases);
    for (int i = 0; i < kCases - 1; ++i) {
      report.Append(OutputSeen{"case." + std::to_string(i), false, std::string(5000, 'x')});
      report.Append(Passed(i));
      if (write(pipe_[1], "x", 1) != 1) _exit(1);
    }
    // The last case never ends: whenever the signal comes, the run is not over.
    for (;;) pause();
  }

  int pipe_[2] = {-1, -1};
  pid_t pid_ = -1;
};

class KilledAfter : public testing::TestWithParam<int> {};

TEST_P(KilledAfter, LeavesAFileThatIsValidAndRed) {
  const ScratchFolder scratch;
  const ReportPaths paths = PathsIn(scratch.path());
  const Reporter reporter(paths);
  reporter.WaitFor(GetParam());
  reporter.Kill();

  for (const auto& schema : StrictSchemas()) EXPECT_EQ(SchemaErrors(schema, {paths.junit}), "");
  pugi::xml_document document;
  ASSERT_TRUE(document.load_file(paths.junit.c_str()));
  const auto red = static_cast<int>(document.select_nodes("//error[@type='NotFinished']").size());
  EXPECT_GE(red, 1);
  EXPECT_LE(red, Reporter::kCases - GetParam());
  EXPECT_EQ(document.child("testsuites").attribute("errors").as_int(), red);

  // The log is never behind the file made from it.
  const reports::Run run = BuildRun(ParseEvents(ReadFile(paths.events)));
  EXPECT_FALSE(run.finished);
  EXPECT_LE(CountCases(run).not_finished, red);
  EXPECT_EQ(ExitCode(run), 3);
}

INSTANTIATE_TEST_SUITE_P(Cases, KilledAfter, testing::Values(1, 2, 3, 7, 19, 39));

}  // namespace
}  // namespace reports
