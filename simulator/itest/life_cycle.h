// The life of a device set with two devices, one served by the primary and one by a secondary, as a
// list of steps; and a Scene, in which real processes play it as far as a test wants. After the
// first Create a Scene notes which objects in shared memory belong to the set. For one thread.
#ifndef SIMULATOR_ITEST_LIFE_CYCLE_H_
#define SIMULATOR_ITEST_LIFE_CYCLE_H_

#include <array>
#include <cstddef>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/device_set/control_segment.h"
#include "simulator/itest/actor.h"

namespace vdisim::itest {

enum class Role : uint8_t { kPrimary, kSecondary, kServer };
inline constexpr size_t kRoles = 3;
inline constexpr std::array<Role, kRoles> kAllRoles{Role::kPrimary, Role::kSecondary,
                                                    Role::kServer};
std::string_view RoleName(Role role);

struct Step {
  std::string_view name;  // what is true after it; letters only
  Role role;
  Order order;
  uint32_t device = 0;
  uint32_t argument = 0;
  HResult expected{};
  uint32_t expected_value = 0;
};
const std::vector<Step>& LifeCycle();
// The index of a step by its name.
size_t StepNamed(std::string_view name);

class Scene {
 public:
  explicit Scene(const std::string& name);

  // Plays the steps from where it stands up to and including `last`, except those of `absent`
  // roles. Fails the test at the first answer that is not the expected one.
  void PlayThrough(size_t last);
  void Leave(Role role) { absent_[static_cast<size_t>(role)] = true; }
  void Return(Role role) { absent_[static_cast<size_t>(role)] = false; }
  // A new process takes a role over; its earlier steps are not repeated.
  void Replace(Role role);
  Actor& actor(Role role) { return *actors_[static_cast<size_t>(role)]; }

  // The test's own mapping of the set, from Create on.
  ControlSegment& control() { return *control_; }
  // The names of this set's objects that exist now: of any incarnation for the control segment, of
  // this one for the areas.
  std::vector<std::string> Objects() const;

 private:
  void Play(const Step& step);
  void LookAtSet();

  const Cast cast_;
  std::array<std::unique_ptr<Actor>, kRoles> actors_;
  std::array<bool, kRoles> absent_{};
  size_t next_ = 0;
  uint32_t handle_ = 0;
  std::unique_ptr<ControlSegment> control_;
};

}  // namespace vdisim::itest

#endif  // SIMULATOR_ITEST_LIFE_CYCLE_H_
