// The stand-in's sessions and printing, with an executor that says what the tests want.
#include "simulator/tools/sqlcmd_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "simulator/tools/printer.h"
#include "simulator/tools/session.h"

namespace vdisim {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class ScriptedExecutor final : public StatementExecutor {
 public:
  StatementOutcome Execute(std::string_view batch, const StatementOptions& options,
                           MessageSink& sink, std::stop_token stop) override {
    batches.emplace_back(batch);
    databases.push_back(options.database);
    StatementOutcome outcome{.succeeded = true, .database = options.database};
    if (batch.find("nowhere") != std::string_view::npos) outcome.succeeded = false;
    if (batch.starts_with("USE ")) outcome.database = "used";
    if (batch.starts_with("fail")) {
      sink.OnMessage(MakeMessage(3013, "BACKUP DATABASE"));
      outcome.succeeded = false;
    }
    if (batch.starts_with("say")) sink.OnMessage(MakeMessage(3211, 10));
    if (batch.find("table") != std::string_view::npos) {
      sink.OnResultSet({.columns = {"name", ""}, .rows = {{"a", "1"}, {"long one", "2"}}});
    }
    if (batch.starts_with("wait")) {
      std::mutex mutex;
      std::condition_variable_any wake;
      std::unique_lock lock(mutex);
      wake.wait(lock, stop, [] { return false; });
      sink.OnMessage(MakeMessage(3204));
      outcome.succeeded = false;
    }
    return outcome;
  }

  std::vector<std::string> batches;
  std::vector<std::string> databases;
};

class SqlcmdSessionTest : public ::testing::Test {
 protected:
  SqlcmdSessionTest() { printing_.out = out_; }
  ~SqlcmdSessionTest() override { std::fclose(out_); }

  int Run(const std::string& script) {
    printing_.server = "HOST";
    printing_.headers = options_.headers;
    printing_.trim = options_.trim;
    printing_.separator = options_.separator;
    printing_.least_severity = options_.least_severity;
    SqlcmdSession session(options_, printing_, executor_, {}, "Sqlcmd");
    if (session.UseDatabase()) {
      std::istringstream in(script);
      session.Run(in, false);
    }
    return session.ExitStatus();
  }

  std::string Output() {
    std::rewind(out_);
    std::string text;
    for (int c = std::fgetc(out_); c != EOF; c = std::fgetc(out_)) text += static_cast<char>(c);
    return text;
  }

  FILE* out_ = std::tmpfile();
  SqlcmdOptions options_;
  PrinterOptions printing_;
  ScriptedExecutor executor_;
};

TEST_F(SqlcmdSessionTest, RunsBatchesAtGoAndTheRestAtTheEnd) {
  EXPECT_EQ(Run("one\nGO\ntwo\ngo 2\nthree"), 0);
  EXPECT_THAT(executor_.batches, ElementsAre("one\n", "two\n", "two\n", "three\n"));
}

TEST_F(SqlcmdSessionTest, PrintsErrorsAsSqlcmdDoesAndExitsWithZero) {
  EXPECT_EQ(Run("fail\nGO\nsay"), 0);
  EXPECT_EQ(Output(),
            "Msg 3013, Level 16, State 1, Server HOST, Line 1\n"
            "BACKUP DATABASE is terminating abnormally.\n"
            "10 percent processed.\n");
}

TEST_F(SqlcmdSessionTest, EndsAtTheFirstErrorWithB) {
  options_.exit_on_error = true;
  EXPECT_EQ(Run("fail\nGO\nsay"), 1);
  EXPECT_EQ(executor_.batches.size(), 1U);
}

TEST_F(SqlcmdSessionTest, TakesTheSameFromTheScript) {
  EXPECT_EQ(Run(":on error exit\nfail\nGO\nsay"), 1);
  EXPECT_EQ(executor_.batches.size(), 1U);
}

TEST_F(SqlcmdSessionTest, ExitsWithTheSeverityThatVAsksFor) {
  options_.error_level = 16;
  EXPECT_EQ(Run("fail"), 16);
  options_.error_level = 17;
  EXPECT_EQ(Run("fail"), 0);
}

TEST_F(SqlcmdSessionTest, StopsAtExit) {
  EXPECT_EQ(Run("one\nGO\nexit\ntwo\nGO"), 0);
  EXPECT_THAT(executor_.batches, ElementsAre("one\n"));
}

TEST_F(SqlcmdSessionTest, ReplacesVariablesUnlessToldNotTo) {
  options_.values["x"] = "1";
  EXPECT_EQ(Run(":setvar y \"2 3\"\nq $(x) $(y)\nGO"), 0);
  options_.substitute = false;
  EXPECT_EQ(Run("q $(x)\nGO"), 0);
  EXPECT_THAT(executor_.batches, ElementsAre("q 1 2 3\n", "q $(x)\n"));
  options_.substitute = true;
  EXPECT_EQ(Run("q $(nothing_of_that_name)"), 1);
  EXPECT_THAT(Output(), HasSubstr("'nothing_of_that_name' scripting variable not defined."));
}

TEST_F(SqlcmdSessionTest, KeepsTheDatabaseFromBatchToBatch) {
  options_.database = "my ]db";
  EXPECT_EQ(Run("one\nGO\ntwo"), 0);
  EXPECT_THAT(executor_.batches, ElementsAre("USE [my ]]db]", "one\n", "two\n"));
  EXPECT_THAT(executor_.databases, ElementsAre("", "used", "used"));
}

TEST_F(SqlcmdSessionTest, FailsToConnectToADatabaseThatDoesNotExist) {
  options_.database = "nowhere";
  EXPECT_EQ(Run("one"), 1);
  EXPECT_EQ(executor_.batches.size(), 1U);
  EXPECT_THAT(Output(), HasSubstr("Cannot open database \"nowhere\" requested by the login."));
}

TEST_F(SqlcmdSessionTest, CancelsAStatementThatTakesTooLong) {
  options_.query_timeout_s = 1;
  options_.exit_on_error = true;
  EXPECT_EQ(Run("wait"), 1);
  EXPECT_THAT(Output(), HasSubstr("Query timeout expired."));
}

TEST_F(SqlcmdSessionTest, PrintsTables) {
  EXPECT_EQ(Run("table"), 0);
  EXPECT_EQ(Output(),
            "name      \n"
            "-------- -\n"
            "a        1\n"
            "long one 2\n"
            "\n(2 rows affected)\n");
}

TEST_F(SqlcmdSessionTest, PrintsBareTables) {
  options_.headers = false;
  options_.trim = true;
  options_.separator = "|";
  EXPECT_EQ(Run("SET NOCOUNT ON table"), 0);
  EXPECT_EQ(Output(), "a|1\nlong one|2\n");
}

TEST_F(SqlcmdSessionTest, LeavesMilderMessagesOut) {
  options_.least_severity = 17;
  EXPECT_EQ(Run("fail"), 0);
  EXPECT_THAT(Output(), IsEmpty());
}

TEST(ProgressText, ShowsHowFarItIs) {
  EXPECT_EQ(ProgressText({.bytes_done = 1 << 20, .bytes_total = 2 << 20, .percent = 50}),
            "[###############...............]  50 %  1.0 MiB of 2.0 MiB");
  EXPECT_EQ(ProgressText({.bytes_done = 512, .bytes_total = 0, .percent = 0}), "512 B done");
}

TEST(AbsoluteDatabase, MakesPathsAbsoluteAndLeavesSeedsAlone) {
  EXPECT_EQ(AbsoluteDatabase("a=seed:1,size:8K"), "a=seed:1,size:8K");
  EXPECT_EQ(AbsoluteDatabase("a=/x/../y"), "a=/y");
  EXPECT_THAT(AbsoluteDatabase("a=y"), StartsWith("a=/"));
  EXPECT_THAT(AbsoluteDatabase("a=y"), EndsWith("/y"));
  EXPECT_EQ(AbsoluteDatabase("nonsense"), "nonsense");
}

}  // namespace
}  // namespace vdisim
