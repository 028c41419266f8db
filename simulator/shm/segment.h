// A Segment is one named object in shared memory, mapped into this process. It owns its mapping and
// the locks it holds; the name belongs to whoever calls Unlink. Move-only; the methods of one
// Segment may be called from any thread, its destructor by nobody else's reader.
//
// No moment of a creator's life leaves a half-made object behind under its final name: Create fills
// a temporary object, takes its role lock, and only then gives it the name, in one step that fails
// if somebody else was first.
//
// Roles: a byte range lock of the object for each participant, held for as long as the Segment
// lives and released by the kernel when the process dies. A participant lives if its lock is held
// and its identity is not that of a dead process (a forked child may hold the lock on).
#ifndef SIMULATOR_SHM_SEGMENT_H_
#define SIMULATOR_SHM_SEGMENT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "simulator/base/result.h"
#include "simulator/shm/liveness.h"

namespace vdisim::shm {

// Numbers of role locks. Secondaries have no role: their death ends nothing (MP-04).
enum class Role : uint32_t { kOwner = 0, kServer = 1 };

struct SegmentOptions {
  uint32_t mode = 0600;          // permission bits (<= 0777), exactly these whatever the umask says
  size_t base_alignment = 4096;  // the mapping's address is a multiple: power of 2, <= 4 MiB
};

class Segment {
 public:
  // Makes an object of `size` bytes, zeroed and really backed by memory, lets `initialise` fill it,
  // takes `role`, and publishes it as `name`.
  // Returns 0x800700B7 (a living object has the name; one whose owner is dead is replaced, see
  // `is_stale`), 0x80070005 (an object that is not ours to open has it), VD_E_MEMORY (no memory for
  // it), VD_E_INVALID (size 0, no such name or options), or another code of FromErrno.
  // is_stale: asked of an existing object, mapped read-only; true if nobody living needs it. The
  // object may be anybody's work and of any size: bytes() may even be empty.
  static Result<Segment> Create(const std::string& name, size_t size, Role role,
                                const SegmentOptions& options,
                                const std::function<void(std::span<std::byte>)>& initialise,
                                const std::function<bool(const Segment&)>& is_stale);

  // Maps an object that exists. Returns 0x80070002 (no such object), 0x80070005 (not ours to open),
  // VD_E_INVALID (smaller than `least_size` bytes), or another code of FromErrno.
  static Result<Segment> OpenExisting(const std::string& name, size_t least_size,
                                      const SegmentOptions& options);

  Segment(Segment&&) noexcept;
  Segment& operator=(Segment&&) noexcept;
  ~Segment();

  const std::string& name() const;
  std::span<std::byte> bytes() const;

  // Lays `size` bytes of the object, from `offset`, over addresses that are the caller's, for
  // reading and writing; both are multiples of the page size. Whatever was there is gone. A code of
  // FromErrno if it cannot be.
  HResult LayOver(std::byte* address, size_t offset, size_t size) const;

  // Takes the lock of a role until this Segment ends. Returns 0x800700B7 if somebody has it, be it
  // this Segment, or a code of FromErrno. A child forked meanwhile does not hold the role: it can
  // neither release it nor prolong it beyond ReleaseRole and the end of this Segment.
  HResult TakeRole(Role role);
  void ReleaseRole(Role role);
  bool HoldsRole(Role role) const;
  // Whether a Segment other than this one, in any process, holds the role. True as well if the
  // system does not tell: who may be alive is treated as alive.
  bool RoleIsHeldElsewhere(Role role) const;

  // Removes the name if it still means this object; true if it did. Never touches a successor.
  // Waits at most 0.15 s for somebody else who is removing it.
  bool Unlink();
  // Whether the name still means this object.
  bool IsLinked() const;

 private:
  struct State;
  explicit Segment(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// A participant of an object: alive if its role lock is held and it is not known to be dead.
bool IsAlive(const Segment& segment, Role role, const ProcessIdentity& process);

// While one of these lives, Segments of one object that this process opens share one mapping, so
// that ThreadSanitizer sees both halves of a device set use the same addresses. For tests.
class ScopedSharedMappings {
 public:
  ScopedSharedMappings();
  ~ScopedSharedMappings();
  ScopedSharedMappings(const ScopedSharedMappings&) = delete;
  ScopedSharedMappings& operator=(const ScopedSharedMappings&) = delete;
};

}  // namespace vdisim::shm

#endif  // SIMULATOR_SHM_SEGMENT_H_
