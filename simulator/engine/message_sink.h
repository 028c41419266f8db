// Where the answers of a statement go: messages as SQL Server sends them, progress, result sets.
// The front doors implement it; the engine calls it from the thread that executes the statement,
// never from two threads at once.
#ifndef SIMULATOR_ENGINE_MESSAGE_SINK_H_
#define SIMULATOR_ENGINE_MESSAGE_SINK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/sql/messages.h"

namespace vdisim {

// How far the transfer is. Sent about ten times a second at most, and once at its end.
struct TransferProgress {
  uint64_t bytes_done = 0;   // stream bytes whose completions have come
  uint64_t bytes_total = 0;  // 0 = not known yet
  int percent = 0;           // 0 to 100; 0 while the total is not known
};

// A table as RESTORE HEADERONLY and its relatives return it. Every row has a cell for each column.
struct ResultSet {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

class MessageSink {
 public:
  virtual ~MessageSink() = default;
  // severity > 10: an error; sqlcmd prints those with "Msg n, Level n, State n, ...".
  virtual void OnMessage(const Message& message) = 0;
  virtual void OnProgress(const TransferProgress& progress) { (void)progress; }
  virtual void OnResultSet(const ResultSet& result_set) = 0;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_MESSAGE_SINK_H_
