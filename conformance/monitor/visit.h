// A call that somebody made in a state that is known: the unit in which coverage of the state
// tables is counted.
#ifndef CONFORMANCE_MONITOR_VISIT_H_
#define CONFORMANCE_MONITOR_VISIT_H_

#include <cstdint>
#include <string>
#include <tuple>

#include "conformance/rules/rules.h"

namespace conform {

struct Visit {
  Side side = Side::kClient;
  std::string method;                    // "GetCommand"
  State state = State::kDoesNotExist;    // as that side sees it, when the call took effect
  std::uint32_t code = 0;                // what it returned
  Platform platform = Platform::kLinux;  // of the face it was called through
  friend bool operator==(const Visit&, const Visit&) = default;
  friend bool operator<(const Visit& a, const Visit& b) {
    return std::tie(a.side, a.method, a.state, a.code, a.platform) <
           std::tie(b.side, b.method, b.state, b.code, b.platform);
  }
};

}  // namespace conform

#endif  // CONFORMANCE_MONITOR_VISIT_H_
