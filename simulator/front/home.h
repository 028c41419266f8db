// Where instances live: a home folder, and in it a folder for each instance with its databases, its
// log and its control socket. Any thread.
#ifndef SIMULATOR_FRONT_HOME_H_
#define SIMULATOR_FRONT_HOME_H_

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace vdisim {

struct InstanceHome {
  std::string instance;          // as device sets know it: empty = the default one
  std::filesystem::path folder;  // <home>/<instance or MSSQLSERVER>, exists, mode 0700
};

// The folder above the instances: `given` if it is not empty, else $VDISIM_HOME, else
// $XDG_STATE_HOME/vdisim, else ~/.local/state/vdisim; absolute.
// Nothing, and a sentence in *error, if none of them is set.
std::optional<std::filesystem::path> HomeFolder(std::string_view given, std::string* error);

// The instance's folder, made if it is missing.
// Nothing, and a sentence in *error, if the name is not an instance's or the folder cannot be made.
std::optional<InstanceHome> OpenInstanceHome(std::string_view given_home, std::string_view instance,
                                             std::string* error);

// What messages call the server: the machine's name, "\INSTANCE" behind it for a named one.
std::string ServerName(std::string_view instance);

}  // namespace vdisim

#endif  // SIMULATOR_FRONT_HOME_H_
