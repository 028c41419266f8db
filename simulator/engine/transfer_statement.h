// Executes one BACKUP or RESTORE: checks it against the databases of the instance, runs the
// conversation, and says how it went. What all statements of an engine share stands in
// EngineContext. A context may be used by several threads; each statement has its own Speaker.
#ifndef SIMULATOR_ENGINE_TRANSFER_STATEMENT_H_
#define SIMULATOR_ENGINE_TRANSFER_STATEMENT_H_

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "simulator/engine/conversation.h"
#include "simulator/engine/database_registry.h"
#include "simulator/engine/error_log.h"
#include "simulator/engine/fault_plan.h"
#include "simulator/engine/media_format.h"
#include "simulator/engine/profile.h"
#include "simulator/engine/restore_target.h"
#include "simulator/engine/speaker.h"
#include "simulator/engine/statement_executor.h"
#include "simulator/engine/statement_watch.h"
#include "simulator/sql/statement.h"
#include "simulator/trace/append_file.h"

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
  FaultPlan faults;
  std::unique_ptr<AppendFile> journal;
  std::atomic<uint64_t> statement_numbers{0};  // of the journal
};

// One statement on its way.
struct TransferTask {
  EngineContext& engine;
  const TransferStatement& statement;
  const StatementOptions& options;
  Speaker& speaker;
  StatementWatch& watch;
  std::stop_token stop;
};

// What comes back besides messages.
struct TransferResult {
  StatementOutcome::Comparison comparison = StatementOutcome::Comparison::kNotCompared;
  std::optional<Difference> difference;  // the first one, also where the statement failed
};

// Says everything but the errors of the parser; 3013 is the last word of a failure. True if it
// succeeded. *result is set by a RESTORE.
bool ExecuteTransfer(const TransferTask& task, TransferResult* result);

// The two halves of it, without 3013.
bool ExecuteBackup(const TransferTask& task);
bool ExecuteRestore(const TransferTask& task, TransferResult* result);

// What both halves need.
ConversationOptions ConversationFor(const TransferTask& task);
void SayFailure(const TransferTask& task, const std::optional<Failure>& failure);
// Before the devices are closed: as many bytes of messages as the fault plan wants.
void SayChatter(const TransferTask& task);
// 3014, with real time.
Message SuccessMessage(const TransferTask& task, uint64_t pages, uint64_t bytes,
                       std::chrono::steady_clock::duration elapsed);
// "FILE=1, TYPE=VIRTUAL_DEVICE: {'a', 'b'}" (M-42).
std::string DeviceInformation(const TransferTask& task);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_TRANSFER_STATEMENT_H_
