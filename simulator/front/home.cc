#include "simulator/front/home.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <system_error>

#include "simulator/base/instance_name.h"

namespace vdisim {
namespace {

namespace fs = std::filesystem;

std::string_view Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

}  // namespace

std::optional<fs::path> HomeFolder(std::string_view given, std::string* error) {
  fs::path home;
  if (!given.empty()) {
    home = given;
  } else if (const auto own = Environment("VDISIM_HOME"); !own.empty()) {
    home = own;
  } else if (const auto state = Environment("XDG_STATE_HOME"); !state.empty()) {
    home = fs::path(state) / "vdisim";
  } else if (const auto user = Environment("HOME"); !user.empty()) {
    home = fs::path(user) / ".local/state/vdisim";
  } else {
    *error =
        "There is no place for the simulator's files: HOME is not set. Give one with --home DIR or "
        "in VDISIM_HOME.";
    return std::nullopt;
  }
  std::error_code failure;
  const fs::path absolute = fs::absolute(home, failure);
  if (failure) {
    *error =
        fmt::format("The home folder '{}' cannot be used: {}.", home.string(), failure.message());
    return std::nullopt;
  }
  return absolute.lexically_normal();
}

std::optional<InstanceHome> OpenInstanceHome(std::string_view given_home, std::string_view instance,
                                             std::string* error) {
  const Result<std::string> known = InstanceOfName(instance);
  if (!known.ok()) {
    *error = fmt::format(
        "'{}' is not the name of an instance: expected up to 16 letters, digits, _, $ or #, "
        "beginning with a letter, and no machine's name in front.",
        instance);
    return std::nullopt;
  }
  const std::optional<fs::path> home = HomeFolder(given_home, error);
  if (!home.has_value()) return std::nullopt;
  InstanceHome result{.instance = known.value(), .folder = {}};
  result.folder = *home / (result.instance.empty() ? "MSSQLSERVER" : result.instance);
  std::error_code failure;
  const bool made = fs::create_directories(result.folder, failure);
  if (!failure && made) {
    fs::permissions(result.folder, fs::perms::owner_all, failure);
  }
  if (failure) {
    *error = fmt::format(
        "The instance's folder '{}' cannot be made: {}. Choose another place with --home DIR or "
        "VDISIM_HOME.",
        result.folder.string(), failure.message());
    return std::nullopt;
  }
  return result;
}

std::string ServerName(std::string_view instance) {
  std::array<char, 256> buffer{};
  std::string name = "localhost";
  if (gethostname(buffer.data(), buffer.size() - 1) == 0 && buffer[0] != '\0') {
    name = buffer.data();
  }
  if (!instance.empty()) name += fmt::format("\\{}", instance);
  return name;
}

}  // namespace vdisim
