#include "simulator/sql/messages.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace vdisim {
namespace {

TEST(MakeMessage, FillsTheDocumentedTexts) {
  EXPECT_EQ(MakeMessage(3013, "BACKUP DATABASE").text,
            "BACKUP DATABASE is terminating abnormally.");
  EXPECT_EQ(MakeMessage(3202, "dev", "995(x)").text, "Write on \"dev\" failed: 995(x)");
  EXPECT_EQ(
      MakeMessage(3014, "BACKUP DATABASE", 24530, 0, 451, 424, 922).text,
      "BACKUP DATABASE successfully processed 24530 pages in 0.451 seconds (424.922 MB/sec).");
  EXPECT_EQ(MakeMessage(4035, 24528, "X", "X_Data", 1).text,
            "Processed 24528 pages for database 'X', file 'X_Data' on file 1.");
}

TEST(MakeMessage, TakesSeverityAndStateFromTheTable) {
  const Message message = MakeMessage(3201, "dev", "2(x)");
  EXPECT_EQ(message.severity, 16);
  EXPECT_EQ(message.state, 7);
  EXPECT_EQ(message.InState(6).state, 6);
  EXPECT_EQ(message.At(4).line, 4);
  EXPECT_TRUE(message.IsError());
  EXPECT_FALSE(MakeMessage(3211, 10).IsError());
}

TEST(FindMessage, KnowsEveryNumberOfTheReference) {
  for (const int number :
       {3013, 3041, 3201, 3202, 3203, 3204,  3271,  18210, 18204, 18257, 3261, 3265,
        3276, 3277, 3196, 3197, 3198, 3199,  3012,  3011,  3205,  3044,  3057, 3250,
        3253, 3217, 3208, 3241, 3242, 3132,  3227,  3251,  3229,  3230,  3256, 3257,
        3260, 3014, 4035, 3211, 3262, 18264, 18265, 18267, 18268, 18270, 102,  103,
        105,  113,  137,  155,  156,  911,   2812,  50001, 50002}) {
    ASSERT_NE(FindMessage(number), nullptr) << number;
    EXPECT_EQ(FindMessage(number)->number, number);
  }
  EXPECT_EQ(FindMessage(1), nullptr);
  EXPECT_EQ(FindMessage(99999), nullptr);
}

// A template that fmt cannot read would stop the process on the day it is needed.
TEST(AllMessages, HaveTextsThatCanBeFilled) {
  for (const MessageTemplate& row : AllMessages()) {
    // More inserts than a text has places are fine; ten are the most that any has.
    const Message message = MakeMessage(row.number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    EXPECT_FALSE(message.text.empty());
  }
}

TEST(SqlcmdForm, PrintsErrorsWithAHeadAndTheRestWithout) {
  EXPECT_EQ(SqlcmdForm(MakeMessage(102, "x").At(3), "HOST"),
            "Msg 102, Level 15, State 1, Server HOST, Line 3\nIncorrect syntax near 'x'.");
  EXPECT_EQ(SqlcmdForm(MakeMessage(3211, 10), "HOST"), "10 percent processed.");
}

TEST(MakeMessageDeathTest, StopsOnANumberThatDoesNotExist) {
  EXPECT_DEATH((void)MakeMessage(1), "a message number that the table does not hold");
  EXPECT_DEATH((void)MakeMessage(3202, "only one"), "inserts that do not fit");
}

}  // namespace
}  // namespace vdisim
