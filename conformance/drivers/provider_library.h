// A client library under test, loaded from a file: the 19 symbols of ABI-06 as functions that take
// `this` first, as the Itanium C++ ABI passes it. Objects live in the host's memory, 8 bytes each
// (ABI-05). The library stays loaded until the process ends, because its threads and exit handlers
// may run until then. Any thread, as the library allows.
#ifndef CONFORMANCE_DRIVERS_PROVIDER_LIBRARY_H_
#define CONFORMANCE_DRIVERS_PROVIDER_LIBRARY_H_

#include <ctime>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "simulator/include/vdi.h"

namespace conform {

// What the library calls its objects; the bytes are its own.
struct alignas(8) ProviderObject {
  void* bytes = nullptr;
};
static_assert(sizeof(ProviderObject) == 8);

struct ProviderFunctions {
  void (*construct_set)(ProviderObject*);
  void (*destroy_set)(ProviderObject*);
  int (*create)(ProviderObject*, char*, VDConfig*);
  int (*get_configuration)(ProviderObject*, time_t, VDConfig*);
  int (*open_device)(ProviderObject*, char*, ProviderObject**);
  int (*close)(ProviderObject*);
  int (*signal_abort)(ProviderObject*);
  int (*open_in_secondary)(ProviderObject*, char*);
  int (*get_buffer_handle)(ProviderObject*, uint8_t*, unsigned int*);
  int (*map_buffer_handle)(ProviderObject*, int, uint8_t**);
  void (*register_device_closed)(ProviderObject*);
  void (*construct_device)(ProviderObject*);
  void (*destroy_device)(ProviderObject*);
  int (*get_command)(ProviderObject*, time_t, VDC_Command**);
  int (*complete_command)(ProviderObject*, VDC_Command*, int, unsigned long, int64_t);
};

// The mangled names of ABI-06, C2 and D2 variants included.
const std::vector<std::string>& ProviderSymbols();

// The file is no library, or lacks symbols. The message says which.
class ProviderError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class ProviderLibrary {
 public:
  // Loads it with every symbol bound now and none given to others. Throws ProviderError.
  explicit ProviderLibrary(const std::string& path);
  ProviderLibrary(const ProviderLibrary&) = delete;
  ProviderLibrary& operator=(const ProviderLibrary&) = delete;

  const ProviderFunctions& functions() const { return functions_; }

 private:
  void* library_ = nullptr;
  ProviderFunctions functions_ = {};
};

}  // namespace conform

#endif  // CONFORMANCE_DRIVERS_PROVIDER_LIBRARY_H_
