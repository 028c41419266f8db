#include "conformance/client/client_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "conformance/client/client_items.h"

namespace conform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ClientDescription Parse(const std::string& inside) {
  return ParseClientFile({.name = "c.xml", .text = "<client>\n" + inside + "\n</client>"});
}

// What the reader says of a file with this inside; empty if it takes it.
std::string MistakeIn(const std::string& inside) {
  try {
    (void)Parse(inside);
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return {};
}

// What is said of the whole.
std::string MistakeOf(const ClientDescription& client) {
  try {
    CheckDescription(client);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

TEST(ClientFile, GivesEveryItem) {
  const ClientDescription client =
      ParseClientFile({.name = "c.xml", .text = R"(<client name="My Backup">
  <command>my {operation} "{database}" {artefact}</command>
  <operation backup="-b" restore="-r"/>
  <environment>A=1</environment>
  <environment>B={artefact_dir}/x=y</environment>
  <directory>/opt/my</directory>
  <exit success="0, 3" failure="1"/>
  <ready>*ready*</ready>
  <cancel by="SIGTERM" limit-s="2.5"/>
  <statement by="judge" set="my-*" printed="set {set}." device="{set}-{n}"/>
  <library by="preload"/>
  <artefact form="raw" file="{artefact}.{n}"/>
  <idle limit-s="30"/>
  <login instance="I" user="sa" password="secret"/>
  <capability>stripes</capability>
  <capability>queue</capability>
</client>)"});
  EXPECT_EQ(client.Title(), "My Backup");
  EXPECT_EQ(client.command, "my {operation} \"{database}\" {artefact}");
  EXPECT_EQ(client.backup_word, "-b");
  EXPECT_EQ(client.restore_word, "-r");
  EXPECT_EQ(client.environment.at("B"), "{artefact_dir}/x=y");
  EXPECT_EQ(client.directory, "/opt/my");
  EXPECT_THAT(client.success, ElementsAre(0, 3));
  EXPECT_THAT(client.failure, ElementsAre(1));
  EXPECT_EQ(client.ready, "*ready*");
  EXPECT_EQ(client.cancel, ClientDescription::Cancel::kSignal);
  EXPECT_EQ(client.cancel_signal, SIGTERM);
  EXPECT_DOUBLE_EQ(client.cancel_limit_s, 2.5);
  EXPECT_EQ(client.statement, ClientDescription::Statement::kJudge);
  EXPECT_EQ(client.set, "my-*");
  EXPECT_EQ(client.printed, "set {set}.");
  EXPECT_EQ(client.device, "{set}-{n}");
  EXPECT_TRUE(client.preload);
  EXPECT_TRUE(client.raw_artefact);
  EXPECT_EQ(client.artefact_file, "{artefact}.{n}");
  EXPECT_DOUBLE_EQ(client.idle_limit_s, 30);
  EXPECT_EQ(client.password, "secret");
  EXPECT_THAT(client.All(), ElementsAre("cancel", "judge-statement", "queue", "raw-artefact",
                                        "restore", "stripes"));
}

TEST(ClientFile, NamesFileLineAndWhatWasExpected) {
  EXPECT_THAT(MistakeIn("<comand>x</comand>"),
              testing::AllOf(HasSubstr("c.xml:2: unknown element <comand>"),
                             HasSubstr("did you mean command?"), HasSubstr("<capability>")));
  EXPECT_THAT(MistakeIn("\n<cancel how=\"stdin\"/>"),
              HasSubstr("c.xml:3: <cancel> has no attribute how, expected one of: by limit-s"));
  EXPECT_THAT(
      MistakeIn("<cancel by=\"SIGKILL\"/>"),
      testing::AllOf(HasSubstr("by=: \"SIGKILL\", expected none, stdin"), HasSubstr("SIGTERM")));
  EXPECT_THAT(MistakeIn("<exit success=\"zero\"/>"),
              HasSubstr("success=: \"zero\", expected exit statuses from 0 to 255"));
  EXPECT_THAT(MistakeIn("<exit success=\"256\"/>"), HasSubstr("from 0 to 255"));
  EXPECT_THAT(MistakeIn("<idle limit-s=\"-1\"/>"), HasSubstr("expected seconds from 0 to 86400"));
  EXPECT_THAT(MistakeIn("<library by=\"luck\"/>"), HasSubstr("expected one of: path, preload"));
  EXPECT_THAT(MistakeIn("<environment>A</environment>"), HasSubstr("expected NAME=VALUE"));
  EXPECT_THAT(MistakeIn("<capability>fly</capability>"), HasSubstr("expected one of: stripes"));
  EXPECT_THAT(MistakeIn("<capability>cancel</capability>"), HasSubstr("follows from the rest"));
  EXPECT_THAT(MistakeIn("<ready>a</ready><ready>b</ready>"),
              HasSubstr("<ready> stands here twice"));
  EXPECT_THAT(MistakeIn("<command/>"), HasSubstr("<command> is empty"));
  EXPECT_THAT(MistakeIn("<exit>0</exit>"), HasSubstr("has a text, expected attributes alone"));
  EXPECT_THAT(MistakeIn("<exit><success/></exit>"), HasSubstr("<exit> has a <success>"));
  EXPECT_THAT(MistakeIn("words"), HasSubstr("has the text \"words\""));
}

TEST(ClientFile, IsRefusedWhenItIsNoClientFile) {
  try {
    (void)ParseClientFile({.name = "c.xml", .text = "<scenarios/>"});
    FAIL() << "it was taken";
  } catch (const ScenarioError& error) {
    EXPECT_THAT(error.what(), HasSubstr("c.xml:1: <scenarios>, expected <client>"));
  }
  EXPECT_THROW((void)ReadClientFile("/nowhere/client.xml"), ScenarioError);
}

class StarterFile : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove(file_); }
  void TearDown() override { std::filesystem::remove(file_); }
  const std::filesystem::path file_ = testing::TempDir() + "/starter-client.xml";
};

TEST_F(StarterFile, IsTakenByTheReaderAndIsNeverOverwritten) {
  WriteStarterFile(file_);
  const ClientDescription client = ReadClientFile(file_);
  EXPECT_EQ(MistakeOf(client), "");
  EXPECT_THAT(client.command, HasSubstr("{operation}"));
  std::ofstream(file_) << "mine";
  try {
    WriteStarterFile(file_);
    FAIL() << "it was overwritten";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("exists already"));
  }
  std::ifstream stream(file_);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), "mine");
}

// What is commented out must be right, too, for somebody will take the comment away.
TEST_F(StarterFile, IsRightWithEveryCommentTakenAway) {
  std::string text = StarterText();
  for (const char* element :
       {"<environment>", "<directory>", "<exit ", "<ready>", "<cancel ", "<statement ", "<library ",
        "<artefact ", "<idle ", "<login ", "<capability>"}) {
    const size_t at = text.find(std::string("<!-- ") + element);
    ASSERT_NE(at, std::string::npos) << element << " is not in\n" << text;
    const size_t end = text.find(" -->", at);
    text.erase(end, 4);
    text.erase(at, 5);
  }
  const ClientDescription client = ParseClientFile({.name = "starter", .text = text});
  EXPECT_EQ(MistakeOf(client), "");
  EXPECT_EQ(client.cancel, ClientDescription::Cancel::kSignal);
  for (const ClientItem& item : ClientItems()) {
    EXPECT_THAT(text, HasSubstr(std::string(item.option).substr(2))) << "no word of it";
  }
}

TEST(ClientDescription, IsCheckedAsAWhole) {
  ClientDescription client;
  EXPECT_THAT(MistakeOf(client), HasSubstr("there is no command"));
  client.command = "my {operation} {databse}";
  EXPECT_THAT(MistakeOf(client), HasSubstr("unknown placeholder {databse}"));
  client.command = "my {database}";
  EXPECT_THAT(MistakeOf(client), HasSubstr("no {operation}"));
  client.restore_word = "";
  EXPECT_EQ(MistakeOf(client), "");
  client.capabilities = {"stripes"};
  EXPECT_THAT(MistakeOf(client), HasSubstr("no {devices}"));
  client.capabilities = {};
  client.failure = {0};
  EXPECT_THAT(MistakeOf(client), HasSubstr("means both success and failure"));
  client.failure = {};
  client.printed = "set";
  EXPECT_THAT(MistakeOf(client), HasSubstr("neither {set} nor {statement}"));
  client.printed = "ready {set}";
  EXPECT_THAT(MistakeOf(client), HasSubstr("say statement by=\"judge\""));
  client.printed = "";
  client.command = "my {database";
  EXPECT_THAT(MistakeOf(client), HasSubstr("the command: my {database: a { is never closed"));
  client.command = "my database}";
  EXPECT_THAT(MistakeOf(client), HasSubstr("a } has no { before it"));
  client.command = "my ${{x}}";
  EXPECT_EQ(MistakeOf(client), "");
  client.command = "my 'x";
  EXPECT_THAT(MistakeOf(client), HasSubstr("never closed"));
}

// An item is the same however it comes.
TEST(ClientItems, GiveBackWhatTheyTook) {
  for (const ClientItem& item : ClientItems()) {
    ClientDescription client;
    item.set(&client, item.example);
    EXPECT_THAT(item.get(client), testing::Contains(item.example)) << item.option;
  }
}

}  // namespace
}  // namespace conform
