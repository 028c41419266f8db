// Finds, for each stream that the engine kept of a BACKUP, the file that the client stored it in,
// by the bytes themselves: a client may name its files as it likes. Reads files.
#ifndef CONFORMANCE_WATCH_STORED_STREAMS_H_
#define CONFORMANCE_WATCH_STORED_STREAMS_H_

#include <filesystem>
#include <vector>

#include "conformance/watch/evidence.h"

namespace conform {

// streams: the folder with files STATEMENT.DEVICE.stream. Regular files below `artefacts` are
// candidates; each serves for one device of a statement, the one with which it shares the longest
// beginning. A folder that is not there gives nothing. By statement and device.
std::vector<StoredStream> MatchStreams(const std::filesystem::path& streams,
                                       const std::filesystem::path& artefacts);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_STORED_STREAMS_H_
