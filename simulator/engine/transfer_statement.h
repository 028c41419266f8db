// Executes one BACKUP or RESTORE: checks it against the databases of the instance, runs the
// conversation, and says how it went. What all statements of an engine share stands in
// EngineContext. A context may be used by several threads; each statement has its own Speaker.
#ifndef SIMULATOR_ENGINE_TRANSFER_STATEMENT_H_
#define SIMULATOR_ENGINE_TRANSFER_STATEMENT_H_

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "simulator/engine/conversation.h"
#include "simulator/engine/database_registry.h"
#include "simulator/engine/error_log.h"
#include "simulator/engine/media_format.h"
#include "simulator/engine/profile.h"
#include "simulator/engine/speaker.h"
#include "simulator/engine/statement_executor.h"
#include "simulator/sql/statement.h"

namespace vdisim {

struct EngineContext {
  explicit EngineContext(const EngineOptions& engine_options);

  // A database of the registry, or one of those that every instance has (master, model, msdb).
  std::optional<DatabaseEntry> FindDatabase(std::string_view name) const;
  // Where the restored file of a database lies.
  std::filesystem::path DataFile(std::string_view name) const;
  std::string ServerName() const;

  const EngineOptions options;
  const Profile* const profile;
  DatabaseRegistry registry;
  ErrorLog log;
  std::atomic<uint64_t> statements{0};
};

// One statement on its way.
struct TransferTask {
  EngineContext& engine;
  const TransferStatement& statement;
  const StatementOptions& options;
  Speaker& speaker;
  std::stop_token stop;
};

// Says everything but the errors of the parser; 3013 is the last word of a failure. True if it
// succeeded. *comparison is set by a RESTORE that compared.
bool ExecuteTransfer(const TransferTask& task, StatementOutcome::Comparison* comparison);

// The two halves of it, without 3013.
bool ExecuteBackup(const TransferTask& task);
bool ExecuteRestore(const TransferTask& task, StatementOutcome::Comparison* comparison);

// What both halves need.
ConversationOptions ConversationFor(const TransferTask& task);
void SayFailure(const TransferTask& task, const std::optional<Failure>& failure);
// 3014, with real time.
Message SuccessMessage(const TransferTask& task, uint64_t pages, uint64_t bytes,
                       std::chrono::steady_clock::duration elapsed);
// "FILE=1, TYPE=VIRTUAL_DEVICE: {'a', 'b'}" (M-42).
std::string DeviceInformation(const TransferTask& task);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_TRANSFER_STATEMENT_H_
