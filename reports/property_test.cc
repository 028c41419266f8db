// Random runs with the worst texts: every report stays valid, and all agree on the counts.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <random>
#include <regex>

#include "reports/console.h"
#include "reports/event.h"
#include "reports/file.h"
#include "reports/json_report.h"
#include "reports/junit.h"
#include "reports/schema_check.h"

namespace reports {
namespace {

constexpr std::uint32_t kSeed = 20260901;
constexpr int kRuns = 60;

class RandomRun {
 public:
  explicit RandomRun(std::uint32_t seed) : random_(seed) {}

  std::vector<Event> Make() {
    std::vector<Event> events = {RunStarted{
        Text(), Pairs(), Text(), Text(), Below(2) == 0 ? "2026-09-01T10:11:12" : Text(), Text()}};
    const int count = Below(12);
    for (int i = 0; i < count; ++i) {
      events.emplace_back(CaseSelected{Id(i), Text(), Below(3) == 0 ? Text() : "group.one", Text(),
                                       Below(100) - 1});
    }
    for (int i = 0; i < count; ++i) {
      for (int n = Below(4); n > 0; --n) {
        events.emplace_back(CheckMade{Id(i), {Text(), Text(), CheckResult::kHeld}});
      }
      for (int n = Below(3); n > 0; --n) events.emplace_back(FindingMade{Id(i), AnyFinding()});
      if (Below(2) == 0) events.emplace_back(OutputSeen{Id(i), Below(2) == 0, Text()});
      if (Below(40) == 0) {
        events.emplace_back(OutputSeen{Id(i), false, std::string(1 << 20, 'x') + Text()});
      }
      if (Below(3) == 0) events.emplace_back(FileAttached{Id(i), Text()});
      if (Below(8) != 0) events.emplace_back(End(i));
    }
    if (Below(4) != 0) events.emplace_back(RunEnded{Below(2) == 0, Below(1000) / 7.0});
    return events;
  }

 private:
  int Below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }

  static std::string Id(int i) { return "case." + std::to_string(i); }

  // Pieces that some format cannot carry, beside ordinary ones.
  std::string Text() {
    static const std::vector<std::string> kPieces = {"plain",
                                                     " ",
                                                     "\n",
                                                     "\r\n",
                                                     "\t",
                                                     "",
                                                     "]]>",
                                                     "<![CDATA[",
                                                     "&amp;",
                                                     "\"",
                                                     "'",
                                                     "<a b='c'>",
                                                     std::string(1, '\0'),
                                                     "\x01",
                                                     "\x0B",
                                                     "\x1B[31m",
                                                     "\x7F",
                                                     "\xC3",
                                                     "\xC3\x28",
                                                     "\xED\xA0\x80",
                                                     "\xED\xB0\x80",
                                                     "\xEF\xBF\xBE",
                                                     "\xEF\xBF\xBF",
                                                     "\xC0\x80",
                                                     "\xF4\x90\x80\x80",
                                                     "\xF0\x9F\x92\xBE",
                                                     "\xC3\xA9",
                                                     "\xFF\xFE",
                                                     "[[ATTACHMENT|x]]",
                                                     "]]",
                                                     "--",
                                                     "%s",
                                                     "\\"};
    std::string text;
    for (int n = Below(6); n > 0; --n) {
      text += kPieces[static_cast<std::size_t>(Below(static_cast<int>(kPieces.size())))];
    }
    return text;
  }

  Properties Pairs() {
    Properties pairs;
    for (int n = Below(3); n > 0; --n) pairs.emplace_back(Text(), Text());
    return pairs;
  }

  Finding AnyFinding() {
    Finding finding{Text(), Text(), Text(),         Text(),       Text(),
                    Text(), Text(), Problem::kNone, Below(2) == 0};
    static constexpr Problem kFailures[] = {Problem::kNone, Problem::kReturnCodeMismatch,
                                            Problem::kLeakedHandle};
    finding.problem = kFailures[Below(3)];
    return finding;
  }

  Event End(int i) {
    static constexpr Outcome kEnds[] = {
        Outcome::kPass,   Outcome::kFail,           Outcome::kError,      Outcome::kSkip,
        Outcome::kWaived, Outcome::kUnexpectedPass, Outcome::kNotModelled};
    static constexpr Problem kErrors[] = {Problem::kNone, Problem::kClientCrash,
                                          Problem::kClientTimeout, Problem::kHarnessError};
    const Outcome outcome = kEnds[Below(7)];
    return CaseEnded{
        Id(i),  outcome,           outcome == Outcome::kError ? kErrors[Below(4)] : Problem::kNone,
        Text(), Below(5000) / 3.0, Pairs(),
        Text()};
  }

  std::mt19937 random_;
};

Run Make(int i) {
  RandomRun random(kSeed + static_cast<std::uint32_t>(i));
  return BuildRun(random.Make());
}

TEST(RandomRuns, FitTheStrictSchemas) {
  const ScratchFolder scratch;
  std::vector<std::filesystem::path> files;
  for (int i = 0; i < kRuns; ++i) {
    files.push_back(scratch.path() / (std::to_string(i) + ".xml"));
    ReplaceFile(files.back(), JUnitXml(Make(i)));
  }
  for (const auto& schema : StrictSchemas()) EXPECT_EQ(SchemaErrors(schema, files), "") << schema;
}

TEST(RandomRuns, FitTheSurefireSchemas) {
  const ScratchFolder scratch;
  std::vector<std::filesystem::path> files;
  for (int i = 0; i < kRuns; ++i) {
    for (const NamedText& file : SurefireXml(Make(i))) {
      files.push_back(scratch.path() / std::to_string(i) / file.file_name);
      ReplaceFile(files.back(), file.text);
    }
  }
  for (const auto& schema : SurefireSchemas()) EXPECT_EQ(SchemaErrors(schema, files), "") << schema;
}

// The rich file is the strict one and what strict readers reject.
TEST(RandomRuns, RichWithoutItsAdditionsFitsTheStrictSchemas) {
  const ScratchFolder scratch;
  std::vector<std::filesystem::path> files;
  for (int i = 0; i < kRuns; ++i) {
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(JUnitXml(Make(i), JUnitFlavour::kRich).c_str()));
    for (const pugi::xpath_node& found : document.select_nodes("//testcase")) {
      pugi::xml_node one = found.node();
      one.remove_attribute("file");
      one.remove_attribute("line");
      one.remove_child("properties");
    }
    files.push_back(scratch.path() / (std::to_string(i) + ".xml"));
    ASSERT_TRUE(document.save_file(files.back().c_str()));
  }
  for (const auto& schema : StrictSchemas()) EXPECT_EQ(SchemaErrors(schema, files), "") << schema;
}

int Count(const pugi::xml_document& document, const char* path) {
  return static_cast<int>(document.select_nodes(path).size());
}

TEST(RandomRuns, JUnitCountersAgreeWithItsCasesAndTheModel) {
  for (int i = 0; i < kRuns; ++i) {
    const reports::Run run = Make(i);
    const Counts counts = CountCases(run);
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(JUnitXml(run).c_str()));
    const pugi::xml_node root = document.child("testsuites");
    EXPECT_EQ(root.attribute("tests").as_int(), Count(document, "//testcase"));
    EXPECT_EQ(root.attribute("failures").as_int(), Count(document, "//failure"));
    EXPECT_EQ(root.attribute("errors").as_int(), Count(document, "//error"));
    EXPECT_EQ(Count(document, "//testcase"), counts.cases());
    EXPECT_EQ(Count(document, "//failure"), counts.fail + counts.unexpected_pass);
    EXPECT_EQ(Count(document, "//error"), counts.error + counts.not_finished + counts.not_modelled);
    EXPECT_EQ(Count(document, "//skipped"), counts.skip + counts.waived);
    EXPECT_EQ(Count(document, "//error[@type='NotModelled']"), counts.not_modelled);
    EXPECT_EQ(Count(document, "//error[@type='NotFinished']"), counts.not_finished);
    for (const pugi::xml_node suite : root.children("testsuite")) {
      const auto cases = suite.select_nodes("testcase").size();
      EXPECT_EQ(suite.attribute("tests").as_uint(), cases);
      EXPECT_EQ(suite.attribute("skipped").as_uint(),
                suite.select_nodes("testcase/skipped").size());
      EXPECT_EQ(suite.attribute("failures").as_uint(),
                suite.select_nodes("testcase/failure").size());
      EXPECT_EQ(suite.attribute("errors").as_uint(), suite.select_nodes("testcase/error").size());
    }
  }
}

TEST(RandomRuns, JsonCountersAgreeWithItsCasesAndTheModel) {
  for (int i = 0; i < kRuns; ++i) {
    const reports::Run run = Make(i);
    const nlohmann::json report = nlohmann::json::parse(JsonReport(run));
    const Counts counts = CountCases(run);
    std::map<std::string, int> seen;
    for (const auto& one : report.at("cases")) ++seen[one.at("outcome").get<std::string>()];
    for (const Outcome outcome : kOutcomes) {
      const std::string name(Name(outcome));
      EXPECT_EQ(report.at("counts").at(name).get<int>(), seen[name]);
      EXPECT_EQ(counts.Of(outcome), seen[name]);
    }
    EXPECT_EQ(report.at("counts").at("cases").get<std::size_t>(), run.cases.size());
    EXPECT_EQ(report.at("exit_code").get<int>(), ExitCode(run));
  }
}

TEST(RandomRuns, ConsoleTotalsAgreeWithTheModel) {
  static const std::pair<Outcome, const char*> kWords[] = {
      {Outcome::kPass, " passed(,|;)"},         {Outcome::kFail, " failed(,|;)"},
      {Outcome::kError, " ended in error"},     {Outcome::kSkip, " skipped(,|;)"},
      {Outcome::kWaived, " waived(,|;)"},       {Outcome::kUnexpectedPass, " passed unexpectedly"},
      {Outcome::kNotModelled, " not modelled"}, {Outcome::kNotFinished, " not finished"}};
  for (int i = 0; i < kRuns; ++i) {
    const reports::Run run = Make(i);
    const Counts counts = CountCases(run);
    const std::string summary = ConsoleSummary(run);
    const std::string head =
        "\n" + std::to_string(run.cases.size()) + (run.cases.size() == 1 ? " case: " : " cases: ");
    const std::size_t at = summary.rfind(head);
    ASSERT_NE(at, std::string::npos) << summary;
    const std::string totals = summary.substr(at + 1, summary.find('\n', at + 1) - at - 1);
    for (const auto& [outcome, words] : kWords) {
      std::smatch match;
      const bool found =
          std::regex_search(totals, match, std::regex("([0-9]+)" + std::string(words)));
      EXPECT_EQ(found ? std::stoi(match[1]) : 0, counts.Of(outcome)) << totals;
    }
  }
}

TEST(RandomRuns, AreTheSameAgainFromTheirLog) {
  for (int i = 0; i < kRuns; ++i) {
    RandomRun random(kSeed + static_cast<std::uint32_t>(i));
    const std::vector<Event> events = random.Make();
    std::string log;
    for (const Event& event : events) log += ToJsonLine(event) + '\n';
    const reports::Run again = BuildRun(ParseEvents(log));
    // JSON replaces what is no UTF-8, so the second turn is where nothing may change any more.
    std::string second;
    for (const Event& event : ParseEvents(log)) second += ToJsonLine(event) + '\n';
    EXPECT_EQ(log, second);
    EXPECT_EQ(CountCases(again), CountCases(BuildRun(events)));
    EXPECT_EQ(again, BuildRun(ParseEvents(second)));
  }
}

}  // namespace
}  // namespace reports
