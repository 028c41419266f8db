// Which device sets this machine has, seen from outside: for `vdisim ps` and `vdisim purge`, for an
// engine that waits for a client's set, and for a runner that moves a virtual clock. Any thread.
#ifndef SIMULATOR_DEVICE_SET_SET_DIRECTORY_H_
#define SIMULATOR_DEVICE_SET_SET_DIRECTORY_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/base/clock.h"
#include "simulator/base/hresult.h"

namespace vdisim {

struct SetDescription {
  std::string instance;                   // empty = the default instance
  std::string name;                       // UTF-8; the object's name where the segment is damaged
  std::string object_name;                // in shared memory
  std::vector<std::string> area_objects;  // and those of its buffer areas
  std::string state;                      // "Configurable", "Active", ...; "damaged" if unreadable
  std::string abort_reason;               // empty unless aborted
  std::string owner;                      // "pid 4711 (client)"
  bool owner_alive = false;
  std::string server;  // empty while no server has opened the set
  bool server_alive = false;
  uint32_t devices = 0;
  uint32_t devices_open = 0;
  uint64_t calls = 0;
  uint64_t bytes = 0;  // of shared memory, areas included
  std::chrono::seconds age{0};
};
// Every set that this user can see, by name.
std::vector<SetDescription> ListSets();

struct PurgeResult {
  int sets = 0;    // control segments of dead owners removed
  int areas = 0;   // buffer areas without a living set or server removed
  int others = 0;  // unfinished objects removed
};
// Removes what dead owners left. Never touches what a living process needs.
PurgeResult PurgeDeadSets();

// Waits until a set of that name exists (created by a living primary).
// Returns NOERROR, or VD_E_TIMEOUT when the deadline passed first.
HResult WaitForSet(std::string_view instance, std::string_view name, Timeout timeout);

// Waits, in real time, until `count` calls wait on the virtual clock of a set.
// Returns NOERROR, VD_E_TIMEOUT, VD_E_INVALID (no such set), VD_E_NOTSUPPORTED (the set runs on
// real time).
HResult WaitForClockWaits(std::string_view instance, std::string_view name, uint32_t count,
                          Timeout timeout);

// Moves the virtual clock of a set. Returns NOERROR, VD_E_INVALID (no such set), VD_E_NOTSUPPORTED
// (the set runs on real time).
HResult AdvanceSetClock(std::string_view instance, std::string_view name, Nanoseconds step);

}  // namespace vdisim

#endif  // SIMULATOR_DEVICE_SET_SET_DIRECTORY_H_
