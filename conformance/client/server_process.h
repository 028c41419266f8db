// The SQL Server of one job: `vdisim serve` in a process of its own, with a fault plan and a
// journal; and the statement that the judge gives in the client's place. One thread.
#ifndef CONFORMANCE_CLIENT_SERVER_PROCESS_H_
#define CONFORMANCE_CLIENT_SERVER_PROCESS_H_

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "conformance/client/client_tools.h"
#include "conformance/client/kept_process.h"

namespace conform {

// Trouble of our own: the server did not start, or a program of ours failed.
class ServerTrouble : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ServerSettings {
  std::string faults;                  // the text of a plan; empty: none
  std::vector<std::string> databases;  // NAME=SOURCE
};

// Starts it and waits until it serves. Throws ServerTrouble.
std::unique_ptr<KeptProcess> StartServer(const ClientTools& tools, const CopyPlaces& places,
                                         const JobFiles& files, const ServerSettings& settings,
                                         std::chrono::milliseconds patience);

// Why it is no more: "the server ended by itself (status 1): ...".
std::string EndOfServer(const KeptProcess& server);

// Runs `vdisim sql` with a statement.
std::unique_ptr<KeptProcess> StartStatement(const ClientTools& tools, const CopyPlaces& places,
                                            const std::string& statement);

// "BACKUP DATABASE [d] TO VIRTUAL_DEVICE = N'a', VIRTUAL_DEVICE = N'b' WITH ...". operation: of the
// two.
std::string StatementText(const std::string& operation, const std::string& database,
                          const std::vector<std::string>& devices, const std::string& options);

// A device set in shared memory.
struct LeftSet {
  std::string name;
  std::vector<std::string> objects;  // in shared memory: its own, and those of its buffers
  std::string owner;                 // "pid 4711 (client)"
  pid_t pid = 0;
  bool owner_alive = false;
};
// The sets of this machine whose owner is, or was, one of these processes.
std::vector<LeftSet> SetsOf(const ClientTools& tools, const std::set<pid_t>& owners);
// Those of them whose owner is not alive.
std::vector<LeftSet> DeadSetsOf(const ClientTools& tools, const std::set<pid_t>& owners);
// Removes its objects.
void RemoveSet(const LeftSet& set);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_SERVER_PROCESS_H_
