#include "simulator/engine/result_sets.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <initializer_list>
#include <utility>

namespace vdisim {
namespace {

using Cell = std::pair<const char*, std::string>;

ResultSet OneRow(std::initializer_list<Cell> cells) {
  ResultSet table;
  table.rows.emplace_back();
  for (const Cell& cell : cells) {
    table.columns.emplace_back(cell.first);
    table.rows.front().push_back(cell.second);
  }
  return table;
}

std::string Time(int64_t seconds) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}.000", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

// An identifier that two numbers of the media set decide.
std::string Guid(const MediaDescriptor& media, uint64_t which) {
  const uint64_t high = media.media_set_id[0];
  const uint64_t low = media.media_set_id[1] ^ which;
  return fmt::format("{:08X}-{:04X}-{:04X}-{:04X}-{:012X}", high >> 32, (high >> 16) & 0xFFFF,
                     high & 0xFFFF, low >> 48, low & 0xFFFF'FFFF'FFFF);
}

const char* TypeNumber(BackupKind kind) {
  switch (kind) {
    case BackupKind::kLog:
      return "2";
    case BackupKind::kDifferential:
      return "5";
    default:
      return "1";
  }
}

const char* TypeText(BackupKind kind) {
  switch (kind) {
    case BackupKind::kLog:
      return "Transaction Log";
    case BackupKind::kDifferential:
      return "Database Differential";
    default:
      return "Database";
  }
}

std::string BackupSize(const MediaDescriptor& media) {
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < media.plan.stripes; ++i) bytes += media.plan.StreamBytes(i);
  return std::to_string(bytes);
}

}  // namespace

std::string LsnNumber(uint64_t lsn) { return fmt::format("34{:010}{:05}", lsn, 1); }
std::string LsnText(uint64_t lsn) { return fmt::format("34:{}:1", lsn); }

ResultSet HeaderOnlyTable(const MediaDescriptor& media) {
  const std::string base = media.base_lsn == 0 ? "" : LsnNumber(media.base_lsn);
  const std::string base_guid = media.base_lsn == 0 ? "" : Guid(media, media.base_lsn);
  return OneRow({{"BackupName", media.set_name},
                 {"BackupDescription", ""},
                 {"BackupType", TypeNumber(media.kind)},
                 {"ExpirationDate", ""},
                 {"Compressed", "0"},
                 {"Position", "1"},
                 {"DeviceType", "7"},  // N-07
                 {"UserName", "sa"},
                 {"ServerName", media.server},
                 {"DatabaseName", media.database},
                 {"DatabaseVersion", "904"},
                 {"DatabaseCreationDate", Time(0)},
                 {"BackupSize", BackupSize(media)},
                 {"FirstLSN", LsnNumber(media.first_lsn)},
                 {"LastLSN", LsnNumber(media.last_lsn)},
                 {"CheckpointLSN", LsnNumber(media.first_lsn)},
                 {"DatabaseBackupLSN", base.empty() ? "0" : base},
                 {"BackupStartDate", Time(media.start_time_s)},
                 {"BackupFinishDate", Time(media.start_time_s)},
                 {"SortOrder", "52"},
                 {"CodePage", "0"},
                 {"UnicodeLocaleId", "1033"},
                 {"UnicodeComparisonStyle", "196609"},
                 {"CompatibilityLevel", "150"},
                 {"SoftwareVendorId", "0"},
                 {"SoftwareVersionMajor", "15"},
                 {"SoftwareVersionMinor", "0"},
                 {"SoftwareVersionBuild", "0"},
                 {"MachineName", media.server},
                 {"Flags", media.kind == BackupKind::kSnapshot ? "514" : "512"},
                 {"BindingID", Guid(media, 1)},
                 {"RecoveryForkID", Guid(media, 2)},
                 {"Collation", "SQL_Latin1_General_CP1_CI_AS"},
                 {"FamilyGUID", Guid(media, 2)},
                 {"HasBulkLoggedData", "0"},
                 {"IsSnapshot", media.kind == BackupKind::kSnapshot ? "1" : "0"},
                 {"IsReadOnly", "0"},
                 {"IsSingleUser", "0"},
                 {"HasBackupChecksums", "1"},
                 {"IsDamaged", "0"},
                 {"BeginsLogChain", "0"},
                 {"HasIncompleteMetaData", "0"},
                 {"IsForceOffline", "0"},
                 {"IsCopyOnly", "0"},
                 {"FirstRecoveryForkID", Guid(media, 2)},
                 {"ForkPointLSN", ""},
                 {"RecoveryModel", "FULL"},
                 {"DifferentialBaseLSN", media.kind == BackupKind::kDifferential ? base : ""},
                 {"DifferentialBaseGUID", media.kind == BackupKind::kDifferential ? base_guid : ""},
                 {"BackupTypeDescription", TypeText(media.kind)},
                 {"BackupSetGUID", Guid(media, 3)},
                 {"CompressedBackupSize", BackupSize(media)}});
}

ResultSet FileListOnlyTable(const MediaDescriptor& media) {
  const auto row = [&](const std::string& logical, const std::string& physical, const char* type,
                       uint64_t size, const char* group, const char* id, uint64_t in_backup) {
    return OneRow({{"LogicalName", logical},
                   {"PhysicalName", physical},
                   {"Type", type},
                   {"FileGroupName", group},
                   {"Size", std::to_string(size)},
                   {"MaxSize", "35184372080640"},
                   {"FileId", id},
                   {"CreateLSN", "0"},
                   {"DropLSN", "0"},
                   {"UniqueId", Guid(media, 16 + size)},
                   {"ReadOnlyLSN", "0"},
                   {"ReadWriteLSN", "0"},
                   {"BackupSizeInBytes", std::to_string(in_backup)},
                   {"SourceBlockSize", "512"},
                   {"FileGroupId", type[0] == 'D' ? "1" : "0"},
                   {"LogGroupGUID", ""},
                   {"DifferentialBaseLSN", LsnNumber(media.base_lsn)},
                   {"DifferentialBaseGUID", Guid(media, media.base_lsn)},
                   {"IsReadOnly", "0"},
                   {"IsPresent", "1"},
                   {"TDEThumbprint", ""}});
  };
  const bool log = media.kind == BackupKind::kLog;
  ResultSet table = row(media.database, media.database + ".mdf", "D", media.database_bytes,
                        "PRIMARY", "1", log ? 0 : media.plan.content_bytes);
  ResultSet second = row(media.database + "_log", media.database + "_log.ldf", "L", 0, "", "2",
                         log ? media.plan.content_bytes : 0);
  table.rows.push_back(std::move(second.rows.front()));
  return table;
}

ResultSet LabelOnlyTable(const MediaDescriptor& media) {
  return OneRow({{"MediaName", ""},
                 {"MediaSetId", Guid(media, 0)},
                 {"FamilyCount", std::to_string(media.plan.stripes)},
                 {"FamilySequenceNumber", std::to_string(media.family)},
                 {"MediaFamilyId", Guid(media, 64 + media.family)},
                 {"MediaSequenceNumber", "1"},
                 {"MediaLabelPresent", "0"},
                 {"MediaDescription", ""},
                 {"SoftwareName", std::string(kSoftwareName)},
                 {"SoftwareVendorId", "0"},
                 {"MediaDate", Time(media.start_time_s)},
                 {"Mirror_Count", "1"},
                 {"IsCompressed", "0"}});
}

}  // namespace vdisim
