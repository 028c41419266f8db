// The parser against ten thousand damaged statements: it never crashes and always comes back.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "simulator/sql/parser.h"
#include "simulator/sql/text.h"

namespace vdisim {
namespace {

constexpr unsigned kSeed = 20260917;
constexpr int kMutations = 10'000;

const std::string kStatements[] = {
    "BACKUP DATABASE [pubs] TO VIRTUAL_DEVICE = N'set', VIRTUAL_DEVICE='dev2' WITH BLOCKSIZE=4096, "
    "BUFFERCOUNT=20, MAXTRANSFERSIZE=524288, NAME=N'x''y', STATS = 10;",
    "RESTORE DATABASE \"a b\" FROM VIRTUAL_DEVICE='x' WITH REPLACE, MOVE 'a' TO 'b', NORECOVERY, "
    "STOPATMARK='m' AFTER '20300101', FILE=1",
    "DECLARE @d nvarchar(200) = N'a' + (('b')), @n int; SET @n = -5 /* x /* y */ */ -- z\n"
    "BACKUP LOG x TO VIRTUAL_DEVICE=@d WITH MAXTRANSFERSIZE=@n",
    "USE master\nSET NOCOUNT ON\nSELECT @@VERSION, CAST(SERVERPROPERTY('x') AS varchar(10)) v\n"
    "EXEC master..xp_frob @a = 1, 'b' OUTPUT\nGO 2\nPRINT 'Gr\xC3\xBC\xC3\x9F'"};

std::string Mutated(std::string text, std::mt19937& random) {
  const std::string alphabet = "'\"[]@=,;()/*-N\n\r\xC3\xFF\0 aG0x+";
  const auto below = [&random](size_t n) { return n == 0 ? 0 : random() % n; };
  for (size_t edits = 1 + below(6); edits > 0; --edits) {
    const size_t at = below(text.size());
    switch (below(5)) {
      case 0:
        text.insert(at, 1, alphabet[below(alphabet.size())]);
        break;
      case 1:
        text.erase(at, 1 + below(8));
        break;
      case 2:
        if (!text.empty()) text[at] = static_cast<char>(random());
        break;
      case 3:
        text.insert(at, text.substr(below(text.size()), below(40)));
        break;
      default: {
        const std::string& other = kStatements[below(std::size(kStatements))];
        text.insert(at, other.substr(below(other.size()), below(30)));
      }
    }
  }
  return text;
}

TEST(ParseBatch, SurvivesDamagedStatements) {
  std::mt19937 random(kSeed);
  int refused = 0;
  for (int i = 0; i < kMutations; ++i) {
    const std::string sql = Mutated(kStatements[random() % std::size(kStatements)], random);
    const Batch batch = ParseBatch(sql);
    if (!batch.errors.empty()) {
      ++refused;
      EXPECT_TRUE(batch.statements.empty());
    }
    for (const Statement& statement : batch.statements) {
      const auto* transfer = std::get_if<TransferStatement>(&statement.body);
      if (transfer == nullptr || !statement.errors.empty()) continue;
      // What comes through without a word is fit to be executed.
      ASSERT_GE(transfer->devices.size(), 1U) << "seed " << kSeed << ": " << sql;
      ASSERT_LE(transfer->devices.size(), 64U);
      for (const std::string& device : transfer->devices) ASSERT_FALSE(device.empty());
    }
    for (const BatchText& part : SplitBatches(sql)) ASSERT_FALSE(part.text.empty());
  }
  EXPECT_GT(refused, kMutations / 10);
  EXPECT_LT(refused, kMutations);
}

TEST(RepairUtf8, MakesAnyBytesWellFormed) {
  std::mt19937 random(kSeed);
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(random() % 12, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    const std::string repaired = RepairUtf8(bytes);
    EXPECT_EQ(RepairUtf8(repaired), repaired);
  }
  EXPECT_EQ(RepairUtf8("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
  EXPECT_EQ(RepairUtf8("\xC0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");                  // overlong
  EXPECT_EQ(RepairUtf8("\xF0\x9F\x98\x80"), "\xF0\x9F\x98\x80");
}

}  // namespace
}  // namespace vdisim
