// What the program says about itself: that a run can be repeated, and that the command which a
// finding prints repeats the finding.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <vector>

#include "conformance/cli/program_test.h"

namespace conform {
namespace {

using Json = nlohmann::json;

class Proof : public VdiConform {
 protected:
  // The log of a run without what is the time of day or a duration.
  std::string Log(const std::string& name) const {
    std::string log = Read(name);
    log = std::regex_replace(log, std::regex("\"started\":\"[^\"]*\""), "\"started\":0");
    log = std::regex_replace(log, std::regex("\"seconds\":[-+.0-9e]+"), "\"seconds\":0");
    return std::regex_replace(log, std::regex(" *[0-9]+\\.[0-9]{3} ms"), " ms");
  }
  // Its lines, with those of each case together.
  static std::vector<std::string> ByCase(const std::string& log) {
    std::vector<std::string> lines;
    std::istringstream stream(log);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    const auto id = [](const std::string& line) { return Json::parse(line).value("case", ""); };
    std::stable_sort(lines.begin(), lines.end(),
                     [&](const std::string& a, const std::string& b) { return id(a) < id(b); });
    return lines;
  }
  // Runs the same command in two folders, so that not even a path differs.
  void Twice(const std::string& run) {
    ASSERT_EQ(Run(run + " --events e.jsonl"), status_);
    first_ = Log("e.jsonl");
    ASSERT_EQ(Run(run + " --events e.jsonl"), status_);
    second_ = Log("e.jsonl");
    EXPECT_GT(first_.size(), 1000U);
  }

  int status_ = 0;
  std::string first_;
  std::string second_;
};

TEST_F(Proof, TwoRunsWithTheSameSeedGiveTheSameLog) {
  Twice("run --seed 7 --jobs 1 'handles.*' 'client.get-command*'");
  EXPECT_EQ(first_, second_);
}

// Several cases at once end in any order; what each of them tells is the same.
TEST_F(Proof, TwoRunsOfTheWholeSuiteAtOnceTellTheSameOfEachCase) {
  Twice("run --seed 7 --jobs 2");
  const std::vector<std::string> first = ByCase(first_);
  const std::vector<std::string> second = ByCase(second_);
  ASSERT_EQ(first.size(), second.size());
  for (size_t i = 0; i < first.size(); ++i) ASSERT_EQ(first[i], second[i]);
}

class OfABrokenProvider : public Proof, public testing::WithParamInterface<const char*> {
 protected:
  std::string Provider() const {
    return std::string(" --provider '" BROKEN_LIBRARIES "/lib") + GetParam() + ".so' ";
  }
  Json Results(const std::string& name) const { return Json::parse(Read(name)); }
};

// The findings of a case, without their details.
Json Verdict(const Json& one) {
  Json verdict = {{"outcome", one.at("outcome")}, {"reason", one.at("reason")}};
  for (Json finding : one.at("findings")) {
    finding.erase("detail");
    verdict["findings"].push_back(finding);
  }
  return verdict;
}

TEST_P(OfABrokenProvider, FindingsAreTheSameTwice) {
  status_ = 1;
  Twice("run --seed 3 --jobs 1 --timeout-scale 0.2" + Provider() + "not:face:com 'handles.map.*'");
  EXPECT_EQ(first_, second_);
}

TEST_P(OfABrokenProvider, EachFindingIsComplete) {
  ASSERT_EQ(Run("run --timeout-scale 0.2 --json r.json" + Provider() + "'handles.map.*'"), 1);
  int seen = 0;
  const Json results = Results("r.json");
  for (const Json& one : results.at("cases")) {
    bool first = true;
    for (const Json& finding : one.at("findings")) {
      if (finding.at("warning").get<bool>()) continue;
      ++seen;
      for (const char* key : {"check", "clause", "requirement", "source", "expected", "actual"}) {
        EXPECT_NE(finding.at(key), "") << key << " of " << finding.dump(1);
      }
      const std::string detail = finding.at("detail");
      EXPECT_NE(detail.find("Step: "), std::string::npos) << detail;
      EXPECT_NE(detail.find(" ms  "), std::string::npos) << detail;
      EXPECT_EQ(detail.find("First cause: ") != std::string::npos, !first) << detail;
      first = false;
    }
    if (first) continue;
    EXPECT_NE(one.at("reproduce"), "") << one.at("id");
  }
  EXPECT_GT(seen, 0);
}

TEST_P(OfABrokenProvider, ThePrintedCommandGivesTheSameVerdict) {
  ASSERT_EQ(Run("run --timeout-scale 0.2 --json r.json" + Provider() + "'handles.map.*'"), 1);
  int repeated = 0;
  const Json results = Results("r.json");
  for (const Json& one : results.at("cases")) {
    if (one.at("outcome") != "Fail" && one.at("outcome") != "Error") continue;
    if (++repeated > 3) break;
    const std::string command = one.at("reproduce");
    const std::string line =
        "cd '" + folder_ + "' && " + command + " --junit '' --json again.json > again.txt 2>&1";
    const int status = std::system(line.c_str());  // NOLINT(cert-env33-c): what a person would do
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 1) << command;
    const Json again = Results("again.json");
    ASSERT_EQ(again.at("cases").size(), 1U) << command;
    EXPECT_EQ(again.at("cases")[0].at("id"), one.at("id"));
    EXPECT_EQ(Verdict(again.at("cases")[0]), Verdict(one)) << command;
  }
  EXPECT_GT(repeated, 0);
}

INSTANTIATE_TEST_SUITE_P(Sample, OfABrokenProvider,
                         testing::Values("foreign_handle_accepted", "zero_accepted", "aborts",
                                         "address_off_by_512", "undocumented_code",
                                         "alignment_forgotten"),
                         [](const auto& of) { return std::string(of.param); });

}  // namespace
}  // namespace conform
