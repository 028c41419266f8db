#include "simulator/shm/segment.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <boost/interprocess/permissions.hpp>
#include <boost/interprocess/shared_memory_object.hpp>
#include <cerrno>
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "simulator/shm/mapping.h"
#include "simulator/shm/object_file.h"
#include "simulator/shm/shm_error.h"
#include "simulator/shm/unfinished_object.h"

namespace vdisim::shm {
namespace {

namespace bip = boost::interprocess;

// Others may create, replace and remove the same name while we work. Each of them needs
// microseconds; who loses against this many of them is told so.
constexpr int kAttempts = 16;

// Gives whoever is at work time to finish: 0, 1, 2, ... ms, about 0.1 s in all attempts.
void PauseBefore(int attempt) {
  if (attempt > 0) std::this_thread::sleep_for(std::chrono::milliseconds(attempt));
}

uint32_t LockOf(Role role) { return static_cast<uint32_t>(role); }
uint32_t BitOf(Role role) { return 1U << static_cast<uint32_t>(role); }

bool IsValid(const SegmentOptions& options) {
  return std::has_single_bit(options.base_alignment) &&
         options.base_alignment <= Mapping::kMostAlignment && (options.mode & ~0777U) == 0;
}

// Removes a temporary name when its creator is done with it, well or badly.
class NameGuard {
 public:
  explicit NameGuard(const std::string& name) : path_(PathOf(name)) {}
  ~NameGuard() { ::unlink(path_.c_str()); }
  NameGuard(const NameGuard&) = delete;
  NameGuard& operator=(const NameGuard&) = delete;

 private:
  std::string path_;
};

}  // namespace

struct Segment::State {
  std::string name;
  bip::shared_memory_object object;  // its descriptor holds our locks; closed on exec
  std::shared_ptr<Mapping> mapping;

  std::mutex mutex;  // roles, and the lock of RemoveName, which does not exclude our own threads
  uint32_t roles = 0;
  pid_t taker = 0;  // the process that took the roles; a forked child must not release them

  int descriptor() const { return object.get_mapping_handle().handle; }

  HResult TakeRole(Role role) {
    const std::lock_guard lock(mutex);
    if ((roles & BitOf(role)) != 0) return kAlreadyExists;
    switch (TryLock(descriptor(), LockOf(role))) {
      case LockResult::kHeldElsewhere:
        return kAlreadyExists;
      case LockResult::kFailed:
        return FromErrno(errno);
      case LockResult::kTaken:
        break;
    }
    roles |= BitOf(role);
    taker = ::getpid();
    return kOk;
  }

  // The mutex is held, or nobody else knows of us.
  void ReleaseRole(Role role) {
    if ((roles & BitOf(role)) == 0) return;
    roles &= ~BitOf(role);
    if (taker == ::getpid()) Unlock(descriptor(), LockOf(role));
  }

  // Closing the descriptor would not do: a child forked meanwhile has it open too.
  ~State() {
    ReleaseRole(Role::kOwner);
    ReleaseRole(Role::kServer);
  }

  // Opens `name` for reading and writing. Throws interprocess_exception.
  static std::unique_ptr<State> Open(const std::string& name) {
    auto state = std::make_unique<State>();
    state->name = name;
    state->object = bip::shared_memory_object(bip::open_only, name.c_str(), bip::read_write);
    return state;
  }

  static HResult ClearTheWay(const std::string& name,
                             const std::function<bool(const Segment&)>& is_stale);

  // Makes the unfinished object `unfinished` with everything but its content. Throws
  // interprocess_exception.
  static Result<std::unique_ptr<State>> Make(const std::string& unfinished, size_t size, Role role,
                                             const SegmentOptions& options) {
    auto state = std::make_unique<State>();
    bip::permissions permissions;
    permissions.set_permissions(static_cast<int>(options.mode));
    state->object = bip::shared_memory_object(bip::create_only, unfinished.c_str(), bip::read_write,
                                              permissions);
    const int descriptor = state->descriptor();
    if (HResult hr = state->TakeRole(role); !hr.ok()) return hr;
    // Boost asks for the mode too, but does not look whether it got it.
    if (::fchmod(descriptor, options.mode) != 0) return FromErrno(errno);
    if (int error = GiveMemory(descriptor, size); error != 0) return FromErrno(error);
    state->mapping = Mapping::Map(state->object, size, options.base_alignment);
    return state;
  }
};

Segment::Segment(std::unique_ptr<State> state) : state_(std::move(state)) {}
Segment::Segment(Segment&&) noexcept = default;
Segment& Segment::operator=(Segment&&) noexcept = default;
Segment::~Segment() = default;

// Looks at the object that bears `name` and takes the name from it if nobody needs it.
// Returns kOk: the name may be free now, try again; 0x800700B7: it is needed; or a code of
// FromErrno.
HResult Segment::State::ClearTheWay(const std::string& name,
                                    const std::function<bool(const Segment&)>& is_stale) {
  std::unique_ptr<State> state;
  try {
    state = Open(name);
  } catch (const bip::interprocess_exception&) {
    const HResult hr = FromCurrentException();
    return hr == kFileNotFound ? kOk : hr;
  }
  const std::optional<FileStatus> status = StatusOf(state->descriptor());
  if (!status || !status->is_object) return kAlreadyExists;
  state->mapping = Mapping::ReadOnly(state->object, status->size_bytes);
  const Segment existing(std::move(state));
  if (!is_stale(existing)) return kAlreadyExists;
  return RemoveName(existing.state_->descriptor(), name) == RemoveResult::kFailed ? FromErrno(errno)
                                                                                  : kOk;
}

Result<Segment> Segment::Create(const std::string& name, size_t size, Role role,
                                const SegmentOptions& options,
                                const std::function<void(std::span<std::byte>)>& initialise,
                                const std::function<bool(const Segment&)>& is_stale) try {
  if (!IsObjectName(name) || size == 0 || !IsValid(options)) return kInvalid;

  const std::string unfinished = NewUnfinishedName();
  const NameGuard guard(unfinished);
  Result<std::unique_ptr<State>> made = State::Make(unfinished, size, role, options);
  if (!made.ok()) return made.code();
  initialise(made.value()->mapping->bytes());
  if (const std::optional<FileStatus> status = StatusOf(made.value()->descriptor())) {
    Mapping::Share(made.value()->mapping, status->identity);
  }

  // A kill before this call leaves an unfinished object, one after it a whole one with its lock.
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    PauseBefore(attempt);
    if (::link(PathOf(unfinished).c_str(), PathOf(name).c_str()) == 0) {
      made.value()->name = name;
      return Segment(std::move(made.value()));
    }
    if (errno != EEXIST) return FromErrno(errno);
    if (HResult hr = State::ClearTheWay(name, is_stale); !hr.ok()) return hr;
  }
  return kAlreadyExists;
} catch (...) {
  return FromCurrentException();
}

Result<Segment> Segment::OpenExisting(const std::string& name, size_t least_size,
                                      const SegmentOptions& options) try {
  if (!IsObjectName(name) || !IsValid(options)) return kInvalid;
  std::unique_ptr<State> state = State::Open(name);
  const std::optional<FileStatus> status = StatusOf(state->descriptor());
  if (!status) return FromErrno(errno);
  // The size is what the kernel says, not what anybody wrote into the object.
  if (!status->is_object || status->size_bytes == 0 || status->size_bytes < least_size) {
    return kInvalid;
  }
  state->mapping = Mapping::MapOrShare(state->object, status->identity, status->size_bytes,
                                       options.base_alignment);
  return Segment(std::move(state));
} catch (...) {
  return FromCurrentException();
}

const std::string& Segment::name() const { return state_->name; }

std::span<std::byte> Segment::bytes() const { return state_->mapping->bytes(); }

HResult Segment::LayOver(std::byte* address, size_t offset, size_t size) const {
  void* const laid = ::mmap(address, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
                            state_->descriptor(), static_cast<off_t>(offset));
  return laid == MAP_FAILED ? FromErrno(errno) : kOk;
}

HResult Segment::TakeRole(Role role) { return state_->TakeRole(role); }

void Segment::ReleaseRole(Role role) {
  const std::lock_guard lock(state_->mutex);
  state_->ReleaseRole(role);
}

bool Segment::HoldsRole(Role role) const {
  const std::lock_guard lock(state_->mutex);
  return (state_->roles & BitOf(role)) != 0;
}

bool Segment::RoleIsHeldElsewhere(Role role) const {
  return IsLockedElsewhere(state_->descriptor(), LockOf(role));
}

bool Segment::Unlink() {
  const std::lock_guard lock(state_->mutex);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    PauseBefore(attempt);
    const RemoveResult result = RemoveName(state_->descriptor(), state_->name);
    if (result != RemoveResult::kBusy) return result == RemoveResult::kRemoved;
  }
  return false;
}

bool Segment::IsLinked() const {
  const std::optional<FileStatus> named = StatusOf(state_->name);
  const std::optional<FileStatus> ours = StatusOf(state_->descriptor());
  return named && ours && named->identity == ours->identity;
}

bool IsAlive(const Segment& segment, Role role, const ProcessIdentity& process) {
  const bool held = segment.HoldsRole(role) || segment.RoleIsHeldElsewhere(role);
  return held && StateOf(process) != ProcessState::kDead;
}

}  // namespace vdisim::shm
