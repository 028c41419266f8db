// Instance names, as CreateEx and its kin take them (C-CRE-10, G-52), and as everything that names
// a device set has to write them. Any thread.
#ifndef SIMULATOR_BASE_INSTANCE_NAME_H_
#define SIMULATOR_BASE_INSTANCE_NAME_H_

#include <string>
#include <string_view>

#include "simulator/base/result.h"

namespace vdisim {

// The instance as the device set knows it: empty for the default one, which "" and "MSSQLSERVER"
// in any case name too; letters of other names become upper case, because instance names are not
// case-sensitive.
// Returns VD_E_INSTANCE_NAME for a name with a machine in it, longer than 16 characters, or with
// characters that no instance can be called by: a letter or _ first, then letters, digits, _ $ #.
// Letters are those of ASCII; any character beyond ASCII counts as a letter.
Result<std::string> InstanceOfName(std::string_view name);

}  // namespace vdisim

#endif  // SIMULATOR_BASE_INSTANCE_NAME_H_
