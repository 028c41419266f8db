// The addresses that a host knows by name: buffers of commands, mappings, and two that belong to
// no set. The runner never sees a pointer it could use; it names one and says what to do with it.
// Any thread.
#ifndef CONFORMANCE_DRIVERS_HOST_BUFFERS_H_
#define CONFORMANCE_DRIVERS_HOST_BUFFERS_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "conformance/drivers/host_loop.h"

namespace conform {

class HostBuffers {
 public:
  HostBuffers();

  // Gives a name to an address; a later one takes its place.
  void Name(const std::string& name, uint8_t* address);
  // The address behind "buffer", moved by "offset" (bytes, may be negative). "null" is NULL and
  // "foreign" is memory of this process that no set has. Throws RequestError for other names.
  uint8_t* Find(const Json& arguments) const;

  // The operations on bytes: "fill", "bytes" and "address". False if `op` is none of them.
  bool Handle(const std::string& op, const Json& request, Json* answer) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, uint8_t*> addresses_;
  std::vector<uint8_t> foreign_;
};

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_HOST_BUFFERS_H_
