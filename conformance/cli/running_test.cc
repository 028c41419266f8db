// Waivers, shards, repetitions, flavours and hostile output, through the whole program.
#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "conformance/cli/program_test.h"
#include "reports/schema_check.h"

namespace conform {
namespace {

constexpr const char* kZero = " handles.map.invalid-number.primary.zero ";
constexpr const char* kZeroAccepted = " --provider '" BROKEN_LIBRARIES "/libzero_accepted.so' ";

class Running : public VdiConform {
 protected:
  bool Says(const std::string& text) const { return output_.find(text) != std::string::npos; }
  // An attribute of the whole JUnit file, which every schema must accept.
  int JUnit(const std::string& attribute, const std::string& name = "reports/out/junit.xml") {
    for (const auto& schema : reports::StrictSchemas()) {
      EXPECT_EQ(reports::SchemaErrors(schema, {folder_ + "/" + name}), "") << schema;
    }
    pugi::xml_document document;
    EXPECT_TRUE(document.load_file((folder_ + "/" + name).c_str()));
    return document.child("testsuites").attribute(attribute.c_str()).as_int(-1);
  }
  static std::string Replaced(std::string text, const std::string& from, const std::string& to) {
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << text;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
  }
};

constexpr const char* kWaiver = R"(<waivers>
  <!-- Known since the first release. -->
  <waiver pattern="handles.map.invalid-number.primary.zero" check="handles.map.invalid-number/refused"
          actual="NOERROR" reason="zero is no handle" link="https://example.org/17"
          expires="2999-12-31" owner="storage"/>
</waivers>
)";

TEST_F(Running, AWaivedFailureIsZeroAndSaysWhatIsBlind) {
  Write("known.xml", kWaiver);
  EXPECT_EQ(reports::SchemaErrors(WAIVERS_XSD, {folder_ + "/known.xml"}), "");
  EXPECT_EQ(Run(std::string("run --waivers known.xml") + kZeroAccepted + kZero), 0) << output_;
  EXPECT_TRUE(Says("WAIVED https://example.org/17 zero is no handle")) << output_;
  EXPECT_TRUE(Says("Blind because of waivers")) << output_;
  EXPECT_EQ(JUnit("failures"), 0);
  EXPECT_NE(Read("reports/out/junit.xml").find("<skipped message=\"WAIVED https://example.org/17"),
            std::string::npos);
}

TEST_F(Running, AnUnexpectedPassIsOne) {
  Write("known.xml", kWaiver);
  EXPECT_EQ(Run(std::string("run --waivers known.xml") + kZero), 1) << output_;
  EXPECT_TRUE(Says("UNEXPECTED PASS")) << output_;
  EXPECT_TRUE(Says("known.xml:3")) << output_;
  EXPECT_EQ(JUnit("failures"), 1);
}

TEST_F(Running, AWaiverThatIsOverIsOne) {
  Write("known.xml", Replaced(kWaiver, "2999-12-31", "2020-12-31"));
  EXPECT_EQ(Run(std::string("run --waivers known.xml") + kZeroAccepted + kZero), 1);
  EXPECT_TRUE(Says("was over on 2020-12-31")) << output_;
  EXPECT_EQ(JUnit("failures"), 2);
}

TEST_F(Running, AWaiverThatFitsNothingThatFailedIsOne) {
  Write("known.xml", Replaced(kWaiver, "NOERROR", "VD_E_BUSY"));
  EXPECT_EQ(Run(std::string("run --waivers known.xml") + kZeroAccepted + kZero), 1);
  EXPECT_TRUE(Says("nothing failed as it foresees")) << output_;
  // Its cases were not selected: nobody can say.
  EXPECT_EQ(Run("run --waivers known.xml handles.map.same-process"), 0) << output_;
}

TEST_F(Running, AFileOfWaiversThatCannotBeUsedIsTwo) {
  EXPECT_EQ(Run("run --waivers none.xml"), 2);
  EXPECT_TRUE(Says("none.xml")) << output_;
  Write("known.xml", Replaced(kWaiver, "reason=\"zero is no handle\"", "reason=\"\""));
  EXPECT_EQ(Run("run --waivers known.xml"), 2);
  EXPECT_TRUE(Says("known.xml:3: the waiver has no reason=; expected why")) << output_;
  EXPECT_NE(reports::SchemaErrors(WAIVERS_XSD, {folder_ + "/known.xml"}), "");
  Write("known.xml", Replaced(kWaiver, "handles.map.invalid-number.primary.zero", "no.such.case"));
  EXPECT_EQ(Run("run --waivers known.xml"), 2);
  EXPECT_TRUE(Says("known.xml:3: no case is of the pattern no.such.case")) << output_;
  EXPECT_EQ(Run("run --fix-waivers"), 2);
}

TEST_F(Running, FixWaiversWritesWhatAPersonMustComplete) {
  const std::string run = std::string("run --waivers known.xml") + kZeroAccepted + kZero;
  EXPECT_EQ(Run(run + "--fix-waivers"), 1);
  EXPECT_EQ(Run(run), 2) << "an entry without a reason is a mistake";
  std::string text = Replaced(Read("known.xml"), "reason=\"\"", "reason=\"known\"");
  text = Replaced(text, "link=\"\"", "link=\"https://example.org/1\"");
  Write("known.xml", Replaced(text, "expires=\"\"", "expires=\"2999-01-01\""));
  EXPECT_EQ(Run(run), 0) << output_;
  const std::string complete = Read("known.xml");
  EXPECT_EQ(Run(run + "--fix-waivers"), 0);
  EXPECT_EQ(Read("known.xml"), complete);
  // Mended: the entry goes, and then nothing is left to complain of.
  EXPECT_EQ(Run(std::string("run --waivers known.xml --fix-waivers") + kZero), 1);
  EXPECT_EQ(Read("known.xml"), "<waivers>\n</waivers>\n");
  EXPECT_EQ(Run(std::string("run --waivers known.xml") + kZero), 0) << output_;
}

TEST_F(Running, ShardsTogetherAreTheWholeAndMergeSaysSo) {
  ASSERT_EQ(Run("run 'handles.get.*' --events whole.jsonl"), 0);
  const int all = JUnit("tests");
  int sum = 0;
  for (const std::string i : {"1", "2", "3"}) {
    const std::string file = "s" + i + ".xml";
    EXPECT_EQ(Run("run 'handles.get.*' --seed 5 --shard " + i + "/3 --junit " + file +
                  " --events s" + i + ".jsonl"),
              0);
    sum += JUnit("tests", file);
  }
  EXPECT_EQ(sum, all);
  for (const std::string kind : {"xml", "jsonl"}) {
    EXPECT_EQ(Run("merge s3." + kind + " s1." + kind + " s2." + kind +
                  " --junit all.xml --json all.json"),
              0)
        << output_;
    EXPECT_EQ(JUnit("tests", "all.xml"), all);
    EXPECT_EQ(JUnit("errors", "all.xml"), 0);
  }
  EXPECT_EQ(Run("merge s1.xml s3.jsonl --junit some.xml"), 3);
  EXPECT_TRUE(Says("2/3: no file holds this shard")) << output_;
  EXPECT_EQ(JUnit("errors", "some.xml"), 1);
  EXPECT_EQ(Run("merge s1.xml s2.xml s3.xml s3.xml"), 3);
  EXPECT_TRUE(Says("stands in s3.xml and in s3.xml")) << output_;
}

TEST_F(Running, MergeOfAnUnfinishedRunIsThreeAndOfNonsenseTwo) {
  ASSERT_EQ(Run("run handles.map.same-process --events run.jsonl"), 0);
  const std::string log = Read("run.jsonl");
  Write("cut.jsonl", log.substr(0, log.rfind("{\"event\":\"RunEnded\"")));
  EXPECT_EQ(Run("merge cut.jsonl --junit cut.xml"), 3);
  EXPECT_TRUE(Says("the run did not finish")) << output_;
  Write("nonsense", "hello");
  EXPECT_EQ(Run("merge run.jsonl nonsense"), 2);
  EXPECT_TRUE(Says("nonsense: neither an event log")) << output_;
  EXPECT_EQ(Run("merge none.xml"), 2);
  EXPECT_EQ(Run("merge"), 2);
}

TEST_F(Running, AShardMayBeEmptyButNotWrong) {
  EXPECT_EQ(Run("run handles.map.twice --shard 9/9"), 0) << output_;
  EXPECT_TRUE(Says("Shard 9 of 9 has no case")) << output_;
  EXPECT_EQ(JUnit("tests"), 0);
  EXPECT_EQ(Run("run --shard 4/3"), 2);
  EXPECT_TRUE(Says("expected I/N with I from 1 to N")) << output_;
}

TEST_F(Running, RepetitionsKeepTheIds) {
  EXPECT_EQ(Run("run --repeat 3 handles.map.invalid-number.primary.zero --events e.jsonl"), 0);
  EXPECT_EQ(JUnit("tests"), 1);
  EXPECT_NE(Read("e.jsonl").find("3: 3 Pass"), std::string::npos);
}

TEST_F(Running, ExcludesWhatIsSaid) {
  EXPECT_EQ(Run("list handles.map.invalid-number --exclude '*.secondary.*' not:face:com"), 0);
  EXPECT_TRUE(Says("invalid-number.primary.zero")) << output_;
  EXPECT_FALSE(Says("secondary.")) << output_;
  EXPECT_FALSE(Says("@com")) << output_;
  EXPECT_EQ(Run("run --exclude no.such.case"), 2);
  EXPECT_EQ(Run("run handles.map.twice --exclude handles.map.twice"), 4) << output_;
}

TEST_F(Running, EverythingSkippedIsSeventySeven) {
  Write("caps.xml", "<capabilities><capability name='com-face'/></capabilities>");
  EXPECT_EQ(Run("run --capabilities caps.xml not:face:com handles.map.twice"), 77) << output_;
}

TEST_F(Running, EachFlavourFitsItsSchema) {
  EXPECT_EQ(Run("run handles.map.twice --junit-flavor surefire"), 0) << output_;
  const std::string file = folder_ + "/reports/out/surefire/TEST-handles.map.xml";
  for (const auto& schema : reports::SurefireSchemas()) {
    EXPECT_EQ(reports::SchemaErrors(schema, {file}), "") << schema;
  }
  EXPECT_EQ(Run("run handles.map.twice --junit rich.xml --junit-flavour rich"), 0) << output_;
  EXPECT_NE(Read("rich.xml").find(" line=\""), std::string::npos);
  EXPECT_EQ(Run("run --junit-flavor fancy"), 2);
}

TEST_F(Running, HostileOutputSurvives) {
  EXPECT_EQ(Run("run --provider '" BROKEN_LIBRARIES "/libnoisy.so' not:face:com handles.map.twice"
                " --events e.jsonl --json r.json"),
            0)
      << output_.substr(0, 2000);
  EXPECT_EQ(JUnit("tests"), 1);
  const std::string junit = Read("reports/out/junit.xml");
  EXPECT_NE(junit.find("the last words ]]&gt;"), std::string::npos);
  EXPECT_NE(junit.find("\xE2\x90\x87"), std::string::npos) << "the picture of a bell";
  EXPECT_LT(junit.size(), size_t{300} * 1024);
  EXPECT_GT(Read("e.jsonl").size(), size_t{1} << 20) << "the log keeps it all";
  EXPECT_EQ(Run("merge e.jsonl --junit again.xml"), 0);
  EXPECT_EQ(JUnit("tests", "again.xml"), 1);
}

}  // namespace
}  // namespace conform
