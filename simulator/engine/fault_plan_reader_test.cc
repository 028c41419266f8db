#include "simulator/engine/fault_plan_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "simulator/engine/testing/fault_plan_samples.h"
#include "simulator/include/vdi.h"

namespace vdisim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing_support::FaultSample;

FaultPlan Read(const std::string& inside) {
  std::string error;
  const auto plan = ReadFaultPlan("<faults>" + inside + "</faults>", "plan.xml", &error);
  EXPECT_TRUE(plan.has_value()) << error;
  return plan.value_or(FaultPlan());
}

TEST(FaultPlanReader, ReadsPointsInTheOrderOfTheFile) {
  std::string error;
  const auto plan = ReadFaultPlan(
      "<faults>\n"
      "  <stall at='Write' nth='3' device='2' ms='500'/>\n"
      "  <!-- nothing -->\n"
      "  <command code='999' expect='50' when='after'/>\n"
      "  <stall at='any' ms='forever' statement='restore'/>\n"
      "</faults>\n",
      "plan.xml", &error);
  ASSERT_TRUE(plan.has_value()) << error;
  ASSERT_EQ(plan->backup.points.size(), 2U);
  ASSERT_EQ(plan->restore.points.size(), 3U);
  const PointFault& stall = plan->backup.points[0];
  EXPECT_EQ(stall.action, PointAction::kStall);
  EXPECT_EQ(stall.point.code, VDC_Write);
  EXPECT_EQ(stall.point.nth, 3U);
  EXPECT_EQ(stall.point.device, 2U);
  EXPECT_FALSE(stall.point.after);
  EXPECT_EQ(stall.stall, std::chrono::milliseconds(500));
  EXPECT_EQ(stall.line, 2);
  const PointFault& command = plan->backup.points[1];
  EXPECT_EQ(command.code, 999);
  EXPECT_EQ(command.expect, 50U);
  EXPECT_EQ(command.point.code, 0);
  EXPECT_EQ(command.point.nth, 1U);
  EXPECT_EQ(command.point.device, 1U);
  EXPECT_TRUE(command.point.after);
  EXPECT_EQ(command.line, 4);
  EXPECT_FALSE(plan->restore.points[2].stall.has_value());
}

TEST(FaultPlanReader, ReadsWhatHappensOnce) {
  const FaultPlan plan = Read(
      "<fail when='after-last-write' message='4711' text='Out of luck.'/><no-flush/>"
      "<complete grant='yes' send='no'/><clear-error then='abort'/><depth commands='16'/>"
      "<first device='2' commands='4'/><starve device='3'/>"
      "<sizes write='512, 65536' read='random'/><read-past-end/><read-past-end device='2' "
      "across='yes'/><chatter bytes='102400'/>"
      "<delay-close ms='2000'/><delay-open ms='10'/><delay-configure ms='5'/>");
  for (const StatementFaults* faults : {&plan.backup, &plan.restore}) {
    ASSERT_TRUE(faults->fail.has_value());
    EXPECT_EQ(faults->fail->value.moment, FailMoment::kAfterLastWrite);
    EXPECT_EQ(faults->fail->value.message, 4711);
    EXPECT_EQ(faults->fail->value.text, "Out of luck.");
    EXPECT_EQ(faults->clear_error->value, AfterError::kSignalAbort);
    EXPECT_EQ(faults->depth->value, 16U);
    EXPECT_EQ(faults->first->value.device, 2U);
    EXPECT_EQ(faults->first->value.commands, 4U);
    EXPECT_EQ(faults->starve->value, 3U);
    EXPECT_THAT(faults->write_sizes->value.bytes, ElementsAre(512, 65536));
    EXPECT_TRUE(faults->read_sizes->value.random);
    EXPECT_EQ(faults->chatter_bytes->value, 102400U);
    EXPECT_EQ(faults->delay_close->value, std::chrono::seconds(2));
    EXPECT_EQ(faults->delay_open->value, std::chrono::milliseconds(10));
    EXPECT_EQ(faults->delay_configure->value, std::chrono::milliseconds(5));
  }
  EXPECT_TRUE(plan.backup.no_flush.has_value());
  EXPECT_FALSE(plan.restore.no_flush.has_value());
  EXPECT_TRUE(plan.backup.complete->value.grant);
  EXPECT_FALSE(plan.backup.complete->value.send);
  EXPECT_TRUE(plan.backup.read_past_end.empty());
  ASSERT_EQ(plan.restore.read_past_end.size(), 2U);
  EXPECT_EQ(plan.restore.read_past_end[0].value.device, 1U);
  EXPECT_FALSE(plan.restore.read_past_end[0].value.across);
  EXPECT_EQ(plan.restore.read_past_end[1].value.device, 2U);
  EXPECT_TRUE(plan.restore.read_past_end[1].value.across);
}

TEST(FaultPlanReader, KeepsOneOfAKindForEachStatement) {
  const FaultPlan plan =
      Read("<depth commands='1' statement='backup'/><depth commands='2' statement='restore'/>");
  EXPECT_EQ(plan.backup.depth->value, 1U);
  EXPECT_EQ(plan.restore.depth->value, 2U);
}

TEST(FaultPlanReader, GrantsWhatItSends) {
  EXPECT_FALSE(Read("<complete grant='no'/>").backup.complete->value.send);
  EXPECT_TRUE(Read("<complete grant='no' send='yes' illegal='yes'/>").backup.complete->value.send);
}

class FaultPlanSamples : public ::testing::TestWithParam<FaultSample> {};
INSTANTIATE_TEST_SUITE_P(FaultPlanReader, FaultPlanSamples,
                         ::testing::ValuesIn(testing_support::kFaultSamples));

TEST_P(FaultPlanSamples, IsTakenOrRefusedWithTheReason) {
  std::string error;
  const auto plan = ReadFaultPlan(GetParam().text, "plan.xml", &error);
  if (GetParam().error == nullptr) {
    EXPECT_TRUE(plan.has_value()) << error;
  } else {
    EXPECT_FALSE(plan.has_value());
    EXPECT_THAT(error, HasSubstr(GetParam().error));
  }
}

#ifdef XMLLINT
// Whether the schema takes a text.
bool SchemaTakes(const std::string& text) {
  const auto file = std::filesystem::path(::testing::TempDir()) /
                    ("fault-plan-" + std::to_string(getpid()) + ".xml");
  std::ofstream(file) << text;
  const int status = std::system((std::string(XMLLINT " --noout --schema " FAULT_PLAN_XSD " '") +
                                  file.string() + "' 2>/dev/null")
                                     .c_str());
  std::filesystem::remove(file);
  return status == 0;
}

TEST_P(FaultPlanSamples, AreTakenOrRefusedByTheSchemaToo) {
  if (GetParam().schema_too) {
    EXPECT_EQ(SchemaTakes(GetParam().text), GetParam().error == nullptr);
  } else {
    // What only the reader can know must at least be well-formed to it.
    EXPECT_TRUE(SchemaTakes(GetParam().text));
  }
}
#endif

TEST(FaultPlanReader, NamesAFileThatIsMissing) {
  std::string error;
  EXPECT_FALSE(ReadFaultPlanFile("/nonexistent/plan.xml", &error).has_value());
  EXPECT_THAT(error, HasSubstr("/nonexistent/plan.xml: cannot be read"));
}

}  // namespace
}  // namespace vdisim
