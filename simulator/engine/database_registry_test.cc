#include "simulator/engine/database_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "simulator/engine/names.h"

namespace vdisim {
namespace {

class DatabaseRegistryTest : public ::testing::Test {
 protected:
  DatabaseRegistryTest() {
    std::random_device chance;
    home_ = std::filesystem::temp_directory_path() / ("registry-test-" + std::to_string(chance()));
    std::filesystem::create_directories(home_);
  }
  ~DatabaseRegistryTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(home_, ignored);
  }
  std::filesystem::path home_;
  std::string error_;
};

TEST_F(DatabaseRegistryTest, IsReadByAnotherRegistryOfTheSameHome) {
  DatabaseRegistry registry(home_);
  ASSERT_TRUE(registry.Update(
      "Pubs", [](DatabaseEntry* e) { e->source = "seed:1,size:1M"; }, &error_))
      << error_;
  ASSERT_TRUE(registry.Update(
      "pubs", [](DatabaseEntry* e) { e->lsn = 40; }, &error_));
  const auto found = DatabaseRegistry(home_).Find("PUBS");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "Pubs");
  EXPECT_EQ(found->source, "seed:1,size:1M");
  EXPECT_EQ(found->lsn, 40U);
  EXPECT_EQ(registry.All().size(), 1U);
}

TEST_F(DatabaseRegistryTest, RefusesAFileItDoesNotUnderstand) {
  std::ofstream(home_ / "databases.json") << "{";
  DatabaseRegistry registry(home_);
  EXPECT_FALSE(registry.Check(&error_));
  EXPECT_THAT(error_, ::testing::HasSubstr("is damaged"));
  EXPECT_FALSE(registry.Update(
      "x", [](DatabaseEntry*) {}, &error_));
}

TEST_F(DatabaseRegistryTest, LeavesNoTemporaryFiles) {
  DatabaseRegistry registry(home_);
  ASSERT_TRUE(registry.Update(
      "x", [](DatabaseEntry*) {}, &error_));
  int files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(home_)) ++files;
  EXPECT_EQ(files, 1);
}

TEST(SameName, IgnoresCaseAsTheDefaultCollationDoes) {
  EXPECT_TRUE(SameName("Pubs", "pUBS"));
  EXPECT_TRUE(SameName("\xC3\x84pfel", "\xC3\xA4pfel"));          // Ä, ä
  EXPECT_TRUE(SameName("\xD0\x91\xD0\x94", "\xD0\xB1\xD0\xB4"));  // Cyrillic
  EXPECT_TRUE(SameName("\xCE\xA3", "\xCF\x83"));                  // Greek sigma
  EXPECT_FALSE(SameName("pubs", "pub"));
}

TEST(FileNameFor, NeverLeavesItsFolder) {
  EXPECT_EQ(FileNameFor("pubs_2"), "pubs_2");
  EXPECT_EQ(FileNameFor("../a/b\\c."), "%2E%2E%2Fa%2Fb%5Cc%2E");
  EXPECT_EQ(FileNameFor(".."), "%2E%2E");
  const std::string longest(400, '/');
  EXPECT_LT(FileNameFor(longest).size(), 200U);
  EXPECT_NE(FileNameFor(longest), FileNameFor(longest + "/"));
}

}  // namespace
}  // namespace vdisim
