// Makes a sequence short: which of its elements are needed for what it shows. Delta debugging:
// first halves, then smaller and smaller chunks are left out, at last single elements. Pure but for
// the question.
#ifndef CONFORMANCE_WALK_SHRINK_H_
#define CONFORMANCE_WALK_SHRINK_H_

#include <cstddef>
#include <functional>
#include <vector>

namespace conform {

// Whether these elements, in this order, still show it. It may as well give up: after it answered
// false to everything, the sequence stays as it is.
using StillShows = std::function<bool(const std::vector<std::size_t>& elements)>;

// Of the elements 0 to count - 1, which are taken to show it together, some that show it and of
// which none can be left out by itself.
std::vector<std::size_t> Shrink(std::size_t count, const StillShows& shows);

}  // namespace conform

#endif  // CONFORMANCE_WALK_SHRINK_H_
