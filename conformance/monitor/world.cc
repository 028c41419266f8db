#include "conformance/monitor/world.h"

namespace conform {

std::int64_t OracleCall::Number(const char* key, std::int64_t otherwise) const {
  const auto found = seen.arguments.find(key);
  if (found == seen.arguments.end() || !found->is_number()) return otherwise;
  return found->get<std::int64_t>();
}

std::string OracleCall::Text(const char* key) const {
  const auto found = seen.arguments.find(key);
  if (found == seen.arguments.end() || !found->is_string()) return {};
  return found->get<std::string>();
}

bool OracleCall::HasNull() const {
  return std::any_of(seen.arguments.begin(), seen.arguments.end(), [](const Json& value) {
    return value.is_null() || (value.is_string() && value.get<std::string>() == "null");
  });
}

DeviceWorld* World::Find(const std::string& name) {
  const auto found = std::find_if(devices.begin(), devices.end(),
                                  [&](const DeviceWorld& one) { return one.name == name; });
  return found == devices.end() ? nullptr : &*found;
}

const DeviceWorld* World::Find(const std::string& name) const {
  return const_cast<World*>(this)->Find(name);
}

// A set that one side has left in order, or never joined, cannot be aborted for that side.
void World::Abort() {
  if (client != State::kDoesNotExist) client = State::kAbort;
  if (server != State::kDoesNotExist) server = State::kAbort;
  may_abort = false;
}

}  // namespace conform
