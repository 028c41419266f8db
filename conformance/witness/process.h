// The life of the process that is watched: its start, its children, its end, and which library with
// the calls of the interface it uses.
#ifndef CONFORMANCE_WITNESS_PROCESS_H_
#define CONFORMANCE_WITNESS_PROCESS_H_

namespace witness {

// Tells which libsqlvdi this process has loaded, once it has. Called when the process starts, opens
// a file for writing and ends: a program may load it at any time, and loading is not interposed
// because the loader asks who calls. Any thread.
void NoteLibrary();

}  // namespace witness

#endif  // CONFORMANCE_WITNESS_PROCESS_H_
