#include "conformance/walk/shrink.h"

#include <algorithm>
#include <numeric>

namespace conform {
namespace {

// Without the elements from `first` to before `last`.
std::vector<std::size_t> Without(const std::vector<std::size_t>& all, std::size_t first,
                                 std::size_t last) {
  std::vector<std::size_t> rest(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first));
  rest.insert(rest.end(), all.begin() + static_cast<std::ptrdiff_t>(last), all.end());
  return rest;
}

}  // namespace

std::vector<std::size_t> Shrink(std::size_t count, const StillShows& shows) {
  std::vector<std::size_t> needed(count);
  std::iota(needed.begin(), needed.end(), std::size_t{0});
  std::size_t chunk = count / 2;
  while (chunk > 0) {
    bool shorter = false;
    // From the end: what comes late leans on what came before, not the other way round.
    for (std::size_t end = needed.size(); end > 0;) {
      const std::size_t first = end > chunk ? end - chunk : 0;
      std::vector<std::size_t> rest = Without(needed, first, end);
      if (!rest.empty() && shows(rest)) {
        needed = std::move(rest);
        shorter = true;
      }
      end = first;
    }
    // Leaving one out may make another one superfluous; so the last round is repeated.
    if (chunk > 1) {
      chunk /= 2;
    } else if (!shorter) {
      break;
    }
  }
  return needed;
}

}  // namespace conform
