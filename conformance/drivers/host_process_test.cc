// Processes that crash, hang, talk nonsense or behave: a shell plays them.
#include "conformance/drivers/host_process.h"

#include <gtest/gtest.h>

#include <system_error>

namespace conform {
namespace {

constexpr auto kLong = vdisim::Timeout::Milliseconds(20'000);

std::vector<std::string> Shell(const std::string& script) { return {"/bin/sh", "-c", script}; }

TEST(HostProcess, GivesTheAnswerOfTheRequest) {
  HostProcess host(Shell("read line; echo '{\"id\":1,\"code\":7}'"));
  const HostAnswer answer = host.Ask(Json{{"op", "call"}}, kLong);
  ASSERT_EQ(answer.trouble, HostTrouble::kNone) << answer.what;
  EXPECT_EQ(answer.body["code"], 7);
}

TEST(HostProcess, KeepsAnswersThatComeInAnotherOrder) {
  HostProcess host(
      Shell("read a; read b; echo '{\"id\":2,\"code\":2}'; echo '{\"id\":1,\"code\":1}';"
            " read c"));
  const int64_t first = host.Send(Json{{"op", "call"}});
  const int64_t second = host.Send(Json{{"op", "call"}});
  EXPECT_EQ(host.Await(first, kLong).body["code"], 1);
  EXPECT_EQ(host.Await(second, kLong).body["code"], 2);
}

TEST(HostProcess, TellsTheSignalOfACrash) {
  HostProcess host(Shell("read line; echo oops >&2; kill -SEGV $$"));
  const HostAnswer answer = host.Ask(Json{{"op", "call"}}, kLong);
  EXPECT_EQ(answer.trouble, HostTrouble::kCrashed);
  EXPECT_NE(answer.what.find("signal 11"), std::string::npos) << answer.what;
  EXPECT_EQ(host.ErrorOutput(), "oops\n");
  EXPECT_FALSE(host.running());
}

TEST(HostProcess, TellsTheStatusOfAnEndNobodyAskedFor) {
  HostProcess host(Shell("exit 3"));
  const HostAnswer answer = host.Ask(Json{{"op", "call"}}, kLong);
  EXPECT_EQ(answer.trouble, HostTrouble::kExited);
  EXPECT_NE(answer.what.find("status 3"), std::string::npos) << answer.what;
}

TEST(HostProcess, NoticesSilence) {
  HostProcess host(Shell("read a; read b"));
  EXPECT_EQ(host.Ask(Json{{"op", "call"}}, vdisim::Timeout::Milliseconds(1)).trouble,
            HostTrouble::kTimedOut);
  host.Kill();
  EXPECT_FALSE(host.running());
}

TEST(HostProcess, NoticesNonsense) {
  HostProcess host(Shell("echo hello; read a; read b"));
  EXPECT_EQ(host.Ask(Json{{"op", "call"}}, kLong).trouble, HostTrouble::kGarbage);
}

TEST(HostProcess, NoticesAnAnswerToWhatWasNeverAsked) {
  HostProcess host(Shell("read a; echo '{\"id\":17,\"code\":0}'; read b"));
  const HostAnswer answer = host.Ask(Json{{"op", "call"}}, kLong);
  EXPECT_EQ(answer.trouble, HostTrouble::kGarbage);
  EXPECT_NE(answer.what.find("a request that was never made"), std::string::npos) << answer.what;
}

TEST(HostProcess, NoticesASecondAnswer) {
  HostProcess host(
      Shell("read a; echo '{\"id\":1,\"code\":0}'; read b; echo '{\"id\":1,\"code\":0}'; read c"));
  EXPECT_EQ(host.Ask(Json{{"op", "call"}}, kLong).trouble, HostTrouble::kNone);
  const HostAnswer answer = host.Ask(Json{{"op", "call"}}, kLong);
  EXPECT_EQ(answer.trouble, HostTrouble::kGarbage);
  EXPECT_NE(answer.what.find("the same request twice"), std::string::npos) << answer.what;
}

TEST(HostProcess, GivesItsEnvironmentToTheProgram) {
  const std::string script = "read a; echo \"{\\\"id\\\":1,\\\"code\\\":$VDI_CONFORM_TEST}\"";
  HostProcess host(Shell(script), {"VDI_CONFORM_TEST=7"});
  EXPECT_EQ(host.Ask(Json{{"op", "call"}}, kLong).body["code"], 7);
}

TEST(HostProcess, EndsInOrder) {
  HostProcess host(Shell("read line; echo '{\"id\":1}'"));
  EXPECT_EQ(host.End(kLong).trouble, HostTrouble::kNone);
  EXPECT_FALSE(host.running());
}

TEST(HostProcess, CannotStartWhatIsNotThere) {
  EXPECT_THROW(HostProcess({"/no/such/program"}), std::system_error);
}

}  // namespace
}  // namespace conform
