// What this process holds of the system: descriptors, threads, memory, shared memory of device
// sets. Asked of /proc, with the system called directly: nothing of it is recorded. Safe in forked
// children; changes errno.
#ifndef CONFORMANCE_WITNESS_HOLDINGS_H_
#define CONFORMANCE_WITNESS_HOLDINGS_H_

#include <stdint.h>

#include "conformance/witness/line.h"

namespace witness {

// The descriptors that the process was born with, which it is not asked to close.
void RememberDescriptors();

// A line "left" for each descriptor that is open now and was not then, but for the standard ones
// and those of this library and the simulator's trace; for the first 32 of them. Returns how many
// there are, -1 if it cannot be known.
int TellLeftDescriptors();

// Memory of its own, which no other process and no file has, in KiB: heap, stacks, private
// mappings. -1: the system does not tell.
int64_t OwnMemoryKib();

// Adds to the line of an exit what is left: descriptors, threads, mappings, memory and peak.
void DescribeHoldings(Line& line);

// Adds to the line of the process's first transfer of bytes of a file the memory at that time.
void DescribeFirstTransfer(Line& line);
// In a forked child, whose first one is still to come.
void AwaitFirstTransfer();

}  // namespace witness

#endif  // CONFORMANCE_WITNESS_HOLDINGS_H_
