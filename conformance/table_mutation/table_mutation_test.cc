// The suite is judged by its own tables: flip any code of them, and some case must notice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "conformance/table_mutation/flips.h"
#include "conformance/table_mutation/recorded_suite.h"

namespace conform {
namespace {

TEST(TableMutation, EachFlipIsNoticedOrHasItsReason) {
  const Rules rules = Rules::Embedded();
  const Survivors survivors = ReadSurvivors(rules, SURVIVORS_XML);
  const std::vector<Recording> recordings = RecordSuite();
  ASSERT_GT(recordings.size(), 1000U);
  for (const Recording& recording : recordings) {
    EXPECT_THAT(Findings(rules, recording), testing::IsEmpty()) << recording.name;
  }
  const std::vector<Flip> flips =
      Judge(rules, recordings, AllFlips(rules), std::max(1U, std::thread::hardware_concurrency()));
  EXPECT_THAT(Complaints(flips, survivors), testing::IsEmpty());
  RecordProperty("flips", FlipSummary(flips));
}

}  // namespace
}  // namespace conform
