// The commands of a BACKUP, over a conversation that has started: the streams, then Flush, then
// VDC_Complete where it was granted; or the order of a snapshot (SNAP-04). One thread.
#ifndef SIMULATOR_ENGINE_BACKUP_RUN_H_
#define SIMULATOR_ENGINE_BACKUP_RUN_H_

#include <functional>

#include "simulator/engine/conversation.h"
#include "simulator/engine/data_source.h"
#include "simulator/engine/media_format.h"

namespace vdisim {

// Called around the time that writes to the database are suspended (M-16, M-17).
struct FreezeHooks {
  std::function<void()> freeze;
  std::function<void()> thaw;
};

// media: of family 1; content: what its plan lays out. True if every command succeeded; the caller
// finishes the conversation. thaw is called for every freeze, also after a failure (SNAP-10).
bool RunBackup(Conversation& conversation, const MediaDescriptor& media, const DataSource& content);
bool RunSnapshotBackup(Conversation& conversation, const MediaDescriptor& media,
                       const DataSource& content, const FreezeHooks& hooks);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_BACKUP_RUN_H_
