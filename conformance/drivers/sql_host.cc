#include "conformance/drivers/sql_host.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <system_error>

namespace conform {
namespace {

constexpr std::string_view kFolderPrefix = "vdi-conform-sql-";
constexpr const char* kDatabase = "d=seed:7,size:1100001";

int LockFolder(const std::filesystem::path& path) {
  const int lock = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
  if (lock >= 0) close(lock);
  return -1;
}

// Whether the process that made a folder has ended: no process has the number in its name, and
// nobody holds it, as one of another container might.
bool IsLeftover(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  if (!name.starts_with(kFolderPrefix)) return false;
  const char* digits = name.data() + kFolderPrefix.size();
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(digits, name.data() + name.size(), pid);
  const bool gone =
      error == std::errc() && end != digits && pid > 0 && kill(pid, 0) != 0 && errno == ESRCH;
  if (!gone) return false;
  const int lock = LockFolder(path);
  if (lock >= 0) close(lock);
  return lock >= 0;
}

// Keeps what the engine says.
class Listener final : public vdisim::MessageSink {
 public:
  void OnMessage(const vdisim::Message& message) override {
    numbers_.push_back(message.number);
    texts_.push_back(
        fmt::format("Msg {}, Level {}: {}", message.number, message.severity, message.text));
  }
  void OnResultSet(const vdisim::ResultSet& /*result_set*/) override {}

  const Json& numbers() const { return numbers_; }
  const Json& texts() const { return texts_; }

 private:
  Json numbers_ = Json::array();
  Json texts_ = Json::array();
};

}  // namespace

HostFolder::HostFolder() {
  static std::atomic<int> counter{0};
  const std::filesystem::path parent = std::filesystem::temp_directory_path();
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(parent, ignored)) {
    if (IsLeftover(entry.path())) std::filesystem::remove_all(entry.path(), ignored);
  }
  path_ = parent / fmt::format("{}{}-{}", kFolderPrefix, getpid(), ++counter);
  std::filesystem::create_directories(path_);
  std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
  lock_ = LockFolder(path_);
}

HostFolder::~HostFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
  if (lock_ >= 0) close(lock_);
}

SqlHost::SqlHost(vdisim::ServerSetFactory server_sets) {
  vdisim::EngineOptions options;
  options.home = home_.path();
  options.server_set_factory = std::move(server_sets);
  std::string error;
  engine_ = vdisim::Engine::Open(options, &error);
  if (engine_ == nullptr || !engine_->AddDatabaseArgument(kDatabase, &error)) {
    throw RequestError(error);
  }
}

Json SqlHost::Handle(const Json& request) {
  const std::string op = Text(request, "op");
  if (op != "sql") throw RequestError("unknown operation \"" + op + "\"");
  const Json& arguments = Arguments(request);
  if (arguments.contains("database")) {
    std::string error;
    if (!engine_->AddDatabaseArgument(Text(arguments, "database"), &error)) {
      throw RequestError(error);
    }
  }
  vdisim::StatementOptions options;
  options.wait = options.stall = std::chrono::milliseconds(Integer(arguments, "timeout"));
  Listener listener;
  const vdisim::StatementOutcome outcome =
      engine_->Execute(Text(arguments, "statement"), options, listener, stop_.get_token());
  Json answer = Json::object();
  answer["out"] = Json::object();
  answer["out"]["success"] = outcome.succeeded;
  answer["out"]["messages"] = listener.numbers();
  answer["out"]["texts"] = listener.texts();
  return answer;
}

}  // namespace conform
