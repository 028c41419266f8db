// The doors to a subject: libraries, adapters, other engines, and what they declare.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace conform {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kLibrary = LIBRARIES "/libsqlvdi.so";
const std::string kComLibrary = LIBRARIES "/libvdisim-com.so";

// A folder for one test.
class Folder {
 public:
  Folder() : path_(testing::TempDir() + "/vdi-conform-doors-" + std::to_string(getpid())) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string File(const std::string& name) const { return path_ + "/" + name; }
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(File(name)) << text;
    return File(name);
  }

 private:
  std::string path_;
};

class Doors : public testing::Test {
 protected:
  // Runs `vdi-conform run` with these words of a shell; gives its exit status.
  int Run(const std::string& words) {
    const std::string command = "'" VDI_CONFORM "' run --jobs 2 --junit '" +
                                folder_.File("junit.xml") + "' " + words + " > '" +
                                folder_.File("output") + "' 2>&1";
    const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): our own words
    std::ostringstream text;
    text << std::ifstream(folder_.File("output")).rdbuf();
    output_ = text.str();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  Folder folder_;
  std::string output_;
};

// Adapters are programs in Python.
class Adapters : public Doors {
 protected:
  void SetUp() override {
    if (std::string(PYTHON3).empty()) GTEST_SKIP() << "there is no python3";
  }
  static std::string Adapter(const std::string& script, const std::string& arguments) {
    return "--adapter \"'" PYTHON3 "' -E -S '" ADAPTERS "/" + script + "' " + arguments + "\" ";
  }
  static std::string Good() { return Adapter("vdi_adapter.py", "'" + kLibrary + "'"); }
  static std::string Bad(const std::string& mode) {
    return Adapter("bad_adapter.py", mode + " '" + kLibrary + "'") + "--timeout-scale 0.2 ";
  }
};

// Every fourth case: an interpreter for each actor takes its time.
TEST_F(Adapters, OneInPythonPasses) {
  EXPECT_EQ(Run(Good() + ADAPTER_SELECTION), 0) << output_;
  EXPECT_THAT(output_, HasSubstr("0 warnings"));
}

TEST_F(Adapters, AreCaughtLikeLibraries) {
  const std::string broken =
      Adapter("vdi_adapter.py", "'" BROKEN_LIBRARIES "/libhandle_changes.so'");
  EXPECT_EQ(Run(broken + "handles.get.same-buffer"), 1);
  EXPECT_THAT(output_, HasSubstr("handles.get.same-buffer/"));
}

TEST_F(Adapters, ALibraryThatTheyCannotLoadFails) {
  EXPECT_EQ(Run(Adapter("vdi_adapter.py", "/no/such/library.so") + "handles.get.number.write"), 1);
  EXPECT_THAT(output_, HasSubstr("/no/such/library.so"));
}

struct Misbehaviour {
  std::string mode;
  std::string said;
};
void PrintTo(const Misbehaviour& one, std::ostream* out) { *out << one.mode; }

class BadAdapters : public Adapters, public testing::WithParamInterface<Misbehaviour> {};

TEST_P(BadAdapters, AreAVerdictAndTheRunGoesOn) {
  EXPECT_EQ(Run(Bad(GetParam().mode) + "handles.get.number handles.get.not-open.null"), 1)
      << output_;
  EXPECT_THAT(output_, HasSubstr(GetParam().said));
  // What ends before the misbehaviour begins has its own verdict.
  EXPECT_THAT(output_, Not(HasSubstr("HarnessError")));
}

INSTANTIATE_TEST_SUITE_P(
    Each, BadAdapters,
    testing::Values(Misbehaviour{"garbage", "answered nonsense: GetCommand done"},
                    Misbehaviour{"crash", "killed by signal 11"},
                    Misbehaviour{"exit", "exited with status 5"},
                    Misbehaviour{"silence", "gave no answer in time"},
                    Misbehaviour{"no-code", "answered a call without a code"},
                    Misbehaviour{"wrong-id", "answered a request that was never made"},
                    Misbehaviour{"twice", "answered the same request twice"},
                    Misbehaviour{"no-capabilities", "no \"capabilities\""},
                    Misbehaviour{"unknown-capability", "unknown capability \"teleport\""},
                    Misbehaviour{"other-version", "speaks version 2 of the driver protocol"}),
    [](const auto& one) {
      std::string name = one.param.mode;
      name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
      return name;
    });

TEST_F(Adapters, CasesThatNeedMoreThanTheyDeclareAreSkipped) {
  EXPECT_EQ(Run(Bad("no-handles") + "handles.get.number.write"), 77);
  EXPECT_THAT(output_, HasSubstr("needs buffer-handles, which the subject does not declare"));
  EXPECT_THAT(output_, HasSubstr("not declared: buffer-handles: 1 cases skipped"));
}

TEST_F(Doors, AnAdapterThatIsNotThereIsWrongUsage) {
  EXPECT_EQ(Run("--adapter 'no-such-adapter --fast'"), 2);
  EXPECT_THAT(output_, HasSubstr("there is no program no-such-adapter"));
  EXPECT_EQ(Run("--adapter \"sh 'open\""), 2);
  EXPECT_THAT(output_, HasSubstr("never closed"));
}

TEST_F(Doors, AnAdapterThatSaysNothingAtAllIsCaught) {
  EXPECT_EQ(Run("--adapter false handles.get.number.write"), 1);
  EXPECT_THAT(output_, HasSubstr("exited with status 1"));
}

TEST_F(Doors, AnotherEngineIsTheOneThatIsLoaded) {
  const std::string engine = folder_.File("engine.so");
  std::filesystem::copy_file(kComLibrary, engine);
  EXPECT_EQ(Run("--engine '" + engine + "' handles.get.number"), 0) << output_;
  std::filesystem::remove(engine);
  EXPECT_EQ(Run("--engine '" + engine + "' handles.get.number"), 2);
  EXPECT_THAT(output_, HasSubstr("there is no library"));
}

TEST_F(Doors, AnEngineWithoutAServerInterfaceFails) {
  EXPECT_EQ(Run("--engine '" + kLibrary + "' handles.get.number.write"), 1);
  EXPECT_THAT(output_, HasSubstr("VdiCreateInstance"));
  EXPECT_EQ(Run("--engine '" BROKEN_LIBRARIES "/libempty.so' handles.get.number.write"), 1);
}

struct BrokenEngine {
  std::string library;
  std::string selection;  // the first of its two cases meets the bug, the second one does not
  std::string said;
};
void PrintTo(const BrokenEngine& one, std::ostream* out) { *out << one.library; }

class BrokenEngines : public Doors, public testing::WithParamInterface<BrokenEngine> {};

// Another engine is judged like a client: what it does to its process is a verdict.
TEST_P(BrokenEngines, AreAVerdictAndTheRunGoesOn) {
  const BrokenEngine& engine = GetParam();
  EXPECT_EQ(Run("--timeout-scale 0.2 --engine '" BROKEN_LIBRARIES "-com/lib" + engine.library +
                ".so' " + engine.selection),
            1)
      << output_;
  EXPECT_THAT(output_, HasSubstr(engine.said));
  EXPECT_THAT(output_, HasSubstr("] PASS  "));
  EXPECT_THAT(output_, Not(HasSubstr("HarnessError")));
}

INSTANTIATE_TEST_SUITE_P(
    Each, BrokenEngines,
    testing::Values(
        BrokenEngine{"server_send_crashes",
                     "server.send-command.state.abort server.begin-configuration.values.highest",
                     "the process of engine killed by signal 6"},
        BrokenEngine{"server_open_hangs",
                     "server.open.state.does-not-exist client.create.backslash",
                     "the process of engine gave no answer in time"},
        BrokenEngine{"server_begin_exits",
                     "server.begin-configuration.values.highest server.open.no-such-set",
                     "the process of engine exited with status 7"}),
    [](const auto& one) { return one.param.library; });

TEST_F(Doors, AFileDeclaresWhatIsJudged) {
  const std::string file =
      folder_.Write("mine.xml",
                    "<capabilities profile='mine'><capability name='linux-face'/>"
                    "<capability name='buffer-handles'/></capabilities>");
  EXPECT_EQ(Run("--capabilities '" + file + "' 'handles.get.*'"), 0) << output_;
  EXPECT_THAT(output_, HasSubstr("needs secondary-clients"));
  EXPECT_THAT(output_, HasSubstr("not declared: secondary-clients"));
  std::ostringstream junit;
  junit << std::ifstream(folder_.File("junit.xml")).rdbuf();
  EXPECT_THAT(junit.str(), HasSubstr("mine"));
}

TEST_F(Doors, AnUnknownCapabilityIsAMistakeWithFileAndLine) {
  const std::string file =
      folder_.Write("mine.xml", "<capabilities>\n<capability name='linux-faces'/></capabilities>");
  EXPECT_EQ(Run("--capabilities '" + file + "'"), 2);
  EXPECT_THAT(output_, HasSubstr("mine.xml:2: unknown capability linux-faces"));
}

}  // namespace
}  // namespace conform
