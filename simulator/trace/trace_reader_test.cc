#include "simulator/trace/trace_reader.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace vdisim {
namespace {

std::string Line(uint64_t number) {
  CallRecord record;
  record.number = number;
  record.set = R"(tricky {"n":99} "{\"n\":)";
  record.method = "Close";
  return FormatRecord(record);
}

std::string NumbersOf(const Trace& trace) {
  std::string numbers;
  for (const TraceEntry& entry : trace.entries) {
    numbers += std::to_string(entry.line) + ":" + std::to_string(entry.record.number) + " ";
  }
  return numbers;
}

TEST(TraceReader, NamesTheDamagedLineAndKeepsTheOthers) {
  std::istringstream text(Line(1) + "\n" + Line(2).substr(0, 40) + "\nnonsense\n" + Line(4) + "\n");
  const Trace trace = ReadTrace(text, "run.trace");
  EXPECT_EQ(NumbersOf(trace), "1:1 4:4 ");
  ASSERT_EQ(trace.damages.size(), 2U);
  EXPECT_EQ(trace.damages[0].ToString().rfind("run.trace:2: ", 0), 0U);
  EXPECT_EQ(trace.damages[1].ToString().rfind("run.trace:3: ", 0), 0U);
  EXPECT_FALSE(trace.damages[1].reason.empty());
}

TEST(TraceReader, FindsTheRecordBehindATornOne) {
  std::istringstream text(Line(1).substr(0, 60) + Line(2) + "\n" + Line(3));
  const Trace trace = ReadTrace(text, "run.trace");
  EXPECT_EQ(NumbersOf(trace), "1:2 2:3 ");
  EXPECT_EQ(trace.damages.size(), 1U);
}

TEST(TraceReader, KeepsMarksApartFromRecords) {
  BeginMark closing;
  closing.method = "Close";
  closing.object = 5;
  const std::string mark = FormatBeginMark(closing);
  std::istringstream text(mark + "\n" + Line(1) + "\n" + Line(2).substr(0, 30) + mark + "\n" +
                          mark.substr(0, 30) + Line(3) + "\n");
  const Trace trace = ReadTrace(text, "run.trace");
  EXPECT_EQ(NumbersOf(trace), "2:1 4:3 ");
  ASSERT_EQ(trace.begun.size(), 2U);
  EXPECT_EQ(trace.begun[1].object, 5U);
  EXPECT_EQ(trace.damages.size(), 2U);
}

TEST(TraceReader, ASoundTraceHasNoDamage) {
  std::istringstream text(Line(1) + "\n" + Line(2) + "\n");
  const Trace trace = ReadTrace(text, "run.trace");
  EXPECT_EQ(NumbersOf(trace), "1:1 2:2 ");
  EXPECT_TRUE(trace.damages.empty());
}

TEST(TraceReader, SaysThatAFileIsNotThere) {
  const Trace trace = ReadTraceFile("/nonexistent/run.trace");
  EXPECT_TRUE(trace.entries.empty());
  ASSERT_EQ(trace.damages.size(), 1U);
  EXPECT_EQ(trace.damages[0].ToString(),
            "/nonexistent/run.trace:0: cannot be opened: No such file or directory");
}

}  // namespace
}  // namespace vdisim
