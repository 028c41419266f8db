// Who a process is, in a form that another process can check later, when the number of a dead one
// may have been given to somebody else: pid, start time and pid namespace. Fixed layout: it lies in
// shared memory. Any thread.
#ifndef SIMULATOR_SHM_LIVENESS_H_
#define SIMULATOR_SHM_LIVENESS_H_

#include <cstdint>
#include <string>

namespace vdisim::shm {

struct ProcessIdentity {
  uint32_t pid;
  uint32_t reserved;
  uint64_t start_time;     // clock ticks since boot, field 22 of /proc/PID/stat
  uint64_t pid_namespace;  // inode of /proc/PID/ns/pid; pids of other namespaces mean nothing here

  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};
static_assert(sizeof(ProcessIdentity) == 24);

// The calling process; cheap after the first call, right after a fork too.
ProcessIdentity ThisProcess();

// The process that has that number now, in this pid namespace; pid is 0 if there is none.
ProcessIdentity ProcessOf(uint32_t pid);

enum class ProcessState {
  kAlive,
  kDead,    // gone, a zombie, or its pid belongs to another process now
  kUnknown  // another pid namespace: only its lock can tell
};
ProcessState StateOf(const ProcessIdentity& process);

// "pid 4711 (name)", as far as it can be told.
std::string Describe(const ProcessIdentity& process);

}  // namespace vdisim::shm

#endif  // SIMULATOR_SHM_LIVENESS_H_
