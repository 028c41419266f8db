// The seam between the doors and the engine: something that executes batches. The Engine is one;
// tests of the doors use another. Any thread may call it, also while a batch of another thread
// runs.
#ifndef SIMULATOR_ENGINE_STATEMENT_EXECUTOR_H_
#define SIMULATOR_ENGINE_STATEMENT_EXECUTOR_H_

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/engine/message_sink.h"
#include "simulator/sql/parser.h"

namespace vdisim {

// What a connection says about a batch beyond its text.
struct StatementOptions {
  std::string database;                            // its current database; empty = master
  std::optional<std::chrono::milliseconds> wait;   // instead of EngineOptions::wait
  std::optional<std::chrono::milliseconds> stall;  // instead of EngineOptions::stall
  std::vector<SqlVariable> parameters;             // of an sp_executesql
};

struct StatementOutcome {
  bool succeeded = false;
  int first_error = 0;   // number of the first message with severity > 10, 0 if none
  std::string database;  // the connection's database afterwards (USE)
  // RESTORE: whether the result was compared with the source, and was equal.
  enum class Comparison { kNotCompared, kEqual, kDifferent };
  Comparison comparison = Comparison::kNotCompared;
};

class StatementExecutor {
 public:
  virtual ~StatementExecutor() = default;
  // Parses the batch, runs its statements in order, and stops after the first that fails.
  // Everything there is to say goes to the sink. A stop request ends the running statement with
  // 3204 and 3013.
  virtual StatementOutcome Execute(std::string_view batch, const StatementOptions& options,
                                   MessageSink& sink, std::stop_token stop) = 0;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_STATEMENT_EXECUTOR_H_
