// The file that the witness writes to: what VDI_CONFORM_WITNESS names when the process starts.
// Safe in signal handlers, forked children and any thread; leaves errno to its caller, takes no
// lock.
#ifndef CONFORMANCE_WITNESS_SINK_H_
#define CONFORMANCE_WITNESS_SINK_H_

#include <stddef.h>

namespace witness {

// Whether there is a file to write to. Reads the environment at the first call.
bool IsOn();

// Whether the absolute path is that of the file, or of the trace of the simulator's library.
bool IsOurs(const char* path);

// Adds the bytes in one write. Lost if the file cannot be written. The program never notices: no
// signal of a file-size limit reaches it, and the file is not among its lowest descriptors.
void AppendToSink(const char* bytes, size_t length);

// Whether that is the descriptor of the file, which the program does not know of.
bool IsSinkDescriptor(int fd);

}  // namespace witness

#endif  // CONFORMANCE_WITNESS_SINK_H_
