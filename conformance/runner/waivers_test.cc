#include "conformance/runner/waivers.h"

#include <gtest/gtest.h>

namespace conform {
namespace {

using reports::Outcome;

constexpr const char* kRest = R"( reason="known" link="https://bugs/1" expires="2030-01-31")";

std::string File(const std::string& entries) { return "<waivers>\n" + entries + "</waivers>\n"; }

std::string Entry(const std::string& pattern, const std::string& check,
                  const std::string& actual = "NOERROR", const std::string& rest = kRest) {
  return "  <waiver pattern=\"" + pattern + "\" check=\"" + check + "\" actual=\"" + actual + "\"" +
         rest + "/>\n";
}

Case CaseOf(const std::string& id, const std::string& scenario) {
  Case one;
  one.id = id;
  one.scenario = scenario;
  if (id.ends_with("@com")) one.face = Face::kCom;
  return one;
}

const Case kZero = CaseOf("map.number.zero", "map.number");
const Case kOne = CaseOf("map.number.one", "map.number");
const Case kCom = CaseOf("map.number.zero@com", "map.number");

CaseResult Failing(const std::string& check, const std::string& actual) {
  CaseResult result;
  result.outcome = Outcome::kFail;
  result.problem = reports::Problem::kReturnCodeMismatch;
  result.checks = {{.id = check, .clause = "C-1", .result = reports::CheckResult::kFailed}};
  reports::Finding finding;
  finding.check_id = check;
  finding.clause = "C-1";
  finding.actual = actual;
  result.findings = {finding};
  return result;
}

CaseResult Passing() {
  CaseResult result;
  result.outcome = Outcome::kPass;
  result.checks = {
      {.id = "map.number/refused", .clause = "C-1", .result = reports::CheckResult::kHeld}};
  return result;
}

CaseResult Refused() { return Failing("map.number/refused", "NOERROR (0x00000000)"); }

class Book : public testing::Test {
 protected:
  void Open(const std::string& entries, const std::string& today = "2029-06-01") {
    source_ = {.name = "w.xml", .text = File(entries)};
    book_.emplace(ParseWaivers(source_), today);
  }
  Outcome Judge(const Case& one, CaseResult result) {
    book_->Judge(one, &result);
    last_ = result;
    return result.outcome;
  }
  std::string Fixed(bool whole = true) const { return FixWaivers(source_, *book_, whole); }
  std::string StaleIds(bool whole) const {
    std::string ids;
    for (const StaleWaiver& one : book_->Stale(whole)) {
      ids += one.id + "=" + one.finding.check_id + " ";
    }
    return ids;
  }

  SourceText source_;
  std::optional<WaiverBook> book_;
  CaseResult last_;
};

std::string MistakeIn(const std::string& text) {
  try {
    ParseWaivers({.name = "w.xml", .text = text});
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "none";
}

TEST(ParseWaivers, NamesFileLineAndWhatWasExpected) {
  const auto has = [](const std::string& text, const std::string& part) {
    EXPECT_NE(MistakeIn(text).find(part), std::string::npos) << MistakeIn(text);
  };
  has("<waivers", "w.xml:1");
  has("<waiver/>", "expected <waivers>");
  has("<waivers>\n<waver/></waivers>", "w.xml:2: <waver>, expected <waiver");
  has(File("<waiver/>"), "w.xml:2: the waiver has no pattern=; expected a glob");
  has(File(Entry("a", "b", "c", R"( reason=" " link="l" expires="2030-01-01")")),
      "no reason=; expected why");
  has(File(Entry("a", "b", "c", R"( reason="r" expires="2030-01-01")")), "no link=");
  has(File(Entry("a", "b", "c", R"( reason="r" link="l")")), "no expires=");
  has(File(Entry("a", "b", "c", R"( reason="r" link="l" expires="2030-02-30")")), "is no day");
  has(File(Entry("a", "b", "c", R"( reason="r" link="l" expires="soon")")), "is no day");
  has(File(Entry("a", "b", "c", std::string(kRest) + R"( face="windows")")), "linux or com");
  has(File(Entry("a", "b", "c", std::string(kRest) + R"( because="x")")), "because");
  has("<waivers>text</waivers>", "text between the waivers");
}

TEST_F(Book, WaivesACaseAllOfWhoseFindingsAreForeseen) {
  Open(Entry("map.number.zero", "map.number/refused"));
  EXPECT_EQ(Judge(kZero, Refused()), Outcome::kWaived);
  EXPECT_EQ(last_.reason, "https://bugs/1 known (until 2030-01-31)");
  EXPECT_EQ(StaleIds(true), "");
  EXPECT_NE(book_->Blind().find("map.number/refused (C-1) in 1 case"), std::string::npos);
}

TEST_F(Book, DoesNotWaiveWhatNoEntryForesees) {
  Open(Entry("map.number.zero", "map.number/refused"));
  EXPECT_EQ(Judge(kZero, Failing("map.number/refused", "VD_E_BUSY")), Outcome::kFail);
  EXPECT_EQ(Judge(kZero, Failing("map.number/other", "NOERROR")), Outcome::kFail);
  EXPECT_EQ(Judge(kOne, Refused()), Outcome::kFail);
  CaseResult two = Refused();
  two.findings.push_back(Failing("map.number/other", "NOERROR").findings[0]);
  EXPECT_EQ(Judge(kZero, two), Outcome::kFail);
  CaseResult warned = Refused();
  warned.findings.push_back(Failing("map.number/other", "NOERROR").findings[0]);
  warned.findings.back().warning = true;
  EXPECT_EQ(Judge(kZero, warned), Outcome::kWaived);
}

TEST_F(Book, NeverWaivesTroubleOfOurs) {
  Open(Entry("map.number.zero", "map.number/refused"));
  CaseResult trouble = Refused();
  trouble.outcome = Outcome::kError;
  trouble.problem = reports::Problem::kHarnessError;
  EXPECT_EQ(Judge(kZero, trouble), Outcome::kError);
  // Nor does such a case say that the entry is not needed.
  EXPECT_EQ(StaleIds(true), "");
  trouble.problem = reports::Problem::kClientCrash;
  EXPECT_EQ(Judge(kZero, trouble), Outcome::kWaived);
}

TEST_F(Book, TakesTheFaceIntoAccount) {
  Open(Entry("map.number", "map.number/refused", "NOERROR", std::string(kRest) + R"( face="com")"));
  EXPECT_EQ(Judge(kZero, Refused()), Outcome::kFail);
  EXPECT_EQ(Judge(kCom, Refused()), Outcome::kWaived);
}

TEST_F(Book, CallsAPassUnexpectedIfAnEntryOfCasesForeseesAFailure) {
  Open(Entry("map.number.*", "map.number/refused"));
  EXPECT_EQ(Judge(kZero, Refused()), Outcome::kWaived);
  EXPECT_EQ(Judge(kOne, Passing()), Outcome::kUnexpectedPass);
  EXPECT_NE(last_.reason.find("w.xml:2"), std::string::npos) << last_.reason;
}

TEST_F(Book, LetsAnEntryOfChecksTakeWhatItFinds) {
  Open(Entry("map.number/*", "map.number/refused"));
  EXPECT_EQ(Judge(kOne, Passing()), Outcome::kPass);
  EXPECT_EQ(StaleIds(true), "waiver:map.number/*=waivers/unused ");
  // Of a part of the suite nobody knows.
  EXPECT_EQ(StaleIds(false), "");
  EXPECT_EQ(Judge(kZero, Refused()), Outcome::kWaived);
  EXPECT_EQ(StaleIds(true), "");
}

TEST_F(Book, FailsAnEntryThatNothingNeeds) {
  Open(Entry("map.number.zero", "map.number/gone"));
  EXPECT_EQ(StaleIds(true), "waiver:map.number.zero=waivers/unused ");
  // It was not selected.
  EXPECT_EQ(StaleIds(false), "");
  EXPECT_EQ(Judge(kZero, Refused()), Outcome::kFail);
  EXPECT_EQ(StaleIds(false), "waiver:map.number.zero=waivers/unused ");
}

TEST_F(Book, HoldsOnItsLastDayAndNotBehindIt) {
  Open(Entry("map.number.zero", "map.number/refused"), "2030-01-31");
  EXPECT_EQ(Judge(kZero, Refused()), Outcome::kWaived);
  Open(Entry("map.number.zero", "map.number/refused"), "2030-02-01");
  EXPECT_EQ(Judge(kZero, Refused()), Outcome::kFail);
  EXPECT_EQ(StaleIds(true), "waiver:map.number.zero=waivers/expired ");
  EXPECT_EQ(book_->Blind(), "");
}

TEST_F(Book, GivesEntriesOfOnePatternIdsOfTheirOwn) {
  Open(Entry("a", "b") + Entry("a", "c"));
  EXPECT_EQ(StaleIds(true), "waiver:a=waivers/unused waiver:a#2=waivers/unused ");
}

TEST_F(Book, NamesPatternsThatAreOfNoCase) {
  Open(Entry("map.number", "x") + Entry("no.such.*", "x") + Entry("a/b", "x"));
  Suite suite;
  suite.cases = {kZero, kOne};
  const std::vector<Waiver> unmatched = book_->Unmatched(suite);
  ASSERT_EQ(unmatched.size(), 1U);
  EXPECT_EQ(unmatched[0].pattern, "no.such.*");
  EXPECT_EQ(unmatched[0].place.line, 3);
}

TEST_F(Book, IsNotRewrittenWhenEverythingIsNeeded) {
  Open("  <!-- a\n comment -->\n" + Entry("map.number.zero", "map.number/refused") + "\n");
  Judge(kZero, Refused());
  EXPECT_EQ(Fixed(), source_.text);
}

TEST_F(Book, LosesEntriesThatNothingNeedsAndKeepsTheRestByteForByte) {
  const std::string kept =
      "  <!-- kept -->\n  <waiver  pattern='map.number.zero'\n     check='*' "
      "actual='&gt;&lt;'" +
      std::string(kRest) + "></waiver>\n";
  Open(Entry("map.number.one", "x") + kept + Entry("a/b", "x"));
  Judge(kZero, Failing("map.number/refused", "><"));
  Judge(kOne, Passing());
  EXPECT_EQ(Fixed(), File(kept));
}

TEST_F(Book, IsNarrowedToTheCasesThatStillFail) {
  Open(Entry("map.number.*", "map.number/refused"));
  Judge(kZero, Refused());
  Judge(kOne, Passing());
  EXPECT_EQ(Fixed(), File("  <waiver pattern=\"map.number.zero\" check=\"map.number/refused\" "
                          "actual=\"NOERROR\" reason=\"known\" link=\"https://bugs/1\" "
                          "expires=\"2030-01-31\"/>\n"));
}

TEST_F(Book, GainsAnEntryForEachNewFailureThatAPersonMustComplete) {
  Open("");
  Judge(kZero, Failing("map.number/refused", "a \"b\" <c"));
  const std::string fixed = Fixed();
  EXPECT_EQ(fixed, File("  <waiver pattern=\"map.number.zero\" check=\"map.number/refused\" "
                        "actual=\"a &quot;b&quot; &lt;c\" reason=\"\" link=\"\" "
                        "expires=\"\"/>\n"));
  EXPECT_NE(MistakeIn(fixed).find("no reason="), std::string::npos) << MistakeIn(fixed);
}

TEST_F(Book, KeepsAnEntryThatIsOverAndStillNeeded) {
  Open(Entry("map.number.zero", "map.number/refused") + Entry("map.number.one", "x"), "2031-01-01");
  Judge(kZero, Refused());
  Judge(kOne, Passing());
  EXPECT_EQ(Fixed(), File(Entry("map.number.zero", "map.number/refused")));
}

TEST(FixWaivers, OpensAnEmptyElement) {
  const SourceText source{.name = "w.xml", .text = "<?xml version=\"1.0\"?>\n<waivers/>\n"};
  WaiverBook book(ParseWaivers(source), "2030-01-01");
  CaseResult result = Refused();
  book.Judge(kZero, &result);
  const std::string fixed = FixWaivers(source, book, true);
  EXPECT_NE(fixed.find("<waivers>\n  <waiver "), std::string::npos) << fixed;
  EXPECT_NE(fixed.find("/>\n</waivers>\n"), std::string::npos) << fixed;
}

}  // namespace
}  // namespace conform
