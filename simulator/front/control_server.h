// Serves an instance on its control socket (protocol.h), each connection on threads of its own. It
// owns the socket and its lock file, not the executor. Start and destroy it on one thread.
#ifndef SIMULATOR_FRONT_CONTROL_SERVER_H_
#define SIMULATOR_FRONT_CONTROL_SERVER_H_

#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "simulator/engine/statement_executor.h"
#include "simulator/front/unix_socket.h"

namespace vdisim {

class ControlServer {
 public:
  // Adds a database, NAME=SOURCE; false and a sentence for a bad one. Called from any thread.
  using AddDatabase = std::function<bool(const std::string& argument, std::string* error)>;

  // Replaces a socket that a dead server left; refuses where a living one serves the folder.
  // Returns NULL, with a sentence for the user in *error, where it cannot serve.
  static std::unique_ptr<ControlServer> Start(const std::filesystem::path& folder,
                                              StatementExecutor& executor, AddDatabase add_database,
                                              std::string* error);
  // Takes the socket away, cancels the statements that run, and waits for their ends.
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

 private:
  class Connection;
  ControlServer(std::filesystem::path folder, StatementExecutor& executor, AddDatabase add_database,
                Descriptor lock, Descriptor listener);
  void AcceptLoop();

  const std::filesystem::path folder_;
  StatementExecutor& executor_;
  const AddDatabase add_database_;
  Descriptor lock_;
  Descriptor listener_;
  WakeEvent stopping_;
  std::list<std::unique_ptr<Connection>> connections_;  // the accepting thread's
  std::jthread acceptor_;
};

}  // namespace vdisim

#endif  // SIMULATOR_FRONT_CONTROL_SERVER_H_
