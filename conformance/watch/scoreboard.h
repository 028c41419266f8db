// How a client used the interface, and what it took of the machine, told even when all is well.
#ifndef CONFORMANCE_WATCH_SCOREBOARD_H_
#define CONFORMANCE_WATCH_SCOREBOARD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/watch/evidence.h"
#include "conformance/watch/leftovers.h"

namespace conform {

// Of one start of the client, or of several (client/score_sum.h).
struct Scoreboard {
  int starts = 1;
  std::vector<std::string> never_called{};  // methods of the interface that it never called
  int devices = 0;                          // that it opened
  int processes = 0;                        // that called the interface
  int threads = 0;                          // most at one time if known, else those that called
  int64_t commands = 0;                     // fetched
  int deepest_queue = 0;                    // most commands held at once on one device
  double held_median_ms = 0;                // from GetCommand to CompleteCommand
  double held_worst_ms = 0;
  int64_t bytes_written = 0;  // by BACKUP, as completed
  int64_t bytes_read = 0;     // by RESTORE
  int64_t syncs = 0;          // fsync, fdatasync and their like; -1: nobody watched
  std::string unseen{};       // how it wrote or synced past the witness; empty: it did not
  int time_outs = 0;          // VD_E_TIMEOUT seen

  // While calls waited and nothing happened; 0 s if that was too short for a figure. Not where the
  // server told so much that the client was busy with reading it.
  double idle_seconds = 0;
  double idle_cpu_seconds = 0;  // of processors, meanwhile
  double idle_cpu_worst = 0;    // share of one processor, in the start where it was highest

  // Ends of processes that had a set: how many there were, and how many the witness saw. What is
  // left, and how much memory was gained, is that of the worst of those seen.
  int ends = 0;
  int ends_seen = 0;
  Leftovers left{};
  int64_t peak_memory_kib = 0;  // most that one process had resident; 0: unknown
  double seconds = 0;
};

Scoreboard KeepScore(const Evidence& evidence);

// Each of them the worse one of both; `open` is that of the process with more descriptors, `moved`
// that of the process whose memory grew more.
void KeepWorse(const Leftovers& other, Leftovers* left);

// A table of words and figures, a line each with its end.
std::string ToText(const Scoreboard& score);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_SCOREBOARD_H_
