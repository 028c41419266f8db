#include "conformance/scenario/capability_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conform {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Capabilities Read(const std::string& text) { return ReadCapabilities({"mine.xml", text}); }

std::string Complaint(const std::string& text) {
  try {
    (void)Read(text);
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "none";
}

TEST(CapabilityFile, HasWhatItNamesAndNoMore) {
  const Capabilities declared = Read(
      "<capabilities profile='linux-2017'>\n"
      "  <capability name='linux-face'/>\n"
      "  <capability name='buffer-handles'/>\n"
      "</capabilities>");
  EXPECT_THAT(declared.has, ElementsAre(Capability::kLinuxFace, Capability::kBufferHandles));
  EXPECT_EQ(declared.profile, "linux-2017");
  EXPECT_THAT(declared.Missing({Capability::kLinuxFace, Capability::kComFace, Capability::kSql}),
              ElementsAre(Capability::kComFace, Capability::kSql));
}

TEST(CapabilityFile, NamesTheLineOfAnUnknownCapability) {
  const std::string complaint = Complaint(
      "<capabilities>\n  <capability name='linux-face'/>\n  <capability name='linux'/>\n"
      "</capabilities>");
  EXPECT_THAT(complaint, HasSubstr("mine.xml:3: unknown capability linux"));
  EXPECT_THAT(complaint, HasSubstr("secondary-clients, buffer-handles, virtual-clock, sql"));
}

TEST(CapabilityFile, RefusesACapabilityTwice) {
  EXPECT_THAT(Complaint("<capabilities>\n<capability name='com-face'/>\n"
                        "<capability name='com-face'/></capabilities>"),
              HasSubstr("mine.xml:3: the capability com-face stands here twice"));
}

TEST(CapabilityFile, RefusesASubjectWithoutAFace) {
  EXPECT_THAT(Complaint("<capabilities><capability name='sql'/></capabilities>"),
              HasSubstr("mine.xml:1: neither linux-face nor com-face"));
}

TEST(CapabilityFile, RefusesOtherElementsAndAttributes) {
  EXPECT_THAT(Complaint("<scenarios group='x'/>"), HasSubstr("expected <capabilities>"));
  EXPECT_THAT(Complaint("<capabilities>\n<feature/></capabilities>"), HasSubstr("mine.xml:2: "));
  EXPECT_THAT(Complaint("<capabilities>\n<capability/></capabilities>"), HasSubstr("mine.xml:2: "));
  EXPECT_THAT(Complaint("<capabilities level='3'/>"), HasSubstr("level"));
  EXPECT_THAT(Complaint("no XML"), HasSubstr("mine.xml"));
}

TEST(CapabilityFile, MustBeThere) {
  EXPECT_THROW((void)ReadCapabilityFile("/nowhere/capabilities.xml"), ScenarioError);
}

TEST(CapabilityNames, AreReadBack) {
  for (const Capability capability : kAllCapabilities) {
    EXPECT_EQ(ParseCapability(Name(capability)), capability);
  }
  EXPECT_EQ(ParseCapability("Linux-Face"), std::nullopt);
}

}  // namespace
}  // namespace conform
