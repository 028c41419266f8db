// How the engine learns that a client has created a set: a seam, so that tests need no shared
// memory. Any thread.
#ifndef SIMULATOR_ENGINE_SET_LOCATOR_H_
#define SIMULATOR_ENGINE_SET_LOCATOR_H_

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace vdisim {

class SetLocator {
 public:
  virtual ~SetLocator() = default;
  // True once the set exists; false when that did not happen within `at_most`.
  virtual bool WaitForSet(std::string_view instance, std::string_view name,
                          std::chrono::milliseconds at_most) = 0;
  // The names of the sets that could be opened, for a message about one that could not.
  virtual std::vector<std::string> KnownSets() = 0;
};

// The machine's own sets, by set_directory.h.
SetLocator& MachineSets();

// Waits for a set in the engine's own instance or, since a Linux client cannot name one, in the
// default instance (O-12). Returns the instance it was found in; nothing when the limit passed or
// a stop was requested.
std::optional<std::string> LocateSet(SetLocator& locator, std::string_view instance,
                                     std::string_view name, std::chrono::milliseconds limit,
                                     const std::stop_token& stop);

}  // namespace vdisim

#endif  // SIMULATOR_ENGINE_SET_LOCATOR_H_
