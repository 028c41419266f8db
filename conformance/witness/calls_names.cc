// Calls that open and close files, and those that change their names.
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/types.h>

#include "conformance/witness/files.h"
#include "conformance/witness/next.h"
#include "conformance/witness/process.h"
#include "conformance/witness/sink.h"

namespace witness {
namespace {

using OpenSignature = int(const char*, int, ...);
using OpenAtSignature = int(int, const char*, int, ...);
using CreateSignature = int(const char*, mode_t);
using CheckedOpenSignature = int(const char*, int);
using CheckedOpenAtSignature = int(int, const char*, int);

constinit Next<OpenSignature> next_open{"open"};
constinit Next<OpenSignature> next_open64{"open64"};
constinit Next<OpenAtSignature> next_openat{"openat"};
constinit Next<OpenAtSignature> next_openat64{"openat64"};
constinit Next<CreateSignature> next_creat{"creat"};
constinit Next<CreateSignature> next_creat64{"creat64"};
constinit Next<CheckedOpenSignature> next_checked_open{"__open_2"};
constinit Next<CheckedOpenSignature> next_checked_open64{"__open64_2"};
constinit Next<CheckedOpenAtSignature> next_checked_openat{"__openat_2"};
constinit Next<CheckedOpenAtSignature> next_checked_openat64{"__openat64_2"};
constinit Next<int(int)> next_close{"close"};
constinit Next<int(const char*, const char*)> next_rename{"rename"};
constinit Next<int(int, const char*, int, const char*)> next_renameat{"renameat"};
constinit Next<int(int, const char*, int, const char*, unsigned)> next_renameat2{"renameat2"};
constinit Next<int(const char*, const char*)> next_link{"link"};
constinit Next<int(int, const char*, int, const char*, int)> next_linkat{"linkat"};
constinit Next<int(const char*)> next_unlink{"unlink"};
constinit Next<int(int, const char*, int)> next_unlinkat{"unlinkat"};
constinit Next<int(const char*)> next_remove{"remove"};

struct FlagName {
  int bits;
  const char* name;
};
// O_SYNC and O_TMPFILE hold the bits of another flag, which is not named then.
constexpr FlagName kFlagNames[] = {
    {O_CREAT, "|O_CREAT"},   {O_EXCL, "|O_EXCL"},       {O_TRUNC, "|O_TRUNC"},
    {O_APPEND, "|O_APPEND"}, {O_DIRECT, "|O_DIRECT"},   {O_SYNC, "|O_SYNC"},
    {O_DSYNC, "|O_DSYNC"},   {O_TMPFILE, "|O_TMPFILE"}, {O_DIRECTORY, "|O_DIRECTORY"},
};

bool Writes(int flags) { return (flags & O_ACCMODE) != O_RDONLY; }

void AddFlags(int flags, Line& line) {
  char names[120];
  size_t used = 0;
  const auto add = [&](const char* name) {
    const size_t bytes = strlen(name) + 1;
    if (used + bytes > sizeof(names)) return;
    memcpy(names + used, name, bytes);
    used += bytes - 1;
  };
  const int access = flags & O_ACCMODE;
  add(access == O_RDONLY ? "O_RDONLY" : access == O_WRONLY ? "O_WRONLY" : "O_RDWR");
  for (const FlagName& flag : kFlagNames) {
    if ((flags & flag.bits) != flag.bits) continue;
    add(flag.name);
    flags &= ~flag.bits;
  }
  line.Text("flags", names);
}

// Of opens that fail only those that would have written are told: programs look for many files.
int Opened(const char* by, int64_t began, int directory, const char* name, int flags, int fd) {
  if (!IsOn()) return fd;
  const int error = errno;
  File file;
  if (fd >= 0 ? Look(fd, &file) : Writes(flags) && AbsolutePath(directory, name, file.path)) {
    if (Writes(flags)) NoteLibrary();
    Line line("open", began);
    if (by != nullptr) line.Text("by", by);
    file.Describe(line);
    AddFlags(flags, line);
    line.Answer(fd, fd < 0, error).Append();
  }
  errno = error;
  return fd;
}

// What a change of names is told with, made before the change.
struct Names {
  Names(int directory, const char* name) : Names(directory, name, AT_FDCWD, nullptr) {}
  Names(int from_directory, const char* from, int to_directory, const char* to)
      : on(IsOn()), began(Now()) {
    const int error = errno;
    if (on) (void)AbsolutePath(from_directory, from, path);
    if (on && to != nullptr) (void)AbsolutePath(to_directory, to, target);
    on = on && (IsRecorded(path) || (to != nullptr && IsRecorded(target)));
    errno = error;
  }

  // The file itself, where a descriptor stands for it: a nameless one (O_TMPFILE) is given its name
  // by way of /proc/self/fd/N, or of an empty name.
  void Follow(const char* from, int flags) {
    const int error = errno;
    char file[kPathBytes];
    if (on && (flags & AT_SYMLINK_FOLLOW) != 0 && strncmp(path, "/proc/", 6) == 0) {
      const ssize_t length = readlink(path, file, kPathBytes - 1);
      if (length > 0) {
        file[length] = '\0';
        memcpy(path, file, static_cast<size_t>(length) + 1);
      }
    }
    const size_t length = strlen(path);
    if (on && from != nullptr && *from == '\0' && length > 1) path[length - 1] = '\0';
    errno = error;
  }

  int Told(const char* call, const char* by, int result) const {
    if (!on) return result;
    const int error = errno;
    Line line(call, began);
    if (by != nullptr) line.Text("by", by);
    line.Text("path", path);
    if (target[0] != '\0') line.Text("to", target);
    line.Answer(result, result < 0, error).Append();
    errno = error;
    return result;
  }

  bool on;
  int64_t began;
  char path[kPathBytes] = "";
  char target[kPathBytes] = "";
};

// The argument that is only there when a file may be made.
mode_t ModeOf(int flags, va_list arguments) {
  const bool makes = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  return makes ? static_cast<mode_t>(va_arg(arguments, unsigned)) : 0;
}

}  // namespace

extern "C" {

int WitnessOpen(const char* path, int flags, ...) WITNESS_EXPORT("open");
int WitnessOpen64(const char* path, int flags, ...) WITNESS_EXPORT("open64");
int WitnessOpenAt(int directory, const char* path, int flags, ...) WITNESS_EXPORT("openat");
int WitnessOpenAt64(int directory, const char* path, int flags, ...) WITNESS_EXPORT("openat64");
int WitnessCreate(const char* path, mode_t mode) WITNESS_EXPORT("creat");
int WitnessCreate64(const char* path, mode_t mode) WITNESS_EXPORT("creat64");
int WitnessCheckedOpen(const char* path, int flags) WITNESS_EXPORT("__open_2");
int WitnessCheckedOpen64(const char* path, int flags) WITNESS_EXPORT("__open64_2");
int WitnessCheckedOpenAt(int directory, const char* path, int flags) WITNESS_EXPORT("__openat_2");
int WitnessCheckedOpenAt64(int directory, const char* path, int flags)
    WITNESS_EXPORT("__openat64_2");
int WitnessClose(int fd) WITNESS_EXPORT("close");
int WitnessRename(const char* from, const char* to) WITNESS_EXPORT("rename");
int WitnessRenameAt(int from_directory, const char* from, int to_directory, const char* to)
    WITNESS_EXPORT("renameat");
int WitnessRenameAt2(int from_directory, const char* from, int to_directory, const char* to,
                     unsigned flags) WITNESS_EXPORT("renameat2");
int WitnessLink(const char* from, const char* to) WITNESS_EXPORT("link");
int WitnessLinkAt(int from_directory, const char* from, int to_directory, const char* to, int flags)
    WITNESS_EXPORT("linkat");
int WitnessUnlink(const char* path) WITNESS_EXPORT("unlink");
int WitnessUnlinkAt(int directory, const char* path, int flags) WITNESS_EXPORT("unlinkat");
int WitnessRemove(const char* path) WITNESS_EXPORT("remove");

int WitnessOpen(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = ModeOf(flags, arguments);
  va_end(arguments);
  const int64_t began = Now();
  return Opened(nullptr, began, AT_FDCWD, path, flags, next_open(path, flags, mode));
}

int WitnessOpen64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = ModeOf(flags, arguments);
  va_end(arguments);
  const int64_t began = Now();
  return Opened(nullptr, began, AT_FDCWD, path, flags, next_open64(path, flags, mode));
}

int WitnessOpenAt(int directory, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = ModeOf(flags, arguments);
  va_end(arguments);
  const int64_t began = Now();
  return Opened("openat", began, directory, path, flags, next_openat(directory, path, flags, mode));
}

int WitnessOpenAt64(int directory, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = ModeOf(flags, arguments);
  va_end(arguments);
  const int64_t began = Now();
  return Opened("openat", began, directory, path, flags,
                next_openat64(directory, path, flags, mode));
}

int WitnessCreate(const char* path, mode_t mode) {
  const int64_t began = Now();
  return Opened("creat", began, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC,
                next_creat(path, mode));
}

int WitnessCreate64(const char* path, mode_t mode) {
  const int64_t began = Now();
  return Opened("creat", began, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC,
                next_creat64(path, mode));
}

int WitnessCheckedOpen(const char* path, int flags) {
  const int64_t began = Now();
  return Opened(nullptr, began, AT_FDCWD, path, flags, next_checked_open(path, flags));
}

int WitnessCheckedOpen64(const char* path, int flags) {
  const int64_t began = Now();
  return Opened(nullptr, began, AT_FDCWD, path, flags, next_checked_open64(path, flags));
}

int WitnessCheckedOpenAt(int directory, const char* path, int flags) {
  const int64_t began = Now();
  return Opened("openat", began, directory, path, flags,
                next_checked_openat(directory, path, flags));
}

int WitnessCheckedOpenAt64(int directory, const char* path, int flags) {
  const int64_t began = Now();
  return Opened("openat", began, directory, path, flags,
                next_checked_openat64(directory, path, flags));
}

int WitnessClose(int fd) {
  if (!IsOn()) return next_close(fd);
  const int errno_of_caller = errno;
  if (IsSinkDescriptor(fd)) {  // a program that closes all it finds has no such descriptor
    errno = EBADF;
    return -1;
  }
  File file;
  const bool recorded = Look(fd, &file);
  errno = errno_of_caller;
  const int64_t began = Now();
  const int result = next_close(fd);
  if (!recorded) return result;
  const int error = errno;
  Line line("close", began);
  file.Describe(line);
  line.Answer(result, result < 0, error).Append();
  errno = error;
  return result;
}

int WitnessRename(const char* from, const char* to) {
  const Names names(AT_FDCWD, from, AT_FDCWD, to);
  return names.Told("rename", nullptr, next_rename(from, to));
}

int WitnessRenameAt(int from_directory, const char* from, int to_directory, const char* to) {
  const Names names(from_directory, from, to_directory, to);
  return names.Told("rename", "renameat", next_renameat(from_directory, from, to_directory, to));
}

int WitnessRenameAt2(int from_directory, const char* from, int to_directory, const char* to,
                     unsigned flags) {
  const Names names(from_directory, from, to_directory, to);
  return names.Told("rename", "renameat2",
                    next_renameat2(from_directory, from, to_directory, to, flags));
}

int WitnessLink(const char* from, const char* to) {
  const Names names(AT_FDCWD, from, AT_FDCWD, to);
  return names.Told("link", nullptr, next_link(from, to));
}

int WitnessLinkAt(int from_directory, const char* from, int to_directory, const char* to,
                  int flags) {
  Names names(from_directory, from, to_directory, to);
  names.Follow(from, flags);
  return names.Told("link", "linkat", next_linkat(from_directory, from, to_directory, to, flags));
}

int WitnessUnlink(const char* path) {
  const Names names(AT_FDCWD, path);
  return names.Told("unlink", nullptr, next_unlink(path));
}

int WitnessUnlinkAt(int directory, const char* path, int flags) {
  const Names names(directory, path);
  return names.Told("unlink", "unlinkat", next_unlinkat(directory, path, flags));
}

int WitnessRemove(const char* path) {
  const Names names(AT_FDCWD, path);
  return names.Told("unlink", "remove", next_remove(path));
}

}  // extern "C"

}  // namespace witness
