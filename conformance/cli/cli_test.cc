// The program from outside: exit codes and what stands in its output.
#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "conformance/cli/program_test.h"

namespace conform {
namespace {

TEST_F(VdiConform, HelpExplainsExitCodesAndGivesExamples) {
  EXPECT_EQ(Run("--help"), 0);
  EXPECT_NE(output_.find("Exit codes"), std::string::npos);
  EXPECT_NE(output_.find("Examples"), std::string::npos);
}

TEST_F(VdiConform, EachCommandsHelpNamesItsExitCodes) {
  for (const char* command : {"run", "list", "explain"}) {
    EXPECT_EQ(Run(std::string(command) + " --help"), 0);
    EXPECT_NE(output_.find("Exit codes"), std::string::npos) << output_;
    EXPECT_EQ(output_.find("130") != std::string::npos, std::string(command) == "run") << output_;
  }
}

TEST_F(VdiConform, EmptyNameOfTheReportWritesNone) {
  EXPECT_EQ(Run("run --junit '' handles.map.same-process"), 0) << output_;
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/reports"));
}

TEST_F(VdiConform, FailFastReportsTheRestAsSkippedAndStaysRed) {
  EXPECT_EQ(Run("run --fail-fast --jobs 1 --provider '" BROKEN_LIBRARIES
                "/libzero_accepted.so' 'handles.map.invalid-number.*.zero'"
                " handles.map.same-process handles.map.twice"),
            1);
  pugi::xml_document junit;
  ASSERT_TRUE(junit.load_string(Read("reports/out/junit.xml").c_str()));
  EXPECT_STREQ(junit.child("testsuites").attribute("failures").value(), "1");
  EXPECT_NE(output_.find("skipped"), std::string::npos) << output_;
}

TEST_F(VdiConform, WrongUsageIsTwo) {
  EXPECT_EQ(Run(""), 2);
  EXPECT_EQ(Run("run --no-such-option"), 2);
  EXPECT_EQ(Run("run --provider /no/such/library.so"), 2);
}

TEST_F(VdiConform, SelectorThatMatchesNothingIsTwo) {
  EXPECT_EQ(Run("run no.such.scenario"), 2);
  EXPECT_NE(output_.find("no.such.scenario"), std::string::npos);
  EXPECT_EQ(Run("list clause:C-XXX-01"), 2);
  EXPECT_EQ(Run("list handles.map"), 2);
  EXPECT_NE(output_.find("'handles.map.*' takes what is below"), std::string::npos) << output_;
}

TEST_F(VdiConform, FolderWithoutScenariosIsTwo) { EXPECT_EQ(Run("run --scenarios ."), 2); }

TEST_F(VdiConform, ScenarioThatCannotBeUsedIsTwoAndNamesFileAndLine) {
  Write("bad.xml", "<scenarios group='g'>\n<scenario id='a'\n title='t'/></scenarios>");
  EXPECT_EQ(Run("run --scenarios ."), 2);
  EXPECT_NE(output_.find("bad.xml:2:"), std::string::npos) << output_;
}

TEST_F(VdiConform, NoCasesAtAllIsFour) {
  Write("empty.xml", "<scenarios group='g'/>");
  EXPECT_EQ(Run("run --scenarios ."), 4) << output_;
}

TEST_F(VdiConform, PassingCaseIsZeroAndWritesJUnitWhereItIsExpected) {
  EXPECT_EQ(Run("run handles.map.same-process"), 0) << output_;
  pugi::xml_document junit;
  ASSERT_TRUE(junit.load_string(Read("reports/out/junit.xml").c_str()));
  EXPECT_STREQ(junit.child("testsuites").attribute("failures").value(), "0");
  EXPECT_STREQ(junit.child("testsuites").attribute("tests").value(), "2");  // both faces
}

TEST_F(VdiConform, EmptyLibraryIsOneAndItsMissingSymbolsAreListed) {
  EXPECT_EQ(Run("run --provider '" BROKEN_LIBRARIES "/libempty.so' handles.map.same-process"), 1);
  EXPECT_NE(output_.find("_ZN22ClientVirtualDeviceSet15MapBufferHandleEiPPh"), std::string::npos)
      << output_;
}

TEST_F(VdiConform, ReproduceCommandGivesTheSameVerdict) {
  const std::string provider = " --provider '" BROKEN_LIBRARIES "/libzero_accepted.so' ";
  EXPECT_EQ(Run("run" + provider + "handles.map.invalid-number.primary.zero"), 1);
  const size_t begin = output_.find("Reproduce: ");
  ASSERT_NE(begin, std::string::npos) << output_;
  const size_t end = output_.find('\n', begin);
  const std::string command = output_.substr(begin + 11, end - begin - 11);
  const size_t arguments = command.find(" run ");
  ASSERT_NE(arguments, std::string::npos) << command;
  EXPECT_EQ(Run(command.substr(arguments + 1)), 1);
  EXPECT_NE(output_.find("handles.map.invalid-number/refused"), std::string::npos) << output_;
}

TEST_F(VdiConform, ReproduceCommandTakesOneCaseOfAScenarioOnBothFaces) {
  const std::string provider = " --provider '" BROKEN_LIBRARIES "/libabort_closes.so' ";
  EXPECT_EQ(Run("run" + provider + "case:client.configuration.client-refuses"), 1);
  EXPECT_NE(output_.find("1 case: 1 failed"), std::string::npos) << output_;
  const size_t begin = output_.find("Reproduce: ");
  ASSERT_NE(begin, std::string::npos) << output_;
  const size_t arguments = output_.find(" run ", begin);
  ASSERT_NE(arguments, std::string::npos) << output_;
  EXPECT_EQ(Run(output_.substr(arguments + 1, output_.find('\n', begin) - arguments - 1)), 1);
  EXPECT_NE(output_.find("1 case: 1 failed"), std::string::npos) << output_;
}

TEST_F(VdiConform, ExplainsClausesMethodsScenariosAndChecks) {
  EXPECT_EQ(Run("explain C-MAP-03"), 0);
  EXPECT_NE(output_.find("handles.map.invalid-number/refused"), std::string::npos) << output_;
  EXPECT_EQ(Run("explain MapBufferHandle"), 0);
  EXPECT_EQ(Run("explain handles.map.foreign-set"), 0);
  EXPECT_NE(output_.find("VD_E_INVALID"), std::string::npos) << output_;
  EXPECT_EQ(Run("explain handles.map.foreign-set/refused"), 0);
  EXPECT_EQ(Run("explain no-such-thing"), 2);
  EXPECT_EQ(Run("explain handles.map.foreign-set/no-such-check"), 2);
}

TEST_F(VdiConform, ExplainsEveryKindOfCheckThatAReportNames) {
  EXPECT_EQ(Run("explain documented-codes/MapBufferHandle"), 0);
  EXPECT_NE(output_.find("C-MAP-03"), std::string::npos) << output_;
  EXPECT_EQ(Run("explain documented-codes/server.SendCommand"), 0);
  EXPECT_NE(output_.find("S-SND-02"), std::string::npos) << output_;
  EXPECT_EQ(Run("explain oracle/client.GetCommand"), 0);
  EXPECT_NE(output_.find("L-33"), std::string::npos) << output_;
  EXPECT_EQ(Run("explain outputs/OpenDevice"), 0);
  EXPECT_EQ(Run("explain subject/loads"), 0);
  EXPECT_NE(output_.find("ABI-06"), std::string::npos) << output_;
  EXPECT_EQ(Run("explain handles.map.twice/setting.primary.Create"), 0);
  for (const char* check : {"runner/stable", "waivers/unused", "waivers/expired"}) {
    EXPECT_EQ(Run(std::string("explain ") + check), 0) << check;
    EXPECT_NE(output_.find(check), std::string::npos) << output_;
  }
}

TEST_F(VdiConform, InterruptionIsOneHundredAndThirtyAndTheReportIsWritten) {
  // The hanging library holds the run until the signal is there.
  const std::string run =
      "run --provider '" BROKEN_LIBRARIES
      "/libhangs.so' --timeout-scale 0.1 handles.map.same-process handles.map.twice";
  const std::string script = "--version; ('" VDI_CONFORM "' " + run +
                             " & pid=$!; until [ -s reports/out/junit.xml ]; do :; done;"
                             " kill -INT $pid; wait $pid; echo status $?)";
  Run(script);
  EXPECT_NE(output_.find("status 130"), std::string::npos) << output_;
  pugi::xml_document junit;
  ASSERT_TRUE(junit.load_string(Read("reports/out/junit.xml").c_str()));
  EXPECT_STRNE(junit.child("testsuites").attribute("errors").value(), "0");
}

// The only scenario that calls a device of an earlier set is left out.
TEST_F(VdiConform, RequireCoverageNamesTheCellThatIsMissed) {
  EXPECT_EQ(Run("run --require-coverage 'client.states.*' --exclude "
                "client.states.device-after-close --coverage c.md"),
            1);
  EXPECT_NE(output_.find("this run was only a part of the suite"), std::string::npos) << output_;
  EXPECT_NE(output_.find("cell L-33: client GetCommand in Configurable"), std::string::npos)
      << output_;
  const std::string missed =
      "| L-33 | GetCommand | Configurable | VD_E_PROTOCOL | **not reached** |";
  EXPECT_NE(Read("c.md").find(missed), std::string::npos);
  EXPECT_EQ(Run("run 'client.states.*' --coverage c.md"), 0) << output_;
  EXPECT_EQ(Read("c.md").find(missed), std::string::npos);
}

}  // namespace
}  // namespace conform
