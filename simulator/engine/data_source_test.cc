#include "simulator/engine/data_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "simulator/engine/backup_content.h"

namespace vdisim {
namespace {

std::vector<uint8_t> ReadAll(const DataSource& source) {
  std::vector<uint8_t> bytes(source.size_bytes());
  EXPECT_TRUE(source.OpenReader()->Read(0, bytes));
  return bytes;
}

TEST(ParseByteSize, KnowsSuffixesAndRefusesNonsense) {
  EXPECT_EQ(ParseByteSize("4096"), 4096U);
  EXPECT_EQ(ParseByteSize("64K"), 65536U);
  EXPECT_EQ(ParseByteSize("2m"), uint64_t{2} << 20);
  EXPECT_EQ(ParseByteSize("5G"), uint64_t{5} << 30);
  for (const char* bad : {"", "K", "-1", "1.5M", "1T", "64KB", " 1", "99999999999999999999G"}) {
    EXPECT_EQ(ParseByteSize(bad), std::nullopt) << bad;
  }
}

TEST(SeededSource, IsTheSameForTheSameSeedAndDiffersForAnother) {
  EXPECT_EQ(ReadAll(*MakeSeededSource(3, 50000)), ReadAll(*MakeSeededSource(3, 50000)));
  EXPECT_NE(ReadAll(*MakeSeededSource(3, 50000)), ReadAll(*MakeSeededSource(4, 50000)));
}

TEST(SeededSource, ReadsTheSameBytesInAnyPieces) {
  const auto source = MakeSeededSource(9, 40001);
  const std::vector<uint8_t> all = ReadAll(*source);
  const auto reader = source->OpenReader();
  std::vector<uint8_t> pieced(all.size());
  for (size_t at = 0, step = 1; at < all.size(); at += step, step = step * 3 % 9001 + 1) {
    step = std::min(step, all.size() - at);
    ASSERT_TRUE(reader->Read(at, std::span(pieced).subspan(at, step)));
  }
  EXPECT_EQ(pieced, all);
}

TEST(SeededPage, CarriesItsNumberAndAChecksumThatSeesEveryBit) {
  std::array<uint8_t, kPageBytes> page{};
  FillSeededPage(1, 0x01020304, page);
  EXPECT_EQ(page[32] | page[33] << 8 | page[34] << 16 | page[35] << 24, 0x01020304);
  EXPECT_TRUE(SeededPageIsIntact(page));
  for (size_t at = 0; at < kPageBytes; at += 97) {
    page[at] ^= 0x10;
    EXPECT_FALSE(SeededPageIsIntact(page)) << at;
    page[at] ^= 0x10;
  }
}

TEST(OpenDataSource, SaysWhatIsWrong) {
  std::string error;
  EXPECT_EQ(OpenDataSource("seed:x,size:1K", &error), nullptr);
  EXPECT_THAT(error, ::testing::HasSubstr("seed:N,size:BYTES"));
  EXPECT_EQ(OpenDataSource("seed:1", &error), nullptr);
  EXPECT_EQ(OpenDataSource("/no/such/file", &error), nullptr);
  EXPECT_THAT(error, ::testing::HasSubstr("/no/such/file"));
  EXPECT_NE(OpenDataSource("size:0,seed:1", &error), nullptr);
}

TEST(BackupContent, OfADifferentialIsEverySixteenthPage) {
  const auto database = MakeSeededSource(5, 40 * kPageBytes + 100);
  const auto differential = MakeBackupContent(BackupKind::kDifferential, database, "d", 0);
  const std::vector<uint8_t> whole = ReadAll(*database);
  const std::vector<uint8_t> part = ReadAll(*differential);
  ASSERT_EQ(part.size(), 3 * kPageBytes);  // pages 0, 16 and 32
  for (size_t at = 0; at < part.size(); ++at) {
    ASSERT_EQ(part[at], whole[DatabaseOffset(BackupKind::kDifferential, at)]) << at;
  }
}

TEST(BackupContent, OfALogIsDecidedByDatabaseAndNumber) {
  const auto log = [](const char* name, uint64_t number) {
    return ReadAll(*MakeBackupContent(BackupKind::kLog, nullptr, name, number));
  };
  EXPECT_EQ(log("pubs", 1), log("PUBS", 1));
  EXPECT_NE(log("pubs", 1), log("pubs", 2));
  EXPECT_NE(log("pubs", 1), log("other", 1));
}

}  // namespace
}  // namespace vdisim
