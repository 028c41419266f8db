// How a client used the interface, told even when all is well.
#ifndef CONFORMANCE_WATCH_SCOREBOARD_H_
#define CONFORMANCE_WATCH_SCOREBOARD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/watch/evidence.h"

namespace conform {

struct Scoreboard {
  std::vector<std::string> never_called;  // methods of the interface that it never called
  int devices = 0;                        // that it opened
  int processes = 0;                      // that called the interface
  int threads = 0;                        // most at one time if known, else those that called
  int64_t commands = 0;                   // fetched
  int deepest_queue = 0;                  // most commands held at once on one device
  double held_median_ms = 0;              // from GetCommand to CompleteCommand
  double held_worst_ms = 0;
  int64_t bytes_written = 0;  // by BACKUP, as completed
  int64_t bytes_read = 0;     // by RESTORE
  int64_t syncs = 0;          // fsync, fdatasync and their like; -1: nobody watched
  int time_outs = 0;          // VD_E_TIMEOUT seen
  double idle_cpu_share = 0;
  int descriptors_left = -1;    // -1: unknown
  int64_t peak_memory_kib = 0;  // 0: unknown
  double seconds = 0;
};

Scoreboard KeepScore(const Evidence& evidence);

// A few lines, each with its end.
std::string ToText(const Scoreboard& score);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_SCOREBOARD_H_
