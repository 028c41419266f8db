// What the loader says about files that cannot be used.
#include "conformance/rules/rules_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conform {
namespace {

// What loading complains about after the first `from` of a file became `to`.
std::string ComplaintAbout(std::string_view file_name, const std::string& from,
                           const std::string& to) {
  std::vector<RulesFile> files = EmbeddedRulesFiles();
  std::string changed;
  for (RulesFile& file : files) {
    if (file.name != file_name) continue;
    changed = file.text;
    const std::size_t at = changed.find(from);
    if (at == std::string::npos) return "no such text";
    changed.replace(at, from.size(), to);
    file.text = changed;
  }
  try {
    LoadRules(files);
  } catch (const RulesError& error) {
    return error.what();
  }
  return "";
}

struct Damage {
  const char* name;
  const char* file;
  const char* from;
  const char* to;
  const char* complaint;
};

class Damaged : public testing::TestWithParam<Damage> {};

TEST_P(Damaged, IsRefusedWithTheFileTheLineAndTheReason) {
  const Damage& damage = GetParam();
  const std::string complaint = ComplaintAbout(damage.file, damage.from, damage.to);
  EXPECT_THAT(complaint, testing::MatchesRegex(std::string(damage.file) + ":[0-9]+: .*"));
  EXPECT_THAT(complaint, testing::HasSubstr(damage.complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, Damaged,
    testing::Values(Damage{"NoXml", "codes.xml", "</codes>", "</code>", "mismatch"},
                    Damage{"OtherRoot", "codes.xml", "<codes>", "<codes/><x>", ""},
                    Damage{"UnknownElement", "clauses.xml", "<clause ", "<klause ", "mismatch"},
                    Damage{"UnknownAttribute", "clauses.xml", "provenance=", "provenience=",
                           "has the attribute 'provenience'; expected id, provenance"},
                    Damage{"UnknownProvenance", "clauses.xml", "\"documented\"", "\"rumoured\"",
                           "expected one of documented, table-only"},
                    Damage{"IdTwice", "clauses.xml", "id=\"O-02\"", "id=\"O-01\"",
                           "has the id O-01, which another statement has"},
                    Damage{"IdOfAnotherFile", "clauses.xml", "id=\"O-02\"", "id=\"C-MAP-03\"",
                           "has the id C-MAP-03"},
                    Damage{"UnknownSource", "clauses.xml", "sources=\"HB-80xj", "sources=\"HB-zzzz",
                           "names the source HB-zzzz"},
                    Damage{"UnknownCode", "transitions.xml", "code=\"VD_E_TIMEOUT\"",
                           "code=\"VD_E_LATE\"", "names the code VD_E_LATE"},
                    Damage{"UnknownState", "transitions.xml", "next=\"Initializing\"",
                           "next=\"Asleep\"", "next='Asleep', which is no state"},
                    Damage{"StateTwice", "transitions.xml", "<cell state=\"Initializing\">",
                           "<cell state=\"Active\">", "has 0 cells for the state Initializing"},
                    Damage{"UnknownReading", "transitions.xml", "readings=\"G-07",
                           "readings=\"G-99", "names the reading G-99"},
                    Damage{"UnknownFrom", "transitions.xml", "from=\"C-GCF-01\"",
                           "from=\"C-GCF-77\"", "names C-GCF-77, which no file states"},
                    Damage{"WrongNumber", "return_codes.xml", "value=\"0x80770009\"",
                           "value=\"0x80770008\"", "has another number for VD_E_NOTSUPPORTED"},
                    Damage{"NoNumber", "codes.xml", "0x80770002", "0x8077G002",
                           "expected a 32-bit number"},
                    Damage{"UnknownMethod", "readings.xml", "methods=\"SendCommand\"",
                           "methods=\"SentCommand\"", "names the method SentCommand"},
                    Damage{"UnknownNoCheck", "clauses.xml", "kind=\"narrative\"", "kind=\"boring\"",
                           "expected one of narrative, layout, windows-only"},
                    Damage{"NoCheckTwice", "readings.xml", "</no-check>",
                           "</no-check><no-check kind=\"open\">x</no-check>", "appears twice"},
                    Damage{"NotYesOrNo", "readings.xml", "asserted=\"no\"/>",
                           "asserted=\"maybe\"/>", "expected yes or no"}),
    [](const auto& of) { return std::string(of.param.name); });

TEST(LoadRules, NamesTheLineOfTheDamage) {
  EXPECT_THAT(ComplaintAbout("codes.xml", "id=\"E-01\"", "id=\"\""),
              testing::StartsWith("codes.xml:4: <status> needs the attribute 'id'"));
}

}  // namespace
}  // namespace conform
