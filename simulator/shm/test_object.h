// A name in shared memory that no other test uses, gone when the test ends. For tests only.
#ifndef SIMULATOR_SHM_TEST_OBJECT_H_
#define SIMULATOR_SHM_TEST_OBJECT_H_

#include <unistd.h>

#include <atomic>
#include <cstring>
#include <string>

#include "simulator/shm/object_file.h"
#include "simulator/shm/segment.h"

namespace vdisim::shm {

class TestObject {
 public:
  TestObject()
      : name_("vdisim-test." + std::to_string(::getpid()) + "." + std::to_string(Next())) {}
  ~TestObject() { ::unlink(path().c_str()); }
  TestObject(const TestObject&) = delete;
  TestObject& operator=(const TestObject&) = delete;

  const std::string& name() const { return name_; }
  std::string path() const { return PathOf(name_); }
  bool Exists() const { return StatusOf(name_).has_value(); }

 private:
  static int Next() {
    static std::atomic<int> next{0};
    return next++;
  }
  std::string name_;
};

inline constexpr size_t kTestSize = 8192;

// Objects of these tests begin with the identity of their owner, as real ones do.
inline void WriteOwner(std::span<std::byte> bytes) {
  const ProcessIdentity owner = ThisProcess();
  std::memcpy(bytes.data(), &owner, sizeof(owner));
}

inline bool OwnerIsDead(const Segment& segment) {
  ProcessIdentity owner{};
  if (segment.bytes().size() < sizeof(owner)) return true;
  std::memcpy(&owner, segment.bytes().data(), sizeof(owner));
  return !IsAlive(segment, Role::kOwner, owner);
}

inline Result<Segment> CreateOwned(const std::string& name) {
  return Segment::Create(name, kTestSize, Role::kOwner, {}, WriteOwner, OwnerIsDead);
}

}  // namespace vdisim::shm

#endif  // SIMULATOR_SHM_TEST_OBJECT_H_
