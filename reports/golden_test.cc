// Every report of a known run, byte for byte. After a change that is meant, run the test with
// VDISIM_WRITE_GOLDENS=1 and read the difference.
#include <gtest/gtest.h>

#include <cstdlib>

#include "reports/console.h"
#include "reports/file.h"
#include "reports/json_report.h"
#include "reports/junit.h"
#include "reports/sample_run.h"
#include "reports/schema_check.h"

namespace reports {
namespace {

std::filesystem::path Golden(const std::string& name) {
  return std::filesystem::path(REPORTS_SOURCE_DIR) / "golden" / name;
}

void ExpectGolden(const std::string& name, const std::string& text) {
  if (std::getenv("VDISIM_WRITE_GOLDENS") != nullptr) ReplaceFile(Golden(name), text);
  EXPECT_EQ(ReadFile(Golden(name)), text) << name;
}

std::string FileName(Outcome outcome) { return "junit-" + std::string(Name(outcome)) + ".xml"; }

class GoldenOfOutcome : public testing::TestWithParam<Outcome> {};

TEST_P(GoldenOfOutcome, IsWrittenByteForByte) {
  const reports::Run run = SampleRunOf(GetParam());
  ASSERT_EQ(run.cases.size(), 1U);
  ExpectGolden(FileName(GetParam()), JUnitXml(run));
}

TEST_P(GoldenOfOutcome, FitsTheSchemas) {
  for (const auto& schema : StrictSchemas()) {
    EXPECT_EQ(SchemaErrors(schema, {Golden(FileName(GetParam()))}), "") << schema;
  }
}

INSTANTIATE_TEST_SUITE_P(EveryOutcome, GoldenOfOutcome, testing::ValuesIn(kOutcomes),
                         [](const auto& of) { return std::string(Name(of.param)); });

TEST(Golden, WholeRunAsStrictJUnit) {
  ExpectGolden("junit-strict.xml", JUnitXml(BuildRun(SampleEvents())));
  for (const auto& schema : StrictSchemas()) {
    EXPECT_EQ(SchemaErrors(schema, {Golden("junit-strict.xml")}), "") << schema;
  }
}

TEST(Golden, WholeRunAsRichJUnit) {
  ExpectGolden("junit-rich.xml", JUnitXml(BuildRun(SampleEvents()), JUnitFlavour::kRich));
}

TEST(Golden, WholeRunAsSurefireFiles) {
  for (const NamedText& file : SurefireXml(BuildRun(SampleEvents()))) {
    ExpectGolden("surefire/" + file.file_name, file.text);
    for (const auto& schema : SurefireSchemas()) {
      EXPECT_EQ(SchemaErrors(schema, {Golden("surefire/" + file.file_name)}), "") << schema;
    }
  }
}

TEST(Golden, WholeRunAsJson) { ExpectGolden("results.json", JsonReport(BuildRun(SampleEvents()))); }

TEST(Golden, WholeRunOnTheConsole) {
  const reports::Run run = BuildRun(SampleEvents());
  ExpectGolden("summary.txt", ConsoleSummary(run));
  ExpectGolden("summary-coloured.txt", ConsoleSummary(run, {.colour = true}));
  std::string lines;
  for (const Case& one : run.cases) lines += ConsoleLine(one);
  ExpectGolden("lines.txt", lines);
}

TEST(Golden, EventLog) {
  std::string log;
  for (const Event& event : SampleEvents()) log += ToJsonLine(event) + '\n';
  ExpectGolden("events.jsonl", log);
}

}  // namespace
}  // namespace reports
