#include "simulator/abi/abi_environment.h"

#include <charconv>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "simulator/base/instance_name.h"

namespace vdisim {
namespace {

// The owner must be able to use its own objects, and nobody executes them.
std::optional<uint32_t> ParseMode(std::string_view text) {
  uint32_t mode = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, mode, 8);
  const bool usable =
      error == std::errc() && stopped == end && (mode & ~0666U) == 0 && (mode & 0600U) == 0600U;
  return usable ? std::optional(mode) : std::nullopt;
}

std::optional<uint32_t> ParsePid(std::string_view text) {
  uint32_t pid = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, pid);
  const bool usable = error == std::errc() && stopped == end && pid > 0 && pid <= INT_MAX;
  return usable ? std::optional(pid) : std::nullopt;
}

}  // namespace

AbiEnvironment ParseAbiEnvironment(const std::function<const char*(const char*)>& get,
                                   std::vector<std::string>* complaints) {
  AbiEnvironment environment;
  const auto value_of = [&](const char* name) {
    const char* const value = get(name);
    return std::string_view(value == nullptr ? "" : value);
  };
  const auto complain = [&](const char* name, const char* wanted) {
    complaints->push_back(std::string("vdisim: ") + name + "=" + std::string(value_of(name)) +
                          " is ignored; " + wanted);
  };

  if (const std::string_view clock = value_of("VDISIM_CLOCK"); clock == "virtual") {
    environment.client_options.virtual_clock = true;
  } else if (!clock.empty() && clock != "real") {
    complain("VDISIM_CLOCK", "it can be real or virtual");
  }
  if (const std::string_view mode = value_of("VDISIM_MODE"); !mode.empty()) {
    if (const std::optional<uint32_t> bits = ParseMode(mode)) {
      environment.client_options.mode = *bits;
    } else {
      complain("VDISIM_MODE", "it can be octal 0600 to 0666, with read and write for the owner");
    }
  }
  if (const std::string_view unit = value_of("VDISIM_TIMEOUT_UNIT"); unit == "seconds") {
    environment.get_command_unit_ms = 1000;
  } else if (!unit.empty() && unit != "milliseconds") {
    complain("VDISIM_TIMEOUT_UNIT", "it can be milliseconds or seconds");
  }
  if (const std::string_view guard = value_of("VDISIM_GUARD"); guard == "detect") {
    environment.client_options.guard.mode = GuardMode::kDetect;
  } else if (guard == "fault") {
    environment.client_options.guard.mode = GuardMode::kFault;
  } else if (!guard.empty() && guard != "off") {
    complain("VDISIM_GUARD", "it can be off, detect or fault");
  }
  if (const std::string_view keeper = value_of("VDISIM_KEEPER"); !keeper.empty()) {
    if (const std::optional<uint32_t> pid = ParsePid(keeper)) {
      environment.client_options.keeper = *pid;
    } else {
      complain("VDISIM_KEEPER", "it can be the number of a process");
    }
  }
  if (const std::string_view log = value_of("VDISIM_LOG"); log == "1") {
    environment.log_failures = true;
  } else if (!log.empty() && log != "0") {
    complain("VDISIM_LOG", "it can be 0 or 1");
  }
  return environment;
}

const AbiEnvironment& TheAbiEnvironment() {
  // Never destroyed: calls may come from threads that outlive main.
  static const AbiEnvironment* const environment = [] {
    std::vector<std::string> complaints;
    const auto* const parsed = new AbiEnvironment(
        ParseAbiEnvironment([](const char* name) { return getenv(name); }, &complaints));
    for (const std::string& complaint : complaints) fprintf(stderr, "%s\n", complaint.c_str());
    return parsed;
  }();
  return *environment;
}

Result<std::string> InstanceOfEnvironment() {
  const char* const name = getenv("_VIRTUAL_SERVER_NAME_");
  return InstanceOfName(name == nullptr ? "" : name);
}

Timeout TimeoutOfLinux(int64_t timeout, int64_t unit_ms) {
  if (timeout < 0 || timeout == 0xFFFFFFFF || timeout > INT64_MAX / unit_ms) {
    return Timeout::Infinite();
  }
  return Timeout::Milliseconds(timeout * unit_ms);
}

Timeout TimeoutOfCom(uint32_t timeout_ms) { return TimeoutOfLinux(timeout_ms, 1); }

}  // namespace vdisim
