// Statements that fail before they need a device set, and what the host keeps on disk.
#include "conformance/drivers/sql_host.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace conform {
namespace {

Json Sql(const std::string& statement) {
  Json request = Json::parse(R"({"op":"sql","arguments":{"timeout":0}})");
  request["arguments"]["statement"] = statement;
  return request;
}

class SqlHostTest : public testing::Test {
 protected:
  SqlHost host_{[]() -> IServerVirtualDeviceSet2* { return nullptr; }};
};

TEST_F(SqlHostTest, TellsTheMessagesOfAStatementThatFails) {
  const Json out =
      host_.Handle(Sql("BACKUP DATABASE nosuch TO VIRTUAL_DEVICE='vdi-conform-sql-test'"))["out"];
  EXPECT_EQ(out["success"], false);
  ASSERT_FALSE(out["messages"].empty());
  EXPECT_EQ(out["messages"][0], 911);
  EXPECT_NE(out["texts"][0].get<std::string>().find("nosuch"), std::string::npos);
}

TEST_F(SqlHostTest, KnowsTheDatabasesThatItIsGiven) {
  EXPECT_EQ(host_.Handle(Sql("USE d"))["out"]["success"], true);
  Json request = Sql("USE e");
  request["arguments"]["database"] = "e=seed:1,size:4096";
  EXPECT_EQ(host_.Handle(request)["out"]["success"], true);
  request["arguments"]["database"] = "nonsense";
  EXPECT_THROW(host_.Handle(request), RequestError);
}

TEST_F(SqlHostTest, RefusesOtherOperations) {
  EXPECT_THROW(host_.Handle(Json::parse(R"({"op":"call","method":"Open"})")), RequestError);
}

TEST(HostFolder, IsThereAsLongAsItsOwnerAndNoLonger) {
  std::filesystem::path path;
  {
    const HostFolder folder;
    path = folder.path();
    EXPECT_TRUE(std::filesystem::is_directory(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

int FoldersOf(pid_t pid) {
  const std::string prefix = "vdi-conform-sql-" + std::to_string(pid) + "-";
  int count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::temp_directory_path())) {
    if (entry.path().filename().string().starts_with(prefix)) ++count;
  }
  return count;
}

TEST(HostFolder, OfAKilledHostIsRemovedByTheNext) {
  const pid_t child = fork();
  if (child == 0) {
    (void)new HostFolder;  // as with a SIGKILL, its destructor never runs
    _exit(0);
  }
  siginfo_t info;
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(FoldersOf(child), 1);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  const HostFolder next;
  EXPECT_EQ(FoldersOf(child), 0);
}

}  // namespace
}  // namespace conform
