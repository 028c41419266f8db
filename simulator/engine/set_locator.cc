#include "simulator/engine/set_locator.h"

#include <algorithm>

#include "simulator/device_set/set_directory.h"

namespace vdisim {
namespace {

class DirectorySetLocator final : public SetLocator {
 public:
  bool WaitForSet(std::string_view instance, std::string_view name,
                  std::chrono::milliseconds at_most) override {
    return vdisim::WaitForSet(instance, name, Timeout::Milliseconds(at_most.count())).ok();
  }
  std::vector<std::string> KnownSets() override {
    std::vector<std::string> names;
    for (const SetDescription& set : ListSets()) {
      if (set.owner_alive) names.push_back(set.name);
    }
    return names;
  }
};

}  // namespace

SetLocator& MachineSets() {
  static DirectorySetLocator locator;
  return locator;
}

std::optional<std::string> LocateSet(SetLocator& locator, std::string_view instance,
                                     std::string_view name, std::chrono::milliseconds limit,
                                     const std::stop_token& stop) {
  using std::chrono::milliseconds;
  // One wait cannot watch two places and the stop token, so each gets a short turn.
  constexpr milliseconds kTurn{20};
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!stop.stop_requested()) {
    const auto left =
        std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
    const milliseconds turn = std::clamp(left, milliseconds(0), kTurn);
    if (!instance.empty() && locator.WaitForSet(instance, name, milliseconds(0))) {
      return std::string(instance);
    }
    if (locator.WaitForSet("", name, turn)) return std::string();
    if (left <= milliseconds(0)) break;
  }
  return std::nullopt;
}

}  // namespace vdisim
