// What a subject may lack without being wrong: a closed list of capabilities. A case names those it
// needs; a subject has those that it declares, or that are found in it. A case that needs more is
// skipped, and the report names what was missing. Pure values.
#ifndef CONFORMANCE_SCENARIO_CAPABILITIES_H_
#define CONFORMANCE_SCENARIO_CAPABILITIES_H_

#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace conform {

enum class Capability {
  kLinuxFace,         // the C++ classes of the Linux SDK's library
  kComFace,           // IClientVirtualDeviceSet2, through VdiCreateInstance
  kSecondaryClients,  // OpenInSecondary: more than one process at a set
  kBufferHandles,     // GetBufferHandle and MapBufferHandle
  kVirtualClock,      // sets that run on a clock which only the runner moves
  kSql,               // a SQL Server that executes BACKUP and RESTORE
};

inline constexpr std::array<Capability, 6> kAllCapabilities = {
    Capability::kLinuxFace,     Capability::kComFace,      Capability::kSecondaryClients,
    Capability::kBufferHandles, Capability::kVirtualClock, Capability::kSql};

// "linux-face".
std::string_view Name(Capability capability);
// None if no capability has this name.
std::optional<Capability> ParseCapability(std::string_view name);
// "linux-face, com-face, ...", for messages.
std::string CapabilityNames();

struct Capabilities {
  std::set<Capability> has;
  std::string profile;  // what the subject says it is modelled on; may be empty

  static Capabilities All();
  bool Has(Capability capability) const { return has.contains(capability); }
  // Those of `required` that are not here, in the order of the list.
  std::vector<Capability> Missing(const std::set<Capability>& required) const;
};

}  // namespace conform

#endif  // CONFORMANCE_SCENARIO_CAPABILITIES_H_
