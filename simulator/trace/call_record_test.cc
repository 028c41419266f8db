#include "simulator/trace/call_record.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace vdisim {
namespace {

CallRecord FullRecord() {
  CallRecord record;
  record.number = UINT64_MAX;
  record.start_ns = 81'234'567'890;
  record.duration_ns = 4500;
  record.pid = 4711;
  record.tid = UINT32_MAX;
  record.face = std::string(kComClientFace);
  record.object = 2;
  record.set = "A \"set\"\n{\"n\":1} \xC3\xA9";
  record.device = "second";
  record.method = "GetCommand";
  record.inputs = {{"z", TraceNumber(int64_t{-1})},
                   {"a", TraceNumber(UINT64_MAX)},
                   {"m", TraceText(nullptr)},
                   {"empty", TraceText("")}};
  record.outputs = {{"ppCmd", TraceAddress(&record)}};
  record.code = static_cast<int32_t>(0x80770003U);
  return record;
}

TEST(CallRecord, ComesBackAsItWasWritten) {
  const CallRecord record = FullRecord();
  std::string error;
  const std::optional<CallRecord> read = ParseRecord(FormatRecord(record), &error);
  ASSERT_TRUE(read.has_value()) << error;
  EXPECT_EQ(*read, record);
}

TEST(CallRecord, IsOneLineInTheDocumentedOrder) {
  CallRecord record;
  record.number = 7;
  record.face = std::string(kClientFace);
  record.object = 2;
  record.set = "line\nbreak";
  record.method = "Close";
  record.code = static_cast<int32_t>(0x8077000DU);
  EXPECT_EQ(FormatRecord(record),
            R"({"n":7,"t":0,"d":0,"pid":0,"tid":0,"face":"client","object":2,)"
            R"("set":"line\nbreak","call":"Close","in":{},"out":{},"code":-2139684851,)"
            R"("result":"VD_E_OPEN"})");
}

TEST(CallRecord, KeepsTheOrderOfValues) {
  const std::string line = FormatRecord(FullRecord());
  EXPECT_NE(line.find(R"("in":{"z":-1,"a":18446744073709551615,"m":null,"empty":""})"),
            std::string::npos)
      << line;
}

TEST(CallRecord, ShowsNamesThatAreNotUtf8) {
  CallRecord record;
  record.set = "caf\xE9";
  std::string error;
  const std::optional<CallRecord> read = ParseRecord(FormatRecord(record), &error);
  ASSERT_TRUE(read.has_value()) << error;
  EXPECT_EQ(read->set, "caf\xEF\xBF\xBD");
}

TEST(BeginMark, ComesBackAsItWasWritten) {
  BeginMark mark{.method = "GetCommand",
                 .start_ns = 81'234'567'890,
                 .pid = 4711,
                 .tid = UINT32_MAX,
                 .face = std::string(kClientFace),
                 .object = 2,
                 .set = "nightly \"set\"",
                 .device = "second"};
  EXPECT_EQ(FormatBeginMark(mark),
            R"({"begin":"GetCommand","t":81234567890,"pid":4711,"tid":4294967295,)"
            R"("face":"client","object":2,"set":"nightly \"set\"","device":"second"})");
  std::string error;
  EXPECT_EQ(ParseBeginMark(FormatBeginMark(mark), &error), mark) << error;
  mark.device.reset();
  EXPECT_EQ(ParseBeginMark(FormatBeginMark(mark), &error), mark) << error;
  EXPECT_FALSE(ParseBeginMark(FormatRecord(FullRecord()), &error).has_value());
  EXPECT_FALSE(error.empty());
}

TEST(CallRecord, NumbersThatFitAreSigned) {
  EXPECT_EQ(TraceNumber(uint64_t{5}), TraceNumber(int64_t{5}));
  EXPECT_NE(TraceNumber(UINT64_MAX), TraceNumber(int64_t{-1}));
}

TEST(ParseRecord, RefusesNumbersThatDoNotFit) {
  const std::string good = FormatRecord(FullRecord());
  for (const auto& [from, to] : {std::pair<std::string, std::string>{"\"pid\":4711", "\"pid\":-1"},
                                 {"\"pid\":4711", "\"pid\":4294967296"},
                                 {"\"pid\":4711", "\"pid\":\"4711\""},
                                 {"\"pid\":4711", "\"pid\":4711.5"},
                                 {"\"code\":-2139684861", "\"code\":-2139684861000"},
                                 {"\"code\":-2139684861", "\"cod\":-2139684861"}}) {
    std::string bad = good;
    const size_t at = bad.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    bad.replace(at, from.size(), to);
    std::string error;
    EXPECT_FALSE(ParseRecord(bad, &error).has_value()) << to;
    EXPECT_FALSE(error.empty()) << to;
  }
}

}  // namespace
}  // namespace vdisim
