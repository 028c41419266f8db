// An ArrivalWatch notices that objects of any name come into being on this machine, without looking
// again and again. It owns a watch of the file system; one thread at a time.
//
// The waiter's pattern: make the watch, look for what is wanted, and if it is not there, Wait and
// look again. What comes after the watch was made is not missed.
#ifndef SIMULATOR_SHM_ARRIVAL_WATCH_H_
#define SIMULATOR_SHM_ARRIVAL_WATCH_H_

#include "simulator/base/clock.h"

namespace vdisim::shm {

class ArrivalWatch {
 public:
  // If the system has no watch left to give, Wait comes back every 100 ms instead.
  ArrivalWatch();
  ~ArrivalWatch();
  ArrivalWatch(const ArrivalWatch&) = delete;
  ArrivalWatch& operator=(const ArrivalWatch&) = delete;

  // Sleeps until something has arrived since the last Wait (or since the watch was made), or until
  // the deadline passes; at most 100 ms on a clock that is not real. May come back without cause.
  void Wait(const Clock& clock, Deadline deadline);

 private:
  int descriptor_;  // -1 if there is no watch
};

}  // namespace vdisim::shm

#endif  // SIMULATOR_SHM_ARRIVAL_WATCH_H_
