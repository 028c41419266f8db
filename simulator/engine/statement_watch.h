// What goes along with one BACKUP or RESTORE beside its work: the faults of its plan, its journal
// and the streams that are kept. The statement owns it; the conversation and its devices ask it at
// defined points. The default one does and keeps nothing.
#ifndef SIMULATOR_ENGINE_STATEMENT_WATCH_H_
#define SIMULATOR_ENGINE_STATEMENT_WATCH_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "simulator/engine/backup_content.h"
#include "simulator/engine/fault_run.h"
#include "simulator/engine/media_format.h"
#include "simulator/engine/statement_journal.h"
#include "simulator/engine/stream_keeper.h"
#include "simulator/trace/append_file.h"

namespace vdisim {

struct WatchOptions {
  uint64_t statement = 1;  // its number in the engine, from 1
  StatementFaults faults;
  std::string database;           // of the statement
  uint32_t devices = 0;           // clauses of the statement
  AppendFile* journal = nullptr;  // NULL = none; not owned
  std::filesystem::path streams;  // a folder; empty = none
  std::function<void()> end_process;
  uint64_t seed = 1;
};

struct StatementWatch {
  explicit StatementWatch(WatchOptions options = {})
      : journal(options.journal, options.statement),
        streams(options.streams, options.statement, options.devices),
        faults(std::move(options.faults), std::move(options.database), &journal,
               std::move(options.end_process)),
        canary_seed((options.seed << 32) ^ (options.statement << 20)) {}
  StatementWatch(const StatementWatch&) = delete;
  StatementWatch& operator=(const StatementWatch&) = delete;

  // What lies on the devices, once it is known: the descriptor of each, by device. Before commands
  // that carry data are sent; until then the journal says nothing of the database.
  void SetMedia(std::vector<MediaDescriptor> descriptors) { media = std::move(descriptors); }

  // Where in the database the first byte of data lies that a piece of a stream carries.
  std::optional<uint64_t> DatabaseOffset(uint32_t device_index, uint64_t stream_offset,
                                         uint64_t bytes) const {
    if (device_index >= media.size()) return std::nullopt;
    const MediaDescriptor& descriptor = media[device_index];
    const auto content =
        descriptor.plan.FirstContentIn(descriptor.family - 1, stream_offset, bytes);
    if (!content) return std::nullopt;
    return vdisim::DatabaseOffset(descriptor.kind, *content);
  }

  StatementJournal journal;
  StreamKeeper streams;
  FaultRun faults;
  const uint64_t canary_seed;
  std::vector<MediaDescriptor> media;
};

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_STATEMENT_WATCH_H_
