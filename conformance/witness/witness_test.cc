// Programs that know nothing of the witness are run under it.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Json = nlohmann::json;

std::string ContentOf(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class WitnessTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/witness.XXXXXX";
    folder_ = std::filesystem::canonical(mkdtemp(pattern.data())).string();
    lines_ = folder_ + "/witness.jsonl";
    file_ = folder_ + "/file";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // The exit status of a program; what it printed is in the file `output`.
  int Run(const std::vector<std::string>& command, bool witnessed = true,
          const std::string& output = "output") {
    const pid_t child = fork();
    if (child == 0) {
      const std::string target = folder_ + "/" + output;
      for (int fd = 3; fd < 1024; ++fd) close(fd);
      if (freopen(target.c_str(), "w", stdout) == nullptr) _exit(126);
      if (witnessed) {
        setenv("LD_PRELOAD", WITNESS_LIBRARY, 1);
        setenv("VDI_CONFORM_WITNESS", lines_.c_str(), 1);
      }
      std::vector<char*> words;
      words.reserve(command.size() + 1);
      for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
      words.push_back(nullptr);
      execvp(words[0], words.data());
      _exit(127);
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  int Probe(const std::string& deed) { return Run({WITNESS_PROBE, deed, file_}); }

  // Every line of the witness; each has to be a whole object.
  std::vector<Json> All() const {
    std::vector<Json> all;
    std::istringstream text(ContentOf(lines_));
    for (std::string line; std::getline(text, line);) all.push_back(Json::parse(line));
    return all;
  }
  // What was done to a path that begins like the file's, or to another one.
  std::vector<Json> Lines(const std::string& path = "") const {
    std::vector<Json> lines;
    const std::string& head = path.empty() ? file_ : path;
    for (const Json& line : All()) {
      const bool is_done = line.at("call") != "left";
      if (is_done && line.value("path", "").rfind(head, 0) == 0) lines.push_back(line);
    }
    return lines;
  }
  // "open write fsync close": what was done to the file, in order.
  static std::string Words(const std::vector<Json>& lines) {
    std::string words;
    for (const Json& line : lines) {
      words += (words.empty() ? "" : " ") + line.at("call").get<std::string>();
      if (line.contains("by")) words += "/" + line.at("by").get<std::string>();
    }
    return words;
  }
  // How many bytes of the file the writes have covered, whoever made them.
  static size_t Written(const std::vector<Json>& lines) {
    std::set<int64_t> bytes;
    for (const Json& line : lines) {
      if (line.at("call") != "write") continue;
      const int64_t from = line.at("offset");
      for (int64_t i = 0; i < line.at("result").get<int64_t>(); ++i) bytes.insert(from + i);
    }
    return bytes.size();
  }

  std::string folder_;
  std::string lines_;
  std::string file_;
};

TEST_F(WitnessTest, SeesSyscallLikeTheFunctionsThatItStandsFor) {
  ASSERT_EQ(Probe("raw"), 0);
  EXPECT_EQ(Words(Lines()), "open/openat write fsync");
  EXPECT_EQ(ContentOf(file_), "hello");
}

TEST_F(WitnessTest, TellsWhichNamelessFileGotAName) {
  const int status = Probe("nameless");
  if (status == 77) GTEST_SKIP() << "no nameless files here";
  ASSERT_EQ(status, 0);
  std::string written;
  std::string linked;
  for (const Json& line : All()) {
    if (line.value("call", "") == "write") written = line.value("path", "");
    if (line.value("call", "") == "link" && line.value("to", "") == file_) {
      linked = line.value("path", "");
    }
  }
  EXPECT_NE(written, "");
  EXPECT_EQ(linked, written);
}

TEST_F(WitnessTest, SaysThatThereIsMoreThanItSees) {
  ASSERT_EQ(Probe("asynchronous"), 0);
  int unseen = 0;
  for (const Json& line : All()) unseen += line.value("call", "") == "unseen" ? 1 : 0;
  EXPECT_EQ(unseen, 1);
}

TEST_F(WitnessTest, TellsWhatIsDoneToAFile) {
  ASSERT_EQ(Probe("posix"), 0);
  const std::vector<Json> lines = Lines();
  ASSERT_EQ(Words(lines), "open write write/pwrite fsync close rename");
  EXPECT_EQ(lines[0].at("flags"), "O_WRONLY|O_CREAT|O_TRUNC|O_DSYNC");
  EXPECT_EQ(lines[0].at("path"), file_ + ".new");
  EXPECT_EQ(lines[1].at("offset"), 0);
  EXPECT_EQ(lines[1].at("bytes"), 5);
  EXPECT_EQ(lines[1].at("result"), 5);
  EXPECT_EQ(lines[2].at("offset"), 100);
  EXPECT_EQ(lines[3].at("result"), 0);
  EXPECT_EQ(lines[3].at("inode"), lines[0].at("inode"));
  EXPECT_EQ(lines[5].at("to"), file_);
  for (size_t i = 1; i < lines.size(); ++i) {
    EXPECT_GE(lines[i].at("t").get<int64_t>(),
              lines[i - 1].at("t").get<int64_t>() + lines[i - 1].at("d").get<int64_t>());
  }
}

TEST_F(WitnessTest, MarksTheSyncOfADirectory) {
  ASSERT_EQ(Probe("posix"), 0);
  std::string words;
  for (const Json& line : All()) {
    if (!line.value("directory", false)) continue;
    words += line.at("call").get<std::string>() + " ";
    EXPECT_EQ(line.at("path"), folder_);
  }
  EXPECT_EQ(words, "open fsync close ");
}

TEST_F(WitnessTest, TellsWhatStdioKeepsBackAndWhatItWrites) {
  ASSERT_EQ(Probe("stdio"), 0);
  const std::vector<Json> lines = Lines();
  ASSERT_EQ(Words(lines),
            "open/fopen fwrite write/fflush fflush write/fwrite fwrite write/fclose close/fclose");
  EXPECT_EQ(lines[1].at("bytes"), 1000);
  EXPECT_EQ(lines[1].at("pending"), 1000);
  EXPECT_EQ(lines[2].at("bytes"), 1000);
  EXPECT_EQ(lines[3].at("pending"), 0);
  EXPECT_GT(lines[5].at("pending"), 0);
  EXPECT_EQ(Written(lines), 11'000U);
}

TEST_F(WitnessTest, TellsNothingOfSmallPiecesButTheWritesTheyMake) {
  ASSERT_EQ(Probe("bytewise"), 0);
  const std::vector<Json> lines = Lines();
  EXPECT_EQ(Written(lines), 10'007U);
  EXPECT_LT(lines.size(), 10U);
}

TEST_F(WitnessTest, SeesThatAllStreamsAreFlushed) {
  ASSERT_EQ(Probe("flush-all"), 0);
  const std::string words = Words(Lines());
  EXPECT_EQ(words, "open/fopen write/fflush fsync close/fclose");
}

TEST_F(WitnessTest, SeesWhatASeekWrites) {
  ASSERT_EQ(Probe("seek"), 0);
  const std::vector<Json> lines = Lines();
  ASSERT_EQ(Words(lines), "open/fopen write/fseek write/fclose close/fclose");
  EXPECT_EQ(lines[1].at("offset"), 0);
  EXPECT_EQ(lines[2].at("offset"), 10);
}

TEST_F(WitnessTest, SeesTheStreamsOfCxx) {
  ASSERT_EQ(Probe("stream"), 0);
  EXPECT_EQ(Written(Lines()), 20'004U);
}

TEST_F(WitnessTest, SeesMappingsAndTheirSync) {
  ASSERT_EQ(Probe("mapped"), 0);
  EXPECT_EQ(Words(Lines()), "open ftruncate mmap msync close");
}

TEST_F(WitnessTest, LosesNothingOfManyThreads) {
  ASSERT_EQ(Probe("threads"), 0);
  std::map<std::string, int> writes;
  for (const Json& line : Lines()) writes[line.at("path")] += line.at("call") == "write" ? 1 : 0;
  EXPECT_EQ(writes.size(), 8U);
  for (const auto& [path, count] : writes) EXPECT_EQ(count, 200) << path;
}

TEST_F(WitnessTest, FollowsAFork) {
  ASSERT_EQ(Probe("fork"), 0);
  const std::vector<Json> lines = All();
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0].at("call"), "start");
  EXPECT_EQ(lines[0].at("path"), std::filesystem::canonical(WITNESS_PROBE).string());
  EXPECT_EQ(lines[0].at("command"), std::string(WITNESS_PROBE) + " fork " + file_);
  EXPECT_EQ(lines[1].at("call"), "start");
  EXPECT_TRUE(lines[1].at("forked"));
  EXPECT_EQ(lines[1].at("parent"), lines[0].at("pid"));
  EXPECT_EQ(lines[3].at("call"), "write");
  EXPECT_EQ(lines[3].at("pid"), lines[1].at("pid"));
  EXPECT_EQ(lines[4].at("call"), "exit");
  EXPECT_EQ(lines[4].at("descriptors"), 3);
  EXPECT_EQ(lines[4].at("threads"), 1);
}

TEST_F(WitnessTest, TellsWhatAProcessLeavesOpen) {
  ASSERT_EQ(Probe("leaves"), 0);
  const std::vector<Json> all = All();
  const Json& end = all.back();
  ASSERT_EQ(end.at("call"), "exit");
  EXPECT_EQ(end.at("left"), 42);
  EXPECT_EQ(end.at("descriptors"), 3 + 42);
  EXPECT_EQ(end.at("threads"), 2);
  EXPECT_EQ(end.at("mappings"), 0);
  std::map<std::string, int> left;
  for (const Json& line : all) {
    if (line.at("call") == "left") ++left[line.at("path").get<std::string>().substr(0, 5)];
  }
  EXPECT_EQ(left["pipe:"], 2);
  EXPECT_EQ(left[file_.substr(0, 5)], 30);  // 32 lines are the most
}

TEST_F(WitnessTest, LeavesNothingThatWasThereAtTheStart) {
  ASSERT_EQ(Probe("redirects"), 0);
  EXPECT_EQ(All().back().at("left"), 0);
  ASSERT_EQ(Probe("posix"), 0);
  EXPECT_EQ(All().back().at("left"), 0);
}

TEST_F(WitnessTest, TellsMemoryAtTheFirstTransferAndAtTheEnd) {
  constexpr int64_t kMuchKib = 8 << 10;
  const auto grown_kib = [&](const std::string& deed) {
    EXPECT_EQ(Probe(deed), 0);
    int64_t first = -1;
    const std::vector<Json> all = All();
    for (const Json& line : all) {
      if (line.at("call") == "start") first = -1;
      if (line.contains("memory") && line.at("call") == "write") first = line.at("memory");
    }
    EXPECT_GE(first, kMuchKib);  // got before
    EXPECT_GE(all.back().at("peak").get<int64_t>(), first);
    return all.back().at("memory").get<int64_t>() - first;
  };
  // The 8 MiB of before are given back at the end, the 8 MiB of meanwhile are not.
  const int64_t stays = grown_kib("stays");
  const int64_t grows = grown_kib("grows");
  EXPECT_LT(stays, 1024);
  EXPECT_GT(grows - stays, kMuchKib - 1024);
}

TEST_F(WitnessTest, MayBeCalledInASignalHandler) {
  ASSERT_EQ(Probe("in-handler"), 0);
  EXPECT_EQ(Words(Lines()), "open write close");
}

TEST_F(WitnessTest, BringsNoProgramToALimitOfFileSizes) {
  ASSERT_EQ(Probe("small-files"), 0);
  EXPECT_EQ(std::filesystem::file_size(file_), 1000U);
  EXPECT_LE(std::filesystem::file_size(lines_), 2000U);
}

TEST_F(WitnessTest, WritesToNoFileOfAProgramThatClosesAllDescriptors) {
  ASSERT_EQ(Probe("close-all"), 0);
  EXPECT_EQ(ContentOf(file_), "minetoo");
  EXPECT_EQ(Words(Lines()), "open write write");
}

TEST_F(WitnessTest, ChangesNothingThatAProgramCanSee) {
  ASSERT_EQ(Run({WITNESS_PROBE, "neutral", file_}, false, "without"), 0);
  std::filesystem::remove(file_);
  ASSERT_EQ(Run({WITNESS_PROBE, "neutral", file_}, true, "with"), 0);
  const std::string without = ContentOf(folder_ + "/without");
  EXPECT_NE(without.find("bad fsync -1 errno 9"), std::string::npos) << without;
  EXPECT_EQ(ContentOf(folder_ + "/with"), without);
  EXPECT_FALSE(Lines().empty());
}

TEST_F(WitnessTest, StopsAProgramThatHandsBarredBytesToTheSystemUnderTheGuardOnly) {
  for (const char* deed : {"barred", "barred-stdio", "barred-read"}) {
    EXPECT_EQ(Probe(deed), 0) << deed;
    setenv("VDISIM_GUARD", "fault", 1);
    EXPECT_EQ(Probe(deed), 128 + SIGSEGV) << deed;
    EXPECT_EQ(Run({WITNESS_PROBE, deed, file_}, false), 0) << deed;
    unsetenv("VDISIM_GUARD");
  }
  EXPECT_EQ(Lines()[1].at("errno"), EFAULT);
}

TEST_F(WitnessTest, NamesTheLibraryThatWasLoadedLate) {
  ASSERT_EQ(Probe("loads"), 0);
  std::vector<std::string> libraries;
  for (const Json& line : All()) {
    if (line.at("call") == "library") libraries.push_back(line.at("path"));
  }
  ASSERT_EQ(libraries.size(), 1U);
  EXPECT_TRUE(std::filesystem::equivalent(libraries[0], SQLVDI_LIBRARY));
}

TEST_F(WitnessTest, IsSilentWithoutAFileToWriteTo) {
  lines_ = "";
  EXPECT_EQ(Probe("posix"), 0);
  EXPECT_EQ(std::filesystem::file_size(file_), 105U);
}

TEST_F(WitnessTest, SeesAToolThatSyncs) {
  ASSERT_EQ(
      Run({"dd", "if=/dev/zero", "of=" + file_, "bs=4096", "count=3", "conv=fsync", "status=none"}),
      0);
  const std::vector<Json> lines = Lines();
  EXPECT_EQ(Written(lines), 3U * 4096);
  EXPECT_NE(Words(lines).find("fsync"), std::string::npos) << Words(lines);
}

TEST_F(WitnessTest, SeesToolsOfAShell) {
  ASSERT_EQ(Run({"sh", "-c", "echo hello >\"$1\" && cp \"$1\" \"$1.b\" && mv \"$1.b\" \"$1.c\"",
                 "sh", file_}),
            0);
  EXPECT_EQ(Written(Lines(file_ + ".b")), 6U);
  EXPECT_NE(Words(Lines(file_ + ".b")).find("rename"), std::string::npos) << Words(Lines());
  EXPECT_EQ(ContentOf(file_ + ".c"), "hello\n");
}

}  // namespace
