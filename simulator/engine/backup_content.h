// What a backup carries, by its kind. A full backup is the database. The others are small, and what
// they hold is decided by the database and a number, so that RESTORE can check every byte:
//   differential  pages 0, 16, 32, ... of the database: what "changed" since the full backup
//   log           64 KiB of seeded pages, by database name and number of the log backup
//   snapshot      one seeded page, standing for the metadata that goes with the captured files
// Pure functions; any thread.
#ifndef SIMULATOR_ENGINE_BACKUP_CONTENT_H_
#define SIMULATOR_ENGINE_BACKUP_CONTENT_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "simulator/engine/data_source.h"
#include "simulator/engine/media_format.h"

namespace vdisim {

// database: its content; not used by kLog and kSnapshot. sequence: of the log backup, from 1.
std::shared_ptr<const DataSource> MakeBackupContent(BackupKind kind,
                                                    std::shared_ptr<const DataSource> database,
                                                    std::string_view database_name,
                                                    uint64_t sequence);

// Where a byte of the content lies in the database. Runs of bytes stay together within a page.
uint64_t DatabaseOffset(BackupKind kind, uint64_t content_offset);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_BACKUP_CONTENT_H_
