#include "simulator/tools/sqlcmd_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace vdisim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

SqlcmdOptions Parsed(const std::vector<std::string>& arguments) {
  std::string error;
  const auto options = ParseSqlcmdOptions(arguments, &error);
  EXPECT_TRUE(options.has_value()) << error;
  return options.value_or(SqlcmdOptions{});
}

std::string RefusalOf(const std::vector<std::string>& arguments) {
  std::string error;
  EXPECT_FALSE(ParseSqlcmdOptions(arguments, &error).has_value());
  return error;
}

TEST(ParseSqlcmdOptions, TakesBothSpellings) {
  for (const auto& line : std::vector<std::vector<std::string>>{
           {"-Slocalhost\\SALES", "-Usa", "-Psecret", "-dpubs", "-QSELECT 1", "-oout.txt", "-t5",
            "-l10", "-h-1"},
           {"-S", "localhost\\SALES", "-U", "sa", "-P", "secret", "-d", "pubs", "-Q", "SELECT 1",
            "-o", "out.txt", "-t", "5", "-l", "10", "-h", "-1"},
           {"/S", "localhost\\SALES", "/d", "pubs", "/Q", "SELECT 1", "/o", "out.txt", "/t", "5",
            "/h", "-1"}}) {
    const SqlcmdOptions options = Parsed(line);
    EXPECT_EQ(options.instance, "SALES");
    EXPECT_EQ(options.database, "pubs");
    EXPECT_EQ(options.query, "SELECT 1");
    EXPECT_FALSE(options.stay);
    EXPECT_EQ(options.output, "out.txt");
    EXPECT_EQ(options.query_timeout_s, 5);
    EXPECT_FALSE(options.headers);
  }
}

TEST(ParseSqlcmdOptions, TakesEveryOptionThatBackupProgramsPass) {
  const SqlcmdOptions options =
      Parsed({"-E", "-b", "-W", "-C", "-N", "-I",  "-x", "-r1", "-w", "65535",       "-s|", "-V",
              "16", "-m", "11", "-y", "0",  "-Y0", "-G", "-e",  "-i", "a.sql,b.sql", "-X1", "-n"});
  EXPECT_TRUE(options.exit_on_error);
  EXPECT_TRUE(options.trim);
  EXPECT_FALSE(options.substitute);
  EXPECT_EQ(options.redirect, 1);
  EXPECT_EQ(options.separator, "|");
  EXPECT_EQ(options.error_level, 16);
  EXPECT_EQ(options.least_severity, 11);
  EXPECT_TRUE(options.echo);
  EXPECT_THAT(options.inputs, ElementsAre("a.sql", "b.sql"));
  EXPECT_TRUE(Parsed({"-bE"}).exit_on_error);
  EXPECT_TRUE(Parsed({"-q", "SELECT 1"}).stay);
}

TEST(ParseSqlcmdOptions, TakesVariables) {
  const SqlcmdOptions options = Parsed({"-v", "a=1", "b=\"two words\"", "-b"});
  EXPECT_EQ(options.values.at("a"), "1");
  EXPECT_EQ(options.values.at("b"), "two words");
  EXPECT_TRUE(options.exit_on_error);
}

TEST(ParseSqlcmdOptions, RefusesWhatSqlcmdRefuses) {
  EXPECT_EQ(RefusalOf({"-@"}), "'-@': Unknown Option. Enter '-?' for help.");
  EXPECT_EQ(RefusalOf({"-Q"}), "'-Q': Missing argument. Enter '-?' for help.");
  EXPECT_EQ(RefusalOf({"SELECT 1"}), "'SELECT 1': Unexpected argument. Enter '-?' for help.");
  EXPECT_THAT(RefusalOf({"-t", "soon"}), HasSubstr("'-t soon'"));
  EXPECT_THAT(RefusalOf({"-t", "65535"}), HasSubstr("from 0 to 65534"));
  EXPECT_THAT(RefusalOf({"-r2"}), HasSubstr("-r2"));
  EXPECT_THAT(RefusalOf({"-v", "x"}), HasSubstr("NAME=VALUE"));
  EXPECT_THAT(RefusalOf({"-E", "-U", "sa"}), HasSubstr("mutually exclusive"));
  EXPECT_THAT(RefusalOf({"-Q", "x", "-i", "y"}), HasSubstr("mutually exclusive"));
}

TEST(ParseSqlcmdOptions, NeverRepeatsAPassword) {
  EXPECT_THAT(RefusalOf({"-Psecret", "-@"}), Not(HasSubstr("secret")));
  EXPECT_THAT(RefusalOf({"-E", "-P", "secret"}), Not(HasSubstr("secret")));
}

TEST(WipePassword, OverwritesBothSpellingsAndNothingElse) {
  std::vector<std::string> texts = {"sqlcmd",  "-Usa", "-Psecret", "-bP",
                                    "secret2", "-P",   "third",    "-QSELECT P"};
  std::vector<char*> arguments;
  for (std::string& text : texts) arguments.push_back(text.data());
  WipePassword(static_cast<int>(arguments.size()), arguments.data());
  EXPECT_THAT(texts, ElementsAre("sqlcmd", "-Usa", "-P******", "-bP", "*******", "-P", "*****",
                                 "-QSELECT P"));
}

TEST(InstanceOfServer, TakesWhatIsBehindTheMachine) {
  for (const char* server :
       {".", "(local)", "localhost", "HOST", "tcp:host,1433", "host,1433", "", "lpc:."}) {
    EXPECT_EQ(InstanceOfServer(server), "") << server;
  }
  EXPECT_EQ(InstanceOfServer("HOST\\INST"), "INST");
  EXPECT_EQ(InstanceOfServer(".\\inst"), "inst");
  EXPECT_EQ(InstanceOfServer("TCP:host.example.com\\INST,50000"), "INST");
}

TEST(SubstituteVariables, ReplacesNamesAndLeavesTheRest) {
  std::string missing;
  setenv("VDISIM_TEST_VALUE", "env", 1);
  const std::map<std::string, std::string> values = {{"a", "1"}, {"b", "$(a)"}};
  EXPECT_EQ(SubstituteVariables("x $(a) $(b) $(VDISIM_TEST_VALUE)", values, &missing),
            "x 1 $(a) env");
  EXPECT_EQ(SubstituteVariables("[$x] $( $() $(a b) $", values, &missing), "[$x] $( $() $(a b) $");
  EXPECT_FALSE(SubstituteVariables("$(VDISIM_TEST_NOTHING)", values, &missing).has_value());
  EXPECT_EQ(missing, "VDISIM_TEST_NOTHING");
}

}  // namespace
}  // namespace vdisim
