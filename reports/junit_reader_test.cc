#include "reports/junit_reader.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "reports/event.h"
#include "reports/junit.h"
#include "reports/sample_run.h"

namespace reports {
namespace {

// Its seconds have no more decimals than the files.
reports::Run Sample() {
  reports::Run run = BuildRun(SampleEvents());
  for (Case& one : run.cases) one.seconds = 0.012;
  return run;
}

class EachFlavour : public testing::TestWithParam<JUnitFlavour> {};

// Everything that a strict or rich file holds comes back, and the file made from it is the same.
TEST_P(EachFlavour, IsReadAndWrittenAgainByteForByte) {
  const reports::Run run = Sample();
  const std::string text = JUnitXml(run, GetParam());
  const reports::Run again = ReadJUnit(text);
  EXPECT_EQ(JUnitXml(again, GetParam()), text);
  EXPECT_EQ(CountCases(again), CountCases(run));
}

INSTANTIATE_TEST_SUITE_P(Flavours, EachFlavour,
                         testing::Values(JUnitFlavour::kStrict, JUnitFlavour::kRich));

TEST(ReadJUnit, KeepsEachOutcomeAndProblem) {
  const reports::Run run = Sample();
  const reports::Run again = ReadJUnit(JUnitXml(run));
  ASSERT_EQ(again.cases.size(), run.cases.size());
  for (std::size_t i = 0; i < run.cases.size(); ++i) {
    EXPECT_EQ(again.cases[i].id, run.cases[i].id);
    EXPECT_EQ(again.cases[i].title, run.cases[i].title);
    EXPECT_EQ(again.cases[i].outcome, run.cases[i].outcome) << run.cases[i].id;
    EXPECT_EQ(again.cases[i].problem, run.cases[i].problem) << run.cases[i].id;
  }
  EXPECT_EQ(again.seed, run.seed);
  EXPECT_FALSE(again.finished);
}

TEST(ReadJUnit, ReadsSurefireFilesToo) {
  const reports::Run run = Sample();
  for (const NamedText& file : SurefireXml(run)) {
    const reports::Run one = ReadJUnit(file.text);
    EXPECT_EQ(one.cases.size(), 4U);
    EXPECT_EQ(SurefireXml(one).at(0).text, file.text);
  }
}

TEST(ReadJUnit, KnowsTheShard) {
  reports::Run run = Sample();
  run.shard = {.index = 2, .count = 3, .selected = 22};
  EXPECT_EQ(ReadJUnit(JUnitXml(run)).shard, run.shard);
  run.cases.clear();
  EXPECT_EQ(ReadJUnit(JUnitXml(run)).shard, run.shard);
}

TEST(ReadJUnit, RefusesWhatIsNoJUnit) {
  EXPECT_THROW(ReadJUnit("<html/>"), std::invalid_argument);
  EXPECT_THROW(ReadJUnit("<testsuites><testsuite>"), std::invalid_argument);
  EXPECT_THROW(ReadJUnit("<testsuite><testcase name=''/></testsuite>"), std::invalid_argument);
  EXPECT_THROW(ReadJUnit("<testsuite><testcase name='a b'><failure type='X'/></testcase>"
                         "</testsuite>"),
               std::invalid_argument);
}

}  // namespace
}  // namespace reports
