#include "conformance/client/case_folder.h"

#include <gtest/gtest.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): setenv is POSIX's
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace conform {
namespace {

namespace fs = std::filesystem;

// With a directory for temporary files of its own.
class CaseFolders : public testing::Test {
 public:
  CaseFolders() {
    fs::create_directories(place_);
    setenv("TMPDIR", place_.c_str(), 1);
  }
  ~CaseFolders() override {
    unsetenv("TMPDIR");
    fs::remove_all(place_);
  }

 protected:
  static void RemoveAll() {
    RemoveAbandonedFolders([](const fs::path&) { return true; });
  }
  const fs::path place_ =
      fs::path(testing::TempDir()) / ("case-folders-" + std::to_string(getpid()));
};

TEST_F(CaseFolders, OneIsGoneWithItsOwner) {
  fs::path path;
  {
    const CaseFolder folder;
    path = folder.path();
    MakePlaces(path / "1");
    EXPECT_TRUE(fs::is_directory(path / "1" / "media"));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(CaseFolders, OneIsCalledAsTheSystemCallsIt) {
  const fs::path link = fs::path(testing::TempDir()) / ("link-" + std::to_string(getpid()));
  fs::create_directory_symlink(place_, link);
  for (const std::string& temporary : {link.string(), place_.string() + "//./"}) {
    setenv("TMPDIR", temporary.c_str(), 1);
    const CaseFolder folder;
    EXPECT_EQ(folder.path().parent_path(), fs::canonical(place_)) << temporary;
  }
  fs::remove(link);
}

TEST_F(CaseFolders, WhatAClientMadeReadOnlyGoesToo) {
  {
    const CaseFolder folder;
    const fs::path media = MakePlaces(folder.path() / "1").media;
    std::ofstream(media / "a") << "a";
    ASSERT_EQ(chmod(media.c_str(), 0), 0);
  }
  EXPECT_TRUE(fs::is_empty(place_));
}

TEST_F(CaseFolders, WhatNobodyHasLockedIsAbandoned) {
  const CaseFolder needed;
  const fs::path left = place_ / "vdi-case-abcdef";
  const fs::path media = MakePlaces(left / "1").media;
  std::ofstream(media / "a") << "a";
  ASSERT_EQ(chmod(media.c_str(), 0555), 0);
  std::vector<fs::path> asked;
  RemoveAbandonedFolders([&](const fs::path& folder) {
    asked.push_back(folder);
    return false;
  });
  EXPECT_EQ(asked, std::vector<fs::path>{left});
  EXPECT_TRUE(fs::exists(media / "a")) << "it may not go";
  RemoveAll();
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(needed.path()));
}

TEST_F(CaseFolders, OtherThingsOfSuchANameStay) {
  const fs::path elsewhere = place_ / "elsewhere";
  fs::create_directories(elsewhere);
  fs::create_directory_symlink(elsewhere, place_ / "vdi-case-ghijkl");
  std::ofstream(place_ / "vdi-case-mnopqr") << "a file";
  RemoveAll();
  EXPECT_TRUE(fs::exists(place_ / "vdi-case-ghijkl"));
  EXPECT_TRUE(fs::exists(place_ / "vdi-case-mnopqr"));
  EXPECT_TRUE(fs::exists(elsewhere));
}

// A folder is not locked yet in the moment when it is made.
TEST_F(CaseFolders, RunsThatMakeFoldersAndRunsThatClearUpDoNotMeet) {
  constexpr int kFolders = 300;
  std::atomic<bool> over = false;
  std::thread clears([&] {
    while (!over) RemoveAll();
  });
  int there = 0;
  for (int i = 0; i < kFolders; ++i) {
    const CaseFolder folder;
    std::ofstream(folder.path() / "file") << "x";
    there += fs::file_size(folder.path() / "file") == 1 ? 1 : 0;
  }
  over = true;
  clears.join();
  EXPECT_EQ(there, kFolders);
  RemoveAll();
  EXPECT_TRUE(fs::is_empty(place_));
}

}  // namespace
}  // namespace conform
