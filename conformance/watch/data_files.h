// The files that a client stored its data in, as the witness saw them: what was written and synced,
// when, and for which device. Pure.
#ifndef CONFORMANCE_WATCH_DATA_FILES_H_
#define CONFORMANCE_WATCH_DATA_FILES_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "conformance/watch/history.h"
#include "conformance/watch/witness_event.h"

namespace conform {

// A change of a file's data, in the system's hands from `end` on.
struct DataWrite {
  int64_t begin = 0;
  int64_t end = 0;
  int64_t bytes = 0;
  bool durable = false;  // by itself: O_SYNC, O_DSYNC
};

struct DataFile {
  std::string path;    // the last name
  uint64_t inode = 0;  // 0: unknown
  std::vector<DataWrite> writes;
  // Calls that made everything durable that had been written when they began: fsync, msync, sync.
  std::vector<const WitnessEvent*> syncs;
  std::vector<const WitnessEvent*> failed_syncs;
  std::vector<const WitnessEvent*> stdio;     // calls that told how much stdio keeps back
  std::vector<const WitnessEvent*> failures;  // of writes and syncs, but for those to be repeated
  std::optional<size_t> device;  // index into the history's, where all writes were for one

  bool mapped = false;  // into memory, where nobody sees it written
  // Into memory that lasts (MAP_SYNC): what is written there needs no sync.
  bool mapped_lasting = false;
  bool gone = false;  // taken away later, as a spool is: nothing of it is the artefact

  // Whether a write that had ended by `until` was not durable at the time t, at `until` or later.
  bool UnsafeAt(int64_t until, int64_t t) const;
  // Whether it was synced between the two times.
  bool SyncedWithin(int64_t from, int64_t to) const;
  // Whether a write that had ended by `until` was on its way to the disk in a sync that failed, and
  // no more is known of it at the time t than that a later sync succeeded. The system tells of a
  // failure once and takes the data for written from then on, so a second sync shows nothing; only
  // writing as much again does.
  bool OnlySyncedAgain(int64_t until, int64_t t) const;
  // Whether stdio kept bytes back at that time.
  bool KeptBackAt(int64_t t) const;
  // Bytes that the system had been given by then.
  int64_t BytesBy(int64_t t) const;
};

// Files below the directory that were opened and written. Events by the time they began.
std::vector<DataFile> DataFilesOf(const std::vector<WitnessEvent>& events, const History& history,
                                  const std::filesystem::path& directory);

// Whether the path lies below the directory.
bool IsBelow(const std::string& path, const std::filesystem::path& directory);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_DATA_FILES_H_
