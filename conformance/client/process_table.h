// What /proc tells of running processes: who descends from whom, what they burn, where they wait.
// A process may end while it is looked at; what is gone is left out. Any thread.
#ifndef CONFORMANCE_CLIENT_PROCESS_TABLE_H_
#define CONFORMANCE_CLIENT_PROCESS_TABLE_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace conform {

struct ProcessFact {
  pid_t pid = 0;
  pid_t parent = 0;
  char state = '?';        // 'Z': has ended, and nobody has waited for it
  double cpu_seconds = 0;  // user and system, of all its threads
  int threads = 0;
  int64_t peak_memory_kib = 0;
  std::string command_line;  // words with a blank between them
};

// Everything below `root`, which itself is left out. A process whose parent has ended hangs below
// the next living subreaper, so below `root` if that is one.
std::vector<ProcessFact> Descendants(pid_t root);

// The files named libsqlvdi.so* that the process has mapped.
std::vector<std::string> LoadedLibraries(pid_t pid);

// Where each thread of the process waits, without a debugger: "thread 4711: futex_wait_queue".
std::string WaitPlaces(pid_t pid);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_PROCESS_TABLE_H_
