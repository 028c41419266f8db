#include "conformance/client/kept_surroundings.h"

#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <system_error>

namespace conform {
namespace {

std::string ErrnoText(const std::string& what) {
  return fmt::format("{}: {}", what, std::generic_category().message(errno));
}

bool WriteText(const char* file, const std::string& text) {
  std::ofstream stream(file);
  stream << text;
  return static_cast<bool>(stream.flush());
}

// Root needs no user namespace; anybody else maps to himself, so that files keep their owner.
std::string EnterNamespace() {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (user == 0 && unshare(CLONE_NEWNS) == 0) return {};
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return ErrnoText("a mount namespace");
  (void)WriteText("/proc/self/setgroups", "deny");
  if (!WriteText("/proc/self/uid_map", fmt::format("{0} {0} 1", user)) ||
      !WriteText("/proc/self/gid_map", fmt::format("{0} {0} 1", group))) {
    return ErrnoText("a user namespace");
  }
  return {};
}

std::string Separate() {
  if (std::string why = EnterNamespace(); !why.empty()) return why;
  // What is mounted here must not be seen outside.
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return ErrnoText("a private mount namespace");
  }
  return {};
}

}  // namespace

std::string EnterSurroundings(const Json& order) {
  const bool read_only = order.contains("read_only");
  const bool small = order.contains("tmpfs");
  if (!read_only && !small) return {};
  if (std::string why = Separate(); !why.empty()) return why;
  if (read_only) {
    const auto path = order.at("read_only").get<std::string>();
    if (mount(path.c_str(), path.c_str(), nullptr, MS_BIND, nullptr) != 0 ||
        mount(nullptr, path.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) != 0) {
      return ErrnoText(path + " read-only");
    }
  }
  if (small) {
    const Json& tmpfs = order.at("tmpfs");
    const auto path = tmpfs.at("path").get<std::string>();
    const std::string options = fmt::format("size={},mode=0777", tmpfs.at("bytes").get<int64_t>());
    if (mount("none", path.c_str(), "tmpfs", 0, options.c_str()) != 0) {
      return ErrnoText("a small " + path);
    }
  }
  return {};
}

std::string LimitFiles(const Json& order) {
  if (!order.contains("file_bytes_max")) return {};
  const auto bytes = order.at("file_bytes_max").get<rlim_t>();
  const rlimit limit = {.rlim_cur = bytes, .rlim_max = bytes};
  // A full disk sends no signal.
  std::signal(SIGXFSZ, SIG_IGN);
  return setrlimit(RLIMIT_FSIZE, &limit) == 0 ? std::string() : ErrnoText("RLIMIT_FSIZE");
}

bool CanMount() {
  static const bool kCan = [] {
    const pid_t child = fork();
    // Only calls that are safe behind fork in a program with threads.
    if (child == 0) {
      const bool can = (geteuid() == 0 && unshare(CLONE_NEWNS) == 0) ||
                       unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0;
      _exit(can ? 0 : 1);
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }();
  return kCan;
}

}  // namespace conform
