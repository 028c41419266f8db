// Whole runs as others see them: killed in the middle, side by side, with parts missing.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "reports/schema_check.h"

namespace conform {
namespace {

constexpr int kPatienceMs = 30'000;
constexpr const char* kHangingLibrary = BROKEN_LIBRARIES "/libhangs.so";

// A pipe of which nobody inherits the reading end.
struct Pipe {
  Pipe() {
    if (pipe(ends.data()) != 0) std::abort();
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  }
  ~Pipe() {
    close(ends[0]);
    CloseWriter();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void CloseWriter() {
    if (ends[1] >= 0) close(ends[1]);
    ends[1] = -1;
  }
  // What comes next, at most `most` bytes; "" at the end, nullopt after a long silence.
  std::optional<std::string> Read(size_t most) const {
    pollfd readable = {.fd = ends[0], .events = POLLIN, .revents = 0};
    if (poll(&readable, 1, kPatienceMs) <= 0) return std::nullopt;
    std::string bytes(most, '\0');
    const ssize_t n = read(ends[0], bytes.data(), most);
    if (n < 0) return std::nullopt;
    bytes.resize(static_cast<size_t>(n));
    return bytes;
  }
  std::array<int, 2> ends = {-1, -1};
};

// A run of the program in a folder of its own. It and every process it starts hold a pipe open,
// whose end tells that all of them are gone.
class WholeRun {
 public:
  WholeRun(const std::filesystem::path& program, std::vector<std::string> arguments) {
    pid_ = fork();
    if (pid_ == 0) {
      if (chdir(folder_.path().c_str()) != 0) _exit(126);
      setenv("VDI_TELL_FD", std::to_string(alive_.ends[1]).c_str(), 1);
      dup2(output_.ends[1], STDOUT_FILENO);
      dup2(output_.ends[1], STDERR_FILENO);
      output_.CloseWriter();
      std::string path = program.string();
      std::vector<char*> argv = {path.data()};
      for (std::string& argument : arguments) argv.push_back(argument.data());
      argv.push_back(nullptr);
      execv(path.c_str(), argv.data());
      _exit(127);
    }
    output_.CloseWriter();
    alive_.CloseWriter();
  }
  ~WholeRun() {
    if (pid_ <= 0) return;
    Kill();
  }
  WholeRun(const WholeRun&) = delete;
  WholeRun& operator=(const WholeRun&) = delete;

  // Its next line of output.
  std::optional<std::string> Line() {
    std::string line;
    while (true) {
      const std::optional<std::string> byte = output_.Read(1);
      if (!byte || byte->empty()) return std::nullopt;
      if (*byte == "\n") return line;
      line += *byte;
    }
  }
  // Waits until one of its processes says a byte on the pipe that all of them hold.
  bool Told() { return alive_.Read(1).value_or("") == "!"; }
  // Waits until it and all its processes are gone.
  bool AllGone() {
    while (true) {
      const std::optional<std::string> said = alive_.Read(64);
      if (!said) return false;
      if (said->empty()) return true;
    }
  }
  void Kill() {
    kill(pid_, SIGKILL);
    (void)Wait();
  }
  // Its exit code, or 128 and the signal. Keeps the rest of its output.
  int Wait() {
    while (std::optional<std::string> more = output_.Read(4096)) {
      if (more->empty()) break;
      rest_ += *more;
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  const std::string& rest() const { return rest_; }
  pid_t pid() const { return pid_; }
  std::filesystem::path junit() const { return folder_.path() / "reports/out/junit.xml"; }

 private:
  reports::ScratchFolder folder_;
  Pipe output_;
  Pipe alive_;
  pid_t pid_ = -1;
  std::string rest_;
};

// The attribute of the whole JUnit file, which every schema must accept; -1 if there is no file.
int JUnitNumber(const std::filesystem::path& file, const char* attribute) {
  pugi::xml_document document;
  if (!document.load_file(file.c_str())) return -1;
  for (const std::filesystem::path& schema : reports::StrictSchemas()) {
    EXPECT_EQ(reports::SchemaErrors(schema, {file}), "");
  }
  return document.child("testsuites").attribute(attribute).as_int(-1);
}

// Shared objects of the sets of one run, whose names bear its process number.
std::vector<std::string> ObjectsOf(pid_t run) {
  const std::string mark = "vdi-conform-" + std::to_string(run) + "-";
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("/dev/shm")) {
    const std::string name = entry.path().filename().string();
    if (name.find(mark) != std::string::npos) names.push_back(name);
  }
  return names;
}

TEST(KilledRun, LeavesARedReportAndNothingThatDisturbsTheNext) {
  WholeRun killed(VDI_CONFORM,
                  {"run", "--jobs", "2", "--provider", kHangingLibrary, "handles.get.number.write",
                   "handles.map.secondary-to-primary.write"});
  const pid_t pid = killed.pid();
  // One case has ended, and the call of the other one hangs: its set is in use.
  const std::optional<std::string> line = killed.Line();
  ASSERT_TRUE(line);
  EXPECT_NE(line->find("handles.get.number.write"), std::string::npos) << *line;
  ASSERT_TRUE(killed.Told());
  EXPECT_FALSE(ObjectsOf(pid).empty());
  killed.Kill();

  EXPECT_EQ(JUnitNumber(killed.junit(), "tests"), 2);
  // The case that hung, and the one that ended if the file was not rewritten since.
  EXPECT_GE(JUnitNumber(killed.junit(), "errors"), 1);
  EXPECT_LE(JUnitNumber(killed.junit(), "errors"), 2);
  EXPECT_TRUE(killed.AllGone());

  WholeRun next(VDI_CONFORM, {"run", "handles.map.same-process"});
  EXPECT_EQ(next.Wait(), 0) << next.rest();
  EXPECT_EQ(ObjectsOf(pid), std::vector<std::string>{});
}

TEST(RunsAtOnce, DoNotNoticeEachOther) {
  // Among the cases is one that kills an actor, after which what dead processes left is removed.
  const std::vector<std::string> arguments = {"run",
                                              "--jobs",
                                              "2",
                                              "handles.get.number",
                                              "handles.map.foreign-set",
                                              "handles.map.stale-incarnation",
                                              "handles.map.owner-killed"};
  WholeRun one(VDI_CONFORM, arguments);
  WholeRun other(VDI_CONFORM, arguments);
  for (WholeRun* run : {&one, &other}) {
    const pid_t pid = run->pid();
    EXPECT_EQ(run->Wait(), 0) << run->rest();
    EXPECT_GT(JUnitNumber(run->junit(), "tests"), 4);
    EXPECT_EQ(JUnitNumber(run->junit(), "failures"), 0);
    EXPECT_EQ(JUnitNumber(run->junit(), "errors"), 0);
    EXPECT_TRUE(run->AllGone());
    EXPECT_EQ(ObjectsOf(pid), std::vector<std::string>{});
  }
}

// The program and what it needs, in a folder of its own, but for one part.
class IncompleteInstallation : public testing::TestWithParam<const char*> {
 protected:
  IncompleteInstallation() : program_(root_.path() / "bin/vdi-conform") {
    const std::filesystem::path from = std::filesystem::path(VDI_CONFORM).parent_path() / "..";
    std::filesystem::create_directories(program_.parent_path());
    std::filesystem::copy_file(VDI_CONFORM, program_);
    for (const char* part :
         {"lib/libsqlvdi.so", "lib/libvdisim-com.so", "libexec/vdisim/vdi-provider-host",
          "libexec/vdisim/vdi-engine-host"}) {
      if (std::string(part) == GetParam()) continue;
      std::filesystem::create_directories((root_.path() / part).parent_path());
      std::filesystem::create_symlink(std::filesystem::canonical(from / part), root_.path() / part);
    }
  }

  reports::ScratchFolder root_;
  const std::filesystem::path program_;
};

TEST_P(IncompleteInstallation, IsTroubleOfOursAndNoVerdict) {
  WholeRun run(program_, {"run", "handles.map.same-process"});
  EXPECT_EQ(run.Wait(), 3) << run.rest();
  const std::string name = std::filesystem::path(GetParam()).filename().string();
  EXPECT_NE(run.rest().find(name), std::string::npos) << run.rest();
  EXPECT_EQ(JUnitNumber(run.junit(), "failures"), 0);
  EXPECT_EQ(JUnitNumber(run.junit(), "errors"), 2);  // on each face
}

INSTANTIATE_TEST_SUITE_P(Parts, IncompleteInstallation,
                         testing::Values("libexec/vdisim/vdi-engine-host",
                                         "libexec/vdisim/vdi-provider-host",
                                         "lib/libvdisim-com.so"));

class CompleteInstallation : public IncompleteInstallation {};

TEST_P(CompleteInstallation, Passes) {
  WholeRun run(program_, {"run", "handles.map.same-process"});
  EXPECT_EQ(run.Wait(), 0) << run.rest();
}

INSTANTIATE_TEST_SUITE_P(Parts, CompleteInstallation, testing::Values("none"));

}  // namespace
}  // namespace conform
