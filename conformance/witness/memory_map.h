// The files that this process has mapped, as /proc/self/maps tells. Safe in signal handlers and
// forked children; changes errno.
#ifndef CONFORMANCE_WITNESS_MEMORY_MAP_H_
#define CONFORMANCE_WITNESS_MEMORY_MAP_H_

#include "conformance/witness/files.h"

namespace witness {

// The file that is mapped at this address; false if there is none.
bool FileMappedAt(const void* address, char (&path)[kPathBytes]);

// The first mapped file whose own name begins so; false if there is none.
bool FindMappedFile(const char* head, char (&path)[kPathBytes]);

// How many mappings there are of files whose paths begin so. Neighbours of one file are one: a
// mapping is cut where its protection changes.
int CountMappings(const char* head);

}  // namespace witness

#endif  // CONFORMANCE_WITNESS_MEMORY_MAP_H_
