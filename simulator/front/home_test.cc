#include "simulator/front/home.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace vdisim {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Home : public ::testing::Test {
 protected:
  Home() {
    std::string pattern = (fs::temp_directory_path() / "vdisim-home-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    for (const char* name : {"VDISIM_HOME", "XDG_STATE_HOME", "HOME"}) unsetenv(name);
  }
  ~Home() override { fs::remove_all(folder_); }

  fs::path folder_;
  std::string error_;
};

TEST_F(Home, ComesFromTheOptionThenFromTheEnvironment) {
  setenv("HOME", "/h", 1);
  EXPECT_EQ(HomeFolder("", &error_), "/h/.local/state/vdisim");
  setenv("XDG_STATE_HOME", "/s", 1);
  EXPECT_EQ(HomeFolder("", &error_), "/s/vdisim");
  setenv("VDISIM_HOME", "/v", 1);
  EXPECT_EQ(HomeFolder("", &error_), "/v");
  EXPECT_EQ(HomeFolder("/o/../p", &error_), "/p");
}

TEST_F(Home, SaysWhatToDoWhereThereIsNone) {
  EXPECT_FALSE(HomeFolder("", &error_).has_value());
  EXPECT_THAT(error_, HasSubstr("--home"));
}

TEST_F(Home, HasAFolderForEachInstance) {
  const auto plain = OpenInstanceHome(folder_.string(), "", &error_);
  ASSERT_TRUE(plain.has_value()) << error_;
  EXPECT_EQ(plain->folder, folder_ / "MSSQLSERVER");
  EXPECT_EQ(plain->instance, "");
  EXPECT_EQ(fs::status(plain->folder).permissions(), fs::perms::owner_all);
  const auto named = OpenInstanceHome(folder_.string(), "Sales", &error_);
  ASSERT_TRUE(named.has_value()) << error_;
  EXPECT_EQ(named->instance, "SALES");
  EXPECT_EQ(named->folder, OpenInstanceHome(folder_.string(), "sales", &error_)->folder);
}

TEST_F(Home, RefusesNamesThatNoInstanceHas) {
  for (const char* name : {"a/b", "..", "HOST\\INST", "1x", "seventeen_letters"}) {
    EXPECT_FALSE(OpenInstanceHome(folder_.string(), name, &error_).has_value()) << name;
    EXPECT_THAT(error_, HasSubstr(name));
  }
}

TEST_F(Home, SaysWhyAFolderCannotBeMade) {
  std::ofstream(folder_ / "file") << "x";
  EXPECT_FALSE(OpenInstanceHome((folder_ / "file").string(), "", &error_).has_value());
  EXPECT_THAT(error_, HasSubstr("cannot be made"));
}

}  // namespace
}  // namespace vdisim
