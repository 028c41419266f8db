#include "conformance/client/artefact_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "conformance/client/case_folder.h"

namespace conform {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Damaged : public testing::Test {
 protected:
  fs::path Store(const std::string& name, size_t bytes, char byte) const {
    std::ofstream(media_ / name, std::ios::binary) << std::string(bytes, byte);
    return media_ / name;
  }
  CaseFolder folder_;
  const fs::path media_ = MakePlaces(folder_.path() / "1").media;
};

TEST_F(Damaged, ArtefactsAreCutAtABlockAndInsideOne) {
  const fs::path file = Store("a", 300'000, 'a');
  EXPECT_EQ(Damage("truncate-block", media_, {file}), "");
  EXPECT_EQ(fs::file_size(file), 131'072U);
  EXPECT_EQ(Damage("truncate-inside", media_, {file}), "");
  EXPECT_EQ(fs::file_size(file), 65'636U);
}

TEST_F(Damaged, OneByteDiffersAfterAFlip) {
  const fs::path file = Store("a", 900, 'a');
  const std::string before = FilesIn(media_).front().hash;
  EXPECT_EQ(Damage("flip", media_, {file}), "");
  EXPECT_EQ(fs::file_size(file), 900U);
  EXPECT_NE(FilesIn(media_).front().hash, before);
}

TEST_F(Damaged, StripesAreSwappedOrDoubled) {
  const fs::path one = Store("a", 10, 'a');
  const fs::path two = Store("b", 20, 'b');
  EXPECT_EQ(Damage("swap", media_, {one, two}), "");
  EXPECT_EQ(fs::file_size(one), 20U);
  EXPECT_EQ(fs::file_size(two), 10U);
  EXPECT_EQ(Damage("duplicate", media_, {one, two}), "");
  EXPECT_EQ(FilesIn(media_)[0].hash, FilesIn(media_)[1].hash);
  fs::remove(two);
  EXPECT_THAT(Damage("swap", media_, {one}), HasSubstr("one file only"));
  EXPECT_THAT(Damage("duplicate", media_, {one}), HasSubstr("one file only"));
}

TEST_F(Damaged, ArtefactsAreEmptiedRemovedOrReplacedByADirectory) {
  const fs::path file = Store("a", 10, 'a');
  EXPECT_EQ(Damage("empty", media_, {file}), "");
  EXPECT_EQ(fs::file_size(file), 0U);
  EXPECT_EQ(Damage("directory", media_, {file}), "");
  EXPECT_TRUE(fs::is_directory(file));
  Store("b", 10, 'b');
  EXPECT_EQ(Damage("remove", media_, {file}), "");
  EXPECT_THAT(FilesIn(media_), testing::IsEmpty());
}

// Where nobody knows the artefact's name, the largest file is it.
TEST_F(Damaged, FilesAreFoundWhenTheirNamesAreNotKnown) {
  const fs::path small = Store("a", 10, 'a');
  const fs::path large = Store("b", 300'000, 'b');
  EXPECT_EQ(Damage("truncate-block", media_, {media_ / "nothing"}), "");
  EXPECT_EQ(fs::file_size(small), 10U);
  EXPECT_EQ(fs::file_size(large), 131'072U);
}

TEST_F(Damaged, NothingCannotBe) {
  EXPECT_THAT(Damage("flip", media_, {media_ / "a"}), HasSubstr("nothing was stored"));
  EXPECT_EQ(Damage("", media_, {}), "");
  Store("a", 1, 'a');
  EXPECT_THAT(Damage("burn", media_, {}), HasSubstr("no damage \"burn\""));
}

}  // namespace
}  // namespace conform
