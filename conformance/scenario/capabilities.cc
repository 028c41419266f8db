#include "conformance/scenario/capabilities.h"

namespace conform {

std::string_view Name(Capability capability) {
  switch (capability) {
    case Capability::kLinuxFace:
      return "linux-face";
    case Capability::kComFace:
      return "com-face";
    case Capability::kSecondaryClients:
      return "secondary-clients";
    case Capability::kBufferHandles:
      return "buffer-handles";
    case Capability::kVirtualClock:
      return "virtual-clock";
    case Capability::kSql:
      return "sql";
  }
  return "";
}

std::optional<Capability> ParseCapability(std::string_view name) {
  for (const Capability capability : kAllCapabilities) {
    if (Name(capability) == name) return capability;
  }
  return std::nullopt;
}

std::string CapabilityNames() {
  std::string names;
  for (const Capability capability : kAllCapabilities) {
    if (!names.empty()) names += ", ";
    names += Name(capability);
  }
  return names;
}

Capabilities Capabilities::All() {
  return {.has = {kAllCapabilities.begin(), kAllCapabilities.end()}, .profile = {}};
}

std::vector<Capability> Capabilities::Missing(const std::set<Capability>& required) const {
  std::vector<Capability> missing;
  for (const Capability capability : required) {
    if (!Has(capability)) missing.push_back(capability);
  }
  return missing;
}

}  // namespace conform
