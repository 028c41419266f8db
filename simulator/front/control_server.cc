#include "simulator/front/control_server.h"

#include <fmt/format.h>

#include <atomic>
#include <cerrno>
#include <exception>
#include <fstream>
#include <stop_token>
#include <system_error>
#include <utility>

#include "simulator/front/protocol.h"

namespace vdisim {
namespace {

constexpr size_t kConnectionsMax = 256;

std::string ErrorText(int error_number) { return std::generic_category().message(error_number); }

// Sends what the executor says, and cancels the statement when nobody listens any more.
class ConnectionSink final : public MessageSink {
 public:
  ConnectionSink(LineConnection& connection, std::stop_source stop)
      : connection_(connection), stop_(std::move(stop)) {}

  void OnMessage(const Message& message) override { Send(message); }
  void OnProgress(const TransferProgress& progress) override { Send(progress); }
  void OnResultSet(const ResultSet& result_set) override { Send(result_set); }

 private:
  void Send(const ControlEvent& event) {
    if (!connection_.WriteLine(FormatEvent(event))) stop_.request_stop();
  }

  LineConnection& connection_;
  std::stop_source stop_;
};

}  // namespace

// One client. Its own thread reads; a second one executes, so that a hang-up or a cancel is heard
// while a statement runs.
class ControlServer::Connection {
 public:
  Connection(Descriptor socket, StatementExecutor& executor, const AddDatabase& add_database)
      : lines_(std::move(socket)),
        executor_(executor),
        add_database_(add_database),
        reader_([this] { ReadLoop(); }) {}

  ~Connection() { lines_.Hangup(); }

  bool Ended() const { return ended_.load(std::memory_order_acquire); }

 private:
  void ReadLoop() {
    std::string line;
    while (true) {
      const LineConnection::ReadResult result = lines_.ReadLine(&line);
      if (result == LineConnection::ReadResult::kTooLong) {
        Refuse(fmt::format("A request may have {} bytes at most.", LineConnection::kLineBytesMax));
      }
      if (result != LineConnection::ReadResult::kLine || !Take(line)) break;
    }
    stop_.request_stop();
    if (worker_.joinable()) worker_.join();
    lines_.Hangup();
    ended_.store(true, std::memory_order_release);
  }

  // False ends the connection.
  bool Take(const std::string& line) {
    std::string error;
    std::optional<ControlRequest> request = ParseRequest(line, &error);
    if (!request.has_value()) {
      Refuse(error);
      return false;
    }
    auto* execute = std::get_if<ExecuteRequest>(&*request);
    if (execute == nullptr) {
      stop_.request_stop();
      return true;
    }
    if (busy_.load(std::memory_order_acquire)) {
      return Refuse(
          "A batch of this connection is still running. Wait for its outcome, or open "
          "another connection.");
    }
    for (const std::string& database : execute->databases) {
      if (!add_database_(database, &error)) return Refuse(error);
    }
    if (worker_.joinable()) worker_.join();
    stop_ = std::stop_source();
    busy_.store(true, std::memory_order_release);
    worker_ =
        std::thread([this, taken = std::move(*execute), stop = stop_] { Execute(taken, stop); });
    return true;
  }

  void Execute(const ExecuteRequest& request, const std::stop_source& stop) {
    ConnectionSink sink(lines_, stop);
    ControlEvent end;
    try {
      end = executor_.Execute(request.batch, request.options, sink, stop.get_token());
    } catch (const std::exception& problem) {
      end = Refusal{fmt::format("The server failed within: {}.", problem.what())};
    }
    // First, so that the client's next request, sent on this line, finds us free.
    busy_.store(false, std::memory_order_release);
    lines_.WriteLine(FormatEvent(end));
  }

  bool Refuse(const std::string& why) { return lines_.WriteLine(FormatEvent(Refusal{why})); }

  LineConnection lines_;
  StatementExecutor& executor_;
  const AddDatabase& add_database_;
  std::atomic<bool> busy_ = false;
  std::atomic<bool> ended_ = false;
  std::stop_source stop_;  // of the batch that runs
  std::thread worker_;     // the reader's
  std::jthread reader_;    // last: starts when everything else stands
};

std::unique_ptr<ControlServer> ControlServer::Start(const std::filesystem::path& folder,
                                                    StatementExecutor& executor,
                                                    AddDatabase add_database, std::string* error) {
  int error_number = 0;
  const std::filesystem::path lock_file = folder / kLockName;
  Descriptor lock = LockFile(lock_file, &error_number);
  if (!lock.ok() && error_number == EWOULDBLOCK) {
    std::string owner;
    std::ifstream(lock_file) >> owner;
    *error = fmt::format(
        "The instance in '{}' is served already, by process {}. Stop that one, or serve another "
        "instance (--instance) or home (--home).",
        folder.string(), owner.empty() ? "(unknown)" : owner);
    return nullptr;
  }
  if (!lock.ok()) {
    *error = fmt::format("The lock file '{}' cannot be used: {}.", lock_file.string(),
                         ErrorText(error_number));
    return nullptr;
  }
  // Whoever holds the lock is the only server, so a socket that lies there is a dead one's.
  std::error_code ignored;
  std::filesystem::remove(folder / kSocketName, ignored);
  Descriptor listener = ListenAt(folder, kSocketName, &error_number);
  if (!listener.ok()) {
    *error = fmt::format("The control socket '{}' cannot be made: {}.",
                         (folder / kSocketName).string(), ErrorText(error_number));
    return nullptr;
  }
  return std::unique_ptr<ControlServer>(new ControlServer(folder, executor, std::move(add_database),
                                                          std::move(lock), std::move(listener)));
}

ControlServer::ControlServer(std::filesystem::path folder, StatementExecutor& executor,
                             AddDatabase add_database, Descriptor lock, Descriptor listener)
    : folder_(std::move(folder)),
      executor_(executor),
      add_database_(std::move(add_database)),
      lock_(std::move(lock)),
      listener_(std::move(listener)),
      acceptor_([this] { AcceptLoop(); }) {}

ControlServer::~ControlServer() {
  std::error_code ignored;
  std::filesystem::remove(folder_ / kSocketName, ignored);
  stopping_.Set();
  acceptor_.join();
  connections_.clear();
}

void ControlServer::AcceptLoop() {
  while (stopping_.WaitForConnection(listener_)) {
    int error_number = 0;
    Descriptor socket = AcceptFrom(listener_, &error_number);
    connections_.remove_if([](const auto& connection) { return connection->Ended(); });
    if (!socket.ok()) continue;
    if (connections_.size() >= kConnectionsMax) {
      LineConnection(std::move(socket))
          .WriteLine(FormatEvent(Refusal{"The server has all the connections that it takes."}));
      continue;
    }
    connections_.push_back(
        std::make_unique<Connection>(std::move(socket), executor_, add_database_));
  }
}

}  // namespace vdisim
