// The options of `vdi-conform run` that choose, order and excuse, with a client program.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "conformance/cli/client_run.h"

namespace conform {
namespace {

using testing::HasSubstr;
using testing::Not;

class ClientOptions : public ClientRun {
 protected:
  // A program that never calls Create, so that each case without a bad disk fails.
  static std::string Idle() { return Script("exit 0"); }
  static std::string Replaced(std::string text, const std::string& from, const std::string& to) {
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << text;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
  }
};

constexpr const char* kWaivers = R"(<waivers>
  <waiver pattern="program.ordinary.backup" check="program/started" actual="no call of the interface"
          reason="not written yet" link="https://example.org/9" expires="2999-12-31"/>
</waivers>
)";

TEST_F(ClientOptions, AWaivedFindingIsNone) {
  Write("w.xml", kWaivers);
  EXPECT_EQ(RunClient(Idle() + "--waivers w.xml program.ordinary.backup"), 0) << output_;
  EXPECT_THAT(output_, HasSubstr("WAIVED https://example.org/9 not written yet"));
  EXPECT_THAT(output_, HasSubstr("Blind because of waivers"));
  EXPECT_THAT(output_, HasSubstr("program/started"));
  EXPECT_THAT(output_, Not(HasSubstr("broke a rule")));
  EXPECT_THAT(output_, HasSubstr("Waivers excuse what was broken in 1 situation."));
}

TEST_F(ClientOptions, AWaiverThatIsOverOrNotNeededIsRed) {
  Write("w.xml", Replaced(kWaivers, "2999-12-31", "2020-01-01"));
  EXPECT_EQ(RunClient(Idle() + "--waivers w.xml program.ordinary.backup"), 1);
  EXPECT_THAT(output_, HasSubstr("was over on 2020-01-01"));
  Write("w.xml", kWaivers);
  EXPECT_EQ(RunClient(Reference() + "--waivers w.xml program.ordinary.backup"), 1);
  EXPECT_THAT(output_, HasSubstr("UNEXPECTED PASS"));
  EXPECT_THAT(output_, Not(HasSubstr("broke a rule")));
  EXPECT_THAT(output_, HasSubstr("1 waiver is over or not needed, see above."));
  Write("w.xml", Replaced(kWaivers, "no call of the interface", "something else"));
  EXPECT_EQ(RunClient(Idle() + "--waivers w.xml program.ordinary.backup"), 1);
  EXPECT_THAT(output_, HasSubstr("nothing failed as it foresees"));
  Write("w.xml", Replaced(kWaivers, "program.ordinary.backup", "program.no-such"));
  EXPECT_EQ(RunClient(Idle() + "--waivers w.xml program.ordinary.backup"), 2);
  EXPECT_THAT(output_, HasSubstr("no case is of the pattern program.no-such"));
  EXPECT_THAT(output_, HasSubstr("vdi-conform list --client"));
}

// What is written for each new failure fits the next run, in which it fails the same way.
TEST_F(ClientOptions, FixWaiversWritesEntriesThatFitTheNextRun) {
  const std::string run =
      Idle() + "--waivers w.xml program.ordinary.backup program.flush.mid-stream ";
  EXPECT_EQ(RunClient(run + "--fix-waivers"), 1);
  std::string text = Read("w.xml");
  EXPECT_THAT(text, HasSubstr("program/started"));
  while (text.find("reason=\"\"") != std::string::npos) {
    text = Replaced(Replaced(Replaced(text, "reason=\"\"", "reason=\"known\""), "link=\"\"",
                             "link=\"https://example.org/1\""),
                    "expires=\"\"", "expires=\"2999-01-01\"");
  }
  Write("w.xml", text);
  EXPECT_EQ(RunClient(run), 0) << output_;
}

TEST_F(ClientOptions, StopsAtTheFirstFailure) {
  EXPECT_EQ(RunClient(Idle() + "--jobs 1 --fail-fast 'program.ordinary.*'"), 1);
  EXPECT_THAT(output_, HasSubstr("1 failed"));
  EXPECT_THAT(output_, HasSubstr("--fail-fast was given"));
}

TEST_F(ClientOptions, ShardsAreTheWholeTogether) {
  const std::string run = Reference() + "'program.flush.mid-stream' program.ordinary.backup ";
  for (const int i : {1, 2}) {
    ASSERT_EQ(RunClient(run + fmt::format("--seed 7 --shard {0}/2 --events e{0}.jsonl", i)), 0)
        << output_;
  }
  EXPECT_EQ(Run("merge e1.jsonl e2.jsonl --junit all.xml"), 0) << output_;
  EXPECT_THAT(Read("all.xml"), HasSubstr("program.ordinary.backup"));
  EXPECT_THAT(Read("all.xml"), HasSubstr("program.flush.mid-stream.first"));
  EXPECT_EQ(Run("merge e1.jsonl --junit some.xml"), 3);
}

TEST_F(ClientOptions, RepetitionsAreOneCase) {
  EXPECT_EQ(RunClient(Reference() + "--repeat 3 program.ordinary.backup --events e.jsonl"), 0)
      << output_;
  EXPECT_THAT(output_, HasSubstr("kept every rule in 1 situation."));
  EXPECT_THAT(Read("e.jsonl"), HasSubstr("3: 3 Pass"));
}

TEST_F(ClientOptions, WhatDoesNotWorkTogetherIsSaid) {
  EXPECT_EQ(RunClient(Idle() + "--budget 10s --shard 1/2"), 2);
  EXPECT_THAT(output_, HasSubstr("--budget chooses among all cases"));
  Write("file", "");
  EXPECT_EQ(RunClient(Idle() + "program.ordinary.backup --trace file/traces"), 2);
  EXPECT_THAT(output_, HasSubstr("--trace: the folder file/traces cannot be made"));
}

}  // namespace
}  // namespace conform
