// Executes batches in the server that serves an instance, through its control socket. One batch at
// a time; one thread.
#ifndef SIMULATOR_FRONT_REMOTE_EXECUTOR_H_
#define SIMULATOR_FRONT_REMOTE_EXECUTOR_H_

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/engine/statement_executor.h"
#include "simulator/front/unix_socket.h"

namespace vdisim {

class RemoteExecutor final : public StatementExecutor {
 public:
  // Returns NULL with an empty *error where no server lives in the folder, and with a sentence
  // where one does but cannot be reached.
  static std::unique_ptr<RemoteExecutor> Connect(const std::filesystem::path& folder,
                                                 std::string* error);

  // Databases to be added with the next batch, NAME=SOURCE with absolute paths.
  void AddDatabases(std::vector<std::string> arguments) { databases_ = std::move(arguments); }

  // A request that the server refuses, and a connection that breaks, end in message 50003.
  StatementOutcome Execute(std::string_view batch, const StatementOptions& options,
                           MessageSink& sink, std::stop_token stop) override;

 private:
  explicit RemoteExecutor(Descriptor socket) : lines_(std::move(socket)) {}
  StatementOutcome Lost(std::string_view why, MessageSink& sink);

  LineConnection lines_;
  std::vector<std::string> databases_;
};

}  // namespace vdisim

#endif  // SIMULATOR_FRONT_REMOTE_EXECUTOR_H_
