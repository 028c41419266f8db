// What the witness saw a process ask of the operating system: files opened, written, synced,
// renamed, a JSON object a line.
//
//   {"t":81,"pid":7,"tid":7,"call":"open","fd":5,"path":"/a/d.bak","flags":"O_WRONLY|O_CREAT",
//    "result":5,"errno":0}
//   {"t":82,"pid":7,"tid":7,"call":"fsync","fd":5,"path":"/a/d.bak","bytes":0,"result":0,"errno":0}
//   {"t":83,"pid":7,"tid":7,"call":"rename","path":"/a/d.tmp","to":"/a/d.bak","result":0,"errno":0}
#ifndef CONFORMANCE_WATCH_WITNESS_EVENT_H_
#define CONFORMANCE_WATCH_WITNESS_EVENT_H_

#include <cstdint>
#include <string>

namespace conform {

struct WitnessEvent {
  int64_t t = 0;  // nanoseconds of the monotonic clock
  uint32_t pid = 0;
  uint32_t tid = 0;
  std::string call;  // "open", "write", "pwrite", "fwrite", "fsync", "rename", "start", "library"
  int fd = -1;
  std::string path;          // the file; of "start" the program, of "rename" the old name
  std::string to;            // rename: the new name
  bool directory = false;    // the descriptor is that of a directory
  bool synchronous = false;  // opened so that each write is durable: O_SYNC, O_DSYNC
  bool truncates = false;    // opened with O_TRUNC
  bool writable = false;     // opened for writing
  int64_t bytes = 0;         // asked for
  int64_t result = 0;        // what the call returned
  int error = 0;             // errno, 0 when it succeeded

  friend bool operator==(const WitnessEvent&, const WitnessEvent&) = default;
};

}  // namespace conform

#endif  // CONFORMANCE_WATCH_WITNESS_EVENT_H_
