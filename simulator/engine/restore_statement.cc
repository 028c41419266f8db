// RESTORE DATABASE and LOG, and the forms that only look: VERIFYONLY, HEADERONLY, FILELISTONLY,
// LABELONLY.
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <system_error>

#include "simulator/engine/backup_content.h"
#include "simulator/engine/failure_messages.h"
#include "simulator/engine/names.h"
#include "simulator/engine/percent_meter.h"
#include "simulator/engine/restore_run.h"
#include "simulator/engine/restore_target.h"
#include "simulator/engine/result_sets.h"
#include "simulator/engine/transfer_statement.h"

namespace vdisim {
namespace {

bool OnlyLooks(Verb verb) {
  return verb == Verb::kRestoreHeaderOnly || verb == Verb::kRestoreFileListOnly ||
         verb == Verb::kRestoreLabelOnly;
}

ResultSet TableFor(Verb verb, const MediaDescriptor& media) {
  if (verb == Verb::kRestoreHeaderOnly) return HeaderOnlyTable(media);
  if (verb == Verb::kRestoreFileListOnly) return FileListOnlyTable(media);
  return LabelOnlyTable(media);
}

const char* CreatedBy(BackupKind kind) {
  switch (kind) {
    case BackupKind::kLog:
      return "BACKUP LOG";
    case BackupKind::kSnapshot:
      return "BACKUP DATABASE...SNAPSHOT";
    case BackupKind::kDifferential:
      return "BACKUP DATABASE...DIFFERENTIAL";
    case BackupKind::kFull:
      break;
  }
  return "BACKUP DATABASE";
}

// Whether this backup may be restored onto this database by this statement: the message to refuse
// with, or nothing.
std::optional<Message> CheckBackupSet(const TransferStatement& statement,
                                      const MediaDescriptor& media,
                                      const std::optional<DatabaseEntry>& database) {
  const TransferOptions& options = statement.options;
  const std::string& device = statement.devices.front();
  if (options.file.value_or(1) != 1) return MakeMessage(3287, *options.file, device);
  if (statement.verb == Verb::kRestoreVerifyOnly) return std::nullopt;
  if (options.snapshot && media.kind != BackupKind::kSnapshot) return MakeMessage(3276);
  const bool wrong_kind = (media.kind == BackupKind::kSnapshot && !options.snapshot) ||
                          (media.kind == BackupKind::kLog) != (statement.verb == Verb::kRestoreLog);
  if (wrong_kind) return MakeMessage(3135, device, CreatedBy(media.kind));
  if (media.kind == BackupKind::kDifferential || media.kind == BackupKind::kLog) {
    if (!database) return MakeMessage(3118, statement.database);
    if (!database->restoring) return MakeMessage(3117);
    if (media.kind == BackupKind::kDifferential && media.base_lsn != database->restored_lsn) {
      return MakeMessage(3136);
    }
    return std::nullopt;
  }
  if (database && !options.replace && !SameName(database->name, media.database)) {
    return MakeMessage(3154, database->name);
  }
  return std::nullopt;
}

// What the backup should hold, if the database it was made of is still known here; else that of the
// database it is restored to. A database that is nothing but its restored file has no other source.
std::shared_ptr<const DataSource> ExpectedContent(const TransferTask& task,
                                                  const MediaDescriptor& media) {
  if (media.kind == BackupKind::kLog || media.kind == BackupKind::kSnapshot) {
    return MakeBackupContent(media.kind, nullptr, media.database, media.sequence);
  }
  auto database = task.engine.FindDatabase(media.database);
  if (!database) database = task.engine.FindDatabase(task.statement.database);
  if (!database || database->source == task.engine.DataFile(database->name).string()) {
    return nullptr;
  }
  std::string ignored;
  const auto source = OpenDataSource(database->source, &ignored);
  return source == nullptr ? nullptr : MakeBackupContent(media.kind, source, media.database, 0);
}

// One RESTORE DATABASE, LOG or VERIFYONLY, from its headers to its last message.
class RestoreStatement {
 public:
  RestoreStatement(const TransferTask& task, Conversation* conversation, PercentMeter* meter)
      : task_(task),
        conversation_(*conversation),
        meter_(*meter),
        run_(conversation, *task.engine.profile, task.engine.options.seed) {}

  bool Transfer() {
    if (!run_.ReadHeaders(false)) return false;
    media_ = run_.descriptors().front();
    meter_.SetTotal(run_.total_bytes());
    database_ = task_.engine.FindDatabase(task_.statement.database);
    if (const auto refusal = CheckBackupSet(task_.statement, media_, database_)) {
      Failure failure;
      failure.messages.push_back(*refusal);
      conversation_.Fail(std::move(failure));
      return false;
    }
    if (!OpenTarget() || !run_.ReadData(target_.get())) return false;
    if (conversation_.FailsAt(FailMoment::kAfterLastWrite)) return false;
    if (!task_.statement.options.snapshot || verifies()) return true;
    return conversation_.RunOnDevices(
        [](DeviceCommands& device) { device.Execute(VDC_MountSnapshot); });
  }

  // After the conversation has ended well.
  bool Conclude(std::chrono::steady_clock::duration elapsed) {
    std::string error;
    if (!target_->Commit()) {
      error = fmt::format("'{}' cannot be written", data_file().string());
    } else if (!verifies()) {
      Remember(&error);
    }
    if (!error.empty()) {
      task_.speaker.Say(MakeMessage(kNonrecoverableIoError, data_file().string(), error));
      return false;
    }
    SayComparison();
    SaySuccess(elapsed);
    return true;
  }

  // What a transfer that ended too early has compared is not the whole database.
  void Compare(TransferResult* result) const {
    if (target_ == nullptr || !target_->compares()) return;
    result->difference = target_->first_difference();
    if (result->difference) {
      result->comparison = StatementOutcome::Comparison::kDifferent;
    } else if (!conversation_.failed()) {
      result->comparison = StatementOutcome::Comparison::kEqual;
    }
  }

 private:
  bool verifies() const { return task_.statement.verb == Verb::kRestoreVerifyOnly; }
  std::string name() const { return database_ ? database_->name : task_.statement.database; }
  std::filesystem::path data_file() const { return task_.engine.DataFile(name()); }

  bool OpenTarget() {
    target_ = std::make_unique<RestoreTarget>(media_.kind, ExpectedContent(task_, media_),
                                              conversation_.device_count());
    const bool full = media_.kind == BackupKind::kFull;
    if (verifies() || (!full && media_.kind != BackupKind::kDifferential)) return true;
    Failure failure;
    failure.kind = FailureKind::kOwnFile;
    failure.device = data_file().string();
    failure.os_code = 112;
    if (target_->WriteTo(data_file(), media_.database_bytes,
                         full ? std::filesystem::path() : data_file(), &failure.detail)) {
      return true;
    }
    conversation_.Fail(std::move(failure));
    return false;
  }

  void Remember(std::string* error) {
    task_.engine.registry.Update(
        name(),
        [&](DatabaseEntry* entry) {
          if (entry->source.empty()) entry->source = data_file().string();
          entry->restoring = task_.statement.options.recovery != Recovery::kRecovery;
          if (media_.base_lsn == 0) entry->restored_lsn = media_.first_lsn;
          entry->lsn = std::max(entry->lsn, media_.last_lsn + 1);
        },
        error);
  }

  void SayComparison() {
    if (!target_->compares()) return;
    const auto difference = target_->first_difference();
    // The checksums of the stream have all been right, so the backup came back as it was made.
    task_.speaker.Say(Hint(difference ? difference->Text() +
                                            "; what was restored is what was backed up, so the "
                                            "source has changed since"
                                      : std::string("the restored data equals the source")));
  }

  void SaySuccess(std::chrono::steady_clock::duration elapsed) {
    if (verifies()) {
      task_.speaker.Say(MakeMessage(3262, 1));
      return;
    }
    const uint64_t bytes = media_.plan.content_bytes;
    const uint64_t pages = (bytes + kPageBytes - 1) / kPageBytes;
    const bool log = media_.kind == BackupKind::kLog;
    const std::string file = log ? media_.database + "_log" : media_.database;
    task_.speaker.Say(MakeMessage(kPagesProcessed, pages, name(), file, 1));
    task_.speaker.Say(SuccessMessage(task_, pages, bytes, elapsed));
    task_.speaker.Log(MakeMessage(log ? 18268 : 18267, name(), "1970/01/01", "00:00:00",
                                  LsnText(media_.first_lsn), LsnText(media_.last_lsn),
                                  task_.statement.devices.size(), DeviceInformation(task_)));
  }

  const TransferTask& task_;
  Conversation& conversation_;
  PercentMeter& meter_;
  RestoreRun run_;
  MediaDescriptor media_;
  std::optional<DatabaseEntry> database_;
  std::unique_ptr<RestoreTarget> target_;
};

bool LookAtHeader(const TransferTask& task, Conversation* conversation) {
  RestoreRun run(conversation, *task.engine.profile, task.engine.options.seed);
  if (conversation->Start()) run.ReadHeaders(true);
  if (!conversation->Finish()) {
    SayFailure(task, conversation->failure());
    return false;
  }
  task.speaker.Show(TableFor(task.statement.verb, run.descriptors().front()));
  return true;
}

}  // namespace

bool ExecuteRestore(const TransferTask& task, TransferResult* result) {
  PercentMeter meter(&task.speaker, task.statement.options.stats_percent);
  ConversationOptions options = ConversationFor(task);
  options.on_progress = [&](uint64_t bytes) { meter.Show(bytes); };
  Conversation conversation(std::move(options));
  if (OnlyLooks(task.statement.verb)) return LookAtHeader(task, &conversation);

  RestoreStatement restore(task, &conversation, &meter);
  const auto start = std::chrono::steady_clock::now();
  if (conversation.Start()) restore.Transfer();
  SayChatter(task);
  const bool finished = conversation.Finish();
  restore.Compare(result);
  if (!finished) {
    SayFailure(task, conversation.failure());
    return false;
  }
  return restore.Conclude(std::chrono::steady_clock::now() - start);
}

}  // namespace vdisim
