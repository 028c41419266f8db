// Tells somebody that this process is about to die of touching addresses that are watched. The
// process dies all the same: when the teller has returned, the stack of the thread is written to
// standard error and whoever handled SIGSEGV before, or the system, gets the fault again. Faults at
// other addresses go there at once. A handler that the program installs later takes ours away.
#ifndef SIMULATOR_SHM_FAULT_WATCH_H_
#define SIMULATOR_SHM_FAULT_WATCH_H_

#include <cstddef>
#include <cstdint>

namespace vdisim::shm {

class FaultWatch {
 public:
  // Called in the signal handler, on the thread that touched the address. That thread was not in a
  // function of the C library that holds a lock of its own memory: the address is ours.
  using Teller = void (*)(void* context, const std::byte* address);

  // Watches a range for as long as the object lives. Beyond some thousands of ranges in a process
  // further ones are not watched.
  FaultWatch(const std::byte* begin, size_t bytes, Teller teller, void* context);
  ~FaultWatch();
  FaultWatch(const FaultWatch&) = delete;
  FaultWatch& operator=(const FaultWatch&) = delete;

  // Whether the range is watched.
  bool IsOn() const { return place_ >= 0; }

 private:
  int place_ = -1;
};

}  // namespace vdisim::shm

#endif  // SIMULATOR_SHM_FAULT_WATCH_H_
