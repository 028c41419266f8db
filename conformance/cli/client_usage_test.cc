// What a description of a client program can get wrong, and what is answered: what, where, what was
// expected, and what to do. Nothing is run then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <sstream>
#include <string>

#include "conformance/cli/client_run.h"

namespace conform {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class ClientUsage : public ClientRun {
 protected:
  // The answer to these arguments, which must be refused.
  std::string Refused(const std::string& arguments) {
    EXPECT_EQ(RunClient(arguments + " program.ordinary.backup"), 2) << arguments << "\n" << output_;
    EXPECT_FALSE(std::filesystem::exists(folder_ + "/j.xml")) << arguments;
    return output_;
  }
  void MakeProgram(const std::string& name, const std::string& text, mode_t mode) const {
    Write(name, text);
    chmod((folder_ + "/" + name).c_str(), mode);
  }
};

TEST_F(ClientUsage, ACommandMustBeOne) {
  EXPECT_THAT(Refused("--client ''"), HasSubstr("there is no command, expected"));
  EXPECT_THAT(Refused("--client '  '"), HasSubstr("the command is empty"));
  EXPECT_THAT(Refused("--client '\"\" {operation}'"), HasSubstr("begins with an empty word"));
  EXPECT_THAT(Refused("--client 'sh {operation'"), HasSubstr("a { is never closed"));
  EXPECT_THAT(Refused("--client 'sh operation}'"), HasSubstr("a } has no {"));
  EXPECT_THAT(Refused("--client 'sh \"{operation}'"), HasSubstr("is never closed"));
  EXPECT_THAT(Refused("--client 'sh {database}'"), HasSubstr("the command has no {operation}"));
  EXPECT_THAT(Refused("--client-name me"), HasSubstr("there is no command, expected"));
}

TEST_F(ClientUsage, AProgramMustBeThereAndExecutable) {
  EXPECT_THAT(Refused("--client 'no-such-program {operation}'"),
              AllOf(HasSubstr("there is no program no-such-program on the PATH"),
                    HasSubstr("give its path")));
  MakeProgram("mine", "#!/bin/sh\n", 0644);
  EXPECT_THAT(Refused("--client 'mine {operation}'"), HasSubstr("there is one here: write ./mine"));
  EXPECT_THAT(Refused("--client './mine {operation}'"), HasSubstr("chmod +x"));
  EXPECT_THAT(Refused("--client './ {operation}'"), HasSubstr("is a directory"));
  MakeProgram("pyton", "#!/usr/bin/pyton\n", 0755);
  EXPECT_THAT(Refused("--client './pyton {operation}'"),
              HasSubstr("names the interpreter /usr/bin/pyton, and there is no such program"));
  MakeProgram("dos", "#!/bin/sh\r\nexit 0\r\n", 0755);
  EXPECT_THAT(Refused("--client './dos {operation}'"), HasSubstr("carriage return"));
  EXPECT_THAT(Refused("--client 'mine {operation}' --client-env PATH=" + folder_),
              HasSubstr("chmod +x"));
}

TEST_F(ClientUsage, AFileThatIsMeantToBeHereIsTold) {
  MakeProgram("script.sh", "echo I am $1\n", 0644);
  EXPECT_EQ(RunClient("--client 'sh script.sh {operation}' program.ordinary.backup"), 1);
  EXPECT_THAT(output_, HasSubstr("where there is no script.sh: if /"));
  EXPECT_THAT(output_, HasSubstr("/script.sh is meant, write that"));
  EXPECT_THAT(output_, HasSubstr("Reproduce: " VDI_CONFORM));
}

TEST_F(ClientUsage, ACommandForThisPlaceSaysWhere) {
  MakeProgram("script", "#!/bin/sh\nexit 0\n", 0755);
  ASSERT_EQ(RunClient("--client './script {operation}' program.ordinary.backup"), 1);
  const size_t at = output_.find("Reproduce: cd ");
  ASSERT_NE(at, std::string::npos) << output_;
  Write("again.sh", output_.substr(at + 11, output_.find('\n', at) - at - 11) + "\n");
  const std::string again =
      "cd / && TMPDIR=" + folder_ + " sh " + folder_ + "/again.sh > " + folder_ + "/again";
  EXPECT_EQ(WEXITSTATUS(std::system(again.c_str())), 1);  // NOLINT(cert-env33-c): our own words
  EXPECT_THAT(Read("again"), HasSubstr("program/started"));
}

// As execvp does, and every shell.
TEST_F(ClientUsage, AScriptWithoutAFirstLineForItIsRunByTheShell) {
  MakeProgram("script", "echo I am $1\n", 0755);
  EXPECT_EQ(RunClient("--client './script {operation}' program.ordinary.backup"), 1);
  EXPECT_THAT(output_, HasSubstr("I am backup"));
}

TEST_F(ClientUsage, ADirectoryMustBeThere) {
  EXPECT_THAT(Refused("--client 'sh {operation}' --client-directory nowhere"),
              AllOf(HasSubstr("there is no directory /"), HasSubstr("/nowhere to start")));
  EXPECT_THAT(Refused("--client 'sh {operation}' --client-directory '{here}'"),
              HasSubstr("the directory: unknown placeholder {here}"));
}

TEST_F(ClientUsage, ValuesAreLookedAt) {
  const std::string client = "--client 'sh {operation}' ";
  EXPECT_THAT(Refused(client + "--client-success 256"), HasSubstr("--client-success: \"256\", "
                                                                  "expected exit statuses"));
  EXPECT_THAT(Refused(client + "--client-failure one"), HasSubstr("exit statuses from 0 to 255"));
  EXPECT_THAT(Refused(client + "--client-failure 0"), HasSubstr("both success and failure"));
  EXPECT_THAT(Refused(client + "--client-success ''"), HasSubstr("no exit status means success"));
  EXPECT_THAT(Refused(client + "--client-cancel SIGKILL"), HasSubstr("or a signal: SIGINT"));
  EXPECT_THAT(Refused(client + "--client-cancel-limit soon"), HasSubstr("expected seconds"));
  EXPECT_THAT(Refused(client + "--client-env HOME"), HasSubstr("expected NAME=VALUE"));
  EXPECT_THAT(Refused(client + "--client-env A='{b'"), HasSubstr("the environment: {b: a {"));
  EXPECT_THAT(Refused(client + "--client-statement me"), HasSubstr("expected one of: client, "));
  EXPECT_THAT(Refused(client + "--client-ready here"), HasSubstr("--client-statement judge"));
  EXPECT_THAT(Refused(client + "--client-capability magic"), HasSubstr("expected one of: stripes"));
  EXPECT_THAT(Refused(client + "--client-capability cancel"), HasSubstr("follows from"));
  EXPECT_THAT(Refused(client + "--client-artefact-file '{file}'"),
              HasSubstr("the file of an artefact: unknown placeholder {file}"));
}

TEST_F(ClientUsage, AFileIsLookedAt) {
  const auto file = [&](const std::string& text) {
    Write("c.xml", text);
    return Refused("--client-file c.xml");
  };
  EXPECT_THAT(Refused("--client-file no.xml"),
              AllOf(HasSubstr("no.xml: cannot be read"), HasSubstr("vdi-conform init no.xml")));
  EXPECT_THAT(Refused("--client-file ."), HasSubstr("cannot be read"));
  EXPECT_THAT(file(""), HasSubstr("c.xml"));
  EXPECT_THAT(file("<client>\n<command>x"), HasSubstr("c.xml:"));
  EXPECT_THAT(file("<clients/>"), HasSubstr("c.xml:1: <clients>, expected <client>"));
  EXPECT_THAT(file("<client>\n<comand>sh</comand></client>"),
              HasSubstr("c.xml:2: unknown element <comand>"));
  EXPECT_THAT(file("<client>\n<exit succes=\"0\"/></client>"),
              HasSubstr("c.xml:2: <exit> has no attribute succes, expected one of: success"));
  EXPECT_THAT(file("<client>\n\n<exit success=\"zero\"/></client>"),
              HasSubstr("c.xml:3: success=: \"zero\", expected exit statuses"));
  EXPECT_THAT(file("<client><command>no-such-program {operation}</command></client>"),
              HasSubstr("c.xml: there is no program no-such-program"));
  EXPECT_THAT(file("<client><command>sh {operation} {x}</command></client>"),
              HasSubstr("c.xml: the command: unknown placeholder {x}"));
}

// No mistake in the description, but nothing comes of it: the verdict says why.
TEST_F(ClientUsage, ALineThatNeverComesIsTold) {
  EXPECT_EQ(RunClient(" --client '" REFCLIENT
                      " {operation} --database={database} --directory={artefact_dir} --no-sql' "
                      "--client-statement judge --client-ready 'at your service' "
                      "--timeout-scale 0.1 program.ordinary.backup"),
            1);
  EXPECT_THAT(output_, HasSubstr("The judge gave no statement; it waited for a line of its output "
                                 "like \"at your service\" (--client-ready)"));
  EXPECT_EQ(RunClient(" --client '" REFCLIENT
                      " {operation} --database={database} --directory={artefact_dir} --no-sql' "
                      "--client-statement judge --client-set mine "
                      "--timeout-scale 0.1 program.ordinary.backup"),
            1);
  EXPECT_THAT(output_,
              HasSubstr("a device set of a name like \"mine\" (--client-set); it created "));
}

TEST_F(ClientUsage, ALibraryThatIsNoneIsTheClientsOwnTrouble) {
  std::filesystem::create_directories(folder_ + "/lib");
  Write("lib/libsqlvdi.so", "this is a text\n");
  EXPECT_EQ(RunClient(Reference() + "--client-env LD_LIBRARY_PATH=" + folder_ +
                      "/lib program.ordinary.backup"),
            1);
  EXPECT_THAT(output_, AllOf(HasSubstr("program/started"), HasSubstr("/lib/libsqlvdi.so")));
}

TEST_F(ClientUsage, LinesOfTheHelpFitAScreen) {
  for (const std::string command :
       {"", "run", "list", "explain", "merge", "trace", "replay", "walk", "init"}) {
    ASSERT_EQ(Run(command + " --help"), 0);
    std::istringstream lines(output_);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
  }
}

}  // namespace
}  // namespace conform
