// vdisim and the stand-ins from outside, as programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace vdisim {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

struct Ended {
  int status = -1;     // exit status, 128 + signal
  std::string output;  // of both streams
};

class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments) {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      dup2(ends[1], STDERR_FILENO);
      close(ends[0]);
      close(ends[1]);
      std::vector<char*> argv;
      for (const std::string& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
      }
      argv.push_back(nullptr);
      execv(argv[0], argv.data());
      _exit(127);
    }
    close(ends[1]);
    output_ = fdopen(ends[0], "r");
  }
  ~Program() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    std::fclose(output_);
  }

  std::string ReadLine() {
    std::string line;
    for (int c = std::fgetc(output_); c != EOF; c = std::fgetc(output_)) {
      if (c == '\n') break;
      line += static_cast<char>(c);
    }
    return line;
  }
  void Signal(int number) const { kill(pid_, number); }

  Ended Wait() {
    Ended ended;
    for (int c = std::fgetc(output_); c != EOF; c = std::fgetc(output_)) {
      ended.output += static_cast<char>(c);
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ended;
  }

 private:
  pid_t pid_ = -1;
  FILE* output_ = nullptr;
};

class Programs : public ::testing::Test {
 protected:
  Programs() {
    std::string pattern = (fs::temp_directory_path() / "vdisim-tools-XXXXXX").string();
    home_ = mkdtemp(pattern.data());
    setenv("VDISIM_HOME", home_.c_str(), 1);
    setenv("SQLCMDPASSWORD", "hush", 1);
  }
  ~Programs() override { fs::remove_all(home_); }

  static Ended Run(const std::string& program, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), program);
    return Program(arguments).Wait();
  }
  static Ended Vdisim(const std::vector<std::string>& arguments) {
    return Run(VDISIM_PROGRAM, arguments);
  }
  static Ended Sqlcmd(const std::vector<std::string>& arguments) {
    return Run(SQLCMD_PROGRAM, arguments);
  }

  fs::path home_;
};

TEST_F(Programs, HelpAndVersionAreComplete) {
  const Ended help = Vdisim({"--help"});
  EXPECT_EQ(help.status, 0);
  for (const char* command : {"sql", "serve", "add", "ps", "purge", "Example"}) {
    EXPECT_THAT(help.output, HasSubstr(command));
  }
  const Ended sql = Vdisim({"sql", "--help"});
  EXPECT_EQ(sql.status, 0);
  for (const char* option :
       {"--home", "--instance", "--database", "--wait", "--stall", "--profile", "--seed", "--input",
        "--faults", "--journal", "--streams", "Examples"}) {
    EXPECT_THAT(sql.output, HasSubstr(option));
  }
  EXPECT_THAT(Vdisim({"serve", "--help"}).output,
              AllOf(HasSubstr("--faults FILE"), HasSubstr("--journal FILE"),
                    HasSubstr("--streams DIR"), HasSubstr("illegal=\"yes\"")));
  EXPECT_THAT(Vdisim({"--version"}).output, StartsWith("vdisim "));
  EXPECT_EQ(Sqlcmd({"-?"}).status, 0);
  EXPECT_THAT(Sqlcmd({"--version"}).output, StartsWith("sqlcmd stand-in"));
  EXPECT_THAT(Run(OSQL_PROGRAM, {"--version"}).output, StartsWith("osql stand-in"));
}

TEST_F(Programs, UsageErrorsExitWithTwo) {
  for (const auto& line : std::vector<std::vector<std::string>>{
           {},
           {"frobnicate"},
           {"sql"},
           {"sql", ""},
           {"sql", "--wait", "soon", "SELECT 1"},
           {"sql", "--wait", "-1", "SELECT 1"},
           {"sql", "-i", "/nonexistent/x.sql"},
           {"sql", "--instance", "a/b", "SELECT 1"},
           {"sql", "--profile", "frobnicate", "SELECT 1"},
           {"sql", "--database", "nonsense", "SELECT 1"},
           {"sql", "--faults", "/nonexistent/plan.xml", "SELECT 1"},
           {"sql", "--journal", "/nonexistent/journal", "SELECT 1"},
           {"sql", "--streams", "/dev/null/streams", "SELECT 1"},
           {"sql", "--database", "x=/nonexistent/file", "SELECT 1"},
           {"add"},
           {"ps", "--frob"}}) {
    const Ended ended = Vdisim(line);
    EXPECT_EQ(ended.status, 2) << ended.output;
    EXPECT_NE(ended.output, "");
  }
}

TEST_F(Programs, ServeRefusesAPlanThatIsNoneAndSaysWhere) {
  const fs::path plan = home_ / "plan.xml";
  std::ofstream(plan) << "<faults>\n<abort ms='1'/>\n</faults>\n";
  const Ended serve = Vdisim({"serve", "--faults", plan.string()});
  EXPECT_EQ(serve.status, 2);
  EXPECT_THAT(serve.output, HasSubstr(plan.string() + ":2: <abort> has no attribute 'ms'"));
}

TEST_F(Programs, KeepsAJournalOfStatements) {
  const fs::path journal = home_ / "journal.jsonl";
  const Ended ended =
      Vdisim({"sql", "--journal", journal.string(), "PRINT 'Gr\u00fc\u00dfe'  ; USE nowhere"});
  EXPECT_EQ(ended.status, 1);
  std::ifstream file(journal);
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0]["e"], "statement");
  EXPECT_EQ(lines[0]["text"], "PRINT 'Gr\u00fc\u00dfe'");
  EXPECT_EQ(lines[0]["operation"], "other");
  EXPECT_EQ(lines[1]["e"], "ended");
  EXPECT_EQ(lines[1]["succeeded"], true);
  EXPECT_EQ(lines[2]["text"], "USE nowhere");
  EXPECT_EQ(lines[2]["s"], 2);
  EXPECT_EQ(lines[3]["firstError"], 911);
  EXPECT_EQ(lines[3]["messages"][0]["severity"], 16);
  EXPECT_GE(lines[3]["t"], lines[0]["t"]);
}

TEST_F(Programs, StatementsExitWithZeroOrOne) {
  EXPECT_EQ(Vdisim({"sql", "PRINT 'hello'"}).output, "hello\n");
  const Ended failed = Vdisim({"sql", "BACKUP DATABASE"});
  EXPECT_EQ(failed.status, 1);
  EXPECT_THAT(failed.output, AllOf(StartsWith("Msg 102, Level 15, State 1, Server "),
                                   HasSubstr("Line 1\nIncorrect syntax near 'DATABASE'.")));
}

TEST_F(Programs, RemembersDatabasesInTheHome) {
  EXPECT_EQ(Vdisim({"add", "pubs=seed:1,size:64K"}).status, 0);
  const Ended used = Sqlcmd({"-d", "pubs", "-h", "-1", "-W", "-Q", "SELECT DB_NAME()"});
  EXPECT_EQ(used.status, 0);
  EXPECT_THAT(used.output, HasSubstr("pubs"));
  EXPECT_EQ(Sqlcmd({"-d", "nowhere", "-Q", "SELECT 1"}).status, 1);
}

TEST_F(Programs, SqlcmdTellsErrorsByItsExitStatusWithBOnly) {
  EXPECT_EQ(Sqlcmd({"-U", "sa", "-P", "hush", "-Q", "BACKUP DATABASE"}).status, 0);
  const Ended failed = Sqlcmd({"-b", "-Usa", "-Phush", "-Q", "BACKUP DATABASE"});
  EXPECT_EQ(failed.status, 1);
  EXPECT_THAT(failed.output, Not(HasSubstr("hush")));
  EXPECT_EQ(Sqlcmd({"-Z@", "-@"}).status, 1);
}

TEST_F(Programs, ServeIsUsedAndEndsCleanly) {
  Program server({VDISIM_PROGRAM, "serve", "--instance", "SALES"});
  EXPECT_THAT(server.ReadLine(), StartsWith("vdisim: serving "));
  const fs::path socket = home_ / "SALES" / "control.sock";
  EXPECT_TRUE(fs::exists(socket));
  EXPECT_THAT(Vdisim({"serve", "--instance", "SALES"}).output, HasSubstr("served already"));
  EXPECT_EQ(Vdisim({"sql", "--instance", "sales", "PRINT 'remote'"}).output, "remote\n");
  EXPECT_EQ(Sqlcmd({"-S", ".\\SALES", "-Q", "PRINT 'remote'"}).output, "remote\n");
  EXPECT_EQ(Vdisim({"sql", "--instance", "SALES", "--seed", "5", "PRINT 'x'"}).status, 2);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait().status, 0);
  EXPECT_FALSE(fs::exists(socket));
}

TEST_F(Programs, AnInterruptEndsAStatementThatWaits) {
  Program server({VDISIM_PROGRAM, "serve"});
  server.ReadLine();
  EXPECT_EQ(Vdisim({"add", "pubs=seed:1,size:64K"}).status, 0);
  Program sql({VDISIM_PROGRAM, "sql",
               "PRINT 'go' BACKUP DATABASE pubs TO VIRTUAL_DEVICE='no-such-set-of-tools-test'"});
  EXPECT_EQ(sql.ReadLine(), "go");
  sql.Signal(SIGINT);
  const Ended ended = sql.Wait();
  EXPECT_EQ(ended.status, 130);
  EXPECT_THAT(ended.output, HasSubstr("Msg 3013"));
}

TEST_F(Programs, PsAndPurgeSpeakJson) {
  const Ended ps = Vdisim({"ps", "--json"});
  EXPECT_EQ(ps.status, 0);
  EXPECT_TRUE(nlohmann::json::parse(ps.output).is_array());
  EXPECT_EQ(Vdisim({"ps"}).status, 0);
  const Ended purge = Vdisim({"purge", "--json"});
  EXPECT_EQ(purge.status, 0);
  EXPECT_TRUE(nlohmann::json::parse(purge.output).contains("sets"));
}

}  // namespace
}  // namespace vdisim
