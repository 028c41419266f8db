// What the kernel knows of a shared object: that it is a file of /dev/shm, with an identity beyond
// its name, byte locks and memory behind it. Functions on descriptors and names; they own nothing.
// For the other files of this folder. Any thread.
#ifndef SIMULATOR_SHM_OBJECT_FILE_H_
#define SIMULATOR_SHM_OBJECT_FILE_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace vdisim::shm {

// Where shm_open keeps its objects on Linux.
inline constexpr std::string_view kObjectFolder = "/dev/shm";

// Whether a name can be one of an object: a single file name that shm_open takes.
bool IsObjectName(std::string_view name);
std::string PathOf(std::string_view name);

// An object, told from every other that bears or bore the same name, for as long as somebody has it
// open.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;

  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
  friend bool operator<(const FileIdentity& a, const FileIdentity& b) {
    return std::tie(a.device, a.inode) < std::tie(b.device, b.inode);
  }
};

struct FileStatus {
  FileIdentity identity;
  uint64_t size_bytes = 0;
  time_t changed_at = 0;   // last change of its content, seconds since 1970
  bool is_object = false;  // a regular file, not a folder, pipe or link somebody put there
};
// Nothing if there is no such file (any more).
std::optional<FileStatus> StatusOf(int descriptor);
std::optional<FileStatus> StatusOf(std::string_view name);

// Byte locks belong to the open file description: two openings in one process exclude each other,
// closing one leaves the other's lock alone, and death releases it. Each byte is a lock of its own,
// whatever the object's size.
inline constexpr uint32_t kRemovalLock = 64;  // held by whoever removes the object's name

enum class LockResult { kTaken, kHeldElsewhere, kFailed };  // kFailed: errno says why
LockResult TryLock(int descriptor, uint32_t byte);
void Unlock(int descriptor, uint32_t byte);
// Whether another opening holds it. True as well if the kernel does not say: who may be alive is
// treated as alive.
bool IsLockedElsewhere(int descriptor, uint32_t byte);

// Gives an empty object its size, and memory for all of it now, so that want of memory is an error
// here and not a signal later. Returns 0 or an errno.
int GiveMemory(int descriptor, size_t size);

enum class RemoveResult {
  kRemoved,
  kNotOurs,  // the name means another object, or nothing
  kBusy,     // somebody else is removing it
  kFailed    // errno says why
};
// Removes `name` if it means the object behind `descriptor`. Everybody removes names of finished
// objects by this function: its lock makes looking and removing one step among them.
RemoveResult RemoveName(int descriptor, std::string_view name);

}  // namespace vdisim::shm

#endif  // SIMULATOR_SHM_OBJECT_FILE_H_
