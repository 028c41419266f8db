// What one start of a client left behind: its calls, what the engine saw, what it asked of the
// operating system, what it printed and stored, and how it ended. Plain data: whoever started the
// client fills it, Watch() judges it. All times are nanoseconds of the machine's monotonic clock,
// unless a name says seconds.
#ifndef CONFORMANCE_WATCH_EVIDENCE_H_
#define CONFORMANCE_WATCH_EVIDENCE_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/watch/journal_event.h"
#include "conformance/watch/witness_event.h"
#include "simulator/trace/call_record.h"

namespace conform {

enum class JobOperation { kBackup, kRestore };

// What the judge may expect of a job.
enum class JobExpectation {
  kSuccess,  // a correct client brings the statement to success, and says so
  kFailure,  // the job cannot succeed, and the client must say so
  kAgrees,   // either; its word must be that of the statement
  kAny,      // its word is not judged
};

// What was asked of the client, and what the judge itself did to it.
struct AskedJob {
  JobOperation operation = JobOperation::kBackup;
  int devices = 1;
  std::string database;  // as the client was told
  std::string set;       // as the client was told; empty: its own choice
  JobExpectation expect = JobExpectation::kAgrees;
  bool cancelled = false;        // by its own cancel method
  std::string killed;            // "", "client", "secondary": what the judge killed
  int64_t killed_ns = 0;         // when; 0: not
  int64_t paused_ns = 0;         // when the judge stopped it for a while; 0: it did not
  bool judge_statement = false;  // the judge gave the statement, not the client
  bool trouble = false;          // its surroundings were read-only, full or vanished
  bool damaged = false;          // the artefact was damaged before a restore
  bool injected = false;         // codes were injected into its calls
  bool called_good = false;      // of a restore: the program called the backup before a success
};

// What the client declares of itself.
struct ClientAbout {
  bool raw_artefact = true;  // the artefact is the stream, byte for byte
  std::set<int> success_statuses = {0};
  std::string password;              // secret that must not be shown; empty: none was given
  double idle_limit_seconds = 0;     // how long a wait it may end by itself; 0: it waits for ever
  double cancel_limit_seconds = 10;  // from its cancel to its end
  double end_limit_seconds = 10;     // from the end of the statement to its own
};

// A call that had begun, and maybe never returned.
using BeginMark = vdisim::BeginMark;

// How the client's first process ended.
struct ClientEnd {
  bool started = false;
  bool exited = false;
  bool signalled = false;
  bool killed_by_us = false;
  int status = 0;  // of exit
  int signal = 0;
  double seconds = 0;  // from start to end
  int64_t t = 0;       // when it ended; 0: unknown
  std::string output;  // standard output
  std::string error;   // standard error
};

struct ClientHang {
  bool hung = false;
  std::string doing;  // "GetCommand on d since 10.2 s"
  std::string stack;  // of gdb, or empty
  double silent_seconds = 0;
};

// A file below the artefact directory.
struct FileFact {
  std::string path;  // relative to the directory
  int64_t size = 0;
  std::string hash;  // equal hashes: equal bytes
  int64_t mtime_ns = 0;
  bool text = false;  // nothing in it but what can be printed
};

// What a device was sent at a BACKUP, and the file that should hold it. See MatchStreams().
struct StoredStream {
  int statement = 0;
  int device = 0;    // counted from 1
  std::string path;  // of the file that fits best, relative to the artefact directory; empty: none
  int64_t sent = 0;  // bytes of the stream
  int64_t stored = 0;  // bytes of the file
  bool equal = false;
  int64_t first_bad = 0;  // offset of the first byte that differs, or where the shorter one ends
};

struct Evidence {
  AskedJob job;
  ClientAbout client;
  std::vector<vdisim::CallRecord> calls;  // in the order in which they returned, all processes
  std::vector<BeginMark> begun;
  std::vector<JournalEvent> engine;  // of this client's statements, in the order of time
  std::vector<WitnessEvent> system;  // of all processes of the client; empty: nobody watched
  ClientEnd end;
  ClientHang hang;
  double idle_cpu_share = 0;            // of one processor, while it waited; 0 to 1 and above
  double idle_seconds = 0;              // that it was seen to wait; 0: too short to tell the share
  std::vector<FileFact> before, after;  // below artefact_dir
  std::vector<StoredStream> stored;     // for raw artefacts of a BACKUP; empty: not compared
  std::vector<std::string> artefacts;  // where the client was told to store, relative; may be empty
  std::vector<std::string> left_objects, left_processes;
  // Of the processes that the client started, as the system shows them; not the one that it was
  // started with.
  std::vector<std::string> command_lines;
  std::filesystem::path artefact_dir;
  std::optional<double> cancel_seconds;  // from the cancel to the end
  int threads = 0;                       // most at one time; 0: unknown
  // Most that one process of it was seen to have resident; 0: it ended before anybody looked.
  int64_t peak_memory_kib = 0;
};

}  // namespace conform

#endif  // CONFORMANCE_WATCH_EVIDENCE_H_
