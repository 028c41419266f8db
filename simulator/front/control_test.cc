// Server and client of the control socket, with an executor that does what the tests say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "simulator/front/control_server.h"
#include "simulator/front/protocol.h"
#include "simulator/front/remote_executor.h"

namespace vdisim {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Batches: "echo ..." answers, "wait" runs until it is stopped.
class FakeExecutor final : public StatementExecutor {
 public:
  StatementOutcome Execute(std::string_view batch, const StatementOptions& options,
                           MessageSink& sink, std::stop_token stop) override {
    StatementOutcome outcome;
    outcome.database = options.database;
    if (batch == "throw") throw std::runtime_error("broken");
    if (batch == "wait") {
      WaitUntilStopped(stop);
      sink.OnMessage(MakeMessage(3204));
      outcome.first_error = 3204;
      return outcome;
    }
    sink.OnMessage(MakeMessage(3013, std::string(batch)).At(2));
    sink.OnProgress({.bytes_done = 1, .bytes_total = 2, .percent = 50});
    sink.OnResultSet({.columns = {"c"}, .rows = {{"v"}}});
    outcome.succeeded = true;
    return outcome;
  }

  void WaitForWaiting(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }
  void WaitForStopped(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopped_ >= count; });
  }

 private:
  void WaitUntilStopped(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, stop, [] { return false; });
    ++stopped_;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  int waiting_ = 0;
  int stopped_ = 0;
};

class RecordingSink final : public MessageSink {
 public:
  void OnMessage(const Message& message) override { messages.push_back(message); }
  void OnProgress(const TransferProgress& progress) override {
    percents.push_back(progress.percent);
  }
  void OnResultSet(const ResultSet& set) override { cells.push_back(set.rows.at(0).at(0)); }

  std::vector<Message> messages;
  std::vector<int> percents;
  std::vector<std::string> cells;
};

class Control : public ::testing::Test {
 protected:
  Control() {
    std::string pattern = (fs::temp_directory_path() / "vdisim-control-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~Control() override {
    server_.reset();
    fs::remove_all(folder_);
  }

  void Start() {
    std::string error;
    server_ = ControlServer::Start(
        folder_, executor_,
        [this](const std::string& argument, std::string* why) {
          if (argument == "bad") {
            *why = "bad database";
            return false;
          }
          added_.push_back(argument);
          return true;
        },
        &error);
    ASSERT_NE(server_, nullptr) << error;
  }

  std::unique_ptr<RemoteExecutor> Connected() {
    std::string error;
    auto remote = RemoteExecutor::Connect(folder_, &error);
    EXPECT_NE(remote, nullptr) << error;
    return remote;
  }

  fs::path folder_;
  FakeExecutor executor_;
  std::vector<std::string> added_;
  std::unique_ptr<ControlServer> server_;
  RecordingSink sink_;
};

TEST_F(Control, CarriesABatchAndItsAnswers) {
  Start();
  auto remote = Connected();
  StatementOptions options;
  options.database = "pubs";
  const StatementOutcome outcome = remote->Execute("echo", options, sink_, {});
  EXPECT_TRUE(outcome.succeeded);
  EXPECT_EQ(outcome.database, "pubs");
  ASSERT_EQ(sink_.messages.size(), 1U);
  EXPECT_EQ(sink_.messages[0], MakeMessage(3013, "echo").At(2));
  EXPECT_THAT(sink_.percents, ElementsAre(50));
  EXPECT_THAT(sink_.cells, ElementsAre("v"));
  EXPECT_TRUE(remote->Execute("again", options, sink_, {}).succeeded);
}

TEST_F(Control, RunsSeveralBatchesAtOnceAndCancelsTheOneThatIsMeant) {
  Start();
  std::stop_source first_stop;
  std::stop_source second_stop;
  RecordingSink second_sink;
  std::jthread first([&] {
    EXPECT_EQ(Connected()->Execute("wait", {}, sink_, first_stop.get_token()).first_error, 3204);
  });
  std::jthread second([&] {
    EXPECT_EQ(Connected()->Execute("wait", {}, second_sink, second_stop.get_token()).first_error,
              3204);
  });
  executor_.WaitForWaiting(2);
  first_stop.request_stop();
  first.join();
  EXPECT_EQ(sink_.messages.at(0).number, 3204);
  EXPECT_TRUE(second_sink.messages.empty());
  EXPECT_TRUE(Connected()->Execute("echo", {}, sink_, {}).succeeded);
  second_stop.request_stop();
}

TEST_F(Control, CancelsTheBatchOfAClientThatHangsUp) {
  Start();
  int error_number = 0;
  {
    LineConnection client(ConnectTo(folder_, kSocketName, &error_number));
    ExecuteRequest request{.batch = "wait", .options = {}, .databases = {}};
    ASSERT_TRUE(client.WriteLine(FormatRequest(request)));
    executor_.WaitForWaiting(1);
  }
  executor_.WaitForStopped(1);
}

TEST_F(Control, CancelsWhatRunsWhenItStops) {
  Start();
  std::jthread client([&] {
    const StatementOutcome outcome = Connected()->Execute("wait", {}, sink_, {});
    EXPECT_FALSE(outcome.succeeded);
  });
  executor_.WaitForWaiting(1);
  server_.reset();
  executor_.WaitForStopped(1);
  client.join();
  EXPECT_FALSE(fs::exists(folder_ / kSocketName));
  std::string error;
  EXPECT_EQ(RemoteExecutor::Connect(folder_, &error), nullptr);
  EXPECT_EQ(error, "");
}

TEST_F(Control, RefusesASecondServerAndNamesTheFirst) {
  Start();
  std::string error;
  EXPECT_EQ(ControlServer::Start(folder_, executor_, {}, &error), nullptr);
  EXPECT_THAT(error, HasSubstr(fmt::format("process {}", getpid())));
  EXPECT_TRUE(Connected()->Execute("echo", {}, sink_, {}).succeeded);
}

TEST_F(Control, ReplacesTheSocketOfADeadServer) {
  int error_number = 0;
  // A socket file without anyone listening, as a killed server leaves it.
  ListenAt(folder_, kSocketName, &error_number).Reset();
  ASSERT_TRUE(fs::exists(folder_ / kSocketName));
  std::string error;
  EXPECT_EQ(RemoteExecutor::Connect(folder_, &error), nullptr);
  EXPECT_EQ(error, "");
  Start();
  EXPECT_TRUE(Connected()->Execute("echo", {}, sink_, {}).succeeded);
}

TEST_F(Control, AdmitsItsOwnerOnly) {
  Start();
  struct stat status {};
  ASSERT_EQ(stat((folder_ / kSocketName).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(Control, WorksInAFolderOfAnyLength) {
  const fs::path root = folder_;
  folder_ = root / std::string(120, 'x') / std::string(120, 'y');
  fs::create_directories(folder_);
  Start();
  EXPECT_TRUE(Connected()->Execute("echo", {}, sink_, {}).succeeded);
  server_.reset();
  folder_ = root;
}

TEST_F(Control, AddsDatabasesFirstAndRefusesBadOnes) {
  Start();
  auto remote = Connected();
  remote->AddDatabases({"a=/b"});
  EXPECT_TRUE(remote->Execute("echo", {}, sink_, {}).succeeded);
  EXPECT_THAT(added_, ElementsAre("a=/b"));
  remote->AddDatabases({"bad"});
  EXPECT_FALSE(remote->Execute("echo", {}, sink_, {}).succeeded);
  EXPECT_EQ(sink_.messages.back().number, kServerLost);
  EXPECT_THAT(sink_.messages.back().text, HasSubstr("bad database"));
  EXPECT_TRUE(remote->Execute("echo", {}, sink_, {}).succeeded);
}

TEST_F(Control, SurvivesAnExecutorThatThrows) {
  Start();
  auto remote = Connected();
  EXPECT_FALSE(remote->Execute("throw", {}, sink_, {}).succeeded);
  EXPECT_THAT(sink_.messages.back().text, HasSubstr("broken"));
  EXPECT_TRUE(remote->Execute("echo", {}, sink_, {}).succeeded);
}

TEST_F(Control, RefusesNonsenseAndASecondBatchWhileOneRuns) {
  Start();
  int error_number = 0;
  LineConnection client(ConnectTo(folder_, kSocketName, &error_number));
  const ExecuteRequest wait{.batch = "wait", .options = {}, .databases = {}};
  ASSERT_TRUE(client.WriteLine(FormatRequest(wait)));
  executor_.WaitForWaiting(1);
  ASSERT_TRUE(client.WriteLine(FormatRequest(wait)));
  std::string line;
  ASSERT_EQ(client.ReadLine(&line), LineConnection::ReadResult::kLine);
  EXPECT_THAT(line, HasSubstr("still running"));
  ASSERT_TRUE(client.WriteLine("nonsense"));
  ASSERT_EQ(client.ReadLine(&line), LineConnection::ReadResult::kLine);
  EXPECT_THAT(line, HasSubstr("refused"));
  executor_.WaitForStopped(1);
}

}  // namespace
}  // namespace vdisim
