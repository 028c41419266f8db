#include "simulator/front/protocol.h"

#include <gtest/gtest.h>

#include <string>

namespace vdisim {
namespace {

// There and back again.
template <typename T>
T Returned(const T& event) {
  std::string error;
  const std::string line = FormatEvent(event);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto parsed = ParseEvent(line, &error);
  EXPECT_TRUE(parsed.has_value()) << error;
  return std::get<T>(*parsed);
}

TEST(FormatEvent, KeepsMessages) {
  const Message message = MakeMessage(3202, "a\"b\n\xC3\xBC", "995(x)").At(7);
  EXPECT_EQ(Returned(message), message);
}

TEST(FormatEvent, ReplacesWhatIsNotUtf8) {
  Message message = MakeMessage(3013, "x");
  message.text = "a\xFF";
  EXPECT_EQ(Returned(message).text, "a\xEF\xBF\xBD");
}

TEST(FormatEvent, KeepsProgressResultSetsAndOutcomes) {
  EXPECT_EQ(Returned(TransferProgress{.bytes_done = 5'000'000'000, .bytes_total = 9, .percent = 3})
                .bytes_done,
            5'000'000'000U);
  EXPECT_EQ(Returned(ResultSet{.columns = {"a"}, .rows = {{"1"}, {"2"}}}).rows[1][0], "2");
  StatementOutcome outcome;
  outcome.succeeded = true;
  outcome.first_error = 3013;
  outcome.database = "x";
  outcome.comparison = StatementOutcome::Comparison::kDifferent;
  const StatementOutcome returned = Returned(outcome);
  EXPECT_TRUE(returned.succeeded);
  EXPECT_EQ(returned.first_error, 3013);
  EXPECT_EQ(returned.database, "x");
  EXPECT_EQ(returned.comparison, StatementOutcome::Comparison::kDifferent);
  EXPECT_EQ(Returned(Refusal{.why = "no"}).why, "no");
}

TEST(FormatRequest, KeepsEveryField) {
  ExecuteRequest request{.batch = "SELECT 1\nGO", .options = {}, .databases = {"x=/y"}};
  request.options.database = "pubs";
  request.options.wait = std::chrono::milliseconds(5);
  request.options.parameters = {{.name = "@a", .value = "b"},
                                {.name = "@n", .value = std::nullopt}};
  std::string error;
  const auto parsed = ParseRequest(FormatRequest(request), &error);
  ASSERT_TRUE(parsed.has_value()) << error;
  const auto& returned = std::get<ExecuteRequest>(*parsed);
  EXPECT_EQ(returned.batch, request.batch);
  EXPECT_EQ(returned.databases, request.databases);
  EXPECT_EQ(returned.options.database, "pubs");
  EXPECT_EQ(returned.options.wait, std::chrono::milliseconds(5));
  EXPECT_FALSE(returned.options.stall.has_value());
  ASSERT_EQ(returned.options.parameters.size(), 2U);
  EXPECT_EQ(returned.options.parameters[0].value, "b");
  EXPECT_FALSE(returned.options.parameters[1].value.has_value());
  const auto cancel = ParseRequest(FormatRequest(CancelRequest{}), &error);
  ASSERT_TRUE(cancel.has_value()) << error;
  EXPECT_TRUE(std::holds_alternative<CancelRequest>(*cancel));
}

TEST(ParseRequest, RefusesEverythingElse) {
  for (const char* line :
       {"", "{", "[]", "5", "{}", R"({"execute": 5})", R"({"cancel": false})",
        R"({"execute": "x", "wait_ms": "soon"})", R"({"execute": "x", "databases": [1]})"}) {
    std::string error;
    EXPECT_FALSE(ParseRequest(line, &error).has_value()) << line;
    EXPECT_NE(error, "") << line;
  }
}

}  // namespace
}  // namespace vdisim
