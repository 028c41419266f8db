// Calls of a program that fail as they do on a medium that is broken: with EIO; or that move half
// of what they are asked to, which is no failure (short_calls.h). The program's calls of one kind
// are stopped by the system (seccomp, SECCOMP_RET_USER_NOTIF), whoever makes them: any thread, any
// process that it starts, with or without a C library. A supervisor outside looks which file each
// is about, lets it go on, has it fail before it does anything, or carries out a half of it. Calls
// about anything but regular files below one directory always go on.
//
// What is stopped:  write  write pwrite64 writev pwritev pwritev2 copy_file_range sendfile splice
//                   sync   fsync fdatasync sync_file_range msync
//                   read   read pread64 readv preadv preadv2 copy_file_range sendfile splice
// Not seen: io_uring, what is stored into or loaded from a mapping, sync and syncfs.
#ifndef CONFORMANCE_CLIENT_FAILING_CALLS_H_
#define CONFORMANCE_CLIENT_FAILING_CALLS_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace conform {

// Which calls fail: of those of its kind, counted over the whole program, the nth and those behind
// it.
struct FailingCalls {
  enum class Kind { kWrite, kSync, kRead };
  Kind kind = Kind::kWrite;
  int64_t nth = 1;
  // How many; 0: all. Nothing said, a write or a read fails for ever: a broken sector stays broken,
  // and whoever tries again, or the next one, must not be led to believe that all is well. A sync
  // fails once: Linux tells of a lost page one time only, and the next fsync succeeds although the
  // data is gone, which is the trap that a program must not walk into.
  int64_t times = 0;
  std::filesystem::path below;  // the directory
  // They do not fail, but are short. Of calls that cannot be so none counts.
  bool are_short = false;

  friend bool operator==(const FailingCalls&, const FailingCalls&) = default;
};

// "write#3", "sync#1", "read#4"; behind it how many fail: "write#3x1". Nothing: it is none of
// these.
std::optional<FailingCalls> ReadFailingCalls(const std::string& text);
std::string WriteFailingCalls(const FailingCalls& calls);

// Why this machine does not let calls fail; empty: it does. Tried once, in a child. Any thread.
const std::string& WhyCallsCannotFail();
// The same of calls that are short. A signal must not interrupt one that the supervisor carries
// out, or it would be made twice: that needs Linux 5.19.
const std::string& WhyCallsCannotBeShort();

// In the program's process, before it is executed: installs the filter, which cannot be taken off
// again, and hands its listener to the other end of the socket (TakeDescriptor). From then on the
// process can make no stopped call before the other end supervises it. Sets no_new_privs: what has
// the setuid bit runs as who started it. Returns errno, or 0. Safe behind fork.
int StopCalls(FailingCalls::Kind kind, int socket);

}  // namespace conform

#endif  // CONFORMANCE_CLIENT_FAILING_CALLS_H_
