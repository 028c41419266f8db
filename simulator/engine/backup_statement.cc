// BACKUP DATABASE and BACKUP LOG.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "simulator/engine/backup_content.h"
#include "simulator/engine/backup_run.h"
#include "simulator/engine/checksum.h"
#include "simulator/engine/failure_messages.h"
#include "simulator/engine/percent_meter.h"
#include "simulator/engine/result_sets.h"
#include "simulator/engine/transfer_statement.h"
#include "simulator/include/vdi_codes.h"

namespace vdisim {
namespace {

constexpr uint64_t kFirstLsn = 16;
constexpr uint64_t kLsnStep = 16;

BackupKind KindOf(const TransferStatement& statement) {
  if (statement.verb == Verb::kBackupLog) return BackupKind::kLog;
  if (statement.options.snapshot) return BackupKind::kSnapshot;
  return statement.options.differential ? BackupKind::kDifferential : BackupKind::kFull;
}

// The message to refuse with, or nothing.
std::optional<Message> CheckDatabase(const std::optional<DatabaseEntry>& database, BackupKind kind,
                                     const std::string& name) {
  if (!database) return MakeMessage(kUnknownDatabase, name);
  if (database->restoring) return MakeMessage(927, database->name);
  if (database->full_lsn != 0) return std::nullopt;
  if (kind == BackupKind::kDifferential) return MakeMessage(3035, database->name);
  if (kind == BackupKind::kLog) return MakeMessage(4214);
  return std::nullopt;
}

MediaDescriptor DescribeMedia(const TransferTask& task, const Configuration& configuration,
                              const DatabaseEntry& database, BackupKind kind,
                              uint64_t content_bytes, uint64_t database_bytes) {
  MediaDescriptor media;
  media.kind = kind;
  media.plan = {.content_bytes = content_bytes,
                .extent_bytes = StripePlan::ExtentBytesFor(configuration.block_bytes,
                                                           configuration.max_transfer_bytes),
                .block_bytes = configuration.block_bytes,
                .stripes = static_cast<uint32_t>(task.statement.devices.size())};
  media.transfer_bytes = configuration.max_transfer_bytes;
  media.database_bytes = database_bytes;
  media.sequence = kind == BackupKind::kLog ? database.log_sequence + 1 : 0;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  media.start_time_s = std::chrono::duration_cast<std::chrono::seconds>(now).count();
  media.first_lsn = std::max(database.lsn, kFirstLsn);
  media.last_lsn = media.first_lsn + kLsnStep - 1;
  media.base_lsn =
      kind == BackupKind::kFull || kind == BackupKind::kSnapshot ? 0 : database.full_lsn;
  media.database = database.name;
  media.set_name = task.statement.options.name;
  media.server = task.engine.ServerName();
  // Two backups never share an id: stripes of different ones must not pass for one set.
  uint64_t state = task.engine.options.seed ^
                   static_cast<uint64_t>(std::chrono::nanoseconds(now).count()) ^
                   (task.engine.statements.fetch_add(1) << 48);
  for (uint64_t& id : media.media_set_id) id = SplitMix64(&state);
  return media;
}

bool RememberBackup(const TransferTask& task, const MediaDescriptor& media, std::string* error) {
  const TransferOptions& options = task.statement.options;
  const bool system = !task.engine.registry.Find(media.database);
  if (system) return true;
  return task.engine.registry.Update(
      media.database,
      [&](DatabaseEntry* entry) {
        entry->lsn = media.last_lsn + 1;
        if (media.base_lsn == 0 && !options.copy_only) entry->full_lsn = media.first_lsn;
        if (media.kind == BackupKind::kLog) {
          entry->log_sequence = media.sequence;
          entry->restoring = options.recovery != Recovery::kRecovery;
        }
      },
      error);
}

void SaySuccess(const TransferTask& task, const MediaDescriptor& media,
                std::chrono::steady_clock::duration elapsed) {
  const uint64_t bytes = media.plan.content_bytes;
  const uint64_t pages = (bytes + kPageBytes - 1) / kPageBytes;
  const bool log = media.kind == BackupKind::kLog;
  task.speaker.Say(MakeMessage(kPagesProcessed, pages, media.database,
                               log ? media.database + "_log" : media.database, 1));
  task.speaker.Say(SuccessMessage(task, pages, bytes, elapsed));

  const std::string created = "1970/01/01";
  const std::string first = LsnText(media.first_lsn);
  const std::string last = LsnText(media.last_lsn);
  const size_t devices = task.statement.devices.size();
  const std::string where = DeviceInformation(task);
  switch (media.kind) {
    case BackupKind::kLog:
      task.speaker.Log(
          MakeMessage(18265, media.database, created, "00:00:00", first, last, devices, where));
      break;
    case BackupKind::kDifferential:
      task.speaker.Log(MakeMessage(18270, media.database, created, "00:00:00", pages, first, last,
                                   LsnText(media.base_lsn), devices, where));
      break;
    default:
      task.speaker.Log(MakeMessage(18264, media.database, created, "00:00:00", pages, first, last,
                                   devices, where));
      break;
  }
}

}  // namespace

bool ExecuteBackup(const TransferTask& task) {
  const BackupKind kind = KindOf(task.statement);
  const auto database = task.engine.FindDatabase(task.statement.database);
  if (const auto refusal = CheckDatabase(database, kind, task.statement.database)) {
    task.speaker.Say(*refusal);
    return false;
  }
  std::string error;
  const auto source = OpenDataSource(database->source, &error);
  if (source == nullptr) {
    Failure failure;
    failure.kind = FailureKind::kOwnFile;
    failure.device = database->source;
    failure.os_code = ERROR_FILE_NOT_FOUND;
    failure.detail = error;
    SayFailure(task, failure);
    return false;
  }
  const auto content = MakeBackupContent(kind, source, database->name, database->log_sequence + 1);

  PercentMeter meter(&task.speaker, task.statement.options.stats_percent);
  ConversationOptions options = ConversationFor(task);
  options.on_progress = [&](uint64_t bytes) { meter.Show(bytes); };
  Conversation conversation(std::move(options));
  const auto start = std::chrono::steady_clock::now();
  MediaDescriptor media;
  if (conversation.Start()) {
    media = DescribeMedia(task, conversation.configuration(), *database, kind,
                          content->size_bytes(), source->size_bytes());
    uint64_t total = 0;
    for (uint32_t i = 0; i < media.plan.stripes; ++i) total += media.plan.StreamBytes(i);
    meter.SetTotal(total);
    if (kind == BackupKind::kSnapshot) {
      const auto say = [&](int number) {
        const Message message = MakeMessage(number, database->name);
        task.speaker.Say(message);
        task.speaker.Log(message);
      };
      RunSnapshotBackup(conversation, media, *content,
                        {.freeze = [&] { say(3197); }, .thaw = [&] { say(3198); }});
    } else {
      RunBackup(conversation, media, *content);
    }
  }
  SayChatter(task);
  if (!conversation.Finish()) {
    SayFailure(task, conversation.failure());
    return false;
  }
  const auto elapsed = std::chrono::steady_clock::now() - start;
  if (!RememberBackup(task, media, &error)) {
    task.speaker.Say(Hint(error));
    return false;
  }
  SaySuccess(task, media, elapsed);
  return true;
}

}  // namespace vdisim
