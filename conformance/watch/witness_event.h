// What the witness saw a process ask of the operating system: files opened, written, synced,
// renamed, a JSON object a line.
//
//   {"t":81,"d":4,"pid":7,"tid":7,"call":"open","path":"/a/d.bak","flags":"O_WRONLY|O_CREAT",
//    "fd":5,"inode":77,"result":5,"errno":0}
//   {"t":86,"d":9,"pid":7,"tid":7,"call":"write","by":"fflush","fd":5,"path":"/a/d.bak","inode":77,
//    "offset":0,"bytes":512,"result":512,"errno":0}
//   {"t":99,"d":3,"pid":7,"tid":7,"call":"rename","path":"/a/d.tmp","to":"/a/d.bak","inode":77,
//    "result":0,"errno":0}
//   {"t":120,"pid":7,"tid":7,"call":"left","fd":9,"path":"socket:[4711]"}
//   {"t":121,"pid":7,"tid":7,"call":"exit","descriptors":5,"threads":1,"mappings":0,"memory":812,
//    "peak":5120,"left":1}
#ifndef CONFORMANCE_WATCH_WITNESS_EVENT_H_
#define CONFORMANCE_WATCH_WITNESS_EVENT_H_

#include <cstdint>
#include <string>

namespace conform {

struct WitnessEvent {
  int64_t t = 0;            // nanoseconds of the monotonic clock when the call began
  int64_t duration_ns = 0;  // 0 for what is no call
  uint32_t pid = 0;
  uint32_t tid = 0;
  std::string call;  // "open", "write", "read", "fsync", "rename", "fwrite", "start", "library",
                     // "left" (a descriptor that is open at the end), "exit"
  std::string by;    // the function, when it is not `call` itself
  int fd = -1;
  std::string path;    // the file; of "start" the program, of "rename" the old name; of "left"
                       // also "socket:[4711]" and the like
  std::string to;      // rename, link: the new name
  uint64_t inode = 0;  // 0: unknown
  bool directory = false;
  std::string flags;     // open: "O_WRONLY|O_CREAT|O_DSYNC"; of fopen its mode: "wb"
  int64_t bytes = 0;     // asked for
  int64_t pending = -1;  // bytes that stdio keeps back after the call; -1: unknown
  int64_t result = 0;    // what the call returned; of fwrite and fread in bytes
  int error = 0;         // errno, 0 when it succeeded
  int threads = -1;      // exit: that were left, with the one that ends the process; -1: unknown
  int descriptors = -1;  // exit: that were open
  int left = -1;         // exit: of these, opened by the process itself, beside the standard ones
  int mappings = -1;     // exit: of shared memory of device sets
  // exit, and the first transfer of a process: memory that is its own, KiB; -1: unknown
  int64_t memory_kib = -1;
  int64_t peak_kib = -1;  // exit: most that was resident, with what is shared

  int64_t end() const { return t + duration_ns; }
  friend bool operator==(const WitnessEvent&, const WitnessEvent&) = default;
};

}  // namespace conform

#endif  // CONFORMANCE_WATCH_WITNESS_EVENT_H_
