// Every fault plan of the bundled scenarios is one that the engine takes: `vdisim sql` refuses a
// plan that it cannot use before it looks at the statement.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "conformance/client_suite/client_loader.h"

namespace conform {
namespace {

constexpr int kUsageStatus = 2;

class Plans : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::temp_directory_path() / ("vdi-client-plans-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // What the engine says of a plan, and its exit status.
  std::pair<int, std::string> Try(const std::string& plan) const {
    std::ofstream(folder_ / "plan.xml") << plan;
    const std::string command = "'" VDISIM "' sql --home '" + (folder_ / "home").string() +
                                "' --faults '" + (folder_ / "plan.xml").string() +
                                "' \"BACKUP DATABASE nowhere TO VIRTUAL_DEVICE = 'nobody'\" > '" +
                                (folder_ / "said").string() + "' 2>&1";
    const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): our own words
    std::ifstream said(folder_ / "said");
    std::ostringstream text;
    text << said.rdbuf();
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text.str()};
  }

 private:
  std::filesystem::path folder_;
};

TEST_F(Plans, AreTakenByTheEngine) {
  std::set<std::string> tried;
  for (const ClientScenario& scenario :
       LoadClientScenarios(EmbeddedClientScenarios(), Rules::Embedded())) {
    for (const ClientJob& job : scenario.jobs) {
      if (job.faults.empty() || !tried.insert(job.faults).second) continue;
      const auto [status, said] = Try(job.faults);
      EXPECT_NE(status, kUsageStatus) << scenario.id << "\n" << job.faults << "\n" << said;
      EXPECT_NE(status, -1) << scenario.id;
    }
  }
  EXPECT_GE(tried.size(), 40U);
}

// That the test above can fail.
TEST_F(Plans, AreRefusedWithTheLineIfTheyAreNone) {
  const auto [status, said] = Try("<faults>\n<stall at='Whrite' ms='1'/></faults>");
  EXPECT_EQ(status, kUsageStatus);
  EXPECT_THAT(said, testing::HasSubstr("plan.xml:2"));
}

}  // namespace
}  // namespace conform
