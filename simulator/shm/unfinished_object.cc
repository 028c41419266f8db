#include "simulator/shm/unfinished_object.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <random>

#include "simulator/shm/object_file.h"
#include "simulator/shm/object_name.h"
#include "simulator/shm/segment.h"

namespace vdisim::shm {
namespace {

void AppendHex(std::string* text, uint64_t value) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  text->append(digits.data(), end);
}

// A maker of another pid namespace cannot be looked up. It holds a role from the second system call
// on and is done within moments, so an old object without a holder is nobody's.
bool LooksForsaken(const std::string& name) {
  constexpr time_t kOldSeconds = 60;
  const int descriptor = ::open(PathOf(name).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor == -1) return false;
  const std::optional<FileStatus> status = StatusOf(descriptor);
  const bool held = IsLockedElsewhere(descriptor, static_cast<uint32_t>(Role::kOwner)) ||
                    IsLockedElsewhere(descriptor, static_cast<uint32_t>(Role::kServer));
  ::close(descriptor);
  return status && !held && std::time(nullptr) - status->changed_at > kOldSeconds;
}

bool IsForsaken(const std::string& name) {
  const std::optional<ProcessIdentity> maker = MakerOf(name);
  if (!maker) return false;
  switch (StateOf(*maker)) {
    case ProcessState::kAlive:
      return false;
    case ProcessState::kDead:
      return true;
    case ProcessState::kUnknown:
      break;
  }
  return LooksForsaken(name);
}

}  // namespace

std::string NewUnfinishedName() {
  const ProcessIdentity maker = ThisProcess();
  std::random_device chance;
  std::string name(kUnfinishedPrefix);
  AppendHex(&name, maker.pid);
  name += '.';
  AppendHex(&name, maker.start_time);
  name += '.';
  AppendHex(&name, maker.pid_namespace);
  name += '.';
  AppendHex(&name, uint64_t{chance()} << 32 | chance());
  return name;
}

std::optional<ProcessIdentity> MakerOf(std::string_view unfinished_name) {
  if (!unfinished_name.starts_with(kUnfinishedPrefix)) return std::nullopt;
  const char* at = unfinished_name.data() + kUnfinishedPrefix.size();
  const char* const end = unfinished_name.data() + unfinished_name.size();
  ProcessIdentity maker{};
  uint64_t chance = 0;
  const auto read = [&](auto* value) {
    const auto [next, error] = std::from_chars(at, end, *value, 16);
    at = next;
    return error == std::errc();
  };
  const auto dot = [&] { return at != end && *at++ == '.'; };
  const bool ours = read(&maker.pid) && dot() && read(&maker.start_time) && dot() &&
                    read(&maker.pid_namespace) && dot() && read(&chance) && at == end;
  return ours ? std::optional(maker) : std::nullopt;
}

int PurgeUnfinished() {
  int removed = 0;
  for (const ObjectInfo& object : ListObjects()) {
    if (object.kind != ObjectKind::kUnfinished || !IsForsaken(object.name)) continue;
    // The name holds chance: no successor can have it.
    if (::unlink(PathOf(object.name).c_str()) == 0) ++removed;
  }
  return removed;
}

}  // namespace vdisim::shm
