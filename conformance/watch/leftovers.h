// What processes of the client still held when they ended, as the witness saw it: descriptors,
// threads, memory. A process that was killed, that left by _exit or that has no dynamic C library
// was not seen, which is not the same as nothing. Pure.
#ifndef CONFORMANCE_WATCH_LEFTOVERS_H_
#define CONFORMANCE_WATCH_LEFTOVERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "conformance/watch/evidence.h"
#include "conformance/watch/history.h"

namespace conform {

// Of one process, at its end; -1: unknown.
struct Leftovers {
  uint32_t pid = 0;
  int64_t t = 0;
  int descriptors = -1;  // open, that it opened itself, beside standard input, output and error
  // What they lead to, most frequent first: "17 x {artefact_dir}/d.bak", "a socket", "8 more".
  std::vector<std::string> open{};
  int threads = -1;   // beside the one that ended it
  int mappings = -1;  // of shared memory of device sets
  // Memory that is its own (heap, stacks), above what that was at its first transfer of bytes of a
  // file, which is about when the first command came. What is left of what each command took shows
  // here; what it had got before does not.
  int64_t grown_kib = -1;
  int64_t moved = 0;      // bytes that it moved for commands meanwhile
  int64_t peak_kib = -1;  // most that was ever resident, with shared memory and mapped files
};

// Of processes that had a set, a primary's or a secondary's, in the order of their ends. Helpers
// may do as they like.
std::vector<Leftovers> LeftoversOf(const Evidence& evidence, const History& history);

// How many processes had a set: so many ends there were to be seen.
int ProcessesWithSet(const History& history);

}  // namespace conform

#endif  // CONFORMANCE_WATCH_LEFTOVERS_H_
