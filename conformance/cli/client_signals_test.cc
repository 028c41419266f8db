// Runs of a client program that are interrupted or killed, and runs beside each other: nothing of
// them stays, and nobody takes away what another needs.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string>

#include "conformance/cli/client_run.h"

namespace conform {
namespace {

using testing::HasSubstr;
using testing::Not;

// A pipe with a name, on which a client tells how far it is. Its end says that no process of the
// client is left.
class Voice {
 public:
  explicit Voice(std::string path) : path_(std::move(path)) {
    if (mkfifo(path_.c_str(), 0600) != 0) throw std::system_error(errno, std::generic_category());
  }
  ~Voice() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Voice(const Voice&) = delete;
  Voice& operator=(const Voice&) = delete;

  // The next line, when it comes; "" at the end. The first call waits for the client's opening.
  std::string Line() {
    if (descriptor_ < 0) descriptor_ = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    std::string line;
    for (char c = 0; read(descriptor_, &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }

 private:
  const std::string path_;
  int descriptor_ = -1;
};

class ClientSignals : public ClientRun {
 public:
  ~ClientSignals() override {
    if (judge_ > 0) kill(judge_, SIGKILL);
    (void)End();
  }

 protected:
  // A client that says "ready" on a voice, goes on when Release is called, and then does `more`.
  std::string Waiting(const std::string& more) {
    if (mkfifo((folder_ + "/go").c_str(), 0600) != 0) ADD_FAILURE() << "mkfifo";
    return Script("exec 3>" + folder_ + "/voice; echo ready >&3; cat " + folder_ + "/go; " + more);
  }
  void Release() const { close(open((folder_ + "/go").c_str(), O_WRONLY | O_CLOEXEC)); }

  // Starts a run, and does not wait for it.
  void Start(const std::string& arguments) {
    const std::string command = "cd '" + folder_ + "' && TMPDIR='" + folder_ +
                                "' exec '" VDI_CONFORM "' run --junit j.xml " + arguments +
                                " > background 2>&1";
    judge_ = fork();
    if (judge_ != 0) return;
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
  }
  void Signal(int signal) const { kill(judge_, signal); }
  // Its exit status when it has ended, or minus the signal that ended it.
  int End() {
    int status = 0;
    while (judge_ > 0 && waitpid(judge_, &status, 0) < 0 && errno == EINTR) {
    }
    judge_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  static std::string Sets() {
    std::array<char, 65536> text{};
    FILE* list = popen("'" VDISIM "' ps", "r");  // NOLINT(cert-env33-c): our own words
    const size_t size = fread(text.data(), 1, text.size(), list);
    pclose(list);
    return {text.data(), size};
  }

  Voice voice_{folder_ + "/voice"};
  pid_t judge_ = -1;
};

// In an ordinary case, and where the client has a file system of its own.
TEST_F(ClientSignals, WhatAKilledRunLeftIsClearedUpByTheNext) {
  for (const std::string one : {"program.ordinary.backup", "program.medium.full-then-again"}) {
    Voice voice(folder_ + "/" + one);
    Start(Script(fmt::format("exec 3>{}/{}; echo ready >&3; : > left; cat", folder_, one)) + one);
    ASSERT_EQ(voice.Line(), "ready");
    Signal(SIGKILL);
    EXPECT_EQ(End(), -SIGKILL);
    EXPECT_EQ(voice.Line(), "") << "the client outlived the judge";
    EXPECT_EQ(CasesLeft(), 1);
    EXPECT_EQ(RunClient(Reference() + "program.ordinary.backup"), 0) << output_;
    EXPECT_EQ(CasesLeft(), 0);
  }
}

// The client has a set and waits for a statement, which does not come before the end.
TEST_F(ClientSignals, TheSetOfAKilledRunIsClearedUpByTheNext) {
  const std::string wait = REFCLIENT " backup --database=d --directory=. --no-sql >&3";
  Start(Script("exec 3>" + folder_ + "/voice; exec " + wait) + "program.ordinary.backup");
  const std::string line = voice_.Line();
  ASSERT_TRUE(line.starts_with("ready ")) << line;
  const std::string set = line.substr(6);
  EXPECT_THAT(Sets(), HasSubstr(set));
  Signal(SIGKILL);
  EXPECT_EQ(End(), -SIGKILL);
  while (!voice_.Line().empty()) {
  }
  EXPECT_THAT(Sets(), HasSubstr(set));
  EXPECT_EQ(RunClient(Reference() + "program.ordinary.backup"), 0) << output_;
  EXPECT_EQ(CasesLeft(), 0);
  EXPECT_THAT(Sets(), Not(HasSubstr(set)));
}

TEST_F(ClientSignals, RunsBesideEachOtherKeepTheirFolders) {
  Start(Waiting("echo here > file; cat file >&3") + "program.ordinary.backup");
  ASSERT_EQ(voice_.Line(), "ready");
  EXPECT_EQ(RunClient(Reference() + "program.ordinary.backup"), 0) << output_;
  EXPECT_EQ(CasesLeft(), 1);
  Release();
  EXPECT_EQ(voice_.Line(), "here") << "its directory was taken away";
  EXPECT_EQ(End(), 1) << "it never calls Create";
  EXPECT_EQ(CasesLeft(), 0);
}

TEST_F(ClientSignals, AnInterruptedRunEndsItsCaseAndWritesItsReports) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const std::string name = folder_ + "/voice" + std::to_string(signal);
    Voice voice(name);
    std::filesystem::remove(folder_ + "/go");
    const std::string refclient = REFCLIENT " backup --database=d --directory=$0 --timeout 5";
    ASSERT_EQ(mkfifo((folder_ + "/go").c_str(), 0600), 0);
    Start(fmt::format(
        " --client 'sh -c \"exec 3>{}; echo ready >&3; cat {}/go; exec {}\" {{artefact_dir}}' "
        "--client-restore '' --jobs 1 program.ordinary.backup program.end.before-open "
        "--events e.jsonl --json r.json",
        name, folder_, refclient));
    ASSERT_EQ(voice.Line(), "ready");
    Signal(signal);
    Release();
    EXPECT_EQ(voice.Line(), "") << "a process is left";
    EXPECT_EQ(End(), 130);
    EXPECT_EQ(CasesLeft(), 0);
    EXPECT_THAT(Read("background"), HasSubstr("1 passed"));
    EXPECT_THAT(Read("background"), HasSubstr("No verdict in"));
    EXPECT_THAT(Read("j.xml"), HasSubstr("NotFinished"));
    EXPECT_THAT(Read("j.xml"), HasSubstr("</testsuites>"));
    EXPECT_THAT(Read("r.json"), HasSubstr("\"interrupted\": true"));
    EXPECT_THAT(Read("e.jsonl"), HasSubstr("\"RunEnded\""));
  }
}

// Until it is known how a program names its sets, its cases wait for each other.
TEST_F(ClientSignals, CasesThatWaitForTheirTurnDoNotBeginAnyMore) {
  Start(Waiting("exit 0") +
        "--jobs 4 program.ordinary.backup program.end.before-open "
        "program.end.after-open");
  ASSERT_EQ(voice_.Line(), "ready");
  Signal(SIGINT);
  Release();
  EXPECT_EQ(End(), 130);
  EXPECT_THAT(Read("background"), HasSubstr("No verdict in 3 situations"));
  EXPECT_EQ(CasesLeft(), 0);
}

// Of two signals that are alike the second may be lost while the first is on its way.
TEST_F(ClientSignals, ASecondSignalDoesNotWait) {
  Start(Waiting("exit 0") + "program.ordinary.backup --timeout-scale 1000");
  ASSERT_EQ(voice_.Line(), "ready");
  Signal(SIGINT);
  Signal(SIGTERM);
  EXPECT_EQ(End(), 130);
  EXPECT_EQ(voice_.Line(), "") << "the client outlived the judge";
  EXPECT_THAT(Read("j.xml"), HasSubstr("NotFinished"));
  EXPECT_EQ(RunClient(Reference() + "program.ordinary.backup"), 0) << output_;
  EXPECT_EQ(CasesLeft(), 0);
}

}  // namespace
}  // namespace conform
