// What stands behind a descriptor or a name. Nothing is remembered between calls: descriptors are
// duplicated, inherited, passed on and closed in more ways than anybody can follow, and the system
// knows them all. Safe in signal handlers; changes errno.
#ifndef CONFORMANCE_WITNESS_FILES_H_
#define CONFORMANCE_WITNESS_FILES_H_

#include <stddef.h>
#include <stdint.h>

#include "conformance/witness/line.h"

namespace witness {

// A longer name is recorded as "".
inline constexpr size_t kPathBytes = 1024;

struct File {
  int fd = -1;
  bool directory = false;
  uint64_t inode = 0;
  char path[kPathBytes] = "";

  void Describe(Line& line) const;
};

// The name that the system has for it: of a socket or pipe "socket:[4711]". False, and "", if it
// has none or a longer one.
bool PathOfDescriptor(int fd, char (&path)[kPathBytes]);

// Whether the descriptor is that of a file or directory that is recorded. Not those of /proc, /sys,
// shared objects of the simulator, its trace and the witness's own file.
bool Look(int fd, File* file);

// Whether the descriptor is that of a regular file; cheaper, and says yes more often than Look.
bool IsRegular(int fd);

// The name from the root, as a call with this directory would understand it; false if it is too
// long or the directory is unknown. The links in it are not followed.
bool AbsolutePath(int directory, const char* name, char (&path)[kPathBytes]);

// Whether a file of that name is recorded.
bool IsRecorded(const char* path);

}  // namespace witness

#endif  // CONFORMANCE_WITNESS_FILES_H_
