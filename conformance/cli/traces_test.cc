// Traces there and back: cases run with VDISIM_TRACE, printed, made scenarios, and replayed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace conform {
namespace {

using testing::HasSubstr;
using testing::Not;

class Traces : public testing::TestWithParam<std::string> {
 protected:
  Traces() : folder_(testing::TempDir() + "/vdi-conform-traces-" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_ + "/scenarios");
  }
  ~Traces() override { std::filesystem::remove_all(folder_); }

  std::string trace() const { return folder_ + "/calls.trace"; }

  // Runs vdi-conform with these words of a shell; gives its exit status.
  int Run(const std::string& words, const std::string& environment = {}) {
    const std::string command =
        environment + " '" VDI_CONFORM "' " + words + " > '" + folder_ + "/output' 2>&1";
    const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): our own words
    std::ostringstream text;
    text << std::ifstream(folder_ + "/output").rdbuf();
    output_ = text.str();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  void Record(const std::string& id) {
    ASSERT_EQ(Run("run --junit '' " + id, "VDISIM_TRACE='" + trace() + "'"), 0) << output_;
  }

  const std::string folder_;
  std::string output_;
};

TEST_P(Traces, ReturnTheSameCodesWhenReplayed) {
  Record(GetParam());
  EXPECT_EQ(Run("replay '" + trace() + "'"), 0) << output_;
  EXPECT_THAT(output_, HasSubstr("every code as in the trace"));
}

INSTANTIATE_TEST_SUITE_P(Sample, Traces,
                         testing::Values("handles.map.two-buffers@com",
                                         "client.secondary.states@com",
                                         "client.secondary.after-the-end@com",
                                         "client.signal-abort.commands.primary@com"),
                         [](const auto& one) { return "case" + std::to_string(one.index); });

TEST_F(Traces, BecomeScenariosThatPass) {
  Record("client.secondary.states@com");
  const std::string file = folder_ + "/scenarios/calls.xml";
  EXPECT_EQ(Run("trace '" + trace() + "' --to-scenario '" + file + "'"), 0) << output_;
  EXPECT_EQ(Run("run --junit '' --strict --scenarios '" + folder_ + "/scenarios'"), 0) << output_;
  EXPECT_THAT(output_, HasSubstr("trace.calls@com"));
}

TEST_F(Traces, ArePrintedWithCodesAndDurations) {
  Record("client.secondary.after-the-end@com");
  EXPECT_EQ(Run("trace '" + trace() + "'"), 0);
  EXPECT_THAT(output_, HasSubstr("primary, com face, set main"));
  EXPECT_THAT(output_, HasSubstr("GetCommand(device=set/0"));
  EXPECT_THAT(output_, HasSubstr("-> VD_E_CLOSE (0x8077000E)"));
  EXPECT_THAT(output_, Not(HasSubstr("damaged")));
}

// What `run --trace` writes of a case; each becomes a scenario that holds for the bundled library,
// and is replayed with the same codes.
class RunTraces : public Traces {
 protected:
  std::string File(const std::string& id) const { return folder_ + "/traces/" + id + ".vdt"; }
  int RunWithTraces(const std::string& words) {
    return Run("run --junit '' --trace '" + folder_ + "/traces' " + words);
  }
  int MakeScenario(const std::string& id) {
    return Run("trace '" + File(id) + "' --to-scenario '" + folder_ + "/scenarios/it.xml'");
  }
  int RunScenario(const std::string& options) {
    return Run("run --junit '' --strict --scenarios '" + folder_ + "/scenarios' " + options);
  }
};

TEST_F(RunTraces, EachCaseHasItsFile) {
  EXPECT_EQ(RunWithTraces("handles.map.two-buffers client.create.backslash 'sql.refused.*'"), 0)
      << output_;
  const size_t cases = output_.find(" cases: ");
  ASSERT_NE(cases, std::string::npos) << output_;
  const size_t count = std::stoul(output_.substr(output_.rfind('\n', cases) + 1));
  EXPECT_GT(count, 10U);
  size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder_ + "/traces")) {
    EXPECT_EQ(file.path().extension(), ".vdt");
    EXPECT_GT(file.file_size(), 0U) << file.path();
    ++files;
  }
  EXPECT_EQ(files, count);
  EXPECT_TRUE(std::filesystem::exists(File("client.create.backslash@com")));
}

TEST_F(RunTraces, ArePrintedAsTheyWere) {
  EXPECT_EQ(RunWithTraces("case:client.configuration.client-refuses"), 0) << output_;
  EXPECT_EQ(Run("trace '" + File("client.configuration.client-refuses") + "'"), 0) << output_;
  EXPECT_THAT(output_, HasSubstr("primary, linux face, set main"));
  EXPECT_THAT(output_, HasSubstr("SignalAbort"));
  EXPECT_THAT(output_, HasSubstr("-> NOERROR"));
}

TEST_F(RunTraces, AScenarioOfOneCatchesWhatTheCaseCatches) {
  const std::string id = "client.configuration.client-refuses";
  EXPECT_EQ(RunWithTraces("case:" + id), 0) << output_;
  EXPECT_EQ(MakeScenario(id), 0) << output_;
  EXPECT_EQ(RunScenario(""), 0) << output_;
  EXPECT_THAT(output_, HasSubstr("trace." + id));
  const std::string broken = "--provider '" BROKEN_LIBRARIES "/libabort_initializing_refused.so' ";
  EXPECT_EQ(RunScenario(broken), 1) << output_;
  EXPECT_THAT(output_, HasSubstr("SignalAbort returns NOERROR"));
  EXPECT_EQ(Run("replay " + broken + "'" + File(id) + "'"), 1) << output_;
  EXPECT_THAT(output_, HasSubstr("VD_E_PROTOCOL"));
}

TEST_F(RunTraces, TellTheFindingsOfARedCase) {
  const std::string id = "client.configuration.client-refuses";
  EXPECT_EQ(RunWithTraces(
                "--provider '" BROKEN_LIBRARIES "/libabort_initializing_refused.so' case:" + id),
            1);
  EXPECT_THAT(output_, HasSubstr("Trace: " + File(id)));
  EXPECT_EQ(Run("trace '" + File(id) + "'"), 0) << output_;
  EXPECT_THAT(output_, HasSubstr(id + "/taken"));
  // The broken library returns again what it returned, and the bundled one does not.
  EXPECT_EQ(Run("replay '" + File(id) + "'"), 1) << output_;
}

TEST_F(RunTraces, GoThereAndBack) {
  // Each has something that is written otherwise than it was said.
  for (const char* id :
       {"client.data.own-demands",                  // a message without a number
        "client.create.name-case",                  // a set under a raw name
        "client.create.name.guid",                  // with its own name in the middle
        "client.create.name.long",                  //
        "client.create.backslash",                  // a code that only a reading accepts
        "client.create.environment-instance@com",   // an instance in the environment
        "sql.refused.no-name",                      // statements alone
        "client.get-command.for-ever.infinite"}) {  // the virtual clock
    EXPECT_EQ(RunWithTraces("case:" + std::string(id)), 0) << output_;
    EXPECT_EQ(MakeScenario(id), 0) << id << output_;
    EXPECT_EQ(RunScenario(""), 0) << id << output_;
    EXPECT_THAT(output_, HasSubstr("1 passed")) << id;
    EXPECT_EQ(Run("replay '" + File(id) + "'"), 0) << id << output_;
    EXPECT_THAT(output_, HasSubstr("every code as in the trace")) << id;
  }
}

TEST_F(Traces, AnotherCodeIsAFinding) {
  Record("handles.map.two-buffers@com");
  std::ostringstream text;
  text << std::ifstream(trace()).rdbuf();
  std::string changed = text.str();
  const size_t at = changed.find("\"call\":\"MapBufferHandle\"");
  ASSERT_NE(at, std::string::npos);
  const std::string code = "\"code\":0";
  const size_t found = changed.find(code, at);
  ASSERT_NE(found, std::string::npos);
  changed.replace(found, code.size(), "\"code\":-2139684858");  // VD_E_INVALID
  std::ofstream(trace()) << changed;
  EXPECT_EQ(Run("replay '" + trace() + "'"), 1) << output_;
  EXPECT_THAT(output_, HasSubstr("VD_E_INVALID"));
}

TEST_F(Traces, WhatIsNoTraceIsAMistakeWithItsLine) {
  std::ofstream(trace())
      << "{\"e\":\"actor\",\"actor\":\"a\",\"role\":\"primary\",\"face\":\"linux\","
         "\"set\":\"main\"}\n{\"e\":\"teleport\"}\n";
  EXPECT_EQ(Run("trace '" + trace() + "'"), 2);
  EXPECT_THAT(output_, HasSubstr("calls.trace:2: unknown event \"teleport\""));
  EXPECT_EQ(Run("trace /no/such/file"), 2);
  EXPECT_EQ(Run("replay /no/such/file"), 2);
}

}  // namespace
}  // namespace conform
