// Serves the commands of one device as a plain backup program does: keeps what is written, reads
// from what was kept, until the device says something other than NOERROR. One thread a device.
#ifndef CONFORMANCE_DRIVERS_COMMAND_SERVER_H_
#define CONFORMANCE_DRIVERS_COMMAND_SERVER_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "conformance/drivers/client_face.h"

namespace conform {

using Medium = std::vector<uint8_t>;

struct Served {
  int code = 0;  // the first that was not NOERROR; 0 if the commands were served that were asked
  std::string method;  // which call gave it: "GetCommand" or "CompleteCommand"
  int64_t commands = 0;
  int64_t bytes = 0;
  // Every call with its code and what it gave, in order: {"method","code","out"}. The first
  // kCallsKeptMax of them.
  nlohmann::json calls = nlohmann::json::array();
};
inline constexpr size_t kCallsKeptMax = 2000;

// kept: receives the bytes of every VDC_Write. replayed: what VDC_Read is answered from, to its end
// (CMD-Read-2); null: it is not supported. commands_max: stops after so many; negative: never.
Served ServeCommands(ClientDeviceFace& device, Medium* kept, const Medium* replayed,
                     int64_t commands_max);

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_COMMAND_SERVER_H_
